"""Updates: which release is wanted, how it comes, how it is tried and taken back."""

"""Parts that show what they are given and call back what happens; none knows the program."""

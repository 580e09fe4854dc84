"""The palette: one field that reaches everything."""

"""The command line: the official names, flags, columns and messages over our own client."""

"""One file for each command; nothing here is imported before its command is named."""

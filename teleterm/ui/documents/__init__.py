"""What a tab can hold: resources, terminals, databases, settings."""

"""The desktop protocol between clients and desktop services."""

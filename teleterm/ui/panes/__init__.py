"""Several terminals beside each other in one tab."""

"""What the window's process gives up before it shows anything from a cluster."""

"""Databases of the demo: real servers in its folder, and what stands before each of them."""

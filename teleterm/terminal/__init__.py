"""The terminal engine: bytes from a program in, frames for a window out."""

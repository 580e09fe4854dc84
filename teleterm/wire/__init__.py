"""Codecs of what travels between programs: bytes and text in, values out, and back. No I/O."""

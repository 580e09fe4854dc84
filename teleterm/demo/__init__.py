"""A small cluster on loopback that speaks Teleport's protocols: for a first look and for tests.

It shares no code with `teleterm.client`, so that each finds the other's mistakes.
"""

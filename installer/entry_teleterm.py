"""What the frozen `teleterm` starts."""

from teleterm.__main__ import run

run()

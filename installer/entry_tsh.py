"""What the frozen `tsh` starts."""

from teleterm.tsh.__main__ import run

run()

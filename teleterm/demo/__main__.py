"""`python -m teleterm.demo start`."""

import sys

from teleterm.demo.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

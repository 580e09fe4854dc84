"""Opens a page in the person's browser, and says what to do when none comes up."""

import sys

from teleterm.model.errors import Unreachable
from teleterm.osutil import pages
from teleterm.tsh.render import plain

NONE = "none"


class TerminalBrowser:
    """The browser of the desktop; with the name `none` the person opens the page."""

    def __init__(self, name: str) -> None:
        self._is_none = name == NONE

    def open(self, url: str) -> None:
        """Open the page, and show its address."""
        if self._is_none:
            sys.stderr.write(f"Use the following URL to authenticate:\n {url}\n")
        else:
            try:
                pages.open_with_system(url)
            except Unreachable as error:
                sys.stderr.write(
                    f"Failed to open a browser window for login: {plain.lines(error.message)}\n"
                )
            sys.stderr.write(
                "If browser window does not open automatically, open it by clicking on the link:\n"
                f" {url}\n"
            )
        sys.stderr.flush()

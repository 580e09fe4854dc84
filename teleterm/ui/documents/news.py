"""What happened in a tab while another was in front, as the strip marks it."""

from msgspec import Struct

_RANKS = ("output", "bell", "done", "failed")
_ICONS = {
    "output": ("dot", 12, "accent"),
    "bell": ("bell", 14, "warning"),
    "done": ("check", 14, "success"),
    "failed": ("cross", 14, "danger"),
}


class News(Struct, frozen=True):
    """New output, a bell, or the end of a long command with its status."""

    kind: str = ""
    status: int = 0

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def icon(self) -> tuple[str, int, str]:
        """The icon's name, its size and its token."""
        return _ICONS[self.kind]

    @property
    def words(self) -> str:
        """What stands beside the icon."""
        return str(self.status) if self.kind == "failed" else ""

    def with_more(self, other: "News") -> "News":
        """Both together: the one that says more; of two ends of commands the newer, `other`."""
        return other if _rank(other) >= min(_rank(self), _RANKS.index("done")) else self


def finished(status: int) -> News:
    """The end of a long command."""
    return News("failed", status) if status else News("done")


def _rank(news: News) -> int:
    return _RANKS.index(news.kind) if news.kind else -1


NOTHING, OUTPUT, BELL = News(), News("output"), News("bell")

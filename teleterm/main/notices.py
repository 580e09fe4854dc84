"""Notices to the window, and what their buttons do."""

from collections.abc import Awaitable, Callable

from teleterm.bridge.contract import Done, Failed, NoticePosted, Reply, RunNoticeAction
from teleterm.bridge.views import NoticeAction, NoticeView
from teleterm.main.desk import Desk, Tell
from teleterm.model.errors import ErrorCode

KEPT_WHILE_STARTING = 20


class Notices:
    """Posts notices; those from before the window stands are shown once it does."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._waiting: list[NoticeView] | None = []
        self._actions: dict[str, Callable[[str], Awaitable[Reply]]] = {}

    def register(self, desk: Desk) -> None:
        """Take the presses of buttons."""
        desk.on(RunNoticeAction, self._run)

    def on_action(self, name: str, work: Callable[[str], Awaitable[Reply]]) -> None:
        """Name what a button does."""
        self._actions[name] = work

    def post(self, notice: NoticeView) -> None:
        """Show a notice."""
        if self._waiting is not None:
            self._waiting = [*self._waiting, notice][-KEPT_WHILE_STARTING:]
        else:
            self._tell(NoticePosted(notice=notice))

    def info(self, title: str, text: str = "", *, key: str = "") -> None:
        """A plain notice."""
        self.post(NoticeView(level="info", title=title, text=text, key=key))

    def success(self, title: str, *, key: str = "") -> None:
        """Something that the person waited for is done."""
        self.post(NoticeView(level="success", title=title, key=key))

    def warning(
        self, title: str, text: str = "", *, actions: tuple[NoticeAction, ...] = (), key: str = ""
    ) -> None:
        """Something that should be looked at."""
        self.post(NoticeView(level="warning", title=title, text=text, actions=actions, key=key))

    def failed(
        self, title: str, failed: Failed, *, actions: tuple[NoticeAction, ...] = (), key: str = ""
    ) -> None:
        """Something in the background didn't work."""
        self.post(
            NoticeView(
                level="error",
                title=title,
                text=failed.message,
                details=failed.details,
                actions=actions,
                key=key,
            )
        )

    def window_is_there(self) -> None:
        """Show what waited."""
        waiting, self._waiting = self._waiting, None
        for notice in waiting or []:
            self._tell(NoticePosted(notice=notice))

    def window_is_gone(self) -> None:
        """Keep notices until there is a window again."""
        if self._waiting is None:
            self._waiting = []

    async def _run(self, request: RunNoticeAction) -> Reply:
        work = self._actions.get(request.action)
        if work is None:
            return Failed(code=ErrorCode.NOT_FOUND, message="This button does nothing any more.")
        result = await work(request.argument)
        return result if isinstance(result, (Done, Failed)) else Done()

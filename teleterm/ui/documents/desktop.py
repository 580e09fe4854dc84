"""A tab with a desktop: its session, its toolbar, what it says when it is over."""

import os
import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.contract import DesktopOpened, Failed, OpenDesktop, Reply, SavePicture, Text
from teleterm.bridge.views import DocumentView
from teleterm.ui.channel import FrameChannel
from teleterm.ui.desktop.hands import Hands
from teleterm.ui.desktop.screen import Screen
from teleterm.ui.desktop.toolbar import Toolbar
from teleterm.ui.dialogs.sharing import SharingDialog
from teleterm.ui.documents.document import Document
from teleterm.ui.documents.lock import PageLock
from teleterm.ui.documents.terminal_words import TerminalWords

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

RESIZE_MS = 300
MIN_SIDE = 200
MAX_COPIED = 1 << 20


class DesktopDocument(Document):
    """States: asleep, connecting, live, ended. Widgets: `.bar…`, `.screen`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._phase = "asleep"
        self._ask_id = 0
        self._channel: FrameChannel[contract.ToWindow, contract.FromWindow] | None = None
        self._has_clipboard = True
        self._copied = ""
        self._after = ""
        self._screen = Screen(desk.look, self)
        self._hands = Hands(self._screen, self._send, self._captured)
        self._bar = Toolbar(
            desk.look, self,
            attention=self._hands.secure_attention, share=self._share,
            clipboard=self._toggle_clipboard, shot=self._shoot,
            full=lambda: desk.actions.run("fullScreen"),
        )  # fmt: skip
        self.grid_rowconfigure(1, weight=0)
        self.grid_rowconfigure(2, weight=1)
        self._bar.grid(row=1, column=0, sticky="ew")
        self._screen.grid(row=2, column=0, sticky="nsew")
        tk.Misc.tkraise(self._screen)  # behind the toolbar in the order of Tab
        self._words = TerminalWords(desk, self, self._screen)
        self._lock = PageLock(self, self.connect, lambda: None, lambda: None)
        self._screen.bind("<Configure>", lambda _event: self._resized(), add=True)
        self._bar.set_enabled(is_enabled=False)

    # What it is

    @property
    def _target(self) -> str:
        return self.desk.look.clean(self._view.title, 80)

    @property
    def state(self) -> str:
        """Its mark."""
        return {"connecting": "working", "live": "live", "ended": "trouble"}.get(
            self._phase, "offline"
        )

    @property
    def is_live(self) -> bool:
        """Whether a session would end with it."""
        return self._phase == "live"

    @property
    def live_text(self) -> str:
        """What is lost."""
        return f"{self._target} is connected. Closing the tab ends the session."

    def status(self) -> str:
        """The desktop's size, or its state."""
        if self._phase == "live":
            width, height = self._screen.desktop
            return f"{width}×{height}" if width else ""
        return {"connecting": "connecting", "ended": "ended"}.get(self._phase, "")

    # Life

    def shown(self) -> None:
        """Connect when it is looked at for the first time."""
        super().shown()
        if self._phase == "asleep":
            self.connect()

    def focus_content(self) -> None:
        """The keyboard goes to the toolbar: the desktop gets it by a click."""
        if self._phase == "live":
            self._bar.focus_first()
        elif not self._words.focus_cover():
            self.focus_set()

    def connect(self) -> None:
        """Begin a session."""
        if self._ask_id or self._phase == "live" or not self._lock.is_open():
            return
        self._words.hide_banner()
        self._set_phase("connecting")
        self._words.cover(
            f"Connecting to {self._target}…", "Waiting for the desktop's service.", self._give_up
        )
        self.update_idletasks()  # so that it begins at the size it will have
        width, height = self._room()
        request = OpenDesktop(
            desktop_uri=self.field("target_uri"), login=self.field("login"), width=width,
            height=height,
        )  # fmt: skip
        self._ask_id = self.desk.bridge.ask(request, self._opened)

    def can_reconnect(self) -> bool:
        """Whether there is something to connect again."""
        return self._phase == "ended"

    def reconnect(self) -> None:
        """Begin another session."""
        self.connect()

    def close(self) -> None:
        """End the session."""
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
        if self._after:
            self.after_cancel(self._after)
            self._after = ""
        self._drop()

    def _opened(self, reply: Reply, descriptor: int) -> None:
        self._ask_id = 0
        if not self.winfo_exists() or self._phase != "connecting":
            if descriptor >= 0:
                os.close(descriptor)
            return
        if isinstance(reply, DesktopOpened) and descriptor >= 0:
            self._channel = FrameChannel(
                self, descriptor, contract.window_reader(), contract.pack, self._take, self._gone
            )
        elif isinstance(reply, Failed):
            self._over(reply.message, reply.hint, needs_login=reply.needs_login)
        else:
            self._over("The desktop could not be opened: its channel did not arrive.", "")

    def _give_up(self) -> None:
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
        self._over("Cancelled.", "")

    def _set_phase(self, phase: str) -> None:
        self._phase = phase
        self._bar.set_enabled(is_enabled=phase == "live")
        self.on_change()
        self.desk.say(f"ui: desktop {phase} {self._target}")

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _gone(self, why: str) -> None:
        self._channel = None
        if self._phase in {"connecting", "live"}:
            self._over("The process that shows this desktop has ended.", why)

    def _over(self, message: str, hint: str, *, needs_login: bool = False) -> None:
        self._drop()
        self._hands.release()
        self._words.uncover()
        self._set_phase("ended")
        look = self.desk.look
        text = " ".join(part for part in (look.clean(message, 400), look.clean(hint, 200)) if part)
        again = ("Reconnect", self.connect)
        login = ("Log in", lambda: self.desk.dialogs.login(self.cluster_uri, on_done=self.connect))
        self._words.banner("error", text, [login if needs_login else again])
        self.desk.say(f"ui: desktop over {text}")

    # Messages

    def _send(self, message: contract.FromWindow) -> None:
        if self._channel is not None:
            self._channel.send(message)

    def _take(self, message: contract.ToWindow) -> None:
        match message:
            case contract.Picture():
                self._draw(message)
            case contract.Size():
                self._screen.resize(message)
                self.desk.say(f"ui: desktop size {message.width}x{message.height}")
                self.on_change()
            case contract.Copied(text=text):
                self._copied_there(text)
            case contract.Pointer(is_shown=is_shown):
                self._screen.configure(cursor="" if is_shown else "none")
            case contract.Delay(ms=ms):
                self._bar.set_delay(ms)
            case contract.Ended(message=text, hint=hint, needs_login=needs_login):
                self._over(text, hint, needs_login=needs_login)
            case contract.Notice() | contract.FolderTaken():
                self._note(message)

    def _note(self, message: contract.Notice | contract.FolderTaken) -> None:
        clean, notices = self.desk.look.clean, self.desk.notices
        if isinstance(message, contract.Notice):
            level = "warning" if message.is_warning else "info"
            notices.show(level, self._target, clean(message.text, 400))
        elif message.is_ok:
            notices.show("success", f"{self._target} has the folder.")
        else:
            notices.show("warning", f"{self._target} did not take the folder.")

    def _draw(self, picture: contract.Picture) -> None:
        try:
            self._screen.draw(picture)
        except tk.TclError as error:
            self._over("The desktop sent a picture that is damaged.", str(error))
            return
        if self._phase == "connecting":
            self._words.uncover()
            self._set_phase("live")
            self._bar.focus_first()
            self._resized()  # while it connected nobody was told

    # Size

    def _room(self) -> tuple[int, int]:
        limit = contract.MAX_SIDE
        return (
            max(MIN_SIDE, min(self._screen.winfo_width(), limit)),
            max(MIN_SIDE, min(self._screen.winfo_height(), limit)),
        )

    def _resized(self) -> None:
        if self._after:
            self.after_cancel(self._after)
        self._after = self.after(RESIZE_MS, self._resize)

    def _resize(self) -> None:
        self._after = ""
        if self._phase == "live" and self._room() != self._screen.desktop:
            self._send(contract.Resize(*self._room()))

    # What the toolbar does

    def _captured(self, is_captured: bool) -> None:  # noqa: FBT001 - whose the keyboard is
        self._bar.set_captured(is_captured=is_captured)
        self.desk.say(f"ui: desktop keyboard {'there' if is_captured else 'here'}")
        if is_captured and self._has_clipboard:
            try:
                text = str(self.clipboard_get(type="UTF8_STRING"))
            except tk.TclError:
                return
            if text and text != self._copied and len(text) <= MAX_COPIED:
                self._copied = text
                self._send(contract.Copied(text))

    def _copied_there(self, text: str) -> None:
        if self._has_clipboard and text != self._copied:
            self._copied = text
            self.clipboard_clear()
            self.clipboard_append(text)
            self.desk.say(f"ui: desktop copied {len(text)}")

    def _toggle_clipboard(self) -> None:
        self._has_clipboard = not self._has_clipboard
        self._bar.set_clipboard(is_on=self._has_clipboard)

    def _share(self) -> None:
        SharingDialog(
            self.desk, self.field("target_uri"), self.field("login"),
            lambda name: self._send(contract.Announce(name)),
        )  # fmt: skip

    def _shoot(self) -> None:
        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Text):
                self.desk.notices.show("success", "Screenshot saved", reply.text)
            elif isinstance(reply, Failed):
                self.desk.notices.show_failed(reply)

        name = f"{self._view.title} screenshot"
        self.desk.bridge.ask(SavePicture(name=name, png=self._screen.png()), answered)

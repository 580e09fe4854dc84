"""A tab with a terminal: a shell on a server, a local shell, a database client, tsh."""

import os
import sys
import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    AttachTerminal,
    CloseTerminal,
    Failed,
    OpenTerminal,
    Reply,
    TellDesktop,
    TerminalOpened,
)
from teleterm.bridge.opening import Glance
from teleterm.bridge.views import DocumentView
from teleterm.ui import failures
from teleterm.ui.documents import endings, terminal_spec
from teleterm.ui.documents.news import News
from teleterm.ui.documents.retrying import Retrying
from teleterm.ui.documents.terminal_page import TerminalPage
from teleterm.ui.documents.terminal_words import TerminalWords
from teleterm.ui.shell.banner import Choice
from teleterm.ui.store import is_usable

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

FIRST_COLS, FIRST_ROWS = 80, 24


class TerminalDocument(TerminalPage):
    """States: asleep, connecting, live, ended, lost, failed; its contents stay in all of them."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._phase = "asleep"
        self._terminal_id = ""
        self._ask_id = 0
        self._message = ""
        self._program_title = ""
        self._folder_uri = ""
        self._failed_code = ""
        self._was_seen = False
        self._retrying = Retrying(self, on_wait=self._say_wait, on_due=self._try_again)
        self._words = TerminalWords(desk, self, self.area)
        self.area.on_first_paint = self._painted
        self.area.on_resized = lambda: self.on_change()  # noqa: PLW0108 - it is set later
        self.area.on_exit = self._exited
        self.area.on_lost = self._lost
        self.area.on_title = self._titled
        self.area.on_news = self._has_news
        self.area.on_folder = self._moved
        desk.store.listen("settings", self._settings_changed)
        desk.store.listen("clusters", self._clusters_changed)
        self.bind("<Destroy>", self._gone, add=True)

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.desk.store.unlisten("settings", self._settings_changed)
            self.desk.store.unlisten("clusters", self._clusters_changed)
            self._retrying.stop()

    # What it is

    @property
    def _target(self) -> str:
        """Where it connects to, for sentences."""
        return self.desk.look.clean(
            self.field("hostname") or self._view.title or "the terminal", 80
        )

    @property
    def title(self) -> str:
        """The given name, with what the program calls itself behind it."""
        base = self.custom_title or self._view.title
        if self.kind == "shell" and self._program_title and not self.custom_title:
            return self._program_title
        if self._program_title and not self.custom_title:
            return f"{base} — {self._program_title}"
        return base

    @property
    def kept_title(self) -> str:
        """Without what a program called itself: another may run when it is opened again."""
        return self.custom_title or self._view.title

    @property
    def state(self) -> str:
        """Its mark."""
        marks = {"connecting": "working", "live": "live", "lost": "trouble", "failed": "trouble"}
        return marks.get(self._phase, "offline")

    @property
    def is_live(self) -> bool:
        """Whether a process would end with it; an idle local shell may go without a question."""
        return bool(self.copying) or (self._phase == "live" and self.kind != "shell")

    @property
    def live_text(self) -> str:
        """What is lost."""
        if self.copying:
            noun = "file is" if self.copying == 1 else "files are"
            return f"{self.copying} {noun} being copied. Closing the tab stops that."
        return f"{self.title} is connected. Closing the tab ends it."

    def status(self) -> str:
        """The link under the pointer, else its size or state."""
        if self.area.link_under_pointer:
            return self.area.link_under_pointer
        if self._phase == "live":
            return self._live_status()
        words = {"connecting": "connecting", "ended": "ended", "lost": "lost", "failed": "failed"}
        return words.get(self._phase, "")

    def _live_status(self) -> str:
        cols, rows = self.area.size()
        words = ["logging"] if self.log_path else []
        words += [f"copying {self.copying}"] if self.copying else []
        words += [f"{cols}×{rows}", "UTF-8"] if cols else []
        return "    ".join(words)

    @property
    def alarm(self) -> str:
        """Where else goes what is typed here."""
        count = len(self.area.followers) + 1
        return f"typing goes to {count} tabs" if count > 1 else ""

    def glance(self) -> Glance | None:
        """How the terminal looks, if the next start may show it before all else."""
        return self.area.glance() if self.kind == "shell" and self._phase == "live" else None

    # Life

    def shown(self) -> None:
        """Connect when it is looked at for the first time."""
        self._was_seen = True
        if self._phase == "asleep":
            self.connect()
        self.area.set_shown(is_shown=True)
        super().shown()

    def hidden(self) -> None:
        """Paint no longer."""
        self.area.set_shown(is_shown=False)

    def focus_content(self) -> None:
        """The keyboard goes to the terminal, or to what stands over it."""
        is_over = self._words.has_banner and self._phase in {"ended", "failed", "lost"}
        if is_over or not self._words.focus_cover():
            self.area.focus_terminal()

    def attach(self, terminal_id: str) -> None:
        """Take a terminal over that still runs."""
        self._set_phase("connecting")
        self._terminal_id = terminal_id
        request = AttachTerminal(terminal_id=terminal_id)
        self._ask_id = self.desk.bridge.ask(request, self._opened)

    def connect(self) -> None:
        """Start the terminal."""
        if self._ask_id:
            return
        self._retrying.pause()
        self._words.hide_banner()
        spec = terminal_spec.spec_of(self._view, self.desk.store.gateways.values())
        self._set_phase("connecting")
        self._show_cover()
        self.update_idletasks()  # so that it starts at the size it will have
        cols, rows = self.area.size()
        request = OpenTerminal(
            spec=spec,
            document=self.view(),
            cols=max(2, cols or FIRST_COLS),
            rows=max(1, rows or FIRST_ROWS),
        )
        self._ask_id = self.desk.bridge.ask(request, self._opened)

    def _opened(self, reply: Reply, descriptor: int) -> None:
        self._ask_id = 0
        if not self.winfo_exists():
            if descriptor >= 0:
                os.close(descriptor)
            return
        if isinstance(reply, TerminalOpened) and descriptor >= 0:
            self._terminal_id = reply.terminal_id
            self.area.attach(descriptor)
            return
        if isinstance(reply, Failed):
            self._fail(reply)
        else:
            message = "The terminal could not be started: its channel did not arrive."
            self._fail(Failed(code="unknown", message=message))

    def _painted(self) -> None:
        self._uncover()
        if self._phase != "connecting":
            return  # it has ended by the time its last words are drawn
        self._retrying.connected()
        self._set_phase("live")
        self.desk.say("ui: painted first prompt")
        self._say_modules()
        self.desk.say(f"ui: terminal live {self.title}")

    def _say_modules(self) -> None:
        """For tests from outside: what this process has loaded at its first prompt."""
        if os.environ.get("UI_TRACE"):
            self.desk.say("ui: modules " + ",".join(sorted(sys.modules)))

    def close(self) -> None:
        """Hang up."""
        self._retrying.stop()
        if self.transfer is not None:
            self.transfer.leave()
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
        if self._terminal_id:
            self.desk.bridge.ask(CloseTerminal(terminal_id=self._terminal_id))
        self.area.detach()

    def can_reconnect(self) -> bool:
        """Whether there is something to connect again."""
        return self._phase in {"ended", "lost", "failed"}

    def reconnect(self) -> None:
        """Connect again, keeping what is on the screen until the new one paints."""
        if not self.can_reconnect():
            return
        root = self.desk.store.root_of(self.cluster_uri) if self.kind == "ssh" else None
        if root is not None and not is_usable(root, self.desk.now()):
            self.desk.dialogs.login(root.uri, on_done=self._connect_again)
            return
        self._connect_again()

    def _connect_again(self) -> None:
        if not self.winfo_exists():
            return
        if self._terminal_id:
            self.desk.bridge.ask(CloseTerminal(terminal_id=self._terminal_id))
            self._terminal_id = ""
        self.area.detach()
        self.connect()

    # Ends

    def _exited(self, status: int) -> None:
        self._uncover()
        self.log_path = ""
        self._set_phase("ended")
        wish = self.desk.store.settings.tabs_close_on_exit
        self.desk.say(f"ui: terminal ended {status} {self.title}")
        if status and self._is_lost() and self._tries_later():
            return
        self._retrying.stop()
        closes = wish == "always" or (wish == "clean" and status == 0 and self.area.has_painted)
        if closes and not self.field("once"):
            self.after_idle(self.on_leave)
            return
        if status and (why := self._why_refused()):
            self._refused(why)
            return
        again = "connect" if self.kind == "ssh" else "start"
        choices: list[Choice] = [(again.capitalize(), self.reconnect)]
        words = f"Session ended (code {status}). Press Enter to {again} again."
        self._words.banner("info" if status == 0 else "warning", words, choices)

    def _is_lost(self) -> bool:
        """Whether it is worth trying again: not if the server refused, or the program ended."""
        wanted = self.kind == "ssh" and self.desk.store.settings.ssh_auto_reconnect
        return wanted and endings.is_lost(self.area.text())

    def _tries_later(self) -> bool:
        """Wait for the next try, or for the login if that has ended; False when it is enough."""
        self.desk.say(f"ui: terminal lost {self.title}")
        root = self.desk.store.root_of(self.cluster_uri)
        if root is None or is_usable(root, self.desk.now()):
            return self._retrying.lost()
        self._retrying.stop()
        title = self.desk.look.clean(root.title, 80)
        words = f"Your login on {title} has ended. Log in to go on."
        self._fail(Failed(code="needs_login", message=words, needs_login=True))
        return True

    def _say_wait(self, left_s: int) -> None:
        words = f"Connection to {self._target} lost. Trying again in {left_s} s…"
        if self._phase == "lost" and self._words.has_banner:
            self._words.set_text(words)
            return
        self._set_phase("lost")
        self._words.banner(
            "warning", words, [("Now", self.reconnect), ("Stop", self._stop_retrying)]
        )

    def _stop_retrying(self) -> None:
        self._retrying.stop()
        words = f"Connection to {self._target} lost. Press Enter to connect again."
        self._words.banner("warning", words, [("Connect", self.reconnect)])
        self.focus_content()
        self.desk.say(f"ui: terminal stopped trying {self.title}")

    def _try_again(self) -> None:
        self.desk.say(f"ui: terminal tries again {self.title}")
        root = self.desk.store.root_of(self.cluster_uri)
        if root is None or is_usable(root, self.desk.now()):
            self._connect_again()
        else:
            self._tries_later()

    def _why_refused(self) -> str:
        """Why there was no connection to the server, if tsh said so."""
        cluster = self.desk.store.cluster_of(self.cluster_uri)
        if self.kind != "ssh" or cluster is None:
            return ""
        return endings.reason(
            self.area.text(),
            host=self._target,
            login=self.desk.look.clean(self.field("login"), 60),
            cluster=self.desk.look.clean(cluster.title, 80),
        )

    def _refused(self, why: str) -> None:
        """The server can't be reached, or not as this user; the screen keeps tsh's own words."""
        self._set_phase("failed")
        servers = lambda: self.desk.opener.resources(self.cluster_uri, ("servers",))  # noqa: E731
        self._words.banner("error", why, [("Try again", self.reconnect), ("Show servers", servers)])
        self.desk.say(f"ui: terminal failed {why}")

    def _lost(self) -> None:
        """The channel of the terminal broke: its engine or the host of all of them is gone."""
        if self._phase not in {"live", "connecting"}:
            return
        self._terminal_id = ""
        self._uncover()
        self._set_phase("lost")
        words = f"Connection to {self._target} lost. Press Enter to connect again."
        self._words.banner("warning", words, [("Connect", self.reconnect)])
        self.desk.say(f"ui: terminal lost {self.title}")

    def _fail(self, failed: Failed) -> None:
        self._uncover()
        if self._retrying.is_trying and failed.is_retryable and self._retrying.lost():
            return
        self._failed_code = failed.code
        self._set_phase("failed")
        root = self.desk.store.root_of(self.cluster_uri)
        choices: list[Choice] = [("Try again", self.reconnect)]
        if failed.needs_login and root is not None:
            login = lambda: self.desk.dialogs.login(root.uri, on_done=self._connect_again)  # noqa: E731
            choices = [("Log in", login)]
        if failed.details:
            details = failed.details
            choices.append(("Details", lambda: self.desk.dialogs.details("Details", details)))
        words = failures.sentence(failed)
        self._words.banner("error", self.desk.look.clean(words, 300), choices)
        self.desk.say(f"ui: terminal failed {failed.message}")

    def _clusters_changed(self) -> None:
        """After a login, what was refused for want of it connects again."""
        if self._phase != "failed" or self._failed_code != "needs_login" or not self._was_seen:
            return
        if is_usable(self.desk.store.root_of(self.cluster_uri), self.desk.now()):
            self._failed_code = ""
            self._connect_again()

    # Showing

    def _set_phase(self, phase: str) -> None:
        self._phase = phase
        self.area.set_waits_for_enter(
            self.reconnect if phase in {"ended", "lost", "failed"} else None
        )
        self.on_change()

    def _show_cover(self) -> None:
        """While connecting: words where the terminal will be."""
        look = self.desk.look
        login = look.clean(self.field("login"), 60)
        words = f"Starting {self._target}…"
        if login:
            words = f"Connecting to {self._target} as {login}…"
        root = self.desk.store.root_of(self.cluster_uri)
        where = f" through {look.clean(root.title, 80)}" if root is not None else ""
        leave = lambda: self.on_leave()  # noqa: E731, PLW0108 - it may be a pane by then
        self._words.cover(words, f"Waiting for an answer{where}.", leave)

    def _uncover(self) -> None:
        had_focus = self._words.uncover()
        if had_focus or (had_focus is not None and self.is_in_front()):
            self.area.focus_terminal_if_free()

    def _titled(self, title: str) -> None:
        self._program_title = self.desk.look.clean(title, 120)
        self.on_change()

    def _moved(self, folder_uri: str) -> None:
        self._folder_uri = folder_uri

    def twin(self) -> DocumentView:
        """What opens another terminal like this one."""
        return terminal_spec.twin(self._view, self._folder_uri)

    def _has_news(self, news: News) -> None:
        if news.kind in {"done", "failed"}:
            self.desk.tell_desktop(TellDesktop(kind="command", name=self.title))
        if not self.is_in_front() and self.news != (news := self.news.with_more(news)):
            self.news = news
            self.desk.say(f"ui: tab marked {news.kind} {news.words}".rstrip())
            self.on_change()

    def _settings_changed(self) -> None:
        self.area.apply_settings()
        self.guard_by_rules()

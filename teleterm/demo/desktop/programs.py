"""What runs in the demo's X session: a background, an editor, something that moves.

It also holds the session's clipboard. Standard input brings lines of a word and a text in base64
(`clip`, `shared`, `visit`); standard output gives `ready`, `shown` once shared files are shown,
and `clip` for every text copied here.
"""

import base64
import math
import os
import sys
import tkinter as tk
from pathlib import Path

_LOOK_MS = 200
_FRAME_MS = 33
_WAIT_MS = 20
_BACK, _PAPER, _INK, _SOFT, _ACCENT = "#20364d", "#fbfaf7", "#20262e", "#7a828c", "#2f6fb2"
_FONT = ("DejaVu Sans", 11)
_MONO = ("DejaVu Sans Mono", 11)
_MAX_BYTES = 1 << 20
_GREETING = """This is an X session of the computer the demo runs on.

Type here. Copy and paste work both ways.
Files of a folder you share appear on the left.
"""


class Programs:
    """Everything in the session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = tk.Tk(className="Session")
        self._root.withdraw()
        self._root.option_add("*Font", _FONT)
        self._copied = ""
        self._pending = b""
        self._phase = 0.0
        self._timer = ""
        self._backdrop = self._make_backdrop()
        self._files, self._text = self._make_notes()
        self._canvas = self._make_motion()
        if sys.platform != "win32":
            os.set_blocking(0, False)
            self._root.tk.createfilehandler(0, tk.READABLE, self._read)
        self._root.after(_LOOK_MS, self._look_at_clipboard)

    def run(self) -> None:
        """Live until standard input ends."""
        self._wait()
        self._root.mainloop()

    def _wait(self) -> None:
        """Say that all is ready once the window manager has taken the windows and the keyboard."""
        windows = [self._text.winfo_toplevel(), self._canvas.winfo_toplevel()]
        is_taken = all(int(one.wm_frame(), 16) != one.winfo_id() for one in windows)
        if is_taken and self._root.focus_get() is self._text:
            _say("ready")
            return
        if is_taken:
            self._text.focus_force()
        self._root.after(_WAIT_MS, self._wait)

    # ---- windows ----

    def _make_backdrop(self) -> tk.Canvas:
        window = tk.Toplevel(self._root, background=_BACK)
        window.overrideredirect(boolean=True)
        width, height = self._root.winfo_screenwidth(), self._root.winfo_screenheight()
        window.geometry(f"{width}x{height}+0+0")
        canvas = tk.Canvas(window, background=_BACK, highlightthickness=0)
        canvas.pack(fill="both", expand=True)
        canvas.create_text(
            40, 36, anchor="nw", text="teleterm demo", fill="#e8eef5", font=("DejaVu Sans", 22)
        )
        canvas.create_text(
            40, 78, anchor="nw", text="Press Esc in Motion to stop it.", fill="#9fb3c8", font=_FONT
        )
        window.lower()
        return canvas

    def _make_notes(self) -> tuple[tk.Listbox, tk.Text]:
        window = tk.Toplevel(self._root, background=_PAPER)
        window.title("Notes")
        window.geometry("620x360+60+130")
        files = tk.Listbox(
            window, width=22, borderwidth=0, highlightthickness=0, background="#efece5",
            foreground=_INK, selectbackground=_ACCENT, activestyle="none", selectforeground=_PAPER,
            exportselection=False,
        )  # fmt: skip
        files.pack(side="left", fill="y")
        files.bind("<<ListboxSelect>>", lambda _event: self._open_selected())
        text = tk.Text(
            window, font=_MONO, wrap="word", undo=True, borderwidth=0, highlightthickness=0,
            background=_PAPER, foreground=_INK, padx=12, pady=10, insertbackground=_INK,
        )  # fmt: skip
        text.pack(side="left", fill="both", expand=True)
        text.insert("1.0", _GREETING)
        text.bind("<Control-a>", lambda _event: _select_all(text))
        text.focus_set()
        window.protocol("WM_DELETE_WINDOW", lambda: None)
        return files, text

    def _make_motion(self) -> tk.Canvas:
        window = tk.Toplevel(self._root)
        window.title("Motion")
        window.geometry("320x240+700+180")
        canvas = tk.Canvas(window, background="#101820", highlightthickness=0)
        canvas.pack(fill="both", expand=True)
        for at in range(12):
            canvas.create_oval(0, 0, 0, 0, fill=_ACCENT, outline="", tags=f"dot{at}")
        self._is_moving = False
        canvas.create_text(160, 120, text="Click to start", fill=_SOFT, font=_FONT, tags="hint")
        canvas.bind("<Button-1>", lambda _event: self._set_moving(not self._is_moving))
        window.bind("<Escape>", lambda _event: self._set_moving(False))
        window.protocol("WM_DELETE_WINDOW", lambda: self._set_moving(False))
        return canvas

    def _set_moving(self, is_moving: bool) -> None:  # noqa: FBT001 - one flag
        self._is_moving = is_moving
        if is_moving and not self._timer:
            self._move()
        self._canvas.itemconfigure("hint", state="hidden" if is_moving else "normal")

    def _move(self) -> None:
        self._timer = self._root.after(_FRAME_MS, self._move) if self._is_moving else ""
        self._phase += 0.08
        width, height = self._canvas.winfo_width(), self._canvas.winfo_height()
        for at in range(12):
            angle = self._phase + at * math.tau / 12
            x = width / 2 + math.cos(angle) * width / 3
            y = height / 2 + math.sin(angle * 1.5) * height / 3
            self._canvas.coords(f"dot{at}", x - 9, y - 9, x + 9, y + 9)

    # ---- shared files ----

    def _show_files(self) -> None:
        shared = self._folder / "shared"
        self._files.delete(0, "end")
        for path in sorted(shared.rglob("*")):
            if path.is_file():
                self._files.insert("end", str(path.relative_to(shared)))

    def _open_selected(self) -> None:
        chosen = str(self._files.get("active"))
        if chosen:
            path = self._folder / "shared" / chosen
            data = path.read_bytes()[:_MAX_BYTES] if path.is_file() else b""
            self._text.delete("1.0", "end")
            self._text.insert("1.0", data.decode("utf-8", "replace"))
            self._text.focus_set()

    # ---- clipboard, and the service ----

    def _look_at_clipboard(self) -> None:
        try:
            text = str(self._root.clipboard_get(type="UTF8_STRING"))
        except tk.TclError:
            text = ""
        if text and text != self._copied:
            self._copied = text
            _say("clip", text)
        self._root.after(_LOOK_MS, self._look_at_clipboard)

    def _read(self, _file: object, _mask: int) -> None:
        try:
            data = os.read(0, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            if sys.platform != "win32":
                self._root.tk.deletefilehandler(0)
            self._root.quit()
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            verb, _, rest = line.decode("ascii", "replace").partition(" ")
            self._obey(verb, base64.b64decode(rest).decode("utf-8", "replace"))

    def _obey(self, verb: str, text: str) -> None:
        if verb == "clip":
            self._copied = text
            self._root.clipboard_clear()
            self._root.clipboard_append(text)
        elif verb == "visit":
            self._copied = ""
        elif verb == "shared":
            self._show_files()
            _say("shown")


def _select_all(text: tk.Text) -> str:
    text.tag_add("sel", "1.0", "end-1c")
    return "break"


def _say(verb: str, text: str = "") -> None:
    encoded = base64.b64encode(text.encode()).decode()
    sys.stdout.write(f"{verb} {encoded}".rstrip() + "\n")
    sys.stdout.flush()


def main(argv: list[str]) -> int:
    """Run in the X session that DISPLAY names; the argument is the session's folder."""
    Programs(Path(argv[0])).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

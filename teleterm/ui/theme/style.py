"""The ttk theme: clam without bevels, with round boxes drawn in memory."""

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Literal

from teleterm.ui.theme.png import Coverage, box, tinted

SURFACES = (
    "base", "surface", "elevated", "sunken", "warningFill", "dangerFill", "infoFill",
)  # fmt: skip
BOX, RADIUS = 18, 6
"""Design pixels of the stretched box and of its corners."""
CONTROL, CONTROL_PAD = 32, 6
"""How high buttons and fields are, and what their boxes leave above and below, in design pixels."""

Dp = Callable[[float], int]


class Theme:
    """Makes one ttk theme for each mode on first use and switches between them."""

    def __init__(self, root: tk.Tk, dp: Dp) -> None:
        self._root = root
        self._dp = dp
        self._style = ttk.Style(root)
        self._images: list[tk.PhotoImage] = []
        self._made: set[str] = set()

    def use(self, mode: str, colors: dict[str, str]) -> None:
        """Switch to the theme of `mode`, made from `colors`."""
        name = f"teleterm-{mode}"
        if name not in self._made:
            self._style.theme_create(name, parent="clam")
            self._style.theme_use(name)
            self._made.add(name)
            self._elements(colors)
            self._layouts()
        self._style.theme_use(name)
        self._configure(colors)

    def _image(self, data: bytes) -> tk.PhotoImage:
        image = tk.PhotoImage(master=self._root, data=data, format="png")
        self._images.append(image)
        return image

    def _box(
        self, fill: str, line: str = "", line_px: float = 1, radius: float = RADIUS
    ) -> tk.PhotoImage:
        dp = self._dp
        width = max(1.0, float(dp(line_px)))
        return self._image(box(dp(BOX), dp(radius), fill, line, line_px=width))

    def _element(
        self, name: str, states: dict[str, tk.PhotoImage], padding: tuple[int, int]
    ) -> None:
        """An element that shows one of `states` (first match wins; "" is the ordinary one)."""
        special = [_state(key, image) for key, image in states.items() if key]
        self._style.element_create(
            name, "image", states[""], *special,
            border=self._dp(RADIUS + 2), sticky="nsew", padding=padding,
        )  # fmt: skip

    def _elements(self, c: dict[str, str]) -> None:
        dp = self._dp
        pad = (dp(14), dp(CONTROL_PAD))
        plain = {
            "disabled": self._box("", c["border"]),
            "pressed": self._box(c["selected"], c["borderStrong"]),
            "active focus": self._box(c["hover"], c["accent"], 2),
            "focus": self._box("", c["accent"], 2),
            "active": self._box(c["hover"], c["borderStrong"]),
            "": self._box("", c["borderStrong"]),
        }
        self._element("Plain.button", plain, pad)
        primary = {
            "disabled": self._box(c["hover"]),
            "pressed": self._box(c["accentPressed"]),
            "active focus": self._box(c["accentHover"], c["text"], 2),
            "focus": self._box(c["accent"], c["text"], 2),
            "active": self._box(c["accentHover"]),
            "": self._box(c["accent"]),
        }
        self._element("Primary.button", primary, pad)
        ghost = {
            "disabled": self._box(""),
            "pressed": self._box(c["selected"]),
            "selected": self._box(c["selected"]),
            "active focus": self._box(c["hover"], c["accent"], 2),
            "focus": self._box("", c["accent"], 2),
            "active": self._box(c["hover"]),
            "": self._box(""),
        }
        self._element("Ghost.button", ghost, (dp(8), dp(CONTROL_PAD)))
        self._element("Small.button", ghost, (dp(6), dp(1)))
        field = {
            "disabled": self._box("", c["border"]),
            "invalid": self._box(c["sunken"], c["danger"], 2),
            "focus": self._box(c["sunken"], c["accent"], 2),
            "": self._box(c["sunken"], c["borderStrong"]),
        }
        self._element("Field.field", field, (dp(10), dp(CONTROL_PAD)))
        chip = {
            "selected focus": self._box(c["selected"], c["accent"], 2, 9),
            "selected": self._box(c["selected"], c["accent"], 1, 9),
            "focus": self._box("", c["accent"], 2, 9),
            "active": self._box(c["hover"], c["borderStrong"], 1, 9),
            "": self._box("", c["borderStrong"], 1, 9),
        }
        self._style.element_create(
            "Chip.button", "image", chip[""],
            *[_state(key, image) for key, image in chip.items() if key],
            border=dp(8), sticky="nsew", padding=(dp(12), dp(4)),
        )  # fmt: skip
        self._indicators(c)
        self._scrollbar(c)

    def _indicators(self, c: dict[str, str]) -> None:
        off, off_focus = (
            self._mark(c["sunken"], c["borderStrong"], 1),
            self._mark(c["sunken"], c["accent"], 2),
        )
        on = self._mark(c["accent"], c["accent"], 1, c["onAccent"])
        on_focus = self._mark(c["accent"], c["text"], 2, c["onAccent"])
        for name in ("Check.indicator", "Radio.indicator"):
            self._style.element_create(
                name, "image", off,
                ("disabled", "selected", on), ("disabled", self._mark("", c["border"], 1)),
                ("selected", "focus", on_focus), ("selected", on), ("focus", off_focus),
                sticky="w", width=self._dp(24),
            )  # fmt: skip

    def _mark(self, fill: str, line: str, line_px: float, tick: str = "") -> tk.PhotoImage:
        """A check box of 16, as one picture; its element leaves a gap at the right."""
        dp = self._dp
        picture = self._image(box(dp(16), dp(4), fill, line, line_px=float(max(1, dp(line_px)))))
        if tick:
            ink = Coverage(dp(16))
            scale = dp(16) / 16
            points = [(x * scale, y * scale) for x, y in ((4.2, 8.3), (7, 11), (11.8, 5.4))]
            ink.stroke(points, 1.9 * scale)
            mark = self._image(tinted(ink, tick))
            self._root.tk.call(picture, "copy", mark)
        return picture

    def _scrollbar(self, c: dict[str, str]) -> None:
        dp = self._dp
        thumbs = [self._image(box(dp(10), dp(4), fill, c["base"], line_px=0)) for fill in
                  (c["hover"], c["borderStrong"])]  # fmt: skip
        self._style.element_create(
            "Slim.thumb", "image", thumbs[0], ("pressed", thumbs[1]), ("active", thumbs[1]),
            border=dp(4), sticky="nsew", padding=0,
        )  # fmt: skip

    def _layouts(self) -> None:
        layout = self._style.layout
        for kind, element in (
            ("TButton", "Plain.button"),
            ("Primary.TButton", "Primary.button"),
            ("Danger.TButton", "Plain.button"),
            ("Link.TButton", "Ghost.button"),
        ):
            layout(kind, _around(element, _around("Button.padding", _only("Button.label"))))
        for kind, element in (("Ghost.TButton", "Ghost.button"), ("Small.TButton", "Small.button")):
            layout(kind, _around(element, _only("Button.label")))
        layout("Chip.TCheckbutton", _around("Chip.button", _only("Checkbutton.label")))
        padding = _around("Entry.padding", _only("Entry.textarea"))
        layout("TEntry", _around("Field.field", padding))
        layout("Flat.TEntry", padding)
        for kind, mark in (
            ("TCheckbutton", "Check.indicator"),
            ("TRadiobutton", "Radio.indicator"),
        ):
            parts = [*_only(mark, side="left"), *_only("Checkbutton.label", side="left")]
            layout(kind, _around("Checkbutton.padding", parts))
        layout("Treeview", _only("Treeview.treearea"))
        for way in ("Vertical", "Horizontal"):
            layout(f"{way}.TScrollbar", _around(f"{way}.Scrollbar.trough", _only("Slim.thumb")))
        layout("TNotebook", [("null", {"sticky": "nsew"})])
        layout("TNotebook.Tab", [])

    def _configure(self, c: dict[str, str]) -> None:
        style, dp = self._style, self._dp
        style.configure(
            ".", background=c["surface"], foreground=c["text"], font="TeletermBody",
            fieldbackground=c["sunken"], bordercolor=c["border"], lightcolor=c["surface"],
            darkcolor=c["surface"], troughcolor=c["surface"], focuscolor=c["accent"],
            selectbackground=c["selected"], selectforeground=c["text"], insertcolor=c["text"],
            insertwidth=dp(1), borderwidth=0, relief="flat",
        )  # fmt: skip
        rest = self._rest_of_line()
        style.configure("TButton", anchor="center", foreground=c["text"], padding=rest)
        style.configure("TEntry", padding=rest)
        style.configure("Flat.TEntry", padding=0)
        style.configure("Primary.TButton", foreground=c["onAccent"], font="TeletermStrong")
        style.configure("Danger.TButton", foreground=c["danger"])
        style.configure("Link.TButton", foreground=c["accent"])
        style.configure("Ghost.TButton", foreground=c["sec"])
        style.configure("Small.TButton", foreground=c["text"], font="TeletermCaption")
        for kind in (
            "TButton",
            "Primary.TButton",
            "Danger.TButton",
            "Link.TButton",
            "Ghost.TButton",
            "Small.TButton",
        ):
            style.map(kind, foreground=[("disabled", c["muted"])])
            style.map(kind, background=[])
            for surface in SURFACES:
                style.configure(f"{surface}.{kind}", background=c[surface])
                style.map(f"{surface}.{kind}", background=[("active", c[surface])])
        for kind in ("TCheckbutton", "TRadiobutton", "Chip.TCheckbutton", "TEntry", "Flat.TEntry"):
            style.map(kind, foreground=[("disabled", c["muted"])])
            for surface in SURFACES:
                style.configure(f"{surface}.{kind}", background=c[surface])
                style.map(f"{surface}.{kind}", background=[("active", c[surface])])
        style.configure("Chip.TCheckbutton", font="TeletermCaption", foreground=c["sec"])
        style.map("Chip.TCheckbutton", foreground=[("selected", c["text"])])
        self._configure_tables(c)

    def _rest_of_line(self) -> tuple[int, int, int, int]:
        """What a line of text lacks, above and below, to fill a button or a field."""
        line = int(tkfont.nametofont("TeletermBody", self._root).metrics("linespace"))
        rest = max(0, self._dp(CONTROL) - 2 * self._dp(CONTROL_PAD) - line)
        return 0, rest // 2, 0, rest - rest // 2

    def _configure_tables(self, c: dict[str, str]) -> None:
        style, dp = self._style, self._dp
        style.configure(
            "Treeview", background=c["surface"], fieldbackground=c["surface"], foreground=c["text"],
            rowheight=dp(30), borderwidth=0, font="TeletermBody",
        )  # fmt: skip
        style.configure("Treeview.Cell", padding=(dp(4), 0))
        style.map("Treeview", background=[("selected", c["selected"])],
                  foreground=[("selected", c["text"])])  # fmt: skip
        style.configure(
            "Treeview.Heading", background=c["surface"], foreground=c["muted"], relief="flat",
            font="TeletermCaption", padding=(dp(4), dp(6)), borderwidth=0,
        )  # fmt: skip
        style.map("Treeview.Heading", background=[("active", c["hover"])],
                  foreground=[("active", c["text"])], relief=[])  # fmt: skip
        for surface in SURFACES:
            for way in ("Vertical", "Horizontal"):
                style.configure(f"{surface}.{way}.TScrollbar", troughcolor=c[surface],
                                background=c[surface], borderwidth=0, width=dp(10))  # fmt: skip
        style.configure("TNotebook", background=c["surface"], borderwidth=0, padding=0,
                        tabmargins=0)  # fmt: skip


def _state(states: str, image: tk.PhotoImage) -> tuple[*tuple[str, ...], tk.PhotoImage]:
    """An entry of an image element's table."""
    return (*states.split(), image)


def _only(name: str, *, side: Literal["", "left"] = "") -> "ttk._LayoutSpec":
    """An element that fills its parcel, or stands at its left."""
    return [(name, {"side": side, "sticky": ""} if side else {"sticky": "nsew"})]


def _around(name: str, children: "ttk._LayoutSpec") -> "ttk._LayoutSpec":
    """An element with others in it."""
    return [(name, {"sticky": "nsew", "children": children})]

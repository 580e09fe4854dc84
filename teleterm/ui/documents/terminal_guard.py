"""Terminals that a rule of the settings marks, production say: a bar, a tag, more questions."""

import tkinter as tk
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from teleterm.bridge.views import RuleView
from teleterm.ui.widgets.basic import label

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

BAR = 4


def rule_for(rules: Iterable[RuleView], title: str, fields: Mapping[str, str]) -> RuleView | None:
    """The first rule that is for a terminal.

    Its `match` is a part of the title, the host's name or the cluster's; or, as `label=value`, one
    of the server's labels, where a star stands for any value.
    """
    places = (title, fields.get("hostname", ""), fields.get("cluster", ""))
    labels = fields.get("labels", "").lower().split("\n")
    for rule in rules:
        wanted = rule.match.lower()
        if wanted and any(wanted in place.lower() for place in places):
            return rule
        key, equals, value = wanted.partition("=")
        if equals and any(_is_label(label, key, value) for label in labels):
            return rule
    return None


def _is_label(label: str, key: str, value: str) -> bool:
    known_key, equals, known_value = label.partition("=")
    return bool(equals) and known_key == key and value in {"*", known_value}


class Guard:
    """`bar` and `tag` over a terminal, while a rule is for it."""

    def __init__(self, desk: "Desk", area: tk.Misc) -> None:
        self._desk = desk
        look = desk.look
        self.rule: RuleView | None = None
        self._bar = tk.Frame(area, name="guard", borderwidth=0, highlightthickness=0)
        self._tag = label(look, area, "", font="caption", surface="base", name="tag")

    @property
    def is_on(self) -> bool:
        """Whether lines, and typing into several, are asked about."""
        return self.rule is not None and self.rule.confirm_paste

    def show(self, rule: RuleView | None) -> None:
        """Mark the terminal by this rule, or no longer."""
        self.rule = rule
        if rule is None:
            self._bar.place_forget()
            self._tag.place_forget()
            return
        look = self._desk.look
        color = look.cluster_color(rule.color)
        self._bar.configure(background=color)
        self._bar.place(x=0, y=0, relwidth=1, height=look.dp(BAR))
        self._bar.lift()
        self._tag.configure(text=look.clean(rule.tag, 12), background=color,
                            foreground=look.color("onAccent"), padx=look.dp(6))  # fmt: skip
        self._tag.place(relx=1.0, x=-look.dp(16), y=look.dp(BAR), anchor="ne")
        self._tag.lift()

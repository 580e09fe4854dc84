"""Reads or photographs every state.

    python -m tests.gallery text FOLDER [STATE...]      the readable forms, and what is wrong
    python -m tests.gallery pictures FOLDER [STATE...]  both themes at scale 1 and 2

Needs a display: `xvfb-run -a -s '-screen 0 2560x1600x24'`.
"""

import os
import sys
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.gallery import cast, checks
from tests.gallery.stage import Stage, shown
from tests.gallery.states import STATES, State
from tests.gallery.tree import Reader
from tests.support.person import run

MODES = ("dark", "light")
LOOKS = (("dark", 1), ("light", 1), ("dark", 2), ("light", 2))
WIDTH, HEIGHT = 1280, 800
COLOURS = "128"

INTRODUCTION = """Made by `make screenshots` on a stage without a cluster: a fixed clock, a main out
of tables. The same states at scale 2 are made into `scale-2`, which is not kept for its size. Their
text, which CI compares, is in `tests/recorded/gallery`."""


def play(state: State, look: Callable[[Stage], None], *, is_even: bool, **settings: object) -> None:
    """Bring a state onto the stage and look at it."""
    fake = cast.furnished() if state.is_furnished else cast.nobody()
    cast.with_settings(fake, **settings)
    state.prepare(fake)
    side = int(fake.settings.ui_scale)
    place = f"{WIDTH * side}x{HEIGHT * side}+0+0"
    fake.layout = msgspec.structs.replace(fake.layout, geometry=place)
    with shown(fake, has_even_letters=is_even) as stage:
        stage.settle()
        state.act(stage)
        stage.settle(2000)
        look(stage)


def wrong(stage: Stage) -> list[str]:
    """What breaks a rule in this state."""
    tops = [one for one in stage.app.winfo_children() if isinstance(one, tk.Toplevel)]
    height = stage.desk.look.dp(32)
    front = next((one for one in reversed(tops) if one.winfo_ismapped()), stage.app)
    return [
        *(f"has no name: {one}" for one in checks.unnamed(stage.app)),
        *(f"Tab never comes to: {one}" for one in checks.unreached(front)),
        *(f"Tab goes backwards: {one}" for one in checks.out_of_order(front)),
        *(f"not as high as the others: {one}" for one in checks.too_low(stage.app, height)),
        *_faint(stage),
    ]


def _faint(stage: Stage) -> list[str]:
    """What can't be read well in one of the modes; the window is light afterwards."""
    settings, found = stage.desk.look.settings, []
    for mode in MODES:
        stage.desk.look.apply(msgspec.structs.replace(settings, theme=mode))
        stage.settle()
        found += [f"hard to read in {mode}: {one}" for one in checks.hard_to_read(stage.app)]
    return found


def text(folder: Path, names: list[str]) -> int:
    """Write the readable forms; what is wrong goes to standard output."""
    count = 0
    for name in names:
        state = STATES[name]
        found: list[str] = []

        def look(stage: Stage, name: str = name, found: list[str] = found) -> None:
            is_high = stage.desk.store.settings.ui_high_contrast
            lines = Reader("dark", is_high=is_high).lines(stage.app)
            (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")
            found += wrong(stage)

        play(state, look, is_even=True)
        for problem in found:
            sys.stdout.write(f"{name}: {problem}\n")
        count += len(found)
    return 1 if count else 0


def pictures(folder: Path, names: list[str]) -> int:
    """Photograph the states in every look."""
    for mode, scale in LOOKS:
        for name in names:
            path = folder / f"scale-{scale}" / f"{name}-{mode}.png"
            path.parent.mkdir(exist_ok=True)
            shape = f"{WIDTH * scale}x{HEIGHT * scale}+0+0"

            def look(stage: Stage, path: Path = path, shape: str = shape) -> None:
                run(
                    "import", "-silent", "-window", "root", "-crop", shape, "+repage", "-strip",
                    "+dither", "-colors", COLOURS, "-define", "png:compression-level=9",
                    f"png8:{path}",
                )  # fmt: skip

            play(STATES[name], look, is_even=False, theme=mode, ui_scale=float(scale))
    lines = ["# Every state of the window", "", INTRODUCTION, ""]
    for name, state in STATES.items():
        links = ", ".join(f"[{mode}](scale-1/{name}-{mode}.png)" for mode in MODES)
        lines.append(f"- `{name}`: {state.words} ({links})")
    (folder / "README.md").write_text("\n".join(lines) + "\n")
    return 0


def main() -> int:
    """Do what the command line says."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    names = sys.argv[3:] or list(STATES)
    return {"text": text, "pictures": pictures}[sys.argv[1]](folder, names)


if __name__ == "__main__":
    sys.exit(main())

"""The terminal's widget on a real screen, with real programs behind a real pty host."""

import contextlib
import os
import random
import signal
import socket
import tkinter as tk
from collections.abc import Iterator

import msgspec
import pytest

from teleterm.bridge import frames
from teleterm.ui.terminal.drawing import OPS_A_TURN, Drawer
from tests.support.terminal_stage import Stage, make_behaviour, stage

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A window whose Tcl is cut as in the program, without a terminal yet."""
    with stage(tmp_path_factory.mktemp("s")) as made:
        yield made


def painted(shown: Stage) -> list[str]:
    """The texts of the canvas items that show."""
    canvas = shown.canvas
    return [
        canvas.itemcget(item, "text")
        for item in canvas.find_all()
        if canvas.type(item) == "text" and canvas.itemcget(item, "state") != "hidden"
    ]


def test_keys_reach_the_shell_and_its_answer_is_painted(shown: Stage) -> None:
    painted_first: list[bool] = []
    shown.view.callbacks.first_paint = lambda: painted_first.append(True)
    shown.opens()
    shown.shows("$")
    shown.types("echo $((6*7)); stty size\n")
    cols, rows = shown.view.grid_that_fits()
    shown.shows(f"\n42\n{rows} {cols}\n$")
    shown.until(lambda: "42" in painted(shown))
    assert painted_first == [True]


def test_text_of_programs_is_never_tcl(shown: Stage) -> None:
    words = r'[exit 3] $env(HOME) {a ;"b\ \x41 #'
    shown.opens("/bin/sh", "-c", "printf '%s\\n' \"$0\"; cat", words)
    shown.shows(words)
    shown.until(lambda: words in painted(shown))


def test_the_traps_of_keyboards(shown: Stage) -> None:
    shown.opens("/bin/sh", "-c", "stty -echo; echo ready; exec cat -v")
    shown.shows("ready")
    shown.canvas.event_generate("<KeyPress>", keysym="ISO_Left_Tab", state=1)
    shown.canvas.event_generate("<KeyPress>", keysym="Left", state=4)
    shown.canvas.event_generate("<KeyPress>", keysym="x", state=8)
    shown.canvas.event_generate("<KeyPress>", keysym="F5")
    shown.types("\n")
    shown.shows("^[[Z^[[1;5D^[x^[[15~")
    assert shown.root.focus_get() is shown.canvas


def test_an_input_method_is_told_where_the_cursor_is(shown: Stage) -> None:
    def caret() -> tuple[int, int, int]:
        told = shown.canvas.tk.splitlist(shown.canvas.tk.call("tk", "caret", str(shown.canvas)))
        options = dict(zip(map(str, told[::2]), map(int, told[1::2]), strict=True))
        return options["-x"], options["-y"], options["-height"]

    shown.opens("sh", "-c", "printf '\\033[3;8H'; exec cat")
    faces, margin = shown.view.faces, shown.view.margin
    place = (margin + 7 * faces.cell_width, margin + 2 * faces.cell_height, faces.cell_height)
    shown.until(lambda: caret() == place)
    shown.types("ab")
    shown.until(lambda: caret() == (place[0] + 2 * faces.cell_width, *place[1:]))


def test_a_resize_reaches_the_program_and_reflows(shown: Stage) -> None:
    shown.opens()
    shown.shows("$")
    before = shown.view.grid_that_fits()
    shown.root.wm_geometry("500x300")
    shown.until(lambda: shown.view.grid_that_fits() != before)
    cols, rows = shown.view.grid_that_fits()
    shown.until(lambda: len(shown.view.text().split("\n")) == rows)
    shown.types("stty size\n")
    shown.shows(f"{rows} {cols}")


def test_drag_copies_to_primary_and_copy_to_the_clipboard(shown: Stage) -> None:
    shown.opens("/bin/sh", "-c", "printf 'one two\\nthree grüße日\\n'; cat")
    shown.shows("three")
    shown.drags(shown.cell(0, 4), shown.cell(1, 5))
    assert shown.view.has_selection()

    def holds(which: str) -> str:
        try:
            return str(shown.root.tk.call("selection", "get", "-selection", which))
        except tk.TclError:
            return ""

    shown.until(lambda: holds("PRIMARY") == "two\nthree")
    for _click in range(2):
        x, y = shown.cell(1, 8)
        shown.canvas.event_generate("<ButtonPress-1>", x=x, y=y)
        shown.canvas.event_generate("<ButtonRelease-1>", x=x, y=y, state=0x100)
    shown.until(lambda: holds("PRIMARY") == "grüße日")
    shown.view.copy()
    shown.until(lambda: holds("CLIPBOARD") == "grüße日")


def test_a_paste_of_two_lines_asks_where_it_would_run(shown: Stage) -> None:
    asked: list[str] = []
    shown.view.callbacks.doubtful_paste = asked.append
    shown.opens("/bin/sh", "-c", "stty -echo; echo ready; exec cat -v")
    shown.shows("ready")
    shown.root.clipboard_clear()
    shown.root.clipboard_append("one\ntwo\x1b[31m\x1b[201~")
    shown.view.paste()
    assert asked == ["one\ntwo\x1b[31m\x1b[201~"]
    shown.view.paste_now(asked[0] + "\n")
    shown.shows("one\ntwo")
    assert "^[" not in shown.view.text()


def test_search_steps_through_all_hits(shown: Stage) -> None:
    shown.opens("/bin/sh", "-c", "seq 1 200; cat")
    shown.shows("200")
    shown.view.find()
    bar = shown.view.nametowidget("search")
    # Its parts get windows of their own only after the X server says that the bar has one.
    shown.until(bar.nametowidget("close").winfo_viewable)
    entry, count = bar.nametowidget("pattern.entry"), bar.nametowidget("count")
    entry.insert(0, "15")
    shown.until(lambda: count.cget("text") == "12 of 12")
    shown.shows("\n159\n")
    bar.nametowidget("up").event_generate("<Button-1>")
    shown.until(lambda: count.cget("text") == "11 of 12")
    entry.delete(0, "end")
    entry.insert(0, "(")
    bar.nametowidget("regex").event_generate("<Button-1>")
    shown.until(lambda: count.cget("text") not in {"", "11 of 12", "12 of 12", "No results"})
    entry.event_generate("<Escape>")
    shown.until(lambda: shown.root.focus_get() is shown.canvas)


def test_looking_back_holds_the_view_until_a_key(shown: Stage) -> None:
    shown.opens("/bin/sh", "-c", "seq 1 200; read x; seq 300 310; cat")
    shown.shows("200")
    shown.canvas.event_generate("<KeyPress>", keysym="Home", state=1)
    shown.until(lambda: shown.view.text().startswith("1\n2\n3\n"))
    shown.view.paste_now("")
    shown.shows("200")
    shown.canvas.event_generate("<KeyPress>", keysym="Prior", state=1)
    shown.until(lambda: "\n200" not in shown.view.text())
    shown.types("\n")
    shown.shows("310")


def test_a_new_window_gets_all_of_a_terminal_that_lived_on(shown: Stage) -> None:
    shown.opens()
    shown.shows("$")
    shown.types("seq 1 100\n")
    shown.shows("\n100\n$")
    shown.view.detach()
    shown.attaches()
    shown.until(lambda: shown.view.has_painted)
    shown.shows("\n100\n$")
    shown.canvas.event_generate("<KeyPress>", keysym="Home", state=1)
    shown.shows("seq 1 100\n1\n2")


def test_an_end_and_a_loss_are_told_apart(shown: Stage) -> None:
    told: list[str] = []
    shown.view.callbacks.exited = lambda status: told.append(f"ended {status}")
    shown.view.callbacks.lost = lambda: told.append("lost")
    shown.opens()
    shown.shows("$")
    shown.types("exit 3\n")
    shown.until(lambda: told)
    assert told == ["ended 3"]
    entered: list[bool] = []
    shown.view.callbacks.entered = lambda: entered.append(True)
    shown.types("x\n")
    assert entered == [True]
    shown.view.callbacks.entered = None
    shown.opens("/bin/sh", "-c", "echo $PPID; cat")
    shown.until(lambda: shown.view.text().strip().isdigit())
    os.kill(int(shown.view.text().strip()), signal.SIGKILL)
    shown.until(lambda: len(told) > 1)
    assert told == ["ended 3", "lost"]


def test_a_flood_leaves_the_window_alive_and_stops_at_once(shown: Stage) -> None:
    shown.opens()
    shown.shows("$")
    shown.types("yes\n")
    shown.shows("y\ny\ny\ny\n")
    shown.canvas.event_generate("<KeyPress>", keysym="c", state=4)
    shown.shows("^C")
    shown.until(lambda: shown.view.text().rstrip().endswith("$"))


def test_any_frame_that_fits_the_contract_can_be_painted(shown: Stage) -> None:
    chance = random.Random(7)
    for serial in range(150):
        paint = any_paint(chance, serial)
        frames.check(paint)
        shown.view.take(paint)
        if serial % 50 == 0:
            mode = chance.choice(("dark", "light"))
            shown.view.configure_look(make_behaviour(mode, font_px=chance.randint(8, 20)))
        shown.root.update()
    assert shown.failures == []


def any_paint(chance: random.Random, serial: int) -> frames.Paint:
    """A frame with everything in it."""
    cols, rows = (20, 6) if serial % 10 < 5 else (31, 9)
    is_full = serial % 5 == 0
    signs = "ab [$ {\\é─╬█░日😀\u0301\ue0b0⣿\u202e"
    changed = []
    for row in chance.sample(range(rows), chance.randint(0, rows)):
        text = "".join(chance.choices(signs, k=chance.randint(1, 9)))
        runs: list[frames.Run] = [(chance.randint(0, 5), text, chance.randint(0, 4), 0)]
        runs.append(
            (16, chance.choice(("日", "😀", "e\u0301", "❤\ufe0f")), 2, chance.randint(1, 2))
        )
        changed.append((row, chance.randint(0, 1), tuple(runs)))
    styles = [
        (number, chance.choice((-1, 3, 200, 0x1FF8800)), chance.choice((-1, 4)), -1,
         chance.randrange(1 << 11), chance.randint(0, 1))
        for number in range(1, 5)
    ]  # fmt: skip
    shape = chance.choice(("block", "bar", "underline", "?"))
    scrolled = 0 if is_full else chance.randint(1 - rows, rows - 1)
    return frames.Paint(
        serial, cols, rows, is_full=is_full, scrolled=scrolled,
        changed=tuple(changed), styles=tuple(styles), links=((1, "https://e.example/"),),
        cursor=(chance.randint(0, cols), chance.randint(0, rows), shape, True, False),
        modes=frames.Modes(is_reverse=chance.random() < 0.2),
        lines=tuple((row, 0) for row in range(rows)), view=(0, rows, 0),
        palette=chance.choice((None, ((1, 0xFF0000), (257, 0x222222)))),
    )  # fmt: skip


def test_an_engine_that_is_killed_in_a_flood_takes_only_its_own_tab(shown: Stage) -> None:
    told: list[str] = []
    shown.view.callbacks.lost = lambda: told.append("lost")
    shown.opens("/bin/sh", "-c", "echo $PPID; read x; exec yes")
    shown.until(lambda: shown.view.text().strip().isdigit())
    engine = int(shown.view.text().strip())
    shown.types("\n")
    shown.shows("y\ny\ny\ny\n")
    os.kill(engine, signal.SIGKILL)
    shown.until(lambda: told)
    assert "y\ny\ny" in shown.view.text()  # what was painted last stays to be read
    shown.opens("/bin/sh", "-c", "echo another; cat")
    shown.shows("another")


def test_a_pty_that_goes_in_the_middle_of_a_sequence_leaves_a_readable_screen(
    shown: Stage,
) -> None:
    told: list[int] = []
    shown.view.callbacks.exited = told.append
    shown.opens("/bin/sh", "-c", "printf 'readable\\n\\033[31mred\\033]0;half a title \\346\\227'")
    shown.until(lambda: told)
    assert shown.view.text().startswith("readable\nred")


def test_a_storm_of_sizes_ends_at_the_last_one(shown: Stage) -> None:
    shown.opens("/bin/sh", "-c", "seq 1 300; exec sh")
    shown.shows("300")
    for step in range(60):
        shown.root.wm_geometry(f"{300 + step * 7 % 500}x{120 + step * 11 % 400}")
        shown.root.update()
    shown.root.wm_geometry("700x400")
    shown.until(lambda: abs(shown.canvas.winfo_width() - 700) < 20)
    shown.root.update()
    cols, rows = shown.view.grid_that_fits()
    shown.until(lambda: len(shown.view.text().split("\n")) == rows)
    shown.types("stty size\n")
    shown.shows(f"{rows} {cols}")


@pytest.mark.parametrize("seed", range(4))
def test_an_engine_that_lies_loses_its_channel_and_nothing_else(shown: Stage, seed: int) -> None:
    chance = random.Random(seed)
    told: list[str] = []
    shown.view.callbacks.lost = lambda: told.append("lost")
    for number in range(40):
        window, liar = socket.socketpair()
        with liar:
            shown.view.attach(window.detach())
            data = bytearray(frames.pack(any_paint(chance, number)))
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            liar.sendall(bytes(data) * chance.randint(1, 3))
        told.clear()
        shown.until(lambda: told)
    shown.opens("/bin/sh", "-c", "echo honest; cat")
    shown.shows("honest")


def test_a_frame_of_many_changes_is_painted_in_turns_and_answered_once(shown: Stage) -> None:
    drawer = Drawer(shown.canvas)
    item = shown.canvas.create_line(0, 0, 1, 1)
    for _ in range(2 * OPS_A_TURN + 1):
        drawer.add("move", item, 1, 0)
    moved = []
    is_more = True
    while is_more:
        is_more = drawer.turn()
        moved.append(round(shown.canvas.coords(item)[0]))
    assert moved == [OPS_A_TURN, 2 * OPS_A_TURN, 2 * OPS_A_TURN + 1]
    window, engine = socket.socketpair()
    with engine:
        engine.setblocking(False)
        shown.view.attach(window.detach())
        engine.sendall(frames.pack(colored_paint(80, 24)))
        reader = frames.engine_reader()
        said: list[frames.ToEngine] = []

        def answered() -> bool:
            with contextlib.suppress(BlockingIOError):
                said.extend(reader.feed(engine.recv(65536)))
            return any(isinstance(message, frames.Painted) for message in said)

        shown.until(answered)
        shown.root.update()
        assert [m for m in said if isinstance(m, frames.Painted)] == [frames.Painted(7)]
        assert shown.view.text().startswith("abcdefgh")
        shown.view.detach()


def colored_paint(cols: int, rows: int) -> frames.Paint:
    """A frame with a style of its own in every cell."""
    runs = tuple((col, chr(97 + col % 26), col + 1, 0) for col in range(cols))
    return frames.Paint(
        7, cols, rows, is_full=True, scrolled=0,
        changed=tuple((row, 0, runs) for row in range(rows)),
        styles=tuple((number, number % 256, -1, -1, 0, 0) for number in range(1, cols + 1)),
        links=(), cursor=(0, 0, "block", True, False), modes=frames.Modes(),
        lines=tuple((row, 0) for row in range(rows)), view=(0, rows, 0),
    )  # fmt: skip


def test_alt_and_the_mouse_select_a_block_of_a_wrapped_line(shown: Stage) -> None:
    cols, _ = shown.view.grid_that_fits()
    line = "".join(chr(97 + number % 26) for number in range(2 * cols))
    shown.opens("/bin/sh", "-c", f"printf '{line}\\nend\\n'; cat")
    shown.shows("end")
    x, y = shown.cell(0, cols - 3)
    shown.canvas.event_generate("<ButtonPress-1>", x=x, y=y, state=8)
    x, y = shown.cell(1, cols)
    shown.canvas.event_generate("<Motion>", x=x, y=y, state=0x108)
    shown.canvas.event_generate("<ButtonRelease-1>", x=x, y=y, state=0x108)
    shown.view.copy()
    wanted = f"{line[cols - 3 : cols]}\n{line[-3:]}"

    def copied() -> bool:
        try:
            return bool(shown.root.clipboard_get() == wanted)
        except tk.TclError:
            return False

    shown.until(copied)


def test_the_mouse_is_told_by_cell_or_by_pixel_as_the_program_asked(shown: Stage) -> None:
    for has_pixels, expected in ((False, 1), (True, 3)):
        window, engine = socket.socketpair()
        with engine:
            engine.setblocking(False)
            shown.view.attach(window.detach())
            paint = msgspec.structs.replace(
                colored_paint(20, 5), modes=frames.Modes(mouse=1003, has_pixel_mouse=has_pixels)
            )
            shown.view.take(paint)
            x, y = shown.cell(2, 3)
            for step in range(3):
                shown.canvas.event_generate("<Motion>", x=x + step, y=y)
            reader = frames.engine_reader()
            said = reader.feed(engine.recv(65536))
            assert sum(isinstance(m, frames.Pointed) for m in said) == expected
            shown.view.detach()


def test_a_program_may_ask_when_keys_go_up(shown: Stage) -> None:
    sent: list[frames.ToEngine] = []
    shown.view.callbacks.typed = sent.append
    shown.view.take(msgspec.structs.replace(colored_paint(20, 5), modes=frames.Modes(kitty=10)))
    canvas = shown.canvas
    canvas.event_generate("<KeyPress>", keysym="Shift_L", time=10)
    canvas.event_generate("<KeyPress>", keysym="x", time=11)
    for time in (300, 330):  # held: X11 repeats it by an up and a down of the same time
        canvas.event_generate("<KeyRelease>", keysym="x", time=time)
        canvas.event_generate("<KeyPress>", keysym="x", time=time)
    canvas.event_generate("<KeyRelease>", keysym="x", time=400)
    canvas.event_generate("<KeyRelease>", keysym="Shift_L", state=1, time=410)
    shown.root.update()
    keys = [(m.key, m.modifiers, m.event) for m in sent if isinstance(m, frames.Pressed)]
    assert keys == [
        ("LeftShift", 1, 1),
        ("x", 0, 1),
        ("x", 0, 2),
        ("x", 0, 2),
        ("x", 0, 3),
        ("LeftShift", 0, 3),
    ]
    sent.clear()
    shown.view.take(colored_paint(20, 5))
    canvas.event_generate("<KeyPress>", keysym="Shift_L", time=500)
    canvas.event_generate("<KeyPress>", keysym="y", time=501)
    canvas.event_generate("<KeyRelease>", keysym="y", time=510)
    shown.root.update()
    assert sent == [frames.Pressed("y", 0)]


def test_a_terminal_left_in_disorder_can_be_reset(shown: Stage) -> None:
    script = "printf '\\033[>31u\\033[?1003h\\033[?1049hdisorder'; cat"
    shown.opens("/bin/sh", "-c", script)
    shown.shows("disorder")
    shown.view.reset()
    shown.until(lambda: "disorder" not in shown.view.text())
    shown.types("x")
    shown.shows("x")

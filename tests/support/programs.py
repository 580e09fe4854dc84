"""Programs that fill a terminal's screen, used one after the other as a person would."""

from dataclasses import dataclass
from pathlib import Path

from tests.support.person import Person

SAMPLE = """import sys


def greet(name: str) -> None:
    \"\"\"Say hello.\"\"\"
    print(f"Hello, {name}", file=sys.stderr)


for number in range(3):
    greet(f"reader {number}")
"""
COLORS = r"""clear
for i in 0 1 2 3 4 5 6 7; do printf "\\033[3${i}m color$i \\033[9${i}m bright \\033[0m"; done; echo
for i in $(seq 0 4 255); do printf "\\033[48;2;$i;64;$((255-i))m \\033[0m"; done; echo
printf "\\033[1mbold\\033[0m \\033[2mdim\\033[0m \\033[3mitalic\\033[0m \\033[4msingle\\033[0m "
printf "\\033[4:2mdouble\\033[0m \\033[4:3;58;2;255;80;80mcurly\\033[0m \\033[4:4mdotted\\033[0m "
printf "\\033[7minverse\\033[0m \\033[9mstrike\\033[0m \\033[53moverline\\033[0m\\n"
printf "\\033#6double width\\n\\033#3double height\\n\\033#4double height\\nplain again\\n"
echo "wide: 日本語 ｆｕｌｌ  combining: é ñ å"
echo "┌──────┬──────┐  ╔══════╗ ╭──────╮ ░▒▓█ ▁▂▃▄▅▆▇█"
echo "│ box  │ ─┼─  │  ║ dbl  ║ │round │ ⣿⣶⣤⣀ ←↑→↓ ✓✗"
echo "└──────┴──────┘  ╚══════╝ ╰──────╯"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """How a program is started, known to be there, used, and left."""

    name: str
    line: str
    shows: str
    uses: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


PROGRAMS = (
    Program(name="colors", line="sh colors.sh", shows="round"),
    Program(
        name="vim", line="vim -u NONE -c 'syntax on' -c 'set number' sample.py",
        shows="reader", uses=("key:shift+g", "type:oEdited"), leaves=("key:Escape", "type::q!\n"),
    ),
    Program(name="htop", line="htop -p $$", shows="F10", uses=("key:Down",), leaves=("type:q",)),
    Program(
        name="less", line="less sample.py", shows="Say hello", uses=("type:/name\n",),
        leaves=("type:q",),
    ),
    Program(
        name="tmux", line="tmux -f /dev/null new sh", shows=r"\[0\]",
        uses=("key:ctrl+b", "type:%", "type:seq 9\n", "key:ctrl+b", 'type:"', "type:echo three\n"),
        leaves=("key:ctrl+b", "type::kill-server\n"),
    ),
    Program(name="mc", line="mc --nosubshell", shows="10Quit", uses=("key:Down",),
            leaves=("key:F10",)),
    Program(
        name="emacs", line="emacs -nw -q sample.py", shows="Buffers", uses=("key:alt+greater",),
        leaves=("key:ctrl+x", "key:ctrl+c"),
    ),
    Program(
        name="dialog",
        line="dialog --checklist 'What to install' 15 50 5 a Apples on b Bananas off c Cherries on",
        shows="Cancel", uses=("key:Down", "key:space"), leaves=("key:Return",),
    ),
    Program(
        name="fzf", line="seq 1 4000 | fzf --height=60% --border", shows="4000/4000",
        uses=("type:42",), leaves=("key:ctrl+c",),
    ),
    Program(
        name="python", line="python3 -q", shows=">>>",
        uses=("type:for n in range(3): print(n, 'ü', '日本')\n\n1/0\n",), leaves=("key:ctrl+d",),
    ),
    Program(name="cat", line="cat big.log", shows="THE END", uses=("key:space",)),
)  # fmt: skip


def prepare(folder: Path, megabytes: int = 100) -> None:
    """Write what the programs look at."""
    (folder / "sample.py").write_text(SAMPLE)
    (folder / "colors.sh").write_text(COLORS.replace("\\\\", "\\"))
    (folder / ".bashrc").write_text("PS1='$ '\n")
    lines = "".join(
        f"{number:07d} INFO request served in {number % 97} ms from 10.0.{number % 256}.9\n"
        for number in range(20_000)
    )
    with (folder / "big.log").open("w") as file:
        for _ in range(megabytes * 1_000_000 // len(lines) + 1):
            file.write(lines)
        file.write("THE END\n")


def tour(person: Person, programs: tuple[Program, ...] = PROGRAMS) -> None:
    """Use each of them in the terminal in front, and keep a picture."""
    for program in programs:
        person.types(f"clear; {program.line}\n")
        person.waits_to_read(program.shows, timeout_s=120)
        for step in program.uses or ("key:space",):
            _do(person, step)
        person.photographs(f"terminal-{program.name}")
        for step in program.leaves:
            _do(person, step)
        person.key("ctrl+u")
        person.types("clear\n")
        person.waits_to_read(r"^\$\s*$")


def _do(person: Person, step: str) -> None:
    kind, _, what = step.partition(":")
    if kind == "key":
        person.key(what)
    else:
        person.types(what)

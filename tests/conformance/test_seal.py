"""Each way out of a sealed window, tried in a process of its own under a real display."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

SEALED = """
import json, sys, tkinter as tk
from tkinter import ttk
from teleterm.ui.seal import audit, seal
seal.before_tk()
app = tk.Tk()
seal.after_tk(app)
results = {}
def attack(name, action):
    try:
        action()
    except (tk.TclError, PermissionError) as error:
        results[name] = type(error).__name__
    else:
        results[name] = "got through"
"""

TCL_ATTACKS = {
    "exec": ("exec", "true"),
    "open": ("open", "/etc/passwd"),
    "open a pipe": ("open", "|true"),
    "socket": ("socket", "localhost", "9"),
    "load": ("load", "libm.so.6"),
    "source": ("source", "/dev/null"),
    "file": ("file", "exists", "/etc"),
    "the namespace of file": ("::tcl::file::exists", "/etc"),
    "glob": ("glob", "/*"),
    "send": ("send", "somebody", "exit"),
    "interp": ("interp", "create"),
    "appname brings send back": ("tk", "appname", "again"),
    "unknown runs programs": ("ls",),
    "rename back": ("rename", "exit", "x"),
    "option reads files": ("option", "readfile", "/etc/passwd"),
    "through eval": ("eval", "exec true"),
    "through after": ("uplevel", "#0", "exec true"),
    "in a namespace": ("namespace", "eval", "::x", "exec true"),
}


def run_sealed(body: str, **environment: str) -> dict[str, str]:
    """Run `body` after the seal's Tcl part in a new process; give what it put into `results`."""
    script = SEALED + textwrap.dedent(body) + "\nprint(json.dumps(results))\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=os.environ | environment,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_tcl_reaches_nothing() -> None:
    lines = [
        f"attack({name!r}, lambda: app.tk.call(*{call!r}))" for name, call in TCL_ATTACKS.items()
    ]
    assert run_sealed("\n".join(lines)) == dict.fromkeys(TCL_ATTACKS, "TclError")


@pytest.mark.slow
def test_python_reaches_nothing_after_the_hook() -> None:
    body = """
    import os, socket
    seal.close()
    refused = []
    audit.on_refusal(refused.append)
    attack("read a file", lambda: open("/etc/passwd"))
    attack("write a file", lambda: open("/tmp/x-sealed", "w"))
    attack("write by os.open", lambda: os.open("/tmp/x-sealed", os.O_WRONLY | os.O_CREAT))
    attack("list", lambda: os.listdir("/"))
    attack("start", lambda: os.system("true"))
    attack("fork", lambda: os.fork())
    attack("exec", lambda: os.execv("/bin/true", ["true"]))
    attack("connect", lambda: socket.socket())
    attack("import", lambda: __import__("sqlite3"))
    attack("kill", lambda: os.kill(1, 0))
    attack("through the source tree", lambda: open(seal.__file__ + "/../../../../../../etc/passwd"))
    results["lines told"] = str(len(refused))
    """
    results = run_sealed(body)
    assert int(results.pop("lines told")) >= len(results)
    assert set(results.values()) == {"PermissionError"}


@pytest.mark.slow
def test_a_window_still_works_behind_the_seal() -> None:
    body = """
    seal.close()
    entry = ttk.Entry(app)
    tree = ttk.Treeview(app)
    notebook = ttk.Notebook(app)
    menu = tk.Menu(app, tearoff=0)
    menu.add_command(label="x")
    for widget in (entry, tree, notebook):
        widget.pack()
    tk.Canvas(app).pack()
    image = tk.PhotoImage(width=3, height=3)
    app.update()
    entry.focus_force()
    app.update()
    entry.event_generate("<Tab>")
    app.update()
    results["focus after Tab"] = str(app.focus_get())
    failures = []
    app.report_callback_exception = lambda *error: failures.append(error)
    app.after(1, lambda: 1 / 0)
    app.after(20, app.quit)
    app.mainloop()
    import traceback
    results["failure"] = traceback.format_exception(*failures[0])[-1].strip()
    """
    results = run_sealed(body)
    assert results == {
        "focus after Tab": ".!treeview",
        "failure": "ZeroDivisionError: division by zero",
    }


@pytest.mark.slow
def test_environment_is_cleaned(tmp_path: Path) -> None:
    body = """
    import os
    results["left"] = ",".join(n for n in os.environ if n.startswith(("PYTHON", "TCL", "LD_")))
    results["said"] = seal.report()["environment"]
    """
    results = run_sealed(body, TCLLIBPATH=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert results["left"] == ""
    assert "TCLLIBPATH" in results["said"]


@pytest.mark.slow
def test_uncut_tcl_would_run_programs_and_read_files() -> None:
    """Without the Tcl fence the same attacks work, so it is the fence that stops them."""
    script = (
        "import json, tkinter as tk\n"
        "app = tk.Tk()\n"
        'app.tk.call("exec", "true")\n'
        'print(json.dumps(app.tk.call("file", "exists", "/etc")))\n'
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, b"1"), done.stderr


SENDER = """
import json, sys, tkinter as tk
app = tk.Tk()
app.tk.call("tk", "appname", "sender")
try:
    print("got " + str(app.tk.call("send", sys.argv[1], "expr", "6*7")))
except tk.TclError as error:
    print("refused: " + str(error))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("is_sealed", "answer"), [(False, "got 42"), (True, "refused: no app")])
def test_another_tk_can_not_send(is_sealed: bool, answer: str, tmp_path: Path) -> None:
    cut = "seal.after_tk(app)" if is_sealed else "pass"
    body = (
        "import os, sys, tkinter as tk\n"
        "from teleterm.ui.seal import seal\n"
        "app = tk.Tk()\n"
        "name = app.tk.call('tk', 'appname', 'teleterm-seal-test')\n"
        f"{cut}\n"
        "app.update()\n"
        "print(name, flush=True)\n"
        "app.tk.createfilehandler(0, tk.READABLE, lambda *_: app.quit())\n"
        "app.mainloop()\n"
    )
    asked = subprocess.Popen(
        [sys.executable, "-c", body],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        text=True,
    )
    assert asked.stdin is not None
    assert asked.stdout is not None
    with asked:
        name = asked.stdout.readline().strip()
        # xauth-protected or not: Tk's `send` wants a server that knows who connects, or says why.
        sent = subprocess.run(
            [sys.executable, "-c", SENDER, name], capture_output=True, text=True, timeout=60
        )
        asked.stdin.close()
    if "insecure" in sent.stdout:
        pytest.skip("Tk refuses `send` on this display by itself: it has no access control")
    assert sent.stdout.startswith(answer), sent.stdout + sent.stderr


@pytest.mark.slow
def test_resources_of_the_display_plant_no_tcl() -> None:
    """RESOURCE_MANAGER is what `xrdb` writes: any client may, and Tk takes options from it."""
    plant = (
        "import sys, tkinter as tk\n"
        "app = tk.Tk()\n"  # keeps the display from forgetting it
        "print('planted', flush=True)\n"
        "sys.stdin.read()\n"
    )
    planted = "*Button.command: exit 9\n*Entry.validateCommand: exit 9\n*background: #123456\n"
    keeper = subprocess.Popen(
        [sys.executable, "-c", plant], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    with keeper:
        keeper.stdout.readline()
        set_root("RESOURCE_MANAGER", planted)
        try:
            results = run_sealed("""
            button = tk.Button(app)
            results["command"] = str(button.cget("command"))
            results["background"] = str(button.cget("background"))
            button.invoke()
            """)
        finally:
            set_root("RESOURCE_MANAGER", "")
            keeper.stdin.close()
    assert results["background"] == "#123456", "the display's resources were not read at all"
    assert results["command"] == ""


def set_root(name: str, value: str) -> None:
    """Set a text property of the root window."""
    subprocess.run(
        ["xprop", "-root", "-format", name, "8s", "-set", name, value], check=True, timeout=20
    )


@pytest.mark.slow
def test_profiles_of_tk_are_not_run(tmp_path: Path) -> None:
    """Tk would run ~/.<class>.py and .tcl of any program that doesn't forbid it."""
    for name in (".teleterm.py", ".Teleterm.py", ".teleterm.tcl", ".Tk.py"):
        code = f"open({str(tmp_path / 'ran')!r}, 'w')" if name.endswith("py") else "exit 9"
        (tmp_path / name).write_text(code)
    script = "from teleterm.ui.start import App\nApp(className='teleterm').update()\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"HOME": str(tmp_path)},
        cwd=REPOSITORY,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()

"""The packed program: one file installs itself, both programs start, and a window opens."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import build, check_bundle, compare
from tests.support.bundle import (  # noqa: F401 - a fixture is among them
    Bundle,
    build_elsewhere,
    bundle,
    clean_environment,
    end_all,
    once,
    processes,
    shared_folder,
)
from tests.support.installation import wait_until
from tests.support.person import LogReader, Person, run
from tests.support.shell_home import home_with_a_shell

pytestmark = [pytest.mark.bundle, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def installed(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 - as above
    """A home where the single file was started once."""
    home = tmp_path_factory.mktemp("h")
    home.chmod(0o700)
    said = subprocess.run(
        [bundle.single, "version"], env=clean_environment(home), capture_output=True, timeout=60
    )
    assert (said.returncode, said.stderr) == (0, b"")
    return home


@pytest.fixture(scope="module")
def window(
    bundle: Bundle,  # noqa: F811 - as above
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The window, started from the single file as a newcomer does; gives its state folder."""
    home = tmp_path_factory.mktemp("w")
    home.chmod(0o700)
    env = clean_environment(home)
    started = subprocess.run([bundle.single], env=env, cwd="/", timeout=60)
    assert started.returncode == 0
    log = LogReader(home / "state" / "logs" / "main.log")
    log.wait_for("ui: window ready")
    try:
        yield home
    finally:
        end_all(home)


def test_the_first_start_leaves_a_tree_and_nothing_temporary(installed: Path) -> None:
    data = installed / "data"
    assert (data / "current").resolve() == data / "versions" / "0.1.0"
    assert json.loads((data / "install.json").read_text())["active"] == "0.1.0"
    assert not list((data / "versions").glob(".staging*"))


def test_tsh_says_its_version_from_anywhere(installed: Path, tmp_path: Path) -> None:
    link = tmp_path / "tsh"
    link.symlink_to(installed / "data" / "current" / "tsh")
    printed = run(str(link), "version", "--format", "json")
    assert {"version", "gitref", "runtime"} <= set(json.loads(printed))


def test_the_single_file_is_tsh_under_that_name(bundle: Bundle, installed: Path) -> None:  # noqa: F811 - as above
    link = installed / "tsh"
    link.symlink_to(bundle.single)
    said = subprocess.run(
        [link, "version", "--client"], env=clean_environment(installed), capture_output=True
    )
    assert said.stdout.startswith(b"Teleterm v")


def test_self_test_passes_and_names_the_fences(installed: Path) -> None:
    said = run(str(installed / "data" / "current" / "teleterm"), "--self-test")
    assert "Tcl/Tk 8.6" in said
    assert re.search("seal: seccomp on .*\n", said)


def test_a_window_opens_and_is_sealed(window: Path) -> None:
    log = LogReader(window / "state" / "logs" / "main.log")
    assert "'audit': 'on'" in log.read()
    assert "'seccomp': 'on" in log.read()
    log.wait_for("ui: dialog shown dlg_links")
    picture = window / "picture.png"
    run("import", "-window", "root", str(picture))
    assert int(run("identify", "-format", "%k", str(picture))) > 50, "the picture is blank"


def test_the_packed_daemon_serves_and_nothing_of_the_installer_is_left(window: Path) -> None:
    LogReader(window / "state" / "logs" / "tshd.log").wait_for("serving on")
    running = processes(window)
    assert len(running) >= 3, running
    for pid in running:
        assert "_MEI" not in Path(f"/proc/{pid}/maps").read_text()
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"_MEIPASS" not in environment


def test_programs_in_a_terminal_get_the_users_environment(
    bundle: Bundle,  # noqa: F811 - as above
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Nothing of how we are packed; what the packed program had to change is as it was."""
    home = home_with_a_shell(tmp_path_factory.mktemp("e"))
    env = clean_environment(home, LD_LIBRARY_PATH="/opt/mine", SHELL="/bin/sh")
    assert subprocess.run([bundle.single], env=env, cwd="/", timeout=60).returncode == 0
    try:
        person = Person(home)
        person.sees("ui: terminal live")
        person.types(f"env -0 > {home}/half && mv {home}/half {home}/found\n")
        found = wait_until(home / "found", "TERM_PROGRAM=teleterm")
    finally:
        end_all(home)
    variables = dict(pair.split("=", 1) for pair in found.split("\0") if pair)
    packed = ("_PYI", "_MEI", "PYINSTALLER", "PYTHON", "TCL", "TK_", "SSL_CERT", "LD_LIBRARY_PATH_")
    assert [name for name in variables if name.startswith(packed)] == []
    assert variables["LD_LIBRARY_PATH"] == "/opt/mine"
    assert variables["HOME"] == env["HOME"]


def test_no_python_of_the_system_is_used(window: Path) -> None:
    for pid in processes(window):
        maps = Path(f"/proc/{pid}/maps").read_text()
        foreign = re.findall(r"/\S*(?:libpython|site-packages|dist-packages)\S*", maps)
        assert {path for path in foreign if not path.startswith(str(window))} == set()


def test_the_manifest_lists_every_file(bundle: Bundle) -> None:  # noqa: F811 - as above
    listed = set(json.loads((bundle.tree / "manifest.json").read_text())["files"])
    found = {
        path.relative_to(bundle.tree).as_posix()
        for path in bundle.tree.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert found - {"manifest.json"} == listed


def test_licences_and_the_bill_of_materials_are_packed(bundle: Bundle) -> None:  # noqa: F811 - as above
    bill = json.loads((bundle.tree / "licences" / "sbom.cdx.json").read_text())
    names = {part["name"] for part in bill["components"]}
    assert {"asyncssh", "grpcio", "cryptography", "pyte"} <= names
    text = (bundle.tree / "licences" / "LICENCES.txt").read_text()
    assert all(name in text for name in names)


def test_every_library_has_a_part_and_every_part_a_licence(bundle: Bundle) -> None:  # noqa: F811 - as above
    bill = json.loads((bundle.tree / "licences" / "sbom.cdx.json").read_text())
    parts = {part["name"]: part["licenses"][0]["license"]["name"] for part in bill["components"]}
    assert all(parts.values())
    assert not {"UNKNOWN", ""} & set(parts.values())
    texts = {path.stem for path in (bundle.tree / "licences").glob("*.txt")}
    assert {name for name in parts if name not in texts and ".so" not in name} == set()
    assert check_bundle.strangers(bundle.tree) == set()


def test_a_second_build_elsewhere_is_the_same(
    bundle: Bundle,  # noqa: F811 - as above
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """In another folder, time zone, home and umask: byte for byte, or the difference is named."""
    place = shared_folder(tmp_path_factory) / "elsewhere"
    once(place, build_elsewhere)
    keys = bundle.tree / "lib" / "teleterm" / "main" / "update" / "root.json"
    if keys.exists():
        build.place_keys(place / "teleterm", keys)
        build.write_manifest(place / "teleterm")
    assert compare.differences(bundle.tree, place / "teleterm") == []


def test_sizes_and_contents_stay_within_bounds(
    bundle: Bundle,  # noqa: F811 - as above
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = check_bundle.report(bundle.tree, bundle.single, is_quick=True, max_glibc="")
    said = capsys.readouterr().out
    assert status == 0, said
    assert re.search(r"^needs glibc 2\.\d+$", said, re.MULTILINE)


def test_starts_stay_near_those_of_plain_python(installed: Path) -> None:
    """A bound far off, for what would make every start a second slower; the bench measures."""

    def quickest(*argv: str) -> float:
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run(argv, env=clean_environment(installed), check=True, capture_output=True)
            took.append(time.perf_counter() - begun)
        return min(took)

    plain = quickest(sys.executable, "-I", "-c", "pass")
    packed = quickest(str(installed / "data" / "current" / "tsh"), "version", "--client")
    assert packed < plain + 1.0

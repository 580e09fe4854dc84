"""Makes the pictures of docs/screenshots: the first-light story, a light window, one at scale 2.

    python tests/screenshots.py [folder]

Needs what the end-to-end tests need: Xvfb, xdotool, ImageMagick, PostgreSQL for the demo.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.e2e.test_desktop import tell_of_a_desktop  # noqa: E402 - path first
from tests.e2e.test_first_light import ROOT, demo_story  # noqa: E402 - path first
from tests.e2e.test_kube_and_apps import tell_of_kubernetes_and_apps  # noqa: E402
from tests.support import programs  # noqa: E402
from tests.support.demo_process import Ready, running_demo  # noqa: E402
from tests.support.display import display  # noqa: E402
from tests.support.person import Person, run, teleterm  # noqa: E402
from tests.support.story import add_cluster, log_in, open_shell_on_root, tell  # noqa: E402

MAX_BYTES = 120_000
GALLERY_S = 3600


@contextmanager
def person_at_demo(album: Path, config: str) -> Iterator[tuple[Person, Ready]]:
    """Somebody in front of a new window with these settings, and a demo cluster."""
    with (
        tempfile.TemporaryDirectory(prefix="t") as place,
        running_demo() as demo,
    ):
        home = Path(place) / "home"
        (home / "config").mkdir(parents=True, mode=0o700)
        home.chmod(0o700)
        (home / "config" / "app_config.json").write_text(config)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            yield Person(home, album), demo.ready


def story(album: Path) -> None:
    """The numbered pictures."""
    with display("1280x800"), person_at_demo(album, '{"theme": "dark"}') as (person, cluster):
        tell(person, demo_story(cluster))


def kubernetes_and_apps(album: Path) -> None:
    """kubectl in a tab, and the page of an application."""
    with display("1280x800"), tempfile.TemporaryDirectory(prefix="t") as place:
        tell_of_kubernetes_and_apps(Path(place), album)


def desktop(album: Path) -> None:
    """The demo's desktop in a tab, and a folder shared with it."""
    with display("1280x800"), tempfile.TemporaryDirectory(prefix="t") as place:
        tell_of_a_desktop(Path(place), album)


def sample(album: Path, name: str, *, size: str, config: str) -> None:
    """A shell beside the tree, then the servers, then the palette, looking as `config` says."""
    with (
        tempfile.TemporaryDirectory() as unwanted,
        display(size),
        person_at_demo(Path(unwanted), config) as (person, cluster),
    ):
        told = demo_story(cluster)
        add_cluster(person, told)
        log_in(person, told)
        open_shell_on_root(person, told)
        keeper = Person(person.home, album)
        mark = person.mark()
        person.click_row(f"kind:servers:{ROOT}", tree=True)
        person.sees("ui: tab shown kind=resources", after=mark)
        keeper.photographs(f"{name}-servers")
        person.key("ctrl+shift+k")
        person.sees("ui: palette shown", after=mark)
        person.types("web")
        person.sees(r"ui: palette found [1-9]", after=mark)
        keeper.photographs(f"{name}-palette")


def terminals(album: Path) -> None:
    """Programs that fill the screen, and three panes that are typed into together."""
    with display("1280x800"), tempfile.TemporaryDirectory(prefix="t") as place:
        home, person_home = Path(place) / "home", Path(place) / "person"
        (home / "config").mkdir(parents=True, mode=0o700)
        home.chmod(0o700)
        (home / "config" / "app_config.json").write_text('{"theme": "dark"}')
        person_home.mkdir()
        programs.prepare(person_home)
        with teleterm(home, HOME=str(person_home), SHELL="/bin/bash", HISTFILE=""):
            person = Person(home, album)
            person.sees(r"ui: widget \.dlg_links ")
            person.key("Escape")
            person.key("ctrl+shift+grave")
            person.sees("ui: terminal live")
            programs.tour(person)
            for chord, count in (("alt+shift+equal", 2), ("alt+shift+minus", 3)):
                mark = person.mark()
                person.key(chord)
                person.sees(f"ui: pane opened, {count} panes", after=mark)
                person.sees("ui: terminal live", after=mark)
            person.key("ctrl+shift+g")
            person.sees("ui: broadcast to 3 panes")
            person.types("clear; echo hello\n")
            person.waits_to_read(r"^hello")
            person.key("space")
            person.photographs("terminal-panes")


def gallery(folder: Path) -> None:
    """Every state of the window, and its readable text."""
    recorded = REPOSITORY / "tests" / "recorded" / "gallery"
    with display("2560x1600"):
        for what, where in (("text", recorded), ("pictures", folder)):
            run(sys.executable, "-m", "tests.gallery", what, str(where), timeout_s=GALLERY_S)


def shrink(album: Path) -> None:
    """Flat colours need no more than 256; what is still too large is an error."""
    for path in sorted(album.glob("*.png")):
        run(
            "mogrify",
            "-strip",
            "+dither",
            "-colors",
            "255",
            "-define",
            "png:compression-level=9",
            str(path),
        )
        size = path.stat().st_size
        sys.stdout.write(f"{path.name} {size}\n")
        if size > MAX_BYTES:
            raise SystemExit(f"{path.name} has more than {MAX_BYTES} bytes")


def main() -> None:
    """All pictures, into the folder that the command line names."""
    album = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs" / "screenshots"
    album.mkdir(parents=True, exist_ok=True)
    story(album)
    kubernetes_and_apps(album)
    desktop(album)
    sample(album, "light", size="1280x800", config='{"theme": "light"}')
    sample(album, "scale-2", size="2560x1600", config='{"theme": "dark", "ui.scale": 2}')
    terminals(album)
    shrink(album)
    gallery(album / "gallery")


if __name__ == "__main__":
    main()

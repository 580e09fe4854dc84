"""What is no server: opened from the tree by a person, each with its own client."""

import os
import re
import urllib.request
from pathlib import Path

import pytest

from tests.support.demo_home import ROOT, logged_in, unfolds_the_tree
from tests.support.demo_process import running_demo
from tests.support.engines import MARIADB, REDIS, Engine
from tests.support.person import Person, teleterm

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]


def test_kubectl_in_a_tab_and_a_page_of_an_application(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    tell_of_kubernetes_and_apps(tmp_path_factory.mktemp("k"), Path(album) if album else None)


def tell_of_kubernetes_and_apps(folder: Path, album: Path | None) -> None:
    """The whole walk; pictures go into `album`."""
    with running_demo() as demo:
        home = logged_in(folder, demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            person = Person(home, album)
            unfolds_the_tree(person)
            opens_kubernetes(person)
            opens_an_application(person)
            for engine in (MARIADB, REDIS):
                if engine.is_there(demo.ready):
                    asks_a_database(person, engine)


def opens_kubernetes(person: Person) -> None:
    mark = person.mark()
    person.click_row(f"kind:kubes:{ROOT}", tree=True)
    person.sees(r"ui: resources shown kubes [1-9]", after=mark)
    person.click_row(rf"{ROOT}/kubes/\S+", nth=0)
    person.key("Return")
    person.sees(r"ui: tab opened kind=kube", after=mark)
    person.sees(r"ui: terminal live ", after=mark)
    person.waits_to_read(r"Kubernetes cluster \S+, by way of \S+:\d+\.")
    person.types("kubectl get pods\n")
    person.waits_to_read(r"NAME +READY +STATUS")
    person.photographs("10-kubernetes", clears_selection=True)


def opens_an_application(person: Person) -> None:
    mark = person.mark()
    person.click_row(f"kind:apps:{ROOT}", tree=True)
    person.sees(r"ui: resources shown apps [1-9]", after=mark)
    person.click_row(rf"{ROOT}/apps/wiki")
    person.key("Return")
    person.sees(r"ui: tab opened kind=gateway_app", after=mark)
    port = person.sees(r"ui: gateway shown \S+ port=(\d+)", after=mark).group(1)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        assert answer.status == 200
    person.photographs("11-application")


def asks_a_database(person: Person, engine: Engine) -> None:
    """The page of MariaDB or Redis, Run, its own client and a question."""
    mark = person.mark()
    person.click_row(f"kind:databases:{ROOT}", tree=True)
    person.sees(r"ui: (resources shown databases|tab shown kind=resources title=Dat)", after=mark)
    person.click_row(rf"{ROOT}/dbs/{engine.database}")
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    person.sees(rf"ui: gateway shown {engine.database} port=\d+", after=mark)
    if engine.name:
        mark = person.mark()
        person.click_named("db_name.entry")
        person.types(f"{engine.name}\n")
        person.sees(rf"ui: gateway shown {engine.database} port=\d+", after=mark)
    person.photographs(f"12-database-{engine.database}")
    person.click_named("run")
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(engine.prompt)
    # One question at a time: a client that prepares its line anew drops what was typed meanwhile.
    answers = engine.answer.format(user="alice").splitlines()
    for question, answer in zip(engine.question.splitlines(), answers, strict=True):
        person.types(f"{question}\n")
        person.waits_to_read(rf"{re.escape(answer)}(?s:.*){engine.prompt}")
    person.photographs(f"13-client-{engine.database}", clears_selection=True)

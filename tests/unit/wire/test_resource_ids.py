"""Resource ids in certificates and access requests."""

import pytest

from teleterm.model.errors import BadInput
from teleterm.wire.resource_ids import ResourceId, decode, encode, parse

NODE = ResourceId(cluster="root", kind="node", name="0a1b")
POD = ResourceId(cluster="root", kind="kube:ns:pods", name="dev", sub_resource="default/web")


def test_both_ways() -> None:
    text = '["/root/node/0a1b","/root/kube:ns:pods/dev/default/web"]'
    assert decode(text) == (NODE, POD)
    assert encode((NODE, POD)) == text
    assert decode("") == ()
    assert encode(()) == ""


def test_a_name_keeps_its_slashes() -> None:
    assert parse("/root/app/a/b").name == "a/b"


@pytest.mark.parametrize("text", ["", "/root", "/root/node", "/root/node/", "//node/x"])
def test_incomplete_ids_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse(text)


@pytest.mark.parametrize("text", ["{}", "[1", "3", '["/root"]'])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        decode(text)

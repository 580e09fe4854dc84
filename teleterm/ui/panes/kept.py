"""A tab with panes as it is kept on disk."""

from collections.abc import Sequence

import msgspec

from teleterm.bridge.views import DocumentView, TerminalView
from teleterm.ui.panes import layout

KINDS = {"ssh", "shell", "tsh", "gateway_cli", "kube"}
MAX_PANES = 32

_decoder = msgspec.json.Decoder(list[DocumentView])


def panes_view(
    views: Sequence[DocumentView], tree: layout.Layout | None = None, *, title: str = ""
) -> DocumentView:
    """The document of these terminals; without a tree they lie in rows and columns."""
    shape = tree if tree is not None else layout.grid(range(len(views)))
    fields = {"panes": msgspec.json.encode(list(views)).decode(), "layout": shape.dump()}
    return DocumentView(kind="panes", title=title, fields=fields)


def kept(view: DocumentView) -> tuple[list[DocumentView], layout.Layout]:
    """The terminals of such a document and how they lie; whatever doesn't fit is left out."""
    try:
        found = _decoder.decode(view.fields.get("panes", "[]"))
    except (msgspec.DecodeError, RecursionError):
        found = []
    views = [one for one in found if one.kind in KINDS][:MAX_PANES]
    tree = layout.load(view.fields.get("layout", ""), len(views))
    return views, tree if tree is not None else layout.grid(range(max(1, len(views))))


def is_same(one: DocumentView, other: DocumentView) -> bool:
    """Whether two documents start the same, whatever they were called."""
    return one.kind == other.kind and one.fields == other.fields


def holds_any(view: DocumentView, terminals: Sequence[TerminalView]) -> bool:
    """Whether a living terminal was a pane of this document."""
    views, _ = kept(view)
    return any(is_same(one, terminal.document) for one in views for terminal in terminals)

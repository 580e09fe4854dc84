"""Which class makes the document of each kind."""

from teleterm.ui.documents.app import AppDocument
from teleterm.ui.documents.database import DatabaseDocument
from teleterm.ui.documents.desktop import DesktopDocument
from teleterm.ui.documents.pages import AboutDocument, ShortcutsDocument
from teleterm.ui.documents.requests import RequestsDocument
from teleterm.ui.documents.resources import ResourcesDocument
from teleterm.ui.documents.sessions import SessionsDocument
from teleterm.ui.documents.settings import SettingsDocument
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.documents.tunnels import TunnelsDocument
from teleterm.ui.panes.document import PanesDocument
from teleterm.ui.shell.tabs import Factory

FACTORIES: dict[str, Factory] = {
    "resources": ResourcesDocument,
    "ssh": TerminalDocument,
    "shell": TerminalDocument,
    "tsh": TerminalDocument,
    "gateway_cli": TerminalDocument,
    "panes": PanesDocument,
    "kube": TerminalDocument,
    "gateway_db": DatabaseDocument,
    "gateway_app": AppDocument,
    "desktop": DesktopDocument,
    "requests": RequestsDocument,
    "sessions": SessionsDocument,
    "tunnels": TunnelsDocument,
    "settings": SettingsDocument,
    "shortcuts": ShortcutsDocument,
    "about": AboutDocument,
}

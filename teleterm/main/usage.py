"""Layout, recent and settings: what the window remembers through main."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import msgspec

from teleterm.bridge.contract import (
    ChangeRecent,
    Done,
    NoteUsed,
    RecentChanged,
    Reply,
    SaveLayout,
    SetSetting,
    SettingsChanged,
)
from teleterm.main import recent
from teleterm.main.config import views
from teleterm.main.config.file import ConfigFile
from teleterm.main.desk import Desk, Tell
from teleterm.main.notices import Notices
from teleterm.main.state import StateFile
from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput

if TYPE_CHECKING:
    from teleterm.bridge.views import SettingsView
    from teleterm.main.config.jsonc import Json

MAX_LAYOUT_DOCUMENTS = 500


class Usage:
    """Keeps what the person does, and the settings."""

    def __init__(
        self, config: ConfigFile, state: StateFile, tell: Tell, notices: Notices, clock: Clock
    ) -> None:
        self._config = config
        self._state = state
        self._tell = tell
        self._notices = notices
        self._clock = clock
        self._system_theme: Literal["light", "dark"] = "dark"
        self._on_settings: list[Callable[[], None]] = []
        self._on_layout: list[Callable[[SaveLayout], None]] = []

    def register(self, desk: Desk, title_of: Callable[[str], str]) -> None:
        """Take the window's requests."""
        self._title_of = title_of
        desk.on(SaveLayout, self._save_layout)
        desk.on(NoteUsed, self._note_used)
        desk.on(ChangeRecent, self._change_recent)
        desk.on(SetSetting, self._set_setting)

    def on_layout(self, heard: Callable[[SaveLayout], None]) -> None:
        """Call `heard` with every layout that is kept."""
        self._on_layout.append(heard)

    def on_settings(self, heard: Callable[[], None]) -> None:
        """Call `heard` after every change of the settings."""
        self._on_settings.append(heard)

    def settings(self) -> "SettingsView":
        """The settings as the window uses them."""
        return views.settings(self._config, system_theme=self._system_theme)

    @property
    def follows_system(self) -> bool:
        """Whether the window looks as the desktop does."""
        return self._config.text("theme") == "system"

    def set_system_theme(self, mode: Literal["light", "dark"]) -> None:
        """The desktop has become light or dark."""
        if mode != self._system_theme:
            self._system_theme = mode
            self._tell(SettingsChanged(settings=self.settings()))

    def look_at_config(self) -> None:
        """Take changes of the file over, and name what is wrong in it."""
        if self._config.reload_if_changed():
            self.apply()

    def apply(self) -> None:
        """Tell everybody what the settings are now."""
        self._tell(SettingsChanged(settings=self.settings()))
        self.name_problems()
        for heard in self._on_settings:
            heard()

    def name_problems(self) -> None:
        """One notice that lists what is wrong in the config file."""
        if self._config.problems:
            from teleterm.bridge.views import NoticeAction

            name, text = self._config.path.name, "\n".join(self._config.problems)
            title = f"{name} has wrong values."
            if self._config.is_broken:
                title = f"{name} can't be read."
                text = f"{text}. The last good settings stay in force."
            self._notices.warning(
                title,
                text,
                actions=(NoticeAction(label="Open file", action="open-file", argument="config"),),
                key="config",
            )

    async def _save_layout(self, request: SaveLayout) -> Reply:
        documents = request.layout.documents[:MAX_LAYOUT_DOCUMENTS]
        self._state.state.layout = msgspec.structs.replace(request.layout, documents=documents)
        self._state.changed()
        for heard in self._on_layout:
            heard(request)
        return Done()

    async def _note_used(self, request: NoteUsed) -> Reply:
        self._state.state.recent = recent.note(
            self._state.state.recent,
            request.document,
            cluster_uri=request.cluster_uri,
            title=self._title_of(request.cluster_uri) if request.cluster_uri else "",
            now=self._clock.now().timestamp(),
            limit=int(self._config.number("recent.max")),
        )
        self._recent_changed()
        return Done()

    async def _change_recent(self, request: ChangeRecent) -> Reply:
        self._state.state.recent = recent.change(
            self._state.state.recent, request.key, request.change, title=request.title
        )
        self._recent_changed()
        return Done()

    async def _set_setting(self, request: SetSetting) -> Reply:
        try:
            value: Json = json.loads(request.value_json)
        except ValueError:
            raise BadInput("This is no value.", field=request.key) from None
        self._config.set(request.key, value)
        self.apply()
        return Done()

    def _recent_changed(self) -> None:
        self._state.changed()
        self._tell(RecentChanged(recent=tuple(self._state.state.recent)))

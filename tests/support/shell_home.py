"""A state folder whose window opens with one local shell."""

import json
from pathlib import Path


def home_with_a_shell(folder: Path) -> Path:
    """Fill a folder for TELETERM_HOME; gives it back."""
    (folder / "config").mkdir(parents=True)
    (folder / "state").mkdir()
    (folder / "config" / "app_config.json").write_text('{"session.restore": "always"}')
    layout = {
        "documents": [{"kind": "shell", "title": "sh", "fields": {"shell": "/bin/sh", "cwd": "/"}}],
        "active": 0,
    }
    state = {"version": 1, "layout": layout, "are_links_offered": True}
    (folder / "state" / "app_state.json").write_text(json.dumps(state))
    for path in (folder, folder / "config", folder / "state"):
        path.chmod(0o700)
    return folder

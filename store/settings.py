"""Where the store is, read once at the edge (command line, page) and passed on as a value.

In this order: what the caller names (--store), the environment's MINGZHANG_STORE, `store = "…"` in ./mingzhang.toml, the
user's data folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "MINGZHANG_STORE"
FILE = "mingzhang.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was started with."""

    store: Path


def settings(store: str | Path | None = None, *, environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """The settings of this run; `store` is what the caller named, `folder` where mingzhang.toml may lie (default: here).

    Raises ValueError if mingzhang.toml is not TOML.
    """
    named = store or environment.get(VARIABLE) or _from_file((folder or Path()) / FILE)
    return Settings(Path(named).expanduser() if named else _user_folder())


def _from_file(path: Path) -> str | None:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    named = content.get("store")
    return str(path.parent / Path(named).expanduser()) if isinstance(named, str) else None


def _user_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("mingzhang", appauthor=False)) / "store"

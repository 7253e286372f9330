"""Files that are there whole or not at all: written beside, flushed to the disk, renamed into place.

Every name in a store is made by one of these, so that a process killed at any moment leaves what was there before.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished-"
"""What the name of anything half-written begins with."""

REPLACED = ".replaced-"
"""What the name of a folder begins with while another takes its place."""


@contextmanager
def new_folder(target: Path) -> Generator[Path]:
    """A folder to fill, renamed to `target` at the end; on an error it is taken away. Replaces a folder of that name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.parent / f"{UNFINISHED}{uuid.uuid4().hex}"
    beside.mkdir()
    try:
        yield beside
        flush_tree(beside)
        _replace_folder(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    flush(target.parent)


def write_file(target: Path, data: bytes) -> None:
    """`data` as the whole content of `target`, replacing what was there at one instant."""
    beside = target.parent / f"{UNFINISHED}{uuid.uuid4().hex}"
    try:
        beside.write_bytes(data)
        flush(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    flush(target.parent)


def flush(path: Path) -> None:
    """Waits until a file's or folder's content is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_tree(folder: Path) -> None:
    """`flush` for a folder and all in it."""
    for path in folder.rglob("*"):
        flush(path)
    flush(folder)


def recover(folder: Path) -> None:
    """Takes away what killed processes left half-written in `folder`. Only for the one process that may write there."""
    for path in folder.glob(f"{REPLACED}*"):
        whole = folder / path.name.removeprefix(REPLACED)
        if not whole.exists():         # killed between the two renames of a replacement: the old one is still right
            path.rename(whole)
    for path in [*folder.glob(f"{UNFINISHED}*"), *folder.glob(f"{REPLACED}*")]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _replace_folder(beside: Path, target: Path) -> None:
    if target.exists():                # a folder cannot be renamed onto a full one: the old one steps aside first
        aside = target.parent / f"{REPLACED}{target.name}"
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
        beside.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        beside.rename(target)

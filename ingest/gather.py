"""The files to ingest: what was named, what lies in a named folder, what a ZIP holds.

A file that was named is always tried, and its failure reported. In a folder or ZIP, what is plainly not a disclosure (hidden
files, program files, the pictures of a saved page) is passed over quietly. Nothing is unpacked to the disk: a member of an
archive is read when its turn comes, within the limits of `ingest/limits.py`.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from ingest import limits
from store.errors import FileMissing, MingzhangError, TooLarge, UnreadableFile

NOT_DISCLOSURES = frozenset((
    ".json", ".jsonl", ".md", ".rst", ".py", ".js", ".css", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".log", ".sh", ".lock", ".sql",
    ".duckdb", ".parquet", ".db", ".svg", ".ico", ".gif", ".woff", ".woff2", ".ttf", ".exe", ".dll", ".so", ".tmp", ".bak", ".crdownload",
    ".part"))
"""Suffixes passed over in folders and archives; a file of any other suffix is told by its content."""

JUNK_NAMES = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
SAVED_PAGE_PARTS = ("_files", ".files")
"""How browsers name the folder of a saved page's pictures."""

ZIP_HEAD = b"PK\x03\x04"
OFFICE_PARTS = ("[Content_Types].xml", "mimetype")
"""What a ZIP holds that is itself a document (DOCX, XLSX, ODS)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its path as ingested, and how to get its bytes (raises MingzhangError)."""

    file: str
    load: Callable[[], bytes]


def gather(paths: Iterable[Path]) -> Iterator[Found]:
    """Every file to read under the paths, each once, in the order of its path within what was named."""
    seen: set[str] = set()
    for path in paths:
        for found in _under(path):
            if found.file not in seen:
                seen.add(found.file)
                yield found


def _under(path: Path) -> Iterator[Found]:
    if not path.is_dir():
        yield from _file(path)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not _is_junk_folder(name))
        for name in sorted(names):
            if not _is_junk(name):
                yield from _file(Path(folder) / name)


def _file(path: Path) -> Iterator[Found]:
    file = str(path)
    try:
        is_zip = path.is_file() and _head(path) == ZIP_HEAD
    except OSError:
        is_zip = False
    if is_zip:
        yield from _archive(file, partial(_load, path), 1)
    else:
        yield Found(file, partial(_load, path))


def _archive(file: str, load: Callable[[], bytes], depth: int) -> Iterator[Found]:
    """The members of a ZIP; the file itself if it is a document, or if it cannot be opened (its reader says why)."""
    try:
        data = load()
        archive = limits.open_archive(data, file)
    except MingzhangError as error:
        yield Found(file, partial(_fail, error))
        return
    names = archive.namelist()
    if any(part in names for part in OFFICE_PARTS):
        yield Found(file, load)
        return
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = _member_name(info)
        if info.is_dir() or any(_is_junk_folder(part) for part in PurePosixPath(name).parts[:-1]) or _is_junk(PurePosixPath(name).name):
            continue
        inner, read = f"{file}/{name}", partial(limits.read_part, archive, info.filename, f"{file}/{name}")
        if not _is_zip(archive, info):
            yield Found(inner, read)
        elif depth < limits.ARCHIVE_DEPTH:
            yield from _archive(inner, read, depth + 1)
        else:
            yield Found(inner, partial(_fail, TooLarge(file=inner, what="depth", found=depth + 1, limit=limits.ARCHIVE_DEPTH)))


def _load(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(file=path)
        if status.st_size > limits.FILE_BYTES:
            raise TooLarge(file=path, what="bytes", found=status.st_size, limit=limits.FILE_BYTES)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(file=path) from error
    except OSError as error:
        raise UnreadableFile(file=path) from error


def _fail(error: MingzhangError) -> bytes:
    raise error


def _head(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(len(ZIP_HEAD))


def _is_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(info) as stream:
            return stream.read(len(ZIP_HEAD)) == ZIP_HEAD
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError):
        return False                   # encrypted or broken: reading it says so


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member. Without the UTF-8 flag, Chinese systems write GBK, which zipfile reads as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _is_junk_folder(name: str) -> bool:
    return name.startswith(".") or name.lower() in JUNK_NAMES or name.lower().endswith(SAVED_PAGE_PARTS)


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in JUNK_NAMES or PurePosixPath(name).suffix.lower() in NOT_DISCLOSURES

"""DOC (Word 97–2003 and what writes like it), turned into DOCX by LibreOffice and then read as such.

antiword and catdoc are smaller, but antiword refuses files saved by WPS and catdoc loses tables: of the real disclosure
in the samples they keep none, LibreOffice all. It runs headless on a copy in an empty folder with a profile of its own,
no macros, a time limit and the environment's bare minimum. An embedded workbook (Excel object) is read by the workbook
reader at the place where it stands.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from ingest import limits
from ingest.readers.word import WordReader
from ingest.source import Source
from store.errors import ConverterMissing, DamagedFile, EncryptedFile, TookTooLong

PROGRAMS = ("soffice", "libreoffice")
INSTALL = "apt-get install libreoffice-writer-nogui"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_BIT = 0x01
"""fEncrypted in the high byte of the FIB's flags ([MS-DOC] 2.5.2, offset 11)."""

CONVERTER_MEMORY = 4_000 * limits.MEGABYTE
"""Address space: LibreOffice maps about 1.5 GB before it reads anything."""


class Word97Reader:
    """DOC. Raises ConverterMissing, EncryptedFile, DamagedFile, TookTooLong, TooLarge."""

    def recognises(self, head: bytes, name: str) -> bool:
        return head.startswith(OLE) and "WordDocument".encode("utf-16-le") in head

    def read(self, data: bytes, name: str) -> Source:
        limits.check_size(data, name)
        if is_encrypted(data):
            raise EncryptedFile(file=name)
        source = WordReader().read(to_docx(data, name), name)
        return Source(format="doc", read_by=source.read_by, pages=source.pages, warnings=source.warnings, unread=source.unread)


def is_encrypted(data: bytes) -> bool:
    """Whether the file's main stream is encrypted. The stream begins at a sector's start with the magic EC A5."""
    at = data.find(b"\xec\xa5", 512)
    while at >= 0:
        if at % 512 == 0 and at + 12 <= len(data):
            return bool(data[at + 11] & ENCRYPTED_BIT)
        at = data.find(b"\xec\xa5", at + 1)
    return False


def to_docx(data: bytes, name: str) -> bytes:
    """The same document as DOCX, by LibreOffice."""
    program = next((found for wanted in PROGRAMS if (found := shutil.which(wanted))), None)
    if program is None:
        raise ConverterMissing(file=name, program="LibreOffice", install=INSTALL)
    with tempfile.TemporaryDirectory(prefix="mingzhang-doc-") as folder:
        given = Path(folder) / "document.doc"
        given.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            folder,
            str(given),
        ]
        process = subprocess.Popen(  # noqa: S603  a found program and our own paths; the file is data, never part of the command
            command,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_limit_converter,  # noqa: PLW1509  it only sets limits, and a reading process has one thread
        )
        try:
            process.wait(limits.CONVERTER_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TookTooLong(file=name, seconds=limits.CONVERTER_SECONDS) from error
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own children too
            process.wait()
        made = given.with_suffix(".docx")
        if not made.exists():
            raise DamagedFile(file=name, reason="LibreOffice could not open it")
        return made.read_bytes()


def _limit_converter() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (CONVERTER_MEMORY, CONVERTER_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CONVERTER_SECONDS, limits.CONVERTER_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.ARCHIVE_BYTES, limits.ARCHIVE_BYTES))

"""Every error that a person may meet, as a tree.

    MingzhangError
    ├── UnreadableFile            a file that could not be taken in; the rest of a batch goes on
    │   ├── FileMissing           nothing at that path
    │   ├── EmptyFile             no bytes
    │   ├── EncryptedFile         needs a password
    │   ├── DamagedFile           truncated or malformed
    │   ├── UnsupportedFormat     none of the formats that 明账 reads
    │   ├── TooLarge              over a limit of docs/limits.md
    │   ├── TookTooLong           over the time limit
    │   ├── ConverterMissing      a format that needs a program that is not installed
    │   └── NotADisclosure        readable, but neither budget nor final accounts
    ├── StoreError
    │   ├── StoreMissing          no store at that path: what to run
    │   ├── StoreVersion          made by another version: what to run
    │   └── StoreBusy             another process is publishing
    ├── SqlRefused                a query outside the allow-list
    ├── BadSetting                a setting of the model that can't be
    ├── ExtraMissing              a part of 明账 that is installed on demand
    └── RequestRefused            what another program asked a server for
        ├── BadRequest            not what the description asks for
        ├── RequestTooLarge       more bytes than a request may have
        ├── UnknownPath           nothing is served there
        ├── UnknownSource         no figure, passage or table of that id
        ├── TooBusy               all places are taken
        └── AnswerTookTooLong     over the time for one answer

Each class has a `code`; the sentences for it stand in data/messages.toml in Chinese and English (what happened and
where; what to do next), with placeholders that are the keyword arguments given here.
"""

from __future__ import annotations

from typing import ClassVar


class MingzhangError(Exception):
    """An error with a code and the facts that its message needs: `ScannedPage(file=name, page=3)`."""

    code: ClassVar[str] = "mingzhang_error"

    def __init__(self, **where: object) -> None:
        super().__init__(self.code, where)
        self.where = {key: str(value) for key, value in where.items()}

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.where))


def _rebuild(kind: type[MingzhangError], where: dict[str, str]) -> MingzhangError:
    return kind(**where)


class UnreadableFile(MingzhangError):
    code = "unreadable_file"


class FileMissing(UnreadableFile):
    code = "file_missing"


class EmptyFile(UnreadableFile):
    code = "empty_file"


class EncryptedFile(UnreadableFile):
    code = "encrypted_file"


class DamagedFile(UnreadableFile):
    code = "damaged_file"


class UnsupportedFormat(UnreadableFile):
    code = "unsupported_format"


class TooLarge(UnreadableFile):
    code = "too_large"


class TookTooLong(UnreadableFile):
    code = "took_too_long"


class ConverterMissing(UnreadableFile):
    code = "converter_missing"


class NotADisclosure(UnreadableFile):
    code = "not_a_disclosure"


class StoreError(MingzhangError):
    code = "store_error"


class StoreMissing(StoreError):
    code = "store_missing"


class StoreVersion(StoreError):
    code = "store_version"


class StoreBusy(StoreError):
    code = "store_busy"


class SqlRefused(MingzhangError):
    code = "sql_refused"


class ExtraMissing(MingzhangError):
    code = "extra_missing"


class RequestRefused(MingzhangError):
    code = "request_refused"


class BadRequest(RequestRefused):
    code = "bad_request"


class RequestTooLarge(RequestRefused):
    code = "request_too_large"


class UnknownPath(RequestRefused):
    code = "unknown_path"


class UnknownSource(RequestRefused):
    code = "unknown_source"


class TooBusy(RequestRefused):
    code = "too_busy"


class AnswerTookTooLong(RequestRefused):
    code = "answer_took_too_long"


class BadSetting(MingzhangError):
    code = "bad_setting"

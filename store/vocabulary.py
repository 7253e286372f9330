"""The vocabularies of `data/`: classification codes, item names, header words and published forms, as frozen values.

Takes `data/vocabulary/*.csv` and `data/forms/*.toml`; gives one `Vocabulary`, read once a process. Both ingest (what a
figure means) and retrieval (what a question asks for) use it, so that both fold a name in the same way. Shape,
duplicates and references that lead nowhere are checked on loading: `VocabularyError` names the file and the line.
Another CSV of `data/vocabulary/` is read by `read_rows`.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import cast, get_args

from store.values import Classification, Flow, Fund, Kind, Level, Measure, Portion

DATA = Path(__file__).resolve().parent.parent / "data"
"""The folder of plain files that this module reads."""

CODE_FILES = ("functional_codes.csv", "economic_codes.csv")
CODE_COLUMNS = ("code", "name", "level", "classification", "valid_from", "valid_to", "source")
ITEM_COLUMNS = ("variant", "item", "classification", "flow", "fund", "portion", "source")
WORD_COLUMNS = ("word", "field", "value", "source")
CODE_LENGTHS: Mapping[str, tuple[int, ...]] = {"class": (3,), "section": (5,), "item": (7,)}
WORD_FIELDS: Mapping[str, tuple[str, ...]] = {
    "flow": get_args(Flow),
    "fund": get_args(Fund),
    "portion": get_args(Portion),
    "measure": get_args(Measure),
    "classification": get_args(Classification),
    "year": ("-2", "-1", "0"),
    "year_alone": ("-2", "-1", "0"),
    "role": ("total", "subtotal"),
    "balance": ("opening", "closing"),
    "part": ("among", "aside"),
}
"""What a header word can say, with the values allowed. `year` is the distance from the document's year, `year_alone` that of a
header that is nothing but the word; `part` that the column holds only a part of what the headers above it name: one among
others that add up, or one that stands aside."""

_NUMBERING = re.compile(
    r"(?:其中[:：]?|(?:[一二三四五六七八九十]{1,3}[、.．]|[（][一二三四五六七八九十]{1,3}[）][、.]?|[（]\d{1,2}[）][、.]?|\d{1,2}[、.．](?!\d)|\d{1,2}[）]|[①-⑳]))"
)
_PRINTED_CODE = re.compile(r"[\[【]?(?:[0-9A-Z]{15,30}|\d{3,8})[\]】]?[-—－]?(?=[^\d年.,，%])")
_QUOTES = str.maketrans("", "", "\"“”'‘’「」『』\u3000\u200b\ufeff")


class VocabularyError(ValueError):
    """A file of `data/` that does not say what it must: a mistake of ours, so it names the file and the line."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"data/{file}, line {line}: {why}")
        self.file, self.line, self.why = file, line, why


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a vocabulary CSV, with the line that it stands on."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, why: str) -> VocabularyError:
        return VocabularyError(self.file, self.line, why)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the 政府收支分类科目. Years are inclusive; None = open, or not known."""

    code: str
    name: str
    level: Level
    classification: Classification
    valid_from: int | None
    valid_to: int | None
    source: str


@dataclass(frozen=True, slots=True)
class ItemName:
    """One printed name of an item that is not (only) a coded one, with what it says by itself. None = says nothing."""

    variant: str
    item: str
    classification: Classification
    flow: Flow | None
    fund: Fund | None
    portion: Portion | None
    source: str


@dataclass(frozen=True, slots=True)
class HeaderWord:
    """A word of a header or title and the one thing that it says about the figures under it."""

    word: str
    field: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Form:
    """A published form: how it is recognised (title, headers and content, never its number) and what it says of its figures."""

    stem: str                          # "income": the form without 预算 | 决算
    name: str
    kinds: tuple[Kind, ...]
    titles: tuple[tuple[str, ...], ...]   # alternatives; of one, every word stands in the title
    without: tuple[str, ...]           # words that a title of this form does not have
    needs: tuple[str, ...]             # what the content must show, where the title alone says little
    content: tuple[str, ...]           # what the content shows, where the title is missing or misprinted
    against: tuple[str, ...]           # what the content of this form never shows
    flow: Flow | None
    fund: Fund | None
    classification: Classification | None
    portion: Portion | None
    source: str

    def id_for(self, kind: Kind) -> str:
        return f"{kind}_{self.stem}"


@dataclass(frozen=True)
class Vocabulary:
    """All vocabularies that forms and meaning rest on."""

    codes: tuple[Code, ...]
    items: tuple[ItemName, ...]
    words: tuple[HeaderWord, ...]
    forms: tuple[Form, ...]

    @cached_property
    def item_by_variant(self) -> Mapping[str, ItemName]:
        """Folded printed name → item."""
        return {plain_label(entry.variant): entry for entry in self.items}

    @cached_property
    def code_by_number(self) -> Mapping[str, tuple[Code, ...]]:
        """Code → its names over the years."""
        found: dict[str, list[Code]] = {}
        for entry in self.codes:
            found.setdefault(entry.code, []).append(entry)
        return {code: tuple(entries) for code, entries in found.items()}

    @cached_property
    def codes_by_name(self) -> Mapping[str, tuple[Code, ...]]:
        """Folded name → the codes that bear it (one name may stand under several)."""
        found: dict[str, list[Code]] = {}
        for entry in self.codes:
            found.setdefault(plain_label(entry.name), []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def words_by_field(self) -> Mapping[str, tuple[HeaderWord, ...]]:
        """Field → its words, longest first: the most specific word decides."""
        return {field: tuple(sorted((w for w in self.words if w.field == field), key=lambda w: -len(w.word))) for field in WORD_FIELDS}

    @cached_property
    def form_by_stem(self) -> Mapping[str, Form]:
        return {form.stem: form for form in self.forms}

    def canonical_item(self, label: str) -> str:
        """The canonical name of a printed label: numbering, code and blanks stripped, variants folded.

        >>> vocabulary().canonical_item("3、公务用车购置及运行费")
        '公务用车购置及运行维护费'
        """
        bare = bare_label(label)
        entry = self.item_by_variant.get(bare)
        return entry.item if entry else bare

    def word_for(self, field: str, text: str) -> str | None:
        """What `text` says about `field`, by the longest word that stands in it; None if nothing."""
        return next((entry.value for entry in self.words_by_field[field] if entry.word in text), None)

    def word_alone(self, field: str, text: str) -> str | None:
        """What a text that is nothing but a word of `field` says; None for others."""
        return next((entry.value for entry in self.words_by_field[field] if entry.word == text), None)

    def forms_of(self, kind: Kind) -> tuple[str, ...]:
        """The ids of all forms of a kind."""
        return tuple(form.id_for(kind) for form in self.forms if kind in form.kinds)


@lru_cache(maxsize=16384)
def plain_label(text: str) -> str:
    """A printed label for comparing: width folded, brackets made full-width, quotes and every blank taken out."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return re.sub(r"\s+", "", folded).replace("(", "（").replace(")", "）").replace(":", "：").replace(",", "，")


@lru_cache(maxsize=16384)
def bare_label(text: str) -> str:
    """A printed label without its numbering, its printed code and a closing colon.

    >>> bare_label("其中：（1）公务用车购置"), bare_label("30101-基本工资"), bare_label("(二) 教育支出")
    ('公务用车购置', '基本工资', '教育支出')
    """
    label = plain_label(text)
    while True:
        shorter = label
        for opening in (_NUMBERING, _PRINTED_CODE):
            found = opening.match(shorter)
            if found and found.end() < len(shorter):
                shorter = shorter[found.end():]
        shorter = shorter.rstrip("：")
        if shorter == label:
            return label
        label = shorter


def read_rows(name: str, columns: Sequence[str], *, key: Sequence[str] = (), root: Path = DATA) -> tuple[Row, ...]:
    """The rows of `data/vocabulary/<name>`, whose header must be `columns`; no two may agree in `key`.

    Raises VocabularyError with file and line for a wrong header, a row of another width, or a duplicate.
    """
    file = f"vocabulary/{name}"
    seen: dict[tuple[str, ...], int] = {}
    rows: list[Row] = []
    with (root / "vocabulary" / name).open(encoding="utf-8", newline="") as opened:
        reader = csv.reader(opened)
        header = next(reader, [])
        if tuple(header) != tuple(columns):
            raise VocabularyError(file, 1, f"the header is {header}, it must be {list(columns)}")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(columns):
                raise VocabularyError(file, reader.line_num, f"{len(cells)} cells where the header has {len(columns)}")
            row = Row(file, reader.line_num, dict(zip(columns, (cell.strip() for cell in cells), strict=True)))
            mark = tuple(row[column] for column in key)
            if key and mark in seen:
                raise row.wrong(f"the same {', '.join(key)} as on line {seen[mark]}: {' · '.join(mark)}")
            seen[mark] = row.line
            rows.append(row)
    return tuple(rows)


@cache
def vocabulary(root: Path = DATA) -> Vocabulary:
    """The vocabularies under `root`, read and checked once. Raises VocabularyError."""
    codes = tuple(entry for name in CODE_FILES for entry in _codes(name, root))
    return Vocabulary(codes, _items(root), _words(root), _forms(root))


def _codes(name: str, root: Path) -> tuple[Code, ...]:
    entries: list[Code] = []
    known = set[str]()
    rows = read_rows(name, CODE_COLUMNS, key=("code", "name", "valid_from"), root=root)
    for row in rows:
        level = _one_of(row, "level", get_args(Level))
        if not row["code"].isdigit() or len(row["code"]) not in CODE_LENGTHS[level]:
            raise row.wrong(f"{row['code']} is no code of level {level}")
        known.add(row["code"])
        classification = cast(Classification, _one_of(row, "classification", get_args(Classification)))
        entries.append(Code(row["code"], _filled(row, "name"), cast(Level, level), classification,
                            _year(row, "valid_from"), _year(row, "valid_to"), _filled(row, "source")))
    for row in rows:
        if len(row["code"]) > 3 and row["code"][:-2] not in known:
            raise row.wrong(f"{row['code']} stands under {row['code'][:-2]}, which the file does not have")
    return tuple(entries)


def _items(root: Path) -> tuple[ItemName, ...]:
    rows = read_rows("items.csv", ITEM_COLUMNS, key=("variant",), root=root)
    named = {row["variant"] for row in rows}
    seen: dict[str, int] = {}
    entries: list[ItemName] = []
    for row in rows:
        folded = plain_label(_filled(row, "variant"))
        if folded in seen:
            raise row.wrong(f"folds to the same name as line {seen[folded]}: {folded}")
        seen[folded] = row.line
        if _filled(row, "item") not in named:
            raise row.wrong(f"item {row['item']} is not itself a variant of the file")
        entries.append(ItemName(
            row["variant"], row["item"], cast(Classification, _one_of(row, "classification", get_args(Classification))),
            cast(Flow | None, _one_of(row, "flow", get_args(Flow), blank=True) or None),
            cast(Fund | None, _one_of(row, "fund", get_args(Fund), blank=True) or None),
            cast(Portion | None, _one_of(row, "portion", get_args(Portion), blank=True) or None), _filled(row, "source")))
    return tuple(entries)


def _words(root: Path) -> tuple[HeaderWord, ...]:
    entries: list[HeaderWord] = []
    for row in read_rows("columns.csv", WORD_COLUMNS, key=("word", "field"), root=root):
        field = _one_of(row, "field", tuple(WORD_FIELDS))
        value = _one_of(row, "value", WORD_FIELDS[field])
        entries.append(HeaderWord(plain_label(_filled(row, "word")), field, value, _filled(row, "source")))
    return tuple(entries)


def _forms(root: Path) -> tuple[Form, ...]:
    forms: list[Form] = []
    seen: dict[str, str] = {}
    for path in sorted((root / "forms").glob("*.toml")):
        text = path.read_text("utf-8")
        lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[form]]"]
        for line, entry in zip(lines, cast(list[dict[str, object]], tomllib.loads(text).get("form", [])), strict=True):
            where = Row(f"forms/{path.name}", line, {key: value for key, value in entry.items() if isinstance(value, str)})
            form = _form(where, entry)
            if form.stem in seen:
                raise where.wrong(f"form {form.stem} is also defined in {seen[form.stem]}")
            seen[form.stem] = where.file
            forms.append(form)
    return tuple(forms)


FORM_KEYS = frozenset(
    ("stem", "name", "kinds", "titles", "without", "needs", "content", "against", "flow", "fund", "classification", "portion", "source"))
CONTENT = frozenset(("functional", "economic_department", "economic_government", "two_sided", "three_public", "sources", "natures",
                     "funds", "projects", "running_costs", "procurement", "performance", "assets"))
"""What `ingest.forms` can see in a table's labels and headers."""


def _form(where: Row, entry: Mapping[str, object]) -> Form:
    if unknown := set(entry) - FORM_KEYS:
        raise where.wrong(f"unknown keys {sorted(unknown)}")
    for key in ("stem", "name", "source"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise where.wrong(f"{key} is missing")
    kinds = _texts(where, entry, "kinds") or get_args(Kind)
    if bad := set(kinds) - set(get_args(Kind)):
        raise where.wrong(f"unknown kinds {sorted(bad)}")
    shown = {key: _texts(where, entry, key) for key in ("needs", "content", "against")}
    if bad := {word for words in shown.values() for word in words} - CONTENT:
        raise where.wrong(f"unknown content {sorted(bad)}")
    cells = {key: str(entry.get(key, "")) for key in ("flow", "fund", "classification", "portion")}
    said = Row(where.file, where.line, cells)
    return Form(
        str(entry["stem"]), str(entry["name"]), cast(tuple[Kind, ...], kinds),
        tuple(tuple(plain_label(word) for word in title.split()) for title in _texts(where, entry, "titles")),
        tuple(plain_label(word) for word in _texts(where, entry, "without")),
        shown["needs"], shown["content"], shown["against"],
        cast(Flow | None, _one_of(said, "flow", get_args(Flow), blank=True) or None),
        cast(Fund | None, _one_of(said, "fund", get_args(Fund), blank=True) or None),
        cast(Classification | None, _one_of(said, "classification", get_args(Classification), blank=True) or None),
        cast(Portion | None, _one_of(said, "portion", get_args(Portion), blank=True) or None), str(entry["source"]))


def _texts(where: Row, entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in cast(list[object], value)):
        raise where.wrong(f"{key} must be a list of texts")
    return tuple(cast(list[str], value))


def _one_of(row: Row, column: str, allowed: Sequence[str], *, blank: bool = False) -> str:
    if row[column] in allowed or (blank and not row[column]):
        return row[column]
    raise row.wrong(f"{column} is {row[column]!r}, it must be one of {', '.join(allowed)}")


def _filled(row: Row, column: str) -> str:
    if not row[column]:
        raise row.wrong(f"{column} is blank")
    return row[column]


def _year(row: Row, column: str) -> int | None:
    if not row[column]:
        return None
    if not re.fullmatch(r"(19|20)\d\d", row[column]):
        raise row.wrong(f"{column} is {row[column]!r}, it must be a year or blank")
    return int(row[column])

"""How a Word paragraph looks: what styles.xml, numbering.xml and the paragraph itself say together.

Only what a reader of lines and grids needs: heading level, printed number, indent, alignment, size, boldness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

TWIPS_A_CHARACTER = 210
"""A character of 10.5 points (五号), Word's default size for Chinese; indents are given in twentieths of a point."""

CHAINED_STYLES = 20
"""Styles are based on styles; a longer chain is a loop."""

HANZI = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Look:
    heading: int | None = None
    number: str = ""               # an automatic number as printed, "（一）"
    indent: float = 0.0            # characters
    centred: bool = False
    bold: bool = False
    size: float | None = None      # points


@dataclass(slots=True)
class Styles:
    """The style and numbering tables of one document. Counts numbers as paragraphs pass, so ask once for each, in order."""

    styles: dict[str, Element]
    levels: dict[tuple[str, int], tuple[str, str, int]]    # (number list, level) → (format, text, start)
    _counts: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    @classmethod
    def of(cls, styles: Element | None, numbering: Element | None) -> Styles:
        """From the roots of styles.xml and numbering.xml, where the document has them."""
        by_id = {} if styles is None else {style.get(WORD + "styleId", ""): style for style in styles.findall(WORD + "style")}
        return cls(styles=by_id, levels={} if numbering is None else dict(_levels(numbering)))

    def look(self, paragraph: Element) -> Look:
        """How the paragraph looks. Advances its number list."""
        properties = [own for own in (paragraph.find(WORD + "pPr"),) if own is not None]
        chain = self._chain(paragraph)
        properties += [found for style in chain if (found := style.find(WORD + "pPr")) is not None]
        runs = [run for run in paragraph.iter(WORD + "r") if not self.is_hidden(run)]
        candidates = [*(run.find(WORD + "rPr") for run in runs[:1]), *(style.find(WORD + "rPr") for style in chain)]
        run_properties = [found for found in candidates if found is not None]
        size = _first(run_properties, "sz")
        return Look(heading=_heading(properties, chain), number=self._number(properties), indent=_indent(properties),
                    centred=_first(properties, "jc") == "center", bold=_first(run_properties, "b", "1") not in (None, "0", "false"),
                    size=float(size) / 2 if size and re.fullmatch(r"\d+(\.\d+)?", size) else None)

    def is_hidden(self, run: Element) -> bool:
        """Whether a run is formatted as hidden text."""
        vanish = run.find(f"{WORD}rPr/{WORD}vanish")
        return vanish is not None and vanish.get(WORD + "val") not in ("0", "false")

    def _chain(self, paragraph: Element) -> list[Element]:
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        chain: list[Element] = []
        name = style.get(WORD + "val") if style is not None else None
        while name in self.styles and len(chain) < CHAINED_STYLES:
            chain.append(self.styles[name])
            based = chain[-1].find(WORD + "basedOn")
            name = based.get(WORD + "val") if based is not None else None
        return chain

    def _number(self, properties: list[Element]) -> str:
        listed = next((found for own in properties if (found := own.find(WORD + "numPr")) is not None), None)
        if listed is None:
            return ""
        name, level = _value(listed, "numId") or "0", number_attribute(listed, "ilvl", 0)
        if name == "0" or (name, level) not in self.levels:
            return ""
        counts = self._counts.setdefault(name, [])
        while len(counts) <= level:
            counts.append(self.levels.get((name, len(counts)), ("", "", 1))[2] - 1)
        counts[level] += 1
        del counts[level + 1:]

        def shown(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            form, _, start = self.levels.get((name, depth), ("decimal", "", 1))
            return print_count(counts[depth] if depth < len(counts) else start, form)
        return re.sub(r"%(\d)", shown, self.levels[name, level][1])


def print_count(count: int, form: str) -> str:
    """A list's number as Word prints it in one of its number formats: `print_count(12, "chineseCounting") == "十二"`."""
    if form in {"none", "bullet"}:
        return ""
    if form.startswith(("chinese", "taiwanese", "japaneseCounting", "ideographDigital")) and 0 < count < 100:
        tens, ones = divmod(count, 10)
        return ("" if tens == 0 else "十" if tens == 1 else HANZI[tens] + "十") + (HANZI[ones] if ones or not tens else "")
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26:
        return chr((ord("A") if form == "upperLetter" else ord("a")) + count - 1)
    if form == "decimalEnclosedCircle" and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    return str(count)


def number_attribute(element: Element, path: str, default: int) -> int:
    """The whole number in the `val` of a descendant: `number_attribute(cell, "tcPr/gridSpan", 1)`; 1,000 at most."""
    found = element.find("/".join(WORD + step for step in path.split("/")))
    text = found.get(WORD + "val", "") if found is not None else ""
    return min(int(text), 1000) if text.isdecimal() else default


def _value(element: Element, name: str) -> str | None:
    found = element.find(WORD + name)
    return None if found is None else found.get(WORD + "val")


def _first(properties: list[Element], name: str, bare: str | None = None) -> str | None:
    """The first value that a list of properties gives for a name; `bare` where the element stands without a value."""
    for own in properties:
        if (found := own.find(WORD + name)) is not None:
            return found.get(WORD + "val", bare)
    return None


def _heading(properties: list[Element], chain: list[Element]) -> int | None:
    outline = _first(properties, "outlineLvl")
    if outline is not None and outline.isdecimal():
        return int(outline) + 1 if int(outline) < 9 else None
    for style in chain:
        name = (_value(style, "name") or "").lower()
        if match := re.fullmatch(r"(?:heading|标题) ?(\d)", name):
            return int(match.group(1))
        if name == "title":
            return 1
    return None


def _indent(properties: list[Element]) -> float:
    """Left and first-line indent in characters. Chars attributes are hundredths and win over twips (ECMA-376 17.3.1.12)."""
    indent = next((found for own in properties if (found := own.find(WORD + "ind")) is not None), None)
    if indent is None:
        return 0.0

    def amount(*names: str) -> float:
        for name in names:
            text = indent.get(WORD + name, "")
            if re.fullmatch(r"-?\d+", text):
                return int(text) / (100 if name.endswith("Chars") else TWIPS_A_CHARACTER)
        return 0.0
    hanging = amount("hangingChars", "hanging")
    return max(0.0, amount("leftChars", "startChars", "left", "start") + (-hanging if hanging else amount("firstLineChars", "firstLine")))


def _levels(numbering: Element) -> Iterator[tuple[tuple[str, int], tuple[str, str, int]]]:
    abstract = {found.get(WORD + "abstractNumId"): found for found in numbering.findall(WORD + "abstractNum")}
    for number in numbering.findall(WORD + "num"):
        lists = abstract.get(_value(number, "abstractNumId"))
        if lists is None:
            continue
        for level in lists.findall(WORD + "lvl"):
            depth = level.get(WORD + "ilvl", "0")
            if depth.isdecimal():
                key = (number.get(WORD + "numId", ""), int(depth))
                yield key, (_value(level, "numFmt") or "decimal", _value(level, "lvlText") or "", number_attribute(level, "start", 1))

"""`make bench`: runs every benchmark and writes docs/benchmarks.md. Name some to run only those: `python -m bench page`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("reading", "answers", "page")
HEADINGS = {"reading": "Reading PDFs", "answers": "Answering without a model", "page": "The page"}


def main() -> None:
    """Each part gives the lines of a table; parts that were not run keep what stands in the file."""
    chosen = [part for part in PARTS if part in sys.argv[1:]] or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        mingzhang = Path(sys.executable).parent / "mingzhang"
        subprocess.run([mingzhang, "ingest", ROOT / "data" / "samples", "--store", store], check=True)
        tables = {part: _measure(part, store) for part in chosen}
    target = ROOT / "docs" / "benchmarks.md"
    kept = _kept(target)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Two cores; each figure beside a peer in the same run, since machines are noisy.",
        "",
    ]
    for part in PARTS:
        body = (
            [f"Measured {date.today():%Y-%m-%d}.", "", *tables[part]] if part in tables else kept.get(HEADINGS[part], ["Not measured yet."])
        )
        lines += [f"## {HEADINGS[part]}", "", *body, ""]
    target.write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


def _measure(part: str, store: Path) -> list[str]:
    print(f"measuring {part}", file=sys.stderr)
    if part == "reading":
        from bench import reading

        return reading.measure()
    if part == "answers":
        from bench import answers

        return answers.measure(store)
    from bench import page

    return page.measure(store, "示例市教育局2025年三公经费多少")


def _kept(target: Path) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    heading = ""
    for line in target.read_text("utf-8").splitlines() if target.exists() else []:
        if line.startswith("## "):
            heading = line[3:]
        elif heading:
            parts.setdefault(heading, []).append(line)
    return {heading: "\n".join(lines).strip().splitlines() for heading, lines in parts.items()}


if __name__ == "__main__":
    main()

"""How far an ingest has come, as a value that the command line and the page render."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of files, and seconds since the start."""

    done: int
    total: int
    failed: int
    seconds: float
    file: str = ""                     # the one that was finished last

    @property
    def files_a_minute(self) -> float:
        """Speed so far; 0 before the first file."""
        return self.done * 60 / self.seconds if self.done and self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the speed so far; None while there is none."""
        return (self.total - self.done) * 60 / self.files_a_minute if self.files_a_minute else None

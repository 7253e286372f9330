"""What was read of a snapshot, kept for the next question: the last few things of a kind, by key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

MOST = 48  # the cells of so many disclosures are some megabytes


class Kept(Generic[K, T]):
    """At most `MOST` values by key, those made first forgotten first.

    Safe to use from several threads: a value is put in its place whole, so that two that make the same agree.
    """

    def __init__(self) -> None:
        self._values: OrderedDict[K, T] = OrderedDict()

    def of(self, key: K, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not kept."""
        try:
            return self._values[key]
        except KeyError:
            self._values[key] = made = make()
        while len(self._values) > MOST:
            self._values.popitem(last=False)
        return made

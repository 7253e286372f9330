"""What rules build: each function makes an expression of what stands in a rule's slots, or None where it does not fit."""

from retrieval.words.grammar import load

COUNTED: dict[str, tuple[str, ...]] = {over: tuple(words) for over, words in load("names.toml")["bodies"].items()}
"""What prose counts, for the series that it counts."""

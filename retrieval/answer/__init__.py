"""An answer: its sentences, values and citations, and the last check of every number in it."""

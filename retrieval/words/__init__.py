"""Text, numerals, sounds and the words of data/grammar: what a question is read with before any store is opened."""

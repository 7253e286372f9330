"""What a language model may do for an answer: read the question, choose printed figures, phrase. Off by default."""

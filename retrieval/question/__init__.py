"""What can be asked, as a typed tree: the expression, its words in plain Chinese, and its JSON. Imports nothing else of retrieval."""

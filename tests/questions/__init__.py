"""The project's own question cases over the bundled samples. `write_cases.py` computes the expected figures from the books."""

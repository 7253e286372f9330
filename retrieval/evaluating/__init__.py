"""The values of expressions, a module for each kind of node. Functions take the evaluator (retrieval/answering/evaluate.py) and a node."""

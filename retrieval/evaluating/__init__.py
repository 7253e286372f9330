"""The values of expressions, a module for each kind of node. Functions take the evaluator (evaluator.py) and a node."""

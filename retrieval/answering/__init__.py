"""From an expression to an answer: evaluation with evidence, wording, and the choice between readings."""

"""The generator of the bundled sample disclosures: fictional agencies whose figures add up and whose prose agrees.

`python -m samples` writes data/samples anew. The same seed gives the same figures, so a diff shows what changed.
"""

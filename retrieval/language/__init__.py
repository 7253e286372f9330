"""How a question is read: folding, numbers, periods, the lattice of what each stretch can mean, the grammar, talk. Knows no figures."""

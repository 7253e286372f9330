"""How a question is read: the lattice of what each stretch can mean, the grammar, talk. Knows no figures."""

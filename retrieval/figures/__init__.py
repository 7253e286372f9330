"""Which printed cells are meant: places of a disclosure, and the checked queries that read them."""

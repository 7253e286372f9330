"""What the store names: agencies, budget units, labels, projects, and how people write and misspell them."""

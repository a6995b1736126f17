"""What a reviewer would look at: claims that fail, budgets that are exceeded, and findings of the lint rules."""

"""The check of a reviewer: claims that fail, budgets that are exceeded, and findings of the lint rules."""

"""The checks of a write-up: every calculation, formula, size and setting, with its place."""

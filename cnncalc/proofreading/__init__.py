"""The checks of a write-up that a reviewer makes: every calculation, formula, size and setting, with its place."""

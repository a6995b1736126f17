"""Exercises and their marking: worksheets, variants, answers, and which rule was broken."""

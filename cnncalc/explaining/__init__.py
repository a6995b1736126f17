"""Explanations of a number: a claim of a spec, a cell of a sheet, or a number from another tool."""

"""What a number is: one question for a claim of a spec, a cell of a sheet, and a number from another tool."""

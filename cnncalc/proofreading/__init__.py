"""Write-ups read as a reviewer does: every calculation, formula, size and setting in them, each with its place."""

"""Two specs side by side: what was edited, and what follows from it."""

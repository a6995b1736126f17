"""The live page: what it asks about the text in its editor, and its files."""

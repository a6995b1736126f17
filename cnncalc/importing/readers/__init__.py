"""One module for each format: `read(content)` makes a graph of a file's bytes."""

"""One module for each format: `read(content)` makes a `Graph` of a file's bytes."""

"""Report → another format, one file for each."""

"""The comparison of two specs: the edits, and the changes that follow from them."""

"""Files of arrays, images and weights.

They are not trusted: none is unpickled, and no stated size is believed. A file that cannot be read, is damaged,
too large or something else, or has anything other than finite numbers, is an ExecutionError; a file for which a
library is not installed is a MissingExtra.
"""

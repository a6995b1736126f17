"""Files of arrays, images and weights.

They come from strangers: none is unpickled, none is believed about its size. A file that cannot be read, is damaged,
too large or something else, or holds something else than finite numbers, is an ExecutionError; a file for which a
library is not installed is a MissingExtra.
"""

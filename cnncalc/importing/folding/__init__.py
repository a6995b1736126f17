"""The structure of a network found again: shortcuts, branches, repeats and blocks, from one line for each layer."""

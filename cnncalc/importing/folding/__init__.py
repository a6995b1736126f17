"""The structure of a network, found from one line for each layer: shortcuts, branches, repeats and blocks."""

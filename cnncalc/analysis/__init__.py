"""Network → Report: the figures of every layer, and their derivations."""

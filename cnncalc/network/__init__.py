"""Spec → Network: what is written becomes typed layers, names and edges."""

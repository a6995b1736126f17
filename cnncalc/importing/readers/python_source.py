"""Python source, notebooks, and texts with code in them."""

from cnncalc.importing.source.reading import read

__all__ = ["read"]

"""Weights in a .npz file, as a user saves them."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np


def save_npz(file: str | Path | BinaryIO, tensors: dict[str, Any]) -> None:
    """Write tensors; their names have slashes, so they cannot be keywords in the code."""
    np.savez(file, **tensors)

"""Each kind in PyTorch, by the writer of its family; any other kind is the module of its name."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.exporting.torch_kinds import norms, pointwise, sequences, shapes, windows
from cnncalc.exporting.torch_kinds.base import TorchWriter

WRITERS: Mapping[str, TorchWriter] = {
    **windows.WRITERS, **norms.WRITERS, **sequences.WRITERS, **shapes.WRITERS, **pointwise.WRITERS,
}  # fmt: skip
"""By kind."""

"""Each kind in Keras, by the writer of its family; any other kind is an activation."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.exporting.keras_kinds import norms, pointwise, sequences, shapes, windows
from cnncalc.exporting.keras_kinds.base import KerasWriter

WRITERS: Mapping[str, KerasWriter] = {
    **windows.WRITERS, **norms.WRITERS, **sequences.WRITERS, **shapes.WRITERS, **pointwise.WRITERS,
}  # fmt: skip
"""By kind."""

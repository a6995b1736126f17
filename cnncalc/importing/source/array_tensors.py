"""Values of a network of numpy arrays."""

from __future__ import annotations

from cnncalc.importing.building import GraphBuilder
from cnncalc.shapes import Shape


class ArrayTensor:
    """A value of the network.

    Attributes:
        builder, name: the graph, and the value in it.
        order: a letter for each axis, as `NCHW`.
        batch: the size of N.
    """

    def __init__(self, builder: GraphBuilder, name: str, order: str, batch: int = 1) -> None:
        self.builder, self.name, self.order, self.batch = builder, name, order, batch

    @property
    def shape(self) -> Shape:
        """Its shape in the graph."""
        return self.builder.shapes[self.name] or Shape(1)

    @property
    def dims(self) -> tuple[int, ...]:
        """Its sizes as numpy has them."""
        sizes = {"N": self.batch, "C": self.shape.channels, **dict(zip("HW", self.shape.spatial, strict=False))}
        return tuple(sizes[letter] for letter in self.order)

    def next(self, name: str) -> ArrayTensor:
        """The value after a layer."""
        vector = not (self.builder.shapes[name] or Shape(1)).spatial
        order = ("N" if "N" in self.order else "") + "C" if vector else self.order if "C" in self.order else "HWC"
        return ArrayTensor(self.builder, name, order, self.batch)

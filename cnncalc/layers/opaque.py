"""An operation that the language does not know: its figures are those that the spec declares."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.layers.base import Layer, Ops, Rule, Weight
from cnncalc.layers.parameters import Parameter, Type, count, shape, word
from cnncalc.shapes import AXES, Shape


@final
class Opaque(Layer):
    """An operation that has no kind of its own: RoI pooling, a deformable convolution, a layer of your own.

    `{opaque: RoIAlign, out: 256x7x7, params: 0, macs: 0}` gives its output shape, parameters and MACs. A figure that
    is left out is unknown, and totals are then lower bounds. It cannot be executed: `verify` and `run` stop before it.

    Shape: any -> out.
    Weights: as many values as params says.
    MACs: as macs says.
    Ops: unknown.
    """

    kind: ClassVar[str] = "opaque"
    declared = {"out": "size", "params": "learned", "macs": "multiplied"}
    operands = {"inputs": Parameter(Type.INPUTS, "the layers that it reads, if there are several")}
    executed = False

    operation: str = word("what the operation is called")
    size: Shape = shape("the output's shape, in the order of layout:")
    learned: int | None = count("number of learned values", default=None, minimum=0)
    multiplied: int | None = count("number of multiply–accumulates", default=None, minimum=0)

    @classmethod
    def written(cls) -> dict[str, Parameter]:
        return {"operation": cls.parameters["operation"], **cls.operands}

    @property
    def unknown(self) -> frozenset[str]:
        given = {figure for figure, name in self.declared.items() if getattr(self, name) is not None}
        return frozenset({"params", "macs", "ops", "connections"} - given)

    def output_shape(self, x: Shape, *others: Shape) -> Shape:
        return self.size

    def weight_shapes(self, x: Shape, *others: Shape) -> dict[str, Weight]:
        return {"weights": Weight((self.learned,))} if self.learned else {}

    def macs(self, x: Shape, *others: Shape) -> int:
        return self.multiplied or 0

    def connection_count(self, x: Shape, *others: Shape) -> int:
        return 0

    def ops(self, x: Shape, *others: Shape) -> Ops:
        return {}

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        sizes = dict(zip(AXES[self.size.rank], self.size.spatial, strict=True))
        declared = [("channels", self.size.channels), ("params", self.learned), ("macs", self.multiplied)]
        counts = (Rule(name, str(n), {}, note="as declared") for name, n in declared if n is not None)
        return *(Rule("", str(n), {}, letter, note="as declared") for letter, n in sizes.items()), *counts

"""Max unpooling: the values of a max pool go back to their places."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Weightless
from cnncalc.layers.parameters import Padding, Parameter, Size, Type, padding, size, word
from cnncalc.layers.pooling import MaxPool
from cnncalc.layers.reach import Reach, transposed_reach, unpooled_reach
from cnncalc.layers.windows import ROUNDINGS, Window
from cnncalc.shapes import AXES, Shape


@final
class Unpool(Weightless):
    """Max unpooling: each value goes back to the position of its window's maximum; all other positions are 0.

    `unpool: pool1` undoes the maxpool of that name. It has the same windows, and reads the pool's input to find the
    maxima. Of equal maxima the first one counts, row by row (PyTorch, ONNX). Frameworks keep the positions instead of
    the pool's input; peak_memory counts the input.

    Shape: (C, *out), (C, *in) -> (C, *in), where the pool makes (C, *out) of (C, *in).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input does not have the shape of the pool's output, or if the windows overlap, so that
        two values could go back to one position.
    """

    kind: ClassVar[str] = "unpool"
    operands = {"pool": Parameter(Type.LAYER, "the maxpool above that is undone", required=True)}
    copies = MaxPool.kind
    source = "Zeiler & Fergus 2013, arXiv:1311.2901, section 2.1; Badrinarayanan et al. 2015, arXiv:1511.00561"

    kernel: Size = size("the pool's window size per axis")
    stride: Size = size("the pool's stride", default_from="kernel")
    padding: Padding = padding("the pool's padding", default=0)
    dilation: Size = size("the pool's dilation", default=1)
    rounding: str = word("the pool's rounding", default="floor", words=ROUNDINGS)

    @property
    def _pool(self) -> MaxPool:
        """The pool that is undone."""
        return MaxPool(**vars(self))

    def windows(self, x: Shape, *others: Shape) -> tuple[Window, ...]:
        """The pool's window on each axis of its input, which is the second input here."""
        (pooled,) = others
        return self._pool.windows(pooled)

    def output_shape(self, x: Shape, *others: Shape) -> Shape:
        (pooled,) = others
        expected = self._pool.output_shape(pooled)
        if x != expected:
            raise ShapeError("the input {} must have the shape of the pool's output, {}", x, expected)
        for window in self.windows(x, pooled):
            if window.stride < window.effective and window.outputs() > 1:
                raise ShapeError(
                    f"the pool's windows of {window.effective} overlap at stride {window.stride}, so that two values "
                    f"could go back to one position; a stride of {window.effective} or more keeps them apart"
                )
        return pooled

    def padding_pairs(self, x: Shape, *others: Shape) -> tuple[tuple[int, int], ...]:
        return tuple((w.before, w.after) for w in self.windows(x, *others))

    def connection_count(self, x: Shape, *others: Shape) -> int:
        return 0

    def ops(self, x: Shape, *others: Shape) -> Ops:
        return {}

    def reaches(self, x: Shape, *others: Shape) -> tuple[tuple[Reach, ...], ...]:
        """Each place sees its window's value, and the whole window in the pool's input."""
        windows = self.windows(x, *others)
        values = tuple(transposed_reach(w.kernel, w.stride, w.dilation, w.before) for w in windows)
        return values, tuple(unpooled_reach(w) for w in windows)

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        (pooled,) = others
        note = "the size of what entered the pool"
        axes = zip(AXES[pooled.rank], pooled.spatial, strict=True)
        return tuple(Rule("", f"{letter}_2", {f"{letter}_2": n}, letter, note=note) for letter, n in axes)

"""Layers that join several tensors: add, mul, concat and their like."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import ACTIVATION_ONLY, Ops, Rule, Weightless
from cnncalc.layers.parameters import Parameter, Type, word
from cnncalc.layers.reach import SAME_PLACE, UNLISTED, Reach, shifted
from cnncalc.shapes import AXES, Shape

ALIGNMENTS = ("none", "center")


class Merge(Weightless):
    """A layer with several inputs. Subclasses have the field align.

    Attributes:
        operation: the one on each output value for every input but the first.
        repeats: whether a size of 1 is broadcast, so that no other input is cropped to it.
    """

    operation: ClassVar[str] = ""
    operands = {"inputs": Parameter(Type.INPUTS, "the layers to join", required=True)}
    repeats: ClassVar[bool] = False
    align: str

    def output_shape(self, x: Shape, *others: Shape) -> Shape:
        shapes = (x, *others)
        if any(s.rank != x.rank for s in shapes):
            gates = _as_maps(shapes) if self.repeats else ()
            advice = "; put '- {{reshape: {}}}' after the vector" * len(gates)
            raise ShapeError(f"the inputs {_places(shapes)} have different numbers of axes{advice}", *shapes, *gates)
        return self.joined(self._cropped(shapes) if self.align == "center" else shapes, shapes)

    def _cropped(self, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
        floor = 2 if self.repeats else 1
        smallest = [
            min((n for n in axis if n >= floor), default=1) for axis in zip(*(s.spatial for s in shapes), strict=True)
        ]
        return tuple(Shape(s.channels, tuple(map(min, s.spatial, smallest))) for s in shapes)

    def ops(self, x: Shape, *others: Shape) -> Ops:
        outputs = self.output_shape(x, *others).elements
        return {self.operation: outputs * len(others)} if self.operation else {}

    def connection_count(self, x: Shape, *others: Shape) -> int:
        return 0

    def reaches(self, x: Shape, *others: Shape) -> tuple[tuple[Reach, ...], ...]:
        """The reach into each input: shifted if align crops it."""
        shapes = (x, *others)
        cropped = self._cropped(shapes) if self.align == "center" else shapes
        if self.repeats and any(a.spatial != cropped[0].spatial for a in cropped):
            # A map of one pixel joined to a larger one: no reach means "always element 0" yet.
            return tuple((UNLISTED if 1 in a.spatial else SAME_PLACE,) * a.rank for a in cropped)
        return tuple(
            tuple(shifted((n - m) // 2) if n != m else SAME_PLACE for n, m in zip(a.spatial, b.spatial, strict=True))
            for a, b in zip(shapes, cropped, strict=True)
        )

    @abstractmethod
    def joined(self, shapes: tuple[Shape, ...], given: tuple[Shape, ...]) -> Shape:
        """The output's shape for aligned inputs; `given` are the inputs before that."""

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        shapes = (x, *others)
        values = {f"C_{i}": shape.channels for i, shape in enumerate(shapes, start=1)}
        return Rule("joined", " + ".join(values), values, shown=False), *self._sizes(shapes)

    def _sizes(self, shapes: tuple[Shape, ...]) -> Iterator[Rule]:
        """The rule of each axis on which the inputs differ."""
        for axis, letter in enumerate(AXES[shapes[0].rank]):
            sizes = {f"{letter}_{i}": shape.spatial[axis] for i, shape in enumerate(shapes, start=1)}
            if len(set(sizes.values())) > 1:
                # A size of 1 that is broadcast is not the size that others are cropped to.
                cropped = [name for name, n in sizes.items() if n > 1 or not self.repeats]
                names, function = (cropped, "min") if self.align == "center" else (list(sizes), "max")
                yield Rule("", _nested(function, names), sizes, letter)


def _nested(function: str, names: Sequence[str]) -> str:
    """A function of two arguments for any number of them: `max(max(a, b), c)`."""
    return reduce(lambda one, other: f"{function}({one}, {other})", names)


@final
class Add(Merge):
    """Sum of tensors of the same shape.

    Shape: (C, *in), (C, *in), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: an add for each output value and every input but the first.
    Raises: ShapeError if the shapes differ (with align center: the channels).
    """

    kind: ClassVar[str] = "add"
    operation = "add"
    followers = ACTIVATION_ONLY
    source = "He et al. 2015, arXiv:1512.03385"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)

    def joined(self, shapes: tuple[Shape, ...], given: tuple[Shape, ...]) -> Shape:
        if any(s != shapes[0] for s in shapes):
            raise ShapeError(f"the inputs {_places(shapes)} must have the same shape", *given)
        return shapes[0]


class Repeating(Merge):
    """A merge in which a size of 1 is broadcast, so that a gate of one pixel scales whole maps."""

    repeats = True

    def joined(self, shapes: tuple[Shape, ...], given: tuple[Shape, ...]) -> Shape:
        sizes = tuple(max(axis) for axis in zip(*(s.sizes() for s in shapes), strict=True))
        if any(n not in (1, largest) for s in shapes for n, largest in zip(s.sizes(), sizes, strict=True)):
            raise ShapeError(f"the inputs {_places(shapes)} must have the same sizes, or size 1", *given)
        return Shape.of(sizes)

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        joined, *sizes = super().rules(x, *others)
        differ = any(shape.channels != x.channels for shape in others)
        largest = Rule("channels", _nested("max", list(joined.values)), joined.values)
        return joined, *((largest,) if differ else ()), *sizes


@final
class Mul(Repeating):
    """Product of tensors, value by value; a size of 1 is broadcast, as the gates of squeeze-and-excitation are.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: a mul for each output value and every input but the first.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "mul"
    operation = "mul"
    followers = ACTIVATION_ONLY
    source = "Hu et al. 2017, arXiv:1709.01507"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)


@final
class Subtract(Repeating):
    """The first tensor minus all others; a size of 1 is broadcast.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: an add for each output value and every input but the first.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "subtract"
    operation = "add"
    followers = ACTIVATION_ONLY
    source = "Keras Subtract, PyTorch sub"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)


@final
class Divide(Repeating):
    """The first tensor divided by all others; a size of 1 is broadcast.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: a div for each output value and every input but the first.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "divide"
    operation = "div"
    followers = ACTIVATION_ONLY
    source = "PyTorch div, keras.ops.divide"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)


@final
class Maximum(Repeating):
    """The largest value of the tensors at each place; a size of 1 is broadcast.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: a cmp for each output value and every input but the first.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "maximum"
    operation = "cmp"
    followers = ACTIVATION_ONLY
    source = "Keras Maximum, PyTorch maximum"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)


@final
class Minimum(Repeating):
    """The smallest value of the tensors at each place; a size of 1 is broadcast.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: a cmp for each output value and every input but the first.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "minimum"
    operation = "cmp"
    followers = ACTIVATION_ONLY
    source = "Keras Minimum, PyTorch minimum"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)


@final
class Average(Repeating):
    """The mean of the tensors at each place; a size of 1 is broadcast.

    Shape: (C, *in), (C, 1, ...), ... -> (C, *in).
    Weights: none.
    MACs: none.
    Ops: an add for each output value and every input but the first, and a div for each output value.
    Raises: ShapeError if a size differs and is not 1.
    """

    kind: ClassVar[str] = "average"
    operation = "add"
    followers = ACTIVATION_ONLY
    source = "Keras Average"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)

    def ops(self, x: Shape, *others: Shape) -> Ops:
        return {**super().ops(x, *others), "div": self.output_shape(x, *others).elements}


@final
class MatMul(Merge):
    """Product of two matrices: of images height x width, for each channel; of sequences channels x length.

    Shape: (C, *rows, M, K), (C, *rows, K, N) -> (C, *rows, M, N); (M, K), (K, N) -> (M, N).
    Weights: none.
    MACs: out elements * K: products of activations count.
    Ops: a mac for each MAC.
    Raises: ShapeError if there are not two matrices, or K or the axes before it differ.
    """

    kind: ClassVar[str] = "matmul"
    source = "PyTorch matmul, ONNX MatMul"

    @property
    def sees_everything(self) -> bool:
        return True

    def output_shape(self, x: Shape, *others: Shape) -> Shape:
        shapes = (x, *others)
        if len(shapes) != 2 or any(not s.spatial for s in shapes) or x.rank != others[0].rank:
            raise ShapeError(f"needs two matrices, not {_places(shapes)}", *shapes)
        (*outer, m, k), (*other_outer, k_2, n) = (shape.sizes() for shape in shapes)
        if k != k_2 or outer != other_outer:
            message = f"the rows of {{}} have {k} values, the columns of {{}} have {k_2}; the two must be equal"
            if k == k_2:
                message = "{} and {} differ in the axes before the last two"
            raise ShapeError(message, *shapes)
        return Shape.of((*outer, m, n))

    def joined(self, shapes: tuple[Shape, ...], given: tuple[Shape, ...]) -> Shape:
        return self.output_shape(*shapes)

    def macs(self, x: Shape, *others: Shape) -> int:
        return self.output_shape(x, *others).elements * x.sizes()[-1]

    def ops(self, x: Shape, *others: Shape) -> Ops:
        return {"mac": self.macs(x, *others)}

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        letters = ("C", *AXES[x.rank])
        values = dict(zip((f"{letter}_1" for letter in letters), x.sizes(), strict=True))
        values[f"{letters[-1]}_2"] = others[0].spatial[-1]
        out = "*".join((*(f"{letter}_1" for letter in letters[:-1]), f"{letters[-1]}_2"))
        last = Rule("", f"{letters[-1]}_2", values, letters[-1], note="the width of the second")
        return last, Rule("macs", f"{out}*{letters[-1]}_1", values, note="products of activations")


@final
class Concat(Merge):
    """Concatenation of tensors along the channels.

    Shape: (C1, *in), (C2, *in), ... -> (C1 + C2 + ..., *in).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the maps differ in size (unless align is center, which crops).
    """

    kind: ClassVar[str] = "concat"
    source = "Szegedy et al. 2014, arXiv:1409.4842"

    align: str = word("center crops the larger maps to the smallest", default="none", words=ALIGNMENTS)

    def joined(self, shapes: tuple[Shape, ...], given: tuple[Shape, ...]) -> Shape:
        if any(s.spatial != shapes[0].spatial for s in shapes):
            message = "differ in size, and concat joins channels only; crop or pad the maps; "
            message += "'align: center' of concat crops the larger"
            raise ShapeError(f"the maps of {_places(shapes)} {message}", *given)
        return Shape(sum(s.channels for s in shapes), shapes[0].spatial)

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        joined, *sizes = super().rules(x, *others)
        return joined, Rule("channels", "joined", {}), *sizes


def _as_maps(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The map of one pixel for a vector that is joined to maps: fc makes the gate of squeeze-and-excitation."""
    rank = max(s.rank for s in shapes)
    return tuple(Shape(channels, (1,) * rank) for channels in dict.fromkeys(s.channels for s in shapes if not s.rank))


def _places(shapes: tuple[Shape, ...]) -> str:
    """A `{}` for each shape: `{}, {} and {}`."""
    return ", ".join(["{}"] * (len(shapes) - 1)) + " and {}" if len(shapes) > 1 else "{}"

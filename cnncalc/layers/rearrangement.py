"""Layers that move values without computing: flatten, resize, pad, crop, slice, shuffle, reshape."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Rule, Weightless, require_map
from cnncalc.layers.derivations import axis_rules
from cnncalc.layers.parameters import (
    MAX_REAL,
    PADDING_MODES,
    Padding,
    Range,
    channel_range,
    count,
    crop,
    order,
    padding,
    shape,
    word,
)
from cnncalc.layers.reach import Reach, shifted
from cnncalc.layers.windows import require_values
from cnncalc.shapes import AXES, Shape, by_axis, letters_of


@final
class Flatten(Weightless):
    """All values in one vector, as `fc` needs them; with axes spatial, all positions in one sequence.

    Shape: (C, *in) -> (C * prod(in)), or (C, prod(in)) for spatial.
    Weights: none.
    MACs: none.
    Raises: ShapeError if axes is spatial and the input is a vector.
    """

    kind: ClassVar[str] = "flatten"
    sees_everything = True

    axes: str = word("which axes become one", default="all", words=("all", "spatial"))

    def output_shape(self, x: Shape) -> Shape:
        if self.axes == "all":
            return Shape(x.elements)
        require_map(x)
        return Shape(x.channels, (prod(x.spatial),))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        if self.axes == "spatial":
            sizes = dict(zip(AXES[x.rank], x.spatial, strict=True))
            return (Rule("", "*".join(sizes), sizes, "L"),)
        values = {"C": x.channels} | dict(zip(AXES[x.rank], x.spatial, strict=True))
        channels = Rule("channels", "features", {"features": x.elements}, shown=False)
        return Rule("features", "*".join(values), values), channels


@final
class ZeroPad(Weightless):
    """Padding with zeros around the map, or with what mode says; a negative number crops first.

    Values that mode repeats beyond the border do not widen the receptive field.

    Shape: (C, *in) -> (C, *(in + before + after)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is a vector, if the padding is a word, if nothing of the map is left, or if it is
        too small for mode.
    """

    kind: ClassVar[str] = "zeropad"
    presets = {
        "reflection_pad": {"mode": "reflect"},
        "replication_pad": {"mode": "replicate"},
        "circular_pad": {"mode": "circular"},
    }

    padding: Padding = padding("values per axis, or [[before, after], ...]", minimum=-MAX_REAL)
    mode: str = word("what is added", default="zeros", words=PADDING_MODES)

    def padding_pairs(self, x: Shape) -> tuple[tuple[int, int], ...]:
        if isinstance(self.padding, str):
            raise ShapeError(f"padding '{self.padding}' is for layers with a window; write how many zeros to add")
        return self.padding

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        pairs = self.padding_pairs(x)
        added = tuple((max(before, 0), max(after, 0)) for before, after in pairs)
        sizes = tuple(n + sum(pair) for n, pair in zip(x.spatial, pairs, strict=True))
        kept = Shape(x.channels, tuple(n - sum(pair) for n, pair in zip(sizes, added, strict=True)))
        if min(kept.spatial) < 1:
            raise ShapeError(f"the padding {[list(pair) for pair in pairs]} leaves nothing of the map {{}}", x)
        require_values(kept, added, self.mode)
        return Shape(x.channels, sizes)

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(shifted(-before) for before, _ in self.padding_pairs(x))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        before, after = zip(*self.padding_pairs(x), strict=True)
        return axis_rules(x.spatial, "{} + P_before + P_after", {"P_before": before, "P_after": after})


@final
class Crop(Weightless):
    """Cropping to the centre of the map, or by given amounts on each side; an odd border loses one more at the end.

    Shape: (C, *in) -> (C, *size), or (C, *(in - before - after)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is smaller than size, or nothing is left.
    """

    kind: ClassVar[str] = "crop"

    size: tuple[Any, ...] = crop("the size that is kept, or the amounts that are cut")

    def cuts(self, x: Shape) -> tuple[tuple[int, int], ...]:
        """(before, after): the places cut from each axis."""
        centred = (
            ((n - wanted) // 2, -(-(n - wanted) // 2)) if isinstance(wanted, int) else wanted
            for n, wanted in zip(x.spatial, self.size, strict=True)
        )
        return tuple(centred)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        sizes = tuple(n - before - after for n, (before, after) in zip(x.spatial, self.cuts(x), strict=True))
        if min(sizes) < 1:
            raise ShapeError(f"{[list(pair) for pair in self.cuts(x)]} leaves nothing of the map {{}}", x)
        if any(before < 0 for before, _ in self.cuts(x)) or any(after < 0 for _, after in self.cuts(x)):
            raise ShapeError(f"size {by_axis(self.size)} is larger than the input {by_axis(x.spatial)}")
        return Shape(x.channels, sizes)

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(shifted(before) for before, _ in self.cuts(x))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        if not isinstance(self.size[0], int):
            before, after = zip(*self.cuts(x), strict=True)
            return axis_rules(x.spatial, "{} - P_before - P_after", {"P_before": before, "P_after": after})
        cut = []
        for rule in axis_rules(x.spatial, "{} - size", {"size": self.size}):
            border = rule.values[rule.axis] - rule.values["size"]
            note = f"{border // 2} before, {border - border // 2} after"
            cut.append(rule._replace(symbol="cut", label="total cut", note=note))
        sizes = axis_rules(x.spatial, "size", {"size": self.size})
        return *cut, *(rule._replace(shown=False) for rule in sizes)


@final
class Slice(Weightless):
    """A range of the channels, or of the positions along an axis: `slice: 0..in/2`, `slice: {L: 0..1}`.

    Shape: (C, *in) -> to - from of each axis that is sliced.
    Weights: none.
    MACs: none.
    Raises: ShapeError if there is no range, or if a range is empty, goes past the input or names an axis that the
        input does not have.
    """

    kind: ClassVar[str] = "slice"

    channels: Range = channel_range("the channels to keep: 0..in/2 is the first half", default=None)
    L: Range = channel_range("the positions to keep of a sequence", default=None)
    D: Range = channel_range("the positions to keep along the depth", default=None)
    H: Range = channel_range("the rows to keep", default=None)
    W: Range = channel_range("the columns to keep", default=None)

    def ranges(self, x: Shape) -> dict[str, tuple[int, int]]:
        """The range that is kept of each sliced axis, by its letter."""
        given = {"C": self.channels, "L": self.L, "D": self.D, "H": self.H, "W": self.W}
        sizes = dict(zip(letters_of(x.rank), x.sizes(), strict=True))
        kept = {letter: kept for letter, kept in given.items() if kept is not None}
        if not kept:
            raise ShapeError("the range is missing; write {{slice: 0..in/2}} for channels or {{slice: {{H: 0..4}}}}")
        for letter, (start, stop) in kept.items():
            if letter not in sizes:
                raise ShapeError(f"the input {{}} has no {letter}; its axes are {', '.join(sizes)}", x)
            if not start < stop <= sizes[letter]:
                raise ShapeError(_not_there(letter, start, stop, sizes[letter]))
        return kept

    def output_shape(self, x: Shape) -> Shape:
        kept = self.ranges(x)
        sizes = zip(letters_of(x.rank), x.sizes(), strict=True)
        return Shape.of(tuple(kept[letter][1] - kept[letter][0] if letter in kept else n for letter, n in sizes))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        kept = self.ranges(x)
        return tuple(shifted(kept[letter][0] if letter in kept else 0) for letter in AXES[x.rank])

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return tuple(
            Rule("channels" if letter == "C" else "", "to - start", {"to": stop, "start": start}, letter.strip("C"))
            for letter, (start, stop) in self.ranges(x).items()
        )


def _not_there(letter: str, start: int, stop: int, size: int) -> str:
    what, verb = ("channels", "are") if letter == "C" else (letter, "is")
    wrong = f"{verb} not within the input's 0..{size}"
    if start >= stop:
        wrong = f"{'hold' if letter == 'C' else 'holds'} nothing: the last is not included"
    return f"{what} {start}..{stop} {wrong}"


@final
class Shuffle(Weightless):
    """Channel shuffle: the first channel of every group, then the second of every group, and so on.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Raises: ShapeError if groups does not divide C.
    """

    kind: ClassVar[str] = "shuffle"
    source = "Zhang et al. 2017, arXiv:1707.01083, section 3.1"

    groups: int = count("number of groups that the channels are split into", aliases=("group",))

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % self.groups:
            raise ShapeError(f"groups {self.groups} must divide the {x.channels} channels")
        return x


@final
class Reshape(Weightless):
    """The same values in another shape, read and filled in channels-first order.

    Shape: (C, *in) -> size, with the same number of values.
    Weights: none.
    MACs: none.
    Raises: ShapeError if the number of values differs.
    """

    kind: ClassVar[str] = "reshape"
    sees_everything = True

    size: Shape = shape("the new shape, in the order of layout:")

    def output_shape(self, x: Shape) -> Shape:
        if self.size.elements != x.elements:
            values = f"holds {self.size.elements} values, but the input {{}} has {x.elements}"
            raise ShapeError(f"size {{}} {values}", self.size, x)
        return self.size

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C": self.size.channels} | dict(zip(AXES[self.size.rank], self.size.spatial, strict=True))
        axes = (Rule("", letter, values, letter, shown=False) for letter in AXES[self.size.rank])
        whole = Rule("values", "*".join(values), values, note="as many as before")
        return whole, Rule("channels", "C", values, shown=False), *axes


@final
class Permute(Weightless):
    """The axes in another order: `permute: [L, C]` makes the positions of a sequence its channels.

    Shape: (C, *in) -> the same sizes in the given order.
    Weights: none.
    MACs: none.
    Raises: ShapeError if the order does not name each axis of the input once.
    """

    kind: ClassVar[str] = "permute"
    sees_everything = True

    order: tuple[str, ...] = order("the input's axis for each axis of the output, as [L, C]")

    def _places(self, x: Shape) -> tuple[int, ...]:
        letters = letters_of(x.rank)
        if sorted(self.order) != sorted(letters):
            wanted, found = ", ".join(letters), ", ".join(self.order)
            raise ShapeError(f"the axes of {{}} are {wanted}; the order {found} does not name each of them once", x)
        return tuple(map(letters.index, self.order))

    def output_shape(self, x: Shape) -> Shape:
        return Shape.of(tuple(x.sizes()[place] for place in self._places(x)))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        letters = letters_of(x.rank)
        values = dict(zip(letters, x.sizes(), strict=True))
        symbols = {"channels" if new == "C" else new: old for new, old in zip(letters, self.order, strict=True)}
        return tuple(
            Rule("channels" if new == "channels" else "", old, values, "" if new == "channels" else new)
            for new, old in symbols.items()
        )

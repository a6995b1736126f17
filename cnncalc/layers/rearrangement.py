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
    """All values in one vector, as `fc` needs them; spatial: the positions in one row, as attention reads them.

    Shape: (C, *in) -> (C * prod(in)), or (C, prod(in)) for spatial.
    Weights: none.
    MACs: none.
    Raises: ShapeError if the positions of a vector are asked for.
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
    """Zeros added around the map, or what mode says; a negative number cuts as many.

    The receptive field is that of the map itself: what mode repeats beyond the border is not followed.

    Shape: (C, *in) -> (C, *(in + before + after)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is a vector, if the padding is a word, as no window gives it a meaning, if
        nothing is left, or if the map has not the values that mode repeats.
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
            raise ShapeError(f"padding '{self.padding}' belongs to a window; write how many zeros to add")
        return self.padding

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        pairs = self.padding_pairs(x)
        require_values(x, pairs, self.mode)
        sizes = tuple(n + before + after for n, (before, after) in zip(x.spatial, pairs, strict=True))
        if min(sizes) < 1:
            raise ShapeError(f"the padding {[list(pair) for pair in pairs]} leaves nothing of the map {{}}", x)
        return Shape(x.channels, sizes)

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(shifted(-before) for before, _ in self.padding_pairs(x))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        before, after = zip(*self.padding_pairs(x), strict=True)
        return axis_rules(x.spatial, "{} + P_before + P_after", {"P_before": before, "P_after": after})


@final
class Crop(Weightless):
    """The centre of the map; where the border is odd, one more is cut at the end. Or what is cut on each side.

    Shape: (C, *in) -> (C, *size), or (C, *(in - before - after)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is smaller than size, or nothing is left.
    """

    kind: ClassVar[str] = "crop"

    size: tuple[Any, ...] = crop("what stays, or is cut")

    def cuts(self, x: Shape) -> tuple[tuple[int, int], ...]:
        """(before, after) that is cut from each axis."""
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
            cut.append(rule._replace(symbol="cut", label="cut in all", note=note))
        sizes = axis_rules(x.spatial, "size", {"size": self.size})
        return *cut, *(rule._replace(shown=False) for rule in sizes)


@final
class Slice(Weightless):
    """Some of the channels.

    Shape: (C, *in) -> (to - from, *in).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the range is empty or reaches past C.
    """

    kind: ClassVar[str] = "slice"

    channels: tuple[int, int] = channel_range("the channels to keep, 0..in/2: from 0 up to, but without, in/2")

    def output_shape(self, x: Shape) -> Shape:
        start, stop = self.channels
        if not start < stop <= x.channels:
            wrong = (
                f"are not within the input's 0..{x.channels}"
                if start < stop
                else "hold nothing: the last is not included"
            )
            raise ShapeError(f"channels {start}..{stop} {wrong}")
        return Shape(stop - start, x.spatial)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        start, stop = self.channels
        return (Rule("channels", "to - start", {"to": stop, "start": start}),)


@final
class Shuffle(Weightless):
    """Channel shuffle: channel i of each group side by side.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Raises: ShapeError if groups does not divide C.
    """

    kind: ClassVar[str] = "shuffle"
    source = "Zhang et al. 2017, arXiv:1707.01083, section 3.1"

    groups: int = count("parts that the channels are split into", aliases=("group",))

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % self.groups:
            raise ShapeError(f"groups {self.groups} must divide the {x.channels} channels")
        return x


@final
class Reshape(Weightless):
    """The same values, in channels-first order, under another shape.

    Shape: (C, *in) -> size, which must hold as many values.
    Weights: none.
    MACs: none.
    Raises: ShapeError if the number of values differs.
    """

    kind: ClassVar[str] = "reshape"
    sees_everything = True

    size: Shape = shape("the new shape, in the order of layout:")

    def output_shape(self, x: Shape) -> Shape:
        if self.size.elements != x.elements:
            values = f"holds {self.size.elements} values but the input {{}} has {x.elements}"
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

    Shape: (C, *in) -> the sizes in the given order.
    Weights: none.
    MACs: none.
    Raises: ShapeError if the order does not name each axis of the input once.
    """

    kind: ClassVar[str] = "permute"
    sees_everything = True

    order: tuple[str, ...] = order("the axis that comes to each place, in the order of layout:, as [L, C]")

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

"""Attention: every position reads the others, weighted by how well its query matches their keys."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Layer, Ops, Rule, Weight, require_map
from cnncalc.layers.parameters import Parameter, Size, Type, count, flag, size, word
from cnncalc.layers.reach import MAX_PERIOD, UNLISTED, Reach
from cnncalc.shapes import AXES, Shape

HIDDEN = 512
"""The hidden units of the network for relative positions (Liu et al. 2022, section 3.3)."""


@final
class Attention(Layer):
    """Multi-head attention of the positions to one another; with a memory, to the positions of another layer.

    Queries, keys and values are projections of the channels, and so is the output. Without a window every position
    attends to all. A map that windows do not divide is padded with zeros at the end. With a shift, windows wrap
    around the border, and pairs of positions that are not neighbours are masked.

    Shape: unchanged.
    Weights: q_weight (inner, C), k_weight (inner, C), v_weight (inner, C), out_weight (C, inner), with inner =
        heads*head_size; for keys and values, C is that of the memory. q_bias (inner), k_bias (inner), v_bias (inner)
        if qkv_bias; out_bias (C) if bias. If relative is table: relative_table (prod(2*window - 1), heads); if it is
        mlp: hidden_weight (512, axes), hidden_bias (512), relative_weight (heads, 512). logit_scale (heads) if cosine.
    MACs: the projections, N*C*inner each for q, k, v and out; the products of queries with keys and of attention
        weights with values, 2*N*T*inner, if each of N positions attends to T. Padded and masked positions count; the
        network for relative positions counts once.
    Ops: a mac for each MAC, an add for each bias, a mul for each score and the ops of its softmax; if relative, an add
        for each score; if cosine, a mul, an add and a div for each value of queries and keys.
    Raises: ShapeError if the input is a vector, heads does not divide C, or the settings exclude one another.
    """

    kind: ClassVar[str] = "attention"
    operands = {"memory": Parameter(Type.LAYER, "the layer whose positions are attended to; its own by default")}
    source = "Vaswani et al. 2017, arXiv:1706.03762; Liu et al. 2021, arXiv:2103.14030, and 2022, arXiv:2111.09883"

    heads: int = count("number of heads, which attend separately", aliases=("num_heads",))
    head_size: int = count("channels of a head; 0 for C/heads", default=0, minimum=0, aliases=("head_dim", "key_dim"))
    window: Size = size("size per axis of the windows that attention stays in; 0 for none", default=0, minimum=0)
    shift: Size = size("how far the windows are moved", default=0, minimum=0)
    grid: bool = flag("whether a window's positions are spread evenly over the map (MaxViT)", default=False)
    relative: str = word(
        "learned bias for each relative position: from a table (Swin), or from a small network (SwinV2)",
        default="none",
        words=("none", "table", "mlp"),
    )
    cosine: bool = flag("whether scores are cosines, times a learned factor for each head", default=False)
    bias: bool = flag("a learned offset for each channel of the output", default=True, aliases=("use_bias",))
    qkv_bias: bool = flag("a learned offset for each value of queries, keys and values", default_from="bias")

    @property
    def sees_everything(self) -> bool:
        return self.grid or not any(self.window)

    def output_shape(self, x: Shape, *others: Shape) -> Shape:
        for shape in (x, *others):
            require_map(shape)
        if not self.head_size and x.channels % self.heads:
            raise ShapeError(f"heads {self.heads} must divide the {x.channels} channels; else write head_size")
        if others and (any(self.window) or self.relative != "none"):
            raise ShapeError("window and relative are for the positions of one map; leave them out, or memory")
        if any(s and s >= w for s, w in zip(self.shift, self.window, strict=True)):
            by = "x".join
            raise ShapeError(
                f"shift {by(map(str, self.shift))} must be smaller than window {by(map(str, self.window))}"
            )
        if self.grid and (any(self.shift) or not all(self.window)):
            raise ShapeError("grid needs a window on each axis, and no shift")
        return x

    def _inner(self, x: Shape) -> int:
        return self.heads * self.head_size or x.channels

    def _windows(self, x: Shape) -> Size:
        """The sizes of a window: the whole axis for 0."""
        return tuple(w or n for w, n in zip(self.window, x.spatial, strict=True))

    def _positions(self, x: Shape, *others: Shape) -> tuple[int, int]:
        """N and T: the positions that attend, with those of the padding, and the number that each attends to."""
        windows = self._windows(x)
        padded = prod(-(-n // w) * w for n, w in zip(x.spatial, windows, strict=True))
        return padded, prod(others[0].spatial) if others else prod(windows)

    def _cells(self, x: Shape) -> int:
        return prod(2 * w - 1 for w in self._windows(x))

    def weight_shapes(self, x: Shape, *others: Shape) -> dict[str, Weight]:
        inner, memory = self._inner(x), (others or (x,))[0].channels
        shapes: dict[str, tuple[int, ...]] = {}
        for name, entering in (("q", x.channels), ("k", memory), ("v", memory)):
            shapes[f"{name}_weight"] = (inner, entering)
            shapes |= {f"{name}_bias": (inner,)} if self.qkv_bias else {}
        shapes |= {"out_weight": (x.channels, inner)} | ({"out_bias": (x.channels,)} if self.bias else {})
        if self.relative == "table":
            shapes["relative_table"] = (self._cells(x), self.heads)
        elif self.relative == "mlp":
            hidden = {"hidden_weight": (HIDDEN, x.rank), "hidden_bias": (HIDDEN,)}
            shapes |= {**hidden, "relative_weight": (self.heads, HIDDEN)}
        shapes |= {"logit_scale": (self.heads,)} if self.cosine else {}
        return {name: Weight(shape) for name, shape in shapes.items()}

    def macs(self, x: Shape, *others: Shape) -> int:
        (n, t), inner, memory = self._positions(x, *others), self._inner(x), (others or (x,))[0]
        projected = 2 * n * x.channels + 2 * (t if others else n) * memory.channels
        network = self._cells(x) * HIDDEN * (x.rank + self.heads) if self.relative == "mlp" else 0
        return (projected + 2 * n * t) * inner + network

    def held_at_work(self, x: Shape, *others: Shape) -> int:
        """The values of queries, keys, values and weighted values, and three times the scores, for their softmax."""
        n, t = self._positions(x, *others)
        return 3 * n * t * self.heads + 2 * (n + t) * self._inner(x)

    def connection_count(self, x: Shape, *others: Shape) -> int:
        return self.macs(x, *others) + self._offsets(x, *others)

    def _offsets(self, x: Shape, *others: Shape) -> int:
        """The additions of biases."""
        n, t = self._positions(x, *others)
        values = (n + 2 * (t if others else n)) * self._inner(x) if self.qkv_bias else 0
        return values + (n * x.channels if self.bias else 0)

    def ops(self, x: Shape, *others: Shape) -> Ops:
        n, t = self._positions(x, *others)
        scores, rows, normed = n * t * self.heads, n * self.heads, 2 * n * self._inner(x) if self.cosine else 0
        added = scores if self.relative != "none" else 0
        return {
            "mac": self.macs(x, *others),
            "cmp": scores - rows,
            "add": self._offsets(x, *others) + 2 * scores - rows + added + normed,
            "mul": scores + normed,
            "exp": scores,
            "div": scores + normed,
        }

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(map(_window_reach, x.spatial, self.window, self.shift))

    def rules(self, x: Shape, *others: Shape) -> tuple[Rule, ...]:
        (n, t), axes = self._positions(x, *others), AXES[x.rank]
        values = {"C": x.channels, "heads": self.heads, "head_size": self.head_size, "hidden": HIDDEN, "axes": x.rank}
        values |= dict(zip(axes, x.spatial, strict=True))
        values |= {f"w_{letter.lower()}": w for letter, w in zip(axes, self._windows(x), strict=True)}
        values |= {"C_2": others[0].channels} if others else {}
        inner = "heads*head_size" if self.head_size else "C"
        params = [f"2*C*{inner} + 2*C_2*{inner}" if others else f"4*C*{inner}"]
        params += [f"3*{inner}"] * self.qkv_bias + ["C"] * self.bias
        params += ["distances*heads"] * (self.relative == "table") + ["hidden*(axes + 1 + heads)"] * (
            self.relative == "mlp"
        )
        params += ["heads"] * self.cosine
        macs = f"2*N*C*{inner} + 2*T*C_2*{inner}" if others else f"4*N*C*{inner}"
        macs += f" + 2*N*T*{inner}" + " + distances*hidden*(axes + heads)" * (self.relative == "mlp")
        cells = "*".join(f"(2*w_{letter.lower()} - 1)" for letter in axes)
        found = (*self._position_rules(values, others), Rule("distances", cells, values))
        kept = found if self.relative != "none" else found[:-1]
        sizes = {"N": n, "T": t, "distances": self._cells(x)}
        return *kept, Rule("params", " + ".join(params), values | sizes), Rule("macs", macs, values | sizes)

    def _position_rules(self, values: dict[str, int], others: tuple[Shape, ...]) -> tuple[Rule, ...]:
        """The rules of N and T."""
        axes = [name for name in values if name in ("L", "D", "H", "W")]
        every, window = "*".join(axes), "*".join(f"w_{letter.lower()}" for letter in axes)
        padded = "*".join(f"ceil({letter}/w_{letter.lower()})*w_{letter.lower()}" for letter in axes)
        windowed = any(self.window)
        memory = (
            dict(zip((f"{letter}_2" for letter in AXES[others[0].rank]), others[0].spatial, strict=True))
            if others
            else {}
        )
        attended = "*".join(memory) or (window if windowed else every)
        return (
            Rule("N", padded if windowed else every, values, label="positions N"),
            Rule("T", attended, values | memory, label="attended to, T"),
        )


def _window_reach(n: int, window: int, shift: int) -> Reach:
    """Each output sees its window, whose first begins at the shift."""
    if not 0 < window <= MAX_PERIOD:
        return UNLISTED
    shift = shift if window < n else 0
    seen = ((shift - window, shift - 1) if place < shift else (shift, shift + window - 1) for place in range(window))
    return Reach(tuple(seen), window)

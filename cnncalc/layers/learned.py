"""Learned values without products: tokens before a sequence, an offset for each position, a vector for each id."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Rule, Unweighing, Weight, require_map
from cnncalc.layers.parameters import count
from cnncalc.layers.reach import Reach, shifted
from cnncalc.shapes import AXES, Shape


@final
class Tokens(Unweighing):
    """Learned tokens put before a sequence (the class token of ViT).

    Shape: (C, L) -> (C, number + L).
    Weights: weight (number, C).
    MACs: none.
    Raises: ShapeError if the input is not a sequence.
    """

    kind: ClassVar[str] = "tokens"
    source = "Dosovitskiy et al. 2020, arXiv:2010.11929, section 3.1"

    number: int = count("number of tokens", default=1)

    def output_shape(self, x: Shape) -> Shape:
        if x.rank != 1:
            raise ShapeError("needs a sequence CxL, but {} enters; put '- {{flatten: spatial}}' before it", x)
        return Shape(x.channels, (self.number + x.spatial[0],))

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return {"weight": Weight((self.number, x.channels))}

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return (shifted(-self.number),)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"L": x.spatial[0], "number": self.number, "C": x.channels}
        return Rule("", "number + L", values, "L"), Rule("params", "number*C", values)


@final
class Positions(Unweighing):
    """A learned offset for each position and channel (the position embedding of ViT).

    Shape: unchanged.
    Weights: weight (*in, C).
    MACs: none.
    Ops: an add for each value.
    Raises: ShapeError if the input is a vector.
    """

    kind: ClassVar[str] = "positions"
    per_element = {"add": 1}
    source = "Dosovitskiy et al. 2020, arXiv:2010.11929, section 3.1"

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        return x

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return {"weight": Weight((*x.spatial, x.channels))}

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C": x.channels} | dict(zip(AXES[x.rank], x.spatial, strict=True))
        return (Rule("params", "*".join(values), values),)


@final
class Embedding(Unweighing):
    """A learned vector for each id; the input is a vector of ids, which are whole numbers from 0.

    Shape: (L) -> (size, L).
    Weights: weight (ids, size).
    MACs: none; a row is looked up.
    Raises: ShapeError if the input is not a vector.
    """

    kind: ClassVar[str] = "embedding"
    sees_everything = True
    source = "Bengio et al. 2003, JMLR 3; PyTorch's and Keras' Embedding"

    ids: int = count("number of ids", aliases=("num_embeddings", "input_dim"))
    size: int = count("number of values of each vector", aliases=("embedding_dim", "output_dim", "dim"))

    def output_shape(self, x: Shape) -> Shape:
        if x.spatial:
            raise ShapeError("needs a vector of ids, but {} enters; write 'input: {{L: N}}' for N ids", x)
        return Shape(self.size, (x.channels,))

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return {"weight": Weight((self.ids, self.size))}

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"ids": self.ids, "size": self.size, "C_in": x.channels}
        length = Rule("", "C_in", values, "L", shown=False)
        return Rule("channels", "size", values, shown=False), length, Rule("params", "ids*size", values)

"""Recurrent layers: rnn, lstm and gru step along a sequence and keep a state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Layer, Ops, Rule, Weight
from cnncalc.layers.parameters import USUAL, count, flag, word
from cnncalc.shapes import Shape

LAST_OR_ALL = {"true": "all", "false": "last"}
"""The meaning of Keras' return_sequences."""


UNITS: int = count("size of the hidden state", aliases=("hidden_size",))
LAYERS: int = count("stacked layers; each reads all steps of the one below", default=1, aliases=("num_layers",))
BIDIRECTIONAL: bool = flag("whether a second layer reads backwards; its outputs come after", default=False)
STEPS: str = word(
    "which states are the output: the last one, as a vector, or those of all steps",
    default="last",
    words=("last", "all"),
    aliases=("return_sequences",),
    alias_words=LAST_OR_ALL,
)


def _biases(doc: str, **default: Any) -> Any:
    bias = ("bias", "use_bias")
    words = {"false": "0", "true": USUAL}
    return count(doc, **default, minimum=0, aliases=bias, alias_words=words, differs=True)


KERAS_BIASES: int = _biases("bias vectors: 1 as in Keras, 2 as in PyTorch, 0 for none", default=1)


class Recurrent(Layer):
    """A layer that steps along a sequence. Subclasses have the fields below.

    Attributes:
        gates: weighted sums of input and state for each unit.
        per_unit: the operations on each unit in a step, besides those sums.
    """

    sees_everything = True
    gates: ClassVar[int]
    per_unit: ClassVar[Ops]
    units: int
    layers: int
    bidirectional: bool
    steps: str
    biases: int

    @property
    def directions(self) -> int:
        """The number of directions in which the sequence is read."""
        return 2 if self.bidirectional else 1

    def output_shape(self, x: Shape) -> Shape:
        if x.rank != 1:
            hint = (
                "the layer before it may need 'steps: all'" if not x.rank else "put '- {{flatten: spatial}}' before it"
            )
            raise ShapeError(f"needs a sequence CxL, but {{}} enters; {hint}", x)
        if self.biases > 2:
            raise ShapeError(f"biases is {self.biases}, but must be 1 (Keras), 2 (PyTorch) or 0")
        return Shape(self.directions * self.units, x.spatial if self.steps == "all" else ())

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        rows, weights = self.gates * self.units, {}
        for name, entering in self._parts(x):
            weights[f"weight_ih_{name}"] = Weight((rows, entering))
            weights[f"weight_hh_{name}"] = Weight((rows, self.units))
            for bias in ((), ("bias",), ("bias_ih", "bias_hh"))[self.biases]:
                weights[f"{bias}_{name}"] = Weight((rows,))
        return weights

    def _parts(self, x: Shape) -> Iterator[tuple[str, int]]:
        """The name of each layer and direction, as PyTorch has it, and the values that enter it."""
        for number in range(self.layers):
            entering = self.directions * self.units if number else x.channels
            for way in ("", "_reverse")[: self.directions]:
                yield f"l{number}{way}", entering

    def macs(self, x: Shape) -> int:
        entering = sum(entering for _, entering in self._parts(x))
        both = entering + self.layers * self.directions * self.units
        return x.spatial[0] * self.gates * self.units * both

    def connection_count(self, x: Shape) -> int:
        return self.macs(x) + self._sums(x) * self.biases

    def ops(self, x: Shape) -> Ops:
        units = self._sums(x) // self.gates
        counts = {operation: number * units for operation, number in self.per_unit.items()}
        biases = {"add": counts.get("add", 0) + self._sums(x) * self.biases}
        return {"mac": self.macs(x)} | counts | biases

    def _sums(self, x: Shape) -> int:
        """The weighted sums of all steps."""
        return x.spatial[0] * self.layers * self.directions * self.gates * self.units

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {
            "L": x.spatial[0],
            "C": x.channels,
            "gates": self.gates,
            "units": self.units,
            "layers": self.layers,
            "directions": self.directions,
            "biases": self.biases,
        }
        rows, state = f"{'directions*' * self.bidirectional}gates*units", f"{'directions*' * self.bidirectional}units"
        deeper = " + (layers - 1)*({} + units{})" if self.layers > 1 else ""
        params = f"C + units + biases{deeper.format(state, ' + biases')}"
        return (
            Rule("channels", state, values, shown=self.bidirectional),
            Rule("params", f"{rows}*({params})", values),
            Rule("macs", f"L*{rows}*(C + units{deeper.format(state, '')})", values),
        )


@final
class Rnn(Recurrent):
    """Simple recurrent layer: each state is tanh (or relu) of a weighted sum of the input and the last state.

    Shape: (C, L) -> (units), or (units, L) if steps is all; twice the units if bidirectional.
    Weights: for each layer and direction (weight_ih_l0, weight_ih_l0_reverse) weight_ih (units, C), weight_hh (units,
        units) and bias (units), or if biases is 2, bias_ih (units) and bias_hh (units). A layer on another one has
        that one's outputs in place of C.
    MACs: L * units * (C + units) for each layer and direction.
    Ops: a mac for each MAC, an add for each bias; a tanh for each unit in each step.
    Raises: ShapeError if the input is not a sequence, or biases is above 2.
    """

    kind: ClassVar[str] = "rnn"
    aliases = {"simple_rnn": None}
    gates = 1
    per_unit = {"exp": 1, "add": 2, "div": 1}
    source = "Elman 1990, Cognitive Science 14; PyTorch's RNN, Keras' SimpleRNN"

    units: int = UNITS
    layers: int = LAYERS
    bidirectional: bool = BIDIRECTIONAL
    steps: str = STEPS
    biases: int = KERAS_BIASES
    nonlinearity: str = word("activation of the sum", default="tanh", words=("tanh", "relu"), aliases=("activation",))

    def ops(self, x: Shape) -> Ops:
        counts = super().ops(x)
        if self.nonlinearity == "tanh":
            return counts
        sums = self._sums(x)
        return {"mac": counts["mac"], "cmp": sums, "add": counts["add"] - 2 * sums}


@final
class Lstm(Recurrent):
    """Long short-term memory: input, forget and output gates, and a cell state beside the hidden state.

    Shape: (C, L) -> (units), or (units, L) if steps is all; twice the units if bidirectional.
    Weights: for each layer and direction (weight_ih_l0, weight_ih_l0_reverse) weight_ih (4*units, C),
        weight_hh (4*units, units) and bias (4*units), or if biases is 2, bias_ih (4*units) and bias_hh (4*units).
        Rows are in PyTorch's order: input, forget, cell, output. A layer on another one has that one's outputs in
        place of C.
    MACs: L * 4*units * (C + units) for each layer and direction; products with gates do not count.
    Ops: a mac for each MAC, an add for each bias; 3 sigmoids, 2 tanh, 3 mul and an add for each unit in each step.
    Raises: ShapeError if the input is not a sequence, or biases is above 2.
    """

    kind: ClassVar[str] = "lstm"
    gates = 4
    per_unit = {"exp": 5, "add": 8, "div": 5, "mul": 3}
    source = "Hochreiter & Schmidhuber 1997; with forget gates as in Gers et al. 2000"

    units: int = UNITS
    layers: int = LAYERS
    bidirectional: bool = BIDIRECTIONAL
    steps: str = STEPS
    biases: int = KERAS_BIASES


@final
class Gru(Recurrent):
    """Gated recurrent unit: a reset gate and an update gate for the hidden state.

    Shape: (C, L) -> (units), or (units, L) if steps is all; twice the units if bidirectional.
    Weights: for each layer and direction (weight_ih_l0, weight_ih_l0_reverse) weight_ih (3*units, C),
        weight_hh (3*units, units) and bias (3*units), or if biases is 2, bias_ih (3*units) and bias_hh (3*units).
        Rows are in PyTorch's order: reset, update, new. A layer on another one has that one's outputs in place of C.
    MACs: L * 3*units * (C + units) for each layer and direction; products with gates do not count.
    Ops: a mac for each MAC, an add for each bias; 2 sigmoids, a tanh, 3 mul and 2 add for each unit in each step.
    Raises: ShapeError if the input is not a sequence, or biases is above 2.
    """

    kind: ClassVar[str] = "gru"
    gates = 3
    per_unit = {"exp": 3, "add": 6, "div": 3, "mul": 3}
    source = "Cho et al. 2014, arXiv:1406.1078; reset_after as in PyTorch and Keras 2 and later"

    units: int = UNITS
    layers: int = LAYERS
    bidirectional: bool = BIDIRECTIONAL
    steps: str = STEPS
    reset_after: bool = flag(
        "whether the reset gate acts after the product with the state, not before as in the paper", default=True
    )
    biases: int = _biases(
        "bias vectors: 2 as in both frameworks, 1 as in Keras without reset_after, 0 for none",
        default=2,
        default_from="reset_after",
        default_for={False: 1},
    )

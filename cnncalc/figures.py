"""The figures: the meaning, formula, names and use of each. To add one, add its entry here.

Columns, JSON, claims, limits, `freeze`, `sweep`, `diff`, worksheets and the page `figures` of the manual follow from
`FIGURES`; no other module lists figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import prod
from operator import attrgetter
from typing import Any, Generic, Literal, Self, TypeVar, dataclass_transform, get_args, overload

from cnncalc.formula import Formula, FormulaError, Number, compiled, parse, substitute, symbols

Unit = Literal["shape", "count", "operations", "bytes", "ratio", "sizes"]
"""`operations` are numbers by operation, `sizes` one for each axis of the network's input."""

UNITS: tuple[Unit, ...] = get_args(Unit)

OPERATIONS = ("mac", "add", "mul", "div", "cmp", "exp", "sqrt")
"""Multiply–accumulates, and single operations; a subtraction is an add, a power an exp."""

MOST_USUAL = 4
"""The priority up to which columns are shown by default."""

V = TypeVar("V", covariant=True)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Record:
    """A record with the fields that a subclass declares, like a dataclass; dataclass() itself would compile methods."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)


class Figure(_Record, Generic[V]):
    """One figure. As an attribute of a `Figured` it is the figure's value.

    Attributes:
        name: its word in commands, claims, JSON and formulas.
        what: its meaning.
        omits: things that somebody may think are part of it, and are not.
        unit: of its values.
        value: counts it for one layer, given its report, or for `sizes` along one axis of what is seen. It
            adds up over layers.
        formula: gives it from others, if nothing is counted; both its value and its derivation. `out` are the
            elements, `bytes` those of one value, `state` what an optimizer keeps for each of params.
        along_axis: gives it from what the layer's input sees, on each axis: `E` is the extent of the layer's own
            window, `S` its stride, `P` its padding.
        title: the head of its column, if that is not its name.
        total_title: the same for a column of totals.
        priority: of its column: those of higher numbers are left out first in a narrow terminal; 0 for no column.
        listed: the priorities in `list` of its total and of its claim; empty if it is not shown there.
        compared: the name of its total in the table of `diff`; empty if only the JSON has it.
        only_network: whether a single layer has none.
        handed_on: whether a row has only that of its output, and the network that of all layers.
        stored: whether it is the same for any batch.
        claimable: whether `expect:` can state it; otherwise it is only for formulas and for homework.
        on_lines: an editor's words for it as a key of a layer's line; empty if only `expect:` can state it.
        above_layers: whether an editor shows its total above the layers.
        derived_with: the figure whose derivation contains this one's.
        counts: figures that are part of what `value` counts.
        heads: the heads of columns that mean it, without blanks and signs; empty if homework cannot ask for it.
    """

    name: str
    what: str
    omits: str = ""
    unit: Unit = "count"
    value: Callable[[Any], Any] = None  # type: ignore[assignment]
    formula: str = ""
    along_axis: str = ""
    title: str = ""
    total_title: str = ""
    priority: int = 0
    listed: tuple[int, ...] = ()
    compared: str = ""
    only_network: bool = False
    handed_on: bool = False
    stored: bool = False
    claimable: bool = True
    on_lines: str = ""
    above_layers: bool = False
    derived_with: str = ""
    counts: tuple[str, ...] = ()
    heads: str = ""

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: Figured, owner: type) -> V: ...
    def __get__(self, record: Figured | None, owner: type) -> Any:
        if record is None:
            return self
        value = None if self.value is None else record.sum_of(self)
        return self._by_formula(record) if value is None else value

    def _by_formula(self, record: Figured) -> Number:
        if self.unit != "ratio":
            return self._evaluated(record)
        try:
            return Fraction(self._evaluated(record))
        except FormulaError:
            return Fraction(0)

    def over(self, layers: Iterable[object]) -> Any:
        """Its sum over layers; None if its formula gives it."""
        parts = [self.value(layer) for layer in layers]
        if self.unit == "operations":
            return added(parts)
        return None if None in parts else sum(parts)

    @cached_property
    def expanded(self) -> Formula:
        """Its formula, with the formulas of hidden figures put in."""
        formula = parse(self.formula)
        sources = (FIGURES[symbol] for symbol in symbols(formula) if symbol in FIGURES)
        return substitute(formula, {s.name: s.expanded for s in sources if s.formula and not s.claimable})

    @cached_property
    def symbols(self) -> dict[str, str]:
        """The symbols of its expanded formula, each with the attribute that it stands for."""
        return {symbol: attribute_of(symbol) for symbol in symbols(self.expanded)} if self.formula else {}

    @cached_property
    def _evaluated(self) -> Callable[[object], Number]:
        return compiled(self.expanded, lambda symbol: attrgetter(attribute_of(symbol)))

    @property
    def sources(self) -> Iterator[Figure[Any]]:
        """The figures in its formula."""
        return (FIGURES[name] for name in self.symbols.values() if name in FIGURES)

    @cached_property
    def depends_on(self) -> frozenset[str]:
        """The figures without which it is not known, with itself."""
        others = (*(source.name for source in self.sources), *self.counts)
        return frozenset({self.name}).union(*(FIGURES[name].depends_on for name in others))

    @cached_property
    def by_profile(self) -> bool:
        """Whether a counting profile changes it, or may only know a lower bound."""
        return self.name == "flops" or any(source.by_profile for source in self.sources)

    @property
    def is_total(self) -> bool:
        """Whether it grows with the layers; a quotient does not."""
        return self.unit in ("count", "operations", "bytes")

    @property
    def heading(self) -> str:
        """The head of its column."""
        return self.title or self.name


def attribute_of(symbol: str) -> str:
    """The attribute that a symbol of a formula stands for: a figure, or another one of the record."""
    return {"out": "elements", "bytes": "value_bytes"}.get(symbol, symbol)


def _operations(one: Any) -> dict[str, int]:
    counts = one.layer.ops(*one.inputs)
    return {operation: counts[operation] * one.batch for operation in OPERATIONS if counts.get(operation)}


def _moved(one: Any) -> int:
    passing: int = sum(shape.elements for shape in one.inputs) + one.output.elements
    stored: int = sum(prod(weight.shape) for weight in one.facts.weights.values())
    return passing * int(one.batch) + stored


# fmt: off
class Figured:
    """Something with figures, each as an attribute: a layer, a row, the whole network.

    A batch multiplies all but what is stored.
    """

    __slots__ = ()

    def sum_of(self, figure: Figure[Any]) -> Any:
        """A figure as it is counted, added up over the layers; None if its formula gives it."""
        raise NotImplementedError

    elements = Figure[int](
        name="elements", what="values in the output", value=lambda one: one.output.elements * one.batch,
        handed_on=True, priority=6, compared="elements", derived_with="out",
        heads="elements neurons values activations activationsize",
    )
    params = Figure[int](
        name="params", what="learned values: weights, biases, factors and offsets of norms",
        omits="running statistics", value=lambda one: one.facts.params, stored=True, priority=1, listed=(1, 5),
        compared="params", on_lines="learned values", above_layers=True,
        heads="params parameters param parameter learnedparams trainableparams weightsbiases weightsandbiases "
        "parameteranzahl paramètres parámetros parâmetros "
        "参数 参数量 参数个数 参数数量",
    )
    trainable = Figure[int](
        name="trainable", what="params that are trained", omits="those of layers with `frozen: true`",
        value=lambda one: 0 if one.node.frozen else one.facts.params, stored=True, priority=17, derived_with="params",
        counts=("params",),
    )
    buffers = Figure[int](
        name="buffers", what="stored, not learned: running mean and variance of batch norm "
        '(Keras\'s "Total params" are params + buffers)', omits="the batch counter",
        value=lambda one: one.facts.buffers, stored=True, priority=7, listed=(8, 13), compared="buffers",
        heads="buffers nontrainableparams nontrainable",
    )
    weights = Figure[int](
        name="weights", what="all stored values", formula="params + buffers", stored=True, claimable=False,
        heads="weights stored totalparams",
    )
    macs = Figure[int](
        name="macs",
        what="multiply–accumulates of conv, deconv, depthwise, local and fc; also of recurrent layers and "
        "attention, with the products of activations; padded positions count",
        omits="bias, norm, activation, pooling", value=lambda one: one.facts.macs * one.batch, title="MACs",
        priority=3, listed=(2, 6), compared="MACs", on_lines="multiply–accumulates", above_layers=True,
        heads="macs mac multadds madds multiplyaccumulates multiplyadds multiplications mults multiplikationen",
    )
    flops = Figure[int](
        name="flops", what="2 · MACs", omits="all that MACs leave out", value=lambda one: one.counted,
        formula="2*macs", title="FLOPs", priority=4, listed=(11, 12), compared="FLOPs", heads="flops flop",
    )
    ops = Figure[dict[str, int]](
        name="ops", what=f"every operation, by its sort: {', '.join(OPERATIONS)}; a mac counts as two in the sum",
        omits="data movement", unit="operations", value=_operations, priority=8,
    )
    connections = Figure[int](
        name="connections", priority=12, value=lambda one: one.layer.connection_count(*one.inputs) * one.batch,
        what="as LeNet-5's paper counts them: MACs, one for each bias added, and the values of each pooling window",
    )
    moved = Figure[int](
        name="moved", what="inputs, weights and outputs, each once", value=_moved, claimable=False, counts=("params",),
    )
    weights_memory = Figure[int](
        name="weights_memory", what="(params + buffers) · bytes of `--dtype`", unit="bytes", formula="weights*bytes",
        stored=True, title="weights (B)", priority=9, heads="weightsmemory weightsb",
    )
    output_memory = Figure[int](
        name="output_memory", what="elements · bytes", unit="bytes", formula="out*bytes", handed_on=True,
        title="output (B)", total_title="outputs (B)", priority=10, heads="outputmemory outputb memory",
    )
    peak_memory = Figure[int](
        name="peak_memory", what="the most bytes of activations alive at once: layers run in the listed order, a value "
        "is freed after its last reader; relu, dropout, bn and scale work in place", omits="weights, workspace",
        unit="bytes", formula="peak*bytes", only_network=True, title="peak (B)", priority=8,
        compared="peak memory (B)", above_layers=True,
    )
    training_memory = Figure[int](
        name="training_memory", omits="workspace, fragmentation", unit="bytes", only_network=True,
        what="weights, gradients and the state of `--optimizer` for those that are trained, and every output kept for "
        "the backward pass",
        formula="(weights + (1 + state)*trainable + out)*bytes", title="training (B)", priority=9, above_layers=True,
    )
    intensity = Figure[Fraction](
        name="intensity", what="FLOPs for each byte moved: inputs, weights and outputs of each layer once",
        omits="caches", unit="ratio", formula="flops/(moved*bytes)", title="FLOPs/B", priority=11,
    )


OUT = Figure[tuple[int, ...]](
    name="out", what="shape of the layer's output, without batch; its column is called output", unit="shape",
    handed_on=True, on_lines="the output's shape, in the order of the layout",
    heads="out output outputshape outshape shape size outputsize outsize sizeout outputdim outdim dim dimensions "
    "outputvolume volume featuremap featuremapsize mapsize activationshape outputdimensions outputdimension "
    "ausgabe ausgabegröße ausgabeform größe sortie taille taillesortie formesortie dimensionsortie salida "
    "tamaño tamañosalida formasalida dimensiónsalida "
    "输出 输出尺寸 输出大小 输出形状 尺寸",
)

SEEN = (
    Figure[Number](
        name="receptive_field", what="input pixels, per axis, that can influence one output value, over all paths; the "
        "whole input after flatten, fc and global pools", omits="clipping at the border", unit="sizes",
        value=lambda field: field.extent, along_axis="r_in + (E - 1)*j_in", title="field", priority=5,
        heads="receptivefield rf field",
    ),
    Figure[Number](
        name="jump", what="distance in input pixels between neighbouring outputs", unit="sizes",
        value=lambda field: field.jump, along_axis="j_in*S", priority=5, derived_with="receptive_field",
        heads="jump effectivestride",
    ),
    Figure[Number](
        name="start", what="first pixel that the first output sees, negative in the padding", unit="sizes",
        value=lambda field: field.start, along_axis="start_in - P*j_in", priority=5,
        derived_with="receptive_field",
    ),
)
"""Figures of the part of the network's input that an output value sees."""
# fmt: on

FIGURES: dict[str, Figure[Any]] = {
    figure.name: figure
    for figure in (OUT, *(entry for entry in vars(Figured).values() if isinstance(entry, Figure)), *SEEN)
}
"""Every figure by its name."""

CLAIMABLE = {name: figure for name, figure in FIGURES.items() if figure.claimable}
"""The figures that a spec can claim."""

ON_LINES = tuple(figure.name for figure in FIGURES.values() if figure.on_lines)
"""The figures that a layer's own line can claim."""

NUMBERS = tuple(
    sorted(
        (figure for figure in CLAIMABLE.values() if figure.unit not in ("shape", "sizes")),
        key=lambda figure: (UNITS.index(figure.unit), not figure.listed),
    )
)
"""The figures that are numbers, in the order of JSON: by their units, those of `list` first."""


def plain_numbers(record: Figured, figures: Iterable[Figure[Any]] = NUMBERS) -> dict[str, Any]:
    """Figures by name as plain data: int, float, or ints by operation."""
    values = {figure.name: getattr(record, figure.name) for figure in figures}
    return {name: float(value) if isinstance(value, Fraction) else value for name, value in values.items()}


def number_of(record: Figured, name: str) -> Number:
    """A figure as one number, operations as their sum."""
    value = getattr(record, name)
    return operation_total(value) if isinstance(value, dict) else value


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Numbers of operations added up, in the order of `OPERATIONS`."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return {operation: total[operation] for operation in OPERATIONS if operation in total}


def operation_total(ops: Mapping[str, int]) -> int:
    """All operations; a multiply–accumulate is two of them."""
    return sum(ops.values()) + ops.get("mac", 0)

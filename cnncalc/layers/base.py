"""The layer descriptor: a frozen record of settings that answers questions about itself."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from cnncalc.errors import ShapeError
from cnncalc.layers.parameters import (
    ACTIVATION,
    NORM,
    Padding,
    Parameter,
    Type,
    channel_range,
    count,
    flag,
    links,
    padding,
    pair,
    real,
    shape,
    size,
    word,
)
from cnncalc.layers.reach import SAME_PLACE, Reach
from cnncalc.shapes import AXES, AXIS_NAMES, Shape, by_axis

NORM_AND_ACTIVATION = {"norm": NORM, "activation": ACTIVATION}
ACTIVATION_ONLY = {"activation": ACTIVATION}


Ops = Mapping[str, int]
"""Numbers of operations by their words in `figures.OPERATIONS`."""


class Weight(NamedTuple):
    """One stored tensor of a layer: its shape, and whether it is learned or only kept."""

    shape: tuple[int, ...]
    learned: bool = True


class Rule(NamedTuple):
    """One formula of a layer, with its result and its symbols.

    Attributes:
        symbol: its result: `params`, or a symbol of other rules; empty for the size of an axis.
        formula: in the notation of `formula.parse`: `floor((H + 2*P - K)/S) + 1`.
        values: the number of each symbol; it may have more of them. A symbol without a number here has a
            rule that is not shown.
        axis: the letter of the axis that it is for; empty for the whole layer.
        label: what a reader sees as its result, if that is not the symbol.
        note: a remark on the result.
        shown: whether a derivation has a line for it; if not, its formula is put into those of others.
    """

    symbol: str
    formula: str
    values: Mapping[str, int]
    axis: str = ""
    label: str = ""
    note: str = ""
    shown: bool = True


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of a derivation: a figure with its arithmetic.

    Attributes:
        label: the name of the result: `height`, `params`.
        formula: in the notation of `formula.parse`: `floor((H + 2*P - K)/S) + 1`. Empty if
            there is nothing to compute.
        values: the number of each symbol.
        result: the value of the formula.
        note: a remark on this result.
    """

    label: str
    result: int | Fraction
    formula: str = ""
    values: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


class _Kind(ABCMeta):
    """The class of kinds: none is registered as another one, so that `isinstance` need not look for that."""

    __instancecheck__ = type.__instancecheck__


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(count, size, padding, flag, real, word, pair, channel_range, shape, links),
)
class Layer(metaclass=_Kind):
    """A layer of a kind, which describes itself. Subclasses are abstract or final, nothing between.

    A layer is a frozen, keyword-only record of the fields that its class declares. It behaves as a
    dataclass and type checkers take it for one; dataclass() itself would compile six methods for
    each kind, a fifth of the time that `cnncalc show` takes.

    Attributes:
        parameters: the declaration of each field, in order; the first is the one that `kind:` gives.
        required: the fields that a spec must give.
        dependent: the fields whose default is the value of another, or follows from it.
        kind: the word for it in a spec.
        aliases: the Keras and PyTorch spellings of the kind, each with the rank that it asserts.
        operands: the parameters that name the layer's inputs, for layers with several.
        copies: the kind of the layer that the operand names, for a kind that undoes it: its settings are
            that layer's, and no spec writes them. Empty for every other kind.
        presets: words that are this kind with settings: `reflection_pad` is zeropad with mode reflect.
        followers: the parameters that add another layer after this one (`norm`, `activation`).
        source: that of the rule.
        per_element: the operations on each output value, for kinds that treat all values alike.
        declared: the fields that claims on the line give, by figure; no spec writes them otherwise.
        executed: whether the layer's computation is known.
        drawn: whether its values are drawn at random, so that nobody computes them a second time.
        in_place: whether the output can take the memory of the input.
    """

    parameters: ClassVar[Mapping[str, Parameter]] = {}
    required: ClassVar[frozenset[str]] = frozenset()
    dependent: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[str]
    aliases: ClassVar[Mapping[str, int | None]] = {}
    operands: ClassVar[Mapping[str, Parameter]] = {}
    copies: ClassVar[str] = ""
    followers: ClassVar[Mapping[str, Parameter]] = {}
    source: ClassVar[str] = ""
    per_element: ClassVar[Ops] = {}
    in_place: ClassVar[bool] = False
    declared: ClassVar[Mapping[str, str]] = {}
    presets: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    executed: ClassVar[bool] = True
    drawn: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.parameters = {name: value for name, value in vars(cls).items() if isinstance(value, Parameter)}
        cls.required = frozenset(name for name, parameter in cls.parameters.items() if parameter.required)
        cls.dependent = tuple(name for name, parameter in cls.parameters.items() if parameter.default_from)

    def __init__(self, **settings: Any) -> None:
        if settings.keys() != self.parameters.keys():
            wrong = ", ".join(sorted(settings.keys() ^ self.parameters.keys()))
            raise TypeError(
                f"{type(self).__name__} has the fields {', '.join(self.parameters) or 'none'}; wrong: {wrong}"
            )
        self.__dict__.update((name, settings[name]) for name in self.parameters)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field '{name}'")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field '{name}'")

    @property
    def sees_everything(self) -> bool:
        """Whether every output value depends on the whole input."""
        return False

    @classmethod
    def written(cls) -> dict[str, Parameter]:
        """The parameters that a spec may give, without the followers; those that it must give come first."""
        accepted = {**cls.operands, **({} if cls.copies else cls.parameters)}
        return dict(sorted(accepted.items(), key=lambda item: not item[1].required))

    @property
    def unknown(self) -> frozenset[str]:
        """The figures that are not known of this layer."""
        return frozenset()

    @abstractmethod
    def output_shape(self, x: Shape) -> Shape:
        """The output's shape for an input of shape `x`.

        Raises:
            ShapeError: this layer cannot take an input of this shape.
        """

    @abstractmethod
    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        """The stored tensors by name. Only valid for an `x` that `output_shape` accepts."""

    @abstractmethod
    def macs(self, x: Shape) -> int:
        """Multiply–accumulates for one input of shape `x`."""

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        """The formulas of sizes, channels, params, buffers and macs, in the order to read them.

        Without one an axis keeps its size, the channels are those of the first input, and counts are 0.
        """
        return ()

    def explain(self, *inputs: Shape) -> tuple[Step, ...]:
        """The derivation of the figures that need arithmetic: the rules with their numbers and results."""
        from cnncalc.layers.steps import explained  # only some commands explain

        return explained(self.rules(*inputs))

    def padding_pairs(self, x: Shape) -> tuple[tuple[int, int], ...] | None:
        """(before, after) for each axis where the layer pads its input `x`; None if it never does."""
        return None

    def held_at_work(self, x: Shape, *others: Shape) -> int:
        """Values in memory besides input, output and weights, in a textbook execution: the input with its padding."""
        inputs = (x, *others)
        pairs = self.padding_pairs(*inputs) if "padding" in self.parameters else None
        if pairs is None:
            return 0
        padded = inputs[-1]
        return padded.channels * prod(n + max(sum(pair), 0) for n, pair in zip(padded.spatial, pairs, strict=True))

    def connection_count(self, x: Shape) -> int:
        """The connections, as LeNet counts them: one for each MAC, one for each bias added."""
        return self.macs(x) + (self.output_shape(x).elements if getattr(self, "bias", False) else 0)

    def ops(self, x: Shape) -> Ops:
        """Every arithmetic operation for one input of shape `x`, by its word."""
        elements = self.output_shape(x).elements
        return {operation: count * elements for operation, count in self.per_element.items()}

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        """The inputs that an output sees along each axis; by default every output sees its own input."""
        return (SAME_PLACE,) * x.rank

    def reaches(self, x: Shape, *others: Shape) -> tuple[tuple[Reach, ...], ...]:
        """The reach into each input."""
        return (self.reach(x),)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({settings})"


class Weightless(Layer):
    """A layer without weights that multiplies nothing."""

    def weight_shapes(self, x: Shape, *others: Shape) -> dict[str, Weight]:
        return {}

    def macs(self, x: Shape, *others: Shape) -> int:
        return 0


class Unweighing(Layer):
    """A layer that may have weights but no multiply–accumulates by the definition of `macs`."""

    def macs(self, x: Shape) -> int:
        return 0


L = TypeVar("L", bound=Layer)


def make(kind: type[L], rank: int, **values: Any) -> L:
    """A layer of this kind from shorthand: the one place where sizes and defaults are completed.

    `make(Conv, 2, filters=96, kernel=11, stride=4)` has kernel (11, 11), stride (4, 4), padding
    ((0, 0), (0, 0)) and every other default.

    Args:
        kind: the layer's class.
        rank: the number of spatial axes of the input.
        values: by parameter name; a size may be one number or one for each axis.

    Raises:
        ShapeError: a size has another number of axes than the input.
        TypeError: a value has no such parameter, or a required one has no value.
    """
    if not kind.required <= values.keys() <= kind.parameters.keys():
        wrong = ", ".join(sorted((kind.required - values.keys()) | (values.keys() - kind.parameters.keys())))
        raise TypeError(f"{kind.__name__} has the parameters {', '.join(kind.parameters) or 'none'}; wrong: {wrong}")
    complete = dict(_defaults(kind, rank))
    for name, value in values.items():
        if value is not None:
            type_ = kind.parameters[name].type
            complete[name] = _completed(name, type_, value, rank) if type_ in _ON_AXES else value
    for name in kind.dependent:
        if values.get(name) is None:
            complete[name] = _completed(name, kind.parameters[name].type, kind.parameters[name].usual(complete), rank)
    layer = kind.__new__(kind)
    object.__setattr__(layer, "__dict__", complete)  # as __init__ does, for fields that need no check
    return layer


@lru_cache(maxsize=4096, typed=True)
def made(kind: type[L], rank: int, *values: tuple[str, Any]) -> L:
    """The layer of `make`, the same object for equal values, so that its facts are derived once (`facts_of`)."""
    return make(kind, rank, **dict(values))


@cache
def _defaults(kind: type[Layer], rank: int) -> Mapping[str, Any]:
    """The defaults of a layer's fields, in their order; None for those that are required."""
    return {
        name: _completed(name, parameter.type, None if name in kind.dependent else parameter.default, rank)
        for name, parameter in kind.parameters.items()
    }


def _completed(name: str, type_: Type, value: Any, rank: int) -> Any:
    """A value in the form of a field: a size has one number for each axis. None is the default of a few."""
    if type_ in _BY_AXIS and value is not None:
        return (value,) * rank if type(value) in (int, float) else _checked_axes(name, value, rank)
    if type_ is Type.PADDING and value is not None:
        return ((value, value),) * rank if type(value) is int else _padding_per_axis(name, value, rank)
    return value


_BY_AXIS = frozenset({Type.SIZE, Type.CROP, Type.FACTOR, Type.TARGET})
_ON_AXES = _BY_AXIS | {Type.PADDING}


def _checked_axes(name: str, value: tuple[Any, ...], rank: int) -> tuple[Any, ...]:
    if len(value) != rank:
        axes = ", ".join(AXIS_NAMES[letter] for letter in AXES[rank]) or "none: it is a vector"
        if not value:
            raise ShapeError(f"{name} has no numbers; the input has {rank} axes ({axes})")
        pairs = any(isinstance(pair, tuple) for pair in value)
        written = str([list(pair) for pair in value]) if pairs else by_axis(value)
        raise ShapeError(f"{name} {written} is for {len(value)} axes but the input has {rank} ({axes})")
    return tuple(value)


def _padding_per_axis(name: str, value: Any, rank: int) -> Padding:
    if isinstance(value, str):
        if value == "causal" and rank > 1:
            raise ShapeError("padding causal is for sequences; an image has no past, write the padding in numbers")
        return value
    pairs = _checked_axes(name, value, rank)
    return tuple(pair if isinstance(pair, tuple) else (pair, pair) for pair in pairs)


def require_map(x: Shape) -> None:
    """Raise ShapeError unless `x` has spatial axes."""
    if not x.spatial:
        raise ShapeError(
            f"needs a map with spatial axes, but its input is a vector of {x.channels}; "
            "put '- {{reshape: CxHxW}}' before it, or give input: its H and W"
        )

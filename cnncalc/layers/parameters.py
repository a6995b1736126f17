"""The declarations of a layer's parameters.

One declaration gives the keys that YAML accepts, their types, defaults and aliases, the reference,
and the settings in reports. The functions at the end (`count`, `size`, …) declare the fields of a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

Size = tuple[int, ...]
"""One whole number for each spatial axis, outermost axis first: (height, width)."""

Padding = str | tuple[tuple[int, int], ...]
"""(before, after) for each spatial axis, or one of `PADDING_WORDS`."""

Range = tuple[int, int] | None
"""From the first up to the last, which is not included; None for all."""

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
"""The values around a map: zeros, the map mirrored without its border, its border, or its other end."""

PADDING_WORDS = ("valid", "same", "same_lower", "half", "causal")


USUAL = ""
"""The meaning of a word that only asks for the default: `use_bias: true`."""

MAX_REAL = 10**18
"""The largest number; a parameter with the negative of it as minimum takes any number."""


class Type(Enum):
    """The type of a parameter's value, in the words of the reference."""

    COUNT = "whole number"
    SIZE = "whole number, or one for each axis: 3, 1x7, [3, 5]"
    FACTOR = "number above 0, or one for each axis: 2, 1.8, [2, 0.5]"
    TARGET = "size, or the name of a layer above whose size it is"
    PADDING = "size, [[before, after], ...] for each axis, or " + ", ".join(PADDING_WORDS)
    FLAG = "true or false"
    REAL = "number"
    WORD = "word"
    FOLLOWER = "word, or {word: settings}"
    CHOICE = "word, or whole number"
    PAIR = "[before, after]"
    CROP = "size that stays, or [[before, after], ...] that is cut from each axis"
    RANGE = "from..to, the last one not included"
    SHAPE = "shape in the order of layout:"
    ORDER = "order of axes: [L, C]"
    LINKS = "for each filter the list of input maps that it sees, counted from 0"
    INPUTS = "list of layer names or prev"
    LAYER = "name of a layer, or prev"
    LAYERS = "list of layers"
    PATHS = "list of lists of layers; [] is the identity"
    SHORTCUT = "identity, project, pad, if_same or a list of layers"

    __hash__ = object.__hash__  # each is one object; Enum's own hash is slow, and every value asks for its type


class Parameter(NamedTuple):
    """The declaration of one parameter.

    Attributes:
        type: of its value.
        doc: its text in the reference.
        default: the value if the spec gives none, in shorthand (1 for every axis).
        required: whether the spec must give it.
        default_from: the parameter whose value is the default (a pool's stride is its kernel).
        default_for: the default for some values of that parameter, if these are not defaults themselves.
        minimum: the smallest value allowed.
        below: the value must be smaller than this.
        words: the words allowed, for WORD.
        aliases: the Keras and PyTorch spellings of the parameter.
        differs: whether frameworks have other defaults, so that a table says which one holds.
        alias_words: the meanings of values if an alias is used: `ceil_mode: true` is `rounding: ceil`.
    """

    type: Type
    doc: str
    default: Any = None
    required: bool = False
    default_from: str = ""
    default_for: Mapping[Any, Any] = {}
    minimum: int | None = None
    below: int | None = None
    words: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    alias_words: Mapping[str, str] = {}
    differs: bool = False

    @property
    def default_text(self) -> str:
        """The default in the words of a spec: `1`, `true`, `none`, or the parameter that it comes from."""
        value = self.default if self.default_for else self.default_from or self.default
        if type(value) is bool:
            return "true" if value else "false"
        return "none" if value is None else str(value)

    def usual(self, settings: Mapping[str, Any]) -> Any:
        """The value if the spec gives none, given the other settings of a layer."""
        value = settings.get(self.default_from)
        return self.default_for.get(value, self.default) if self.default_for or not self.default_from else value


def _specifier(type_: Type, minimum: int | None = None) -> Callable[..., Any]:
    def declare(doc: str, **declaration: Any) -> Any:
        """Declare a field of a layer; the keywords are the attributes of `Parameter`.

        Returns Any, as dataclasses.field does: the annotation beside it gives the field's type.
        """
        declaration.setdefault("minimum", minimum)
        required = "default" not in declaration and "default_from" not in declaration
        return Parameter(type_, doc, required=required, **declaration)

    return declare


count = _specifier(Type.COUNT, minimum=1)
size = _specifier(Type.SIZE, minimum=1)
factor = _specifier(Type.FACTOR)
target = _specifier(Type.TARGET, minimum=1)
padding = _specifier(Type.PADDING, minimum=0)
flag = _specifier(Type.FLAG)
real = _specifier(Type.REAL)
word = _specifier(Type.WORD)
choice = _specifier(Type.CHOICE, minimum=1)
pair = _specifier(Type.PAIR, minimum=0)
crop = _specifier(Type.CROP, minimum=1)
channel_range = _specifier(Type.RANGE, minimum=0)
shape = _specifier(Type.SHAPE, minimum=1)
order = _specifier(Type.ORDER)
links = _specifier(Type.LINKS, minimum=0)


NORMS = ("bn", "layernorm", "instancenorm", "groupnorm", "rmsnorm")
ACTIVATIONS = (
    "relu",
    "relu6",
    "leaky_relu",
    "prelu",
    "elu",
    "gelu",
    "silu",
    "hardswish",
    "hardsigmoid",
    "sigmoid",
    "tanh",
    "softmax",
    "log_softmax",
    "selu",
    "celu",
    "mish",
    "softplus",
    "squareplus",
    "softsign",
    "logsigmoid",
    "tanhshrink",
    "exponential",
    "hardtanh",
    "hardshrink",
    "softshrink",
    "threshold",
    "sparse_plus",
    "sparse_sigmoid",
    "glu",
)

NORM = Parameter(Type.FOLLOWER, "normalisation layer that follows", default="none", words=("none", *NORMS))
ACTIVATION = Parameter(Type.FOLLOWER, "activation layer that follows", default="none", words=("none", *ACTIVATIONS))

FROZEN = Parameter(Type.FLAG, "whether the weights are not trained", default=False)
SHARED = Parameter(Type.FLAG, "whether the copies have the same weights", default=False)

"""Keras: one use of a layer, as the readers of each family see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel, StoredTensor
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS
from cnncalc.shapes import Shape

ACTIVATIONS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "swish": ("silu", {}), "hard_sigmoid": ("hardsigmoid", {}), "hard_swish": ("hardswish", {}),
    "hard_silu": ("hardswish", {}), "leaky_relu": ("leaky_relu", {"slope": 0.2}), "log_sigmoid": ("logsigmoid", {}),
    "hard_tanh": ("hardtanh", {}), "tanh_shrink": ("tanhshrink", {}), "hard_shrink": ("hardshrink", {}),
    "soft_shrink": ("softshrink", {}),
    **{word: (word, {}) for word in (
        "relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "mish", "selu", "celu", "softplus",
        "softsign", "squareplus", "exponential", "log_softmax", "sparse_plus", "sparse_sigmoid",
    )},
}  # fmt: skip
"""Kind and settings of each activation; `linear` is none."""

DEFAULTS: Mapping[str, Any] = {
    "strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1, "use_bias": True, "depth_multiplier": 1,
    "epsilon": 1e-3, "scale": True, "center": True, "keepdims": False, "interpolation": "nearest", "axis": -1,
    "return_sequences": False, "reset_after": True, "offset": 0.0, "alpha": 1.0, "shared_axes": None,
    "trainable": True,
}  # fmt: skip
"""Keras 3's defaults of arguments, by their names; classes with other defaults pass them."""

LEARNING = ("conv", "depthwise", "deconv", "local", "fc", "bn", "layernorm", "groupnorm", "rmsnorm", "prelu", "scale",
            "tokens", "positions", "embedding", "lstm", "gru", "rnn", "attention")  # fmt: skip
"""Kinds with weights, which may be used again."""


class KerasCall(NamedTuple):
    """One use of a layer.

    Attributes:
        builder: of the graph.
        config: of the layer.
        values: the names of the values that it reads.
        name, scope, at: its name in the file, the models around it, its place.
        stored: the folder of its weights in a .keras file.
        first: by kind, name and scope, the value of the first use of each layer.
        again: whether the layer has been used before.
        read: gives the value of a layer of this class, used in the same way, that another layer contains.
        class_: of the layer.
        declared: the shape of its value in the file; None if it has none.
        seen: values that a file sees under more axes than the language has, by the names that stand for them.
        constants: the arguments that are not values of the network, by place or name.
    """

    builder: GraphBuilder
    config: JsonFields
    values: Sequence[str]
    name: str
    scope: tuple[str, ...]
    at: ModelPlace
    stored: str
    first: dict[tuple[str, str, tuple[str, ...]], str]
    again: bool
    read: Callable[[str, KerasCall], str]
    class_: str
    declared: Shape | None = None
    constants: Mapping[int | str, Any] = {}
    seen: dict[str, Viewed] = {}

    @property
    def rank(self) -> int:
        """The number of spatial axes that enter."""
        return self.builder.rank(self.values[0])

    @property
    def shape(self) -> Shape | None:
        """The shape of its input, if it is known."""
        return self.builder.shapes[self.values[0]]

    @property
    def has_channels_first(self) -> bool:
        """Whether the file has its channels before the axes of the map."""
        return self.builder.layout == "CHW"

    def flag(self, key: str) -> bool:
        """A truth value, or Keras' own."""
        return self.config.flag(key, DEFAULTS[key])

    def number(self, key: str) -> int:
        """A whole number, or Keras' own."""
        return self.config.number(key, DEFAULTS[key])

    def real(self, key: str) -> float:
        """A number, or Keras' own."""
        return self.config.real(key, DEFAULTS[key])

    def sizes(self, key: str) -> tuple[int, ...]:
        """A whole number for each axis of the map, or Keras' own."""
        return self.config.sizes(key, self.rank, DEFAULTS[key])

    def add(
        self,
        kind: str,
        tensors: Mapping[str, StoredTensor] | None = None,
        /,
        values: Sequence[str] = (),
        part: str = "",
        **settings: Any,
    ) -> str:
        """The value of a node; `values` replace its inputs, `part` says which part of the layer it is."""
        key = kind, self.name + part, self.scope
        shares = self.first.get(key, "") if self.again and kind in LEARNING else ""
        value = self.builder.add(
            kind, values or self.values, settings, at=self.at, label=self.name + part, scope=self.scope, shares=shares,
            tensors=tensors,
        )  # fmt: skip
        self.first.setdefault(key, value)
        return value

    def unknown(self, operation: str) -> str:
        """The value of a layer that the language does not know."""
        return self.builder.unknown(operation, self.values, self.at, self.declared)

    def note(self, text: str, *, inexact: bool = False) -> None:
        """Note that something is dropped or assumed; `inexact` if values differ from the file's."""
        self.builder.note(text, self.at, inexact=inexact)

    def refused(self, message: str) -> RefusedModel:
        """The error that refuses a setting."""
        return RefusedModel((self.at, message))

    def kept(self, *words: str, **first: tuple[int, ...]) -> dict[str, StoredTensor]:
        """The weights of a layer in the order in which Keras keeps them; the axes of some in the layer's order."""
        names = (*first, *words)
        return {
            word: StoredTensor(f"{self.stored}vars/{number}", first.get(word, ())) for number, word in enumerate(names)
        }

    def activated(self, value: str) -> str:
        """A value after the activation of the layer."""
        word = self.config.data.get("activation")
        if isinstance(word, dict):
            one = JsonFields(word, self.at)
            if one.text("class_name") in LAYERS_OF_ACTIVATIONS:
                inner = self._replace(config=one.inner("config"), values=(value,), name=f"{self.name}_activation")
                return self.read(one.text("class_name"), inner)
            class_ = one.text("class_name") or "of a function in the source"
            word = one.text("config") or class_.lower()
        return self.activation(word if isinstance(word, str) else "linear", value)

    def activation(self, word: str, value: str) -> str:
        """A value after an activation."""
        if word == "linear":
            return value
        kind, settings = ACTIVATIONS.get(word, ("", {}))
        if kind not in LAYERS:
            return self.builder.unknown(
                f"activation {word or 'of no name'}", [value], self.at, self.builder.shapes[value]
            )
        return self.builder.add(kind, [value], settings, at=self.at, label=f"{self.name}_{kind}", scope=self.scope)


LAYERS_OF_ACTIVATIONS = ("ReLU", "LeakyReLU", "ELU", "Softmax")
"""Layers that may be the activation of another one."""

KerasReader = Callable[[KerasCall], str]
"""From a use of a layer to the name of its value."""

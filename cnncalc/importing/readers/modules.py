"""print(module) of PyTorch: the layers in the order in which they were made, with all their settings.

The text does not have forward(): the layers are written one after another, and if the next one
cannot read what the last one gives, an `opaque` line stands for what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, final

from cnncalc.importing.bounds import decoded
from cnncalc.importing.building import FORWARD, GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.readers.adding import learned_parts
from cnncalc.shapes import Shape

ASSUMED = "assumed: the layers run in the order of the text; forward() is not in it"
UNRUNNABLE = "not runnable as written: opaque lines stand for what forward() does, and their shapes are assumed"
UNSIZED = "what forward() does before this layer is not in the text, so that no shape follows from --input"
SIZE = 224
MAX_COPIES = 1000

PLAIN = {
    "ReLU": "relu", "ReLU6": "relu6", "SiLU": "silu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu",
    "ELU": "elu", "Hardswish": "hardswish", "Hardsigmoid": "hardsigmoid", "LeakyReLU": "leaky_relu",
    "Softmax": "softmax", "Mish": "mish", "LogSoftmax": "log_softmax", "SELU": "selu", "Softplus": "softplus",
}  # fmt: skip

NOTHING = ("Identity", "DropPath", "StochasticDepth")
"""Layers that return their input."""

_LINE = re.compile(r"^(\s*)(?:\((?P<name>[^)]*)\): )?(?:(?P<times>\d+) x )?(?P<word>[A-Za-z]\w*)\((?P<rest>.*)$")

_PART = re.compile(r"(?:[^,()\[\]]++|\([^()]*+\)|\[[^\[\]]*+\]|[()\[\]])++")
"""The texts between the commas of settings, which may have commas in brackets."""


class PrintedLayer(NamedTuple):
    """A layer of the text: its class, its settings as written, and the numbers without a name."""

    word: str
    label: str
    named: dict[str, str]
    plain: list[str]
    at: ModelPlace

    def number(self, name: str, position: int = -1, default: int | None = None) -> int:
        """A whole number, by its name or its position."""
        text = self.named.get(name) or (self.plain[position] if 0 <= position < len(self.plain) else None)
        if text is None and default is not None:
            return default
        if text is None or not re.fullmatch(r"-?\d{1,12}", text):
            raise self._refused(name, text, "a whole number")
        return int(text)

    def real(self, name: str, default: str) -> float:
        """A number, by its name or alone."""
        text = self.named.get(name, default)
        try:
            return float(text)
        except ValueError:
            raise self._refused(name, text, "a number") from None

    def _refused(self, name: str, text: str | None, what: str) -> RefusedModel:
        """The error for a setting with another text, or without one."""
        found = f"is {text:.40}" if text else "is missing"
        return RefusedModel((self.at, f"{self.word}: {name} {found}; {what} is expected"))

    def flag(self, name: str) -> bool:
        """A truth value, which is true if it is left out."""
        return self.named.get(name, "True") == "True"

    def sizes(self, name: str, default: int) -> tuple[int, ...] | int:
        """A number, or one for each axis."""
        numbers = [int(text) for text in re.findall(r"\d{1,9}", self.named.get(name, ""))]
        return numbers[0] if len(numbers) == 1 else tuple(numbers) or default


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a printed module."""
    layers = list(_layers(decoded(content).splitlines()))
    if not layers:
        raise RefusedModel((ModelPlace(), "no layers are in this text"))
    return _Modules(layers, given).graph()


def _layers(lines: list[str]) -> Iterator[PrintedLayer]:
    """All layers, with those of `3 x Block(` three times."""
    open_: list[tuple[int, list[PrintedLayer]]] = [(1, [])]
    for number, line in enumerate(lines, start=1):
        match = _LINE.match(line)
        if match and match["rest"] == "":
            times = int(match["times"] or 1)
            if times > MAX_COPIES or len(open_) > 100:
                raise RefusedModel((ModelPlace(number), f"more than {MAX_COPIES} copies, or too deep"))
            open_.append((times, []))
        elif match and match["rest"].endswith(")"):
            open_[-1][1].extend([_layer(match, number)] * min(int(match["times"] or 1), MAX_COPIES))
        elif line.strip() == ")" and len(open_) > 1:
            times, inside = open_.pop()
            open_[-1][1].extend(inside * times)
            bounded(open_[-1][1])
    for _, inside in open_:
        yield from inside


def _layer(match: re.Match[str], number: int) -> PrintedLayer:
    named, plain = {}, []
    for part in _PART.findall(match["rest"][:-1]):
        name, equals, value = part.partition("=")
        if equals:
            named[name.strip()] = value.strip()
        elif part.strip():
            plain.append(part.strip())
    return PrintedLayer(match["word"], match["name"] or "", named, plain, ModelPlace(number))


@final
class _Modules:
    def __init__(self, layers: list[PrintedLayer], given: Sequence[int]) -> None:
        self._builder = GraphBuilder("printed module", given=given)
        self._builder.note(ASSUMED)
        self._layers = layers
        first = next((layer for layer in layers if layer.word.startswith(("Conv", "Linear", "BatchNorm"))), layers[0])
        if not given:
            self._builder.note("assumed: the size of the input; give --input to say another one")
        self._value = self._builder.input("input", self._input(first), first.at)

    def graph(self) -> ModelGraph:
        """The graph of all layers."""
        for layer in bounded(self._layers):
            with sensible(layer.at):
                self._add(layer)
        return self._builder.graph([self._value])

    def _input(self, layer: PrintedLayer) -> tuple[int, ...]:
        if layer.word == "Linear":
            return (layer.number("in_features", 0),)
        rank = _rank(layer.word)
        return (layer.number("in_channels", 0, 3), *(SIZE if rank < 3 else 32,) * rank) if rank else (3, SIZE, SIZE)

    @property
    def _shape(self) -> Shape:
        return self._builder.shapes[self._value] or Shape(1)

    def _put(self, layer: PrintedLayer, kind: str, **settings: Any) -> None:
        self._value = self._builder.add(kind, [self._value], settings, at=layer.at, label=layer.label)

    def _enter(self, layer: PrintedLayer, channels: int, rank: int) -> None:
        """Change the value to one that a layer can read."""
        shape = self._shape
        if shape.channels == channels and (rank < 0 or shape.rank == rank):
            return
        if rank == 0 and shape.elements == channels:
            self._put(layer, "flatten")
            return
        self._gap(layer, Shape(channels, shape.spatial if rank < 0 or shape.rank == rank else (7,) * rank))

    def _gap(self, layer: PrintedLayer, size: Shape) -> None:
        """Add a line for a part of forward(): its MACs are not known, and its shape holds for one input only."""
        if self._builder.given:
            raise RefusedModel((layer.at, UNSIZED))
        self._builder.note(UNRUNNABLE)
        self._put(layer, "opaque", operation=FORWARD, size=size, learned=0)

    def _add(self, layer: PrintedLayer) -> None:
        """Add a layer with weights, or else what `_add_plain` knows."""
        word, rank = layer.word, _rank(layer.word)
        if word.startswith("Conv") and rank:
            self._convolution(layer, rank)
        elif word == "Linear":
            self._enter(layer, layer.number("in_features", 0), 0)
            self._put(layer, "fc", features=layer.number("out_features", 1), bias=layer.flag("bias"))
        elif word.startswith("BatchNorm"):
            self._enter(layer, layer.number("num_features", 0), -1)
            parts = learned_parts(layer.flag("affine"), layer.flag("affine") and layer.flag("bias"))
            self._put(layer, "bn", eps=layer.real("eps", "1e-5"), **parts)
        else:
            self._add_plain(layer, word, rank)

    def _add_plain(self, layer: PrintedLayer, word: str, rank: int) -> None:
        """Add a layer without weights."""
        if word in PLAIN:
            slope = {"slope": layer.real("negative_slope", "")} if "negative_slope" in layer.named else {}
            self._put(layer, PLAIN[word], **slope)
        elif word.startswith(("MaxPool", "AvgPool")) and rank:
            self._pool(layer, "maxpool" if word.startswith("Max") else "avgpool")
        elif word.startswith("AdaptiveAvgPool") and self._shape.rank == rank:
            size = layer.sizes("output_size", 1)
            is_global = size in (1, (1,) * rank)
            self._put(
                layer, "global_avgpool" if is_global else "adaptive_avgpool", **({} if is_global else {"size": size})
            )
        elif word == "Flatten":
            self._value = self._builder.vector(self._value, layer.at)
        elif word.startswith("Dropout"):
            rate = layer.real("p", layer.plain[0] if layer.plain else "0.5")
            if 0 < rate < 1:
                self._put(layer, "dropout", rate=rate)
        elif word not in NOTHING:
            self._value = self._builder.unknown(word, [self._value], layer.at, self._shape)

    def _convolution(self, layer: PrintedLayer, rank: int) -> None:
        inputs, kind = layer.number("in_channels", 0), "deconv" if "Transpose" in layer.word else "conv"
        self._enter(layer, inputs, rank)
        settings: dict[str, Any] = {
            "filters": layer.number("out_channels", 1), "kernel": layer.sizes("kernel_size", 1),
            "stride": layer.sizes("stride", 1), "padding": layer.sizes("padding", 0), "bias": layer.flag("bias"),
            "dilation": layer.sizes("dilation", 1), "groups": layer.number("groups", -1, 1),
        }  # fmt: skip
        if "same" in layer.named.get("padding", ""):
            settings["padding"] = "same"
        try:
            self._put(layer, kind, **settings)
        except RefusedModel:  # the map is too small now: the order of the text is not that of forward()
            self._gap(layer, Shape(inputs, (64,) * rank))
            self._put(layer, kind, **settings)

    def _pool(self, layer: PrintedLayer, kind: str) -> None:
        kernel = layer.sizes("kernel_size", 2)
        settings: dict[str, Any] = {"kernel": kernel, "stride": layer.sizes("stride", 0) or kernel}
        settings["padding"] = layer.sizes("padding", 0)
        if layer.named.get("ceil_mode") == "True":
            settings["rounding"] = "ceil"
        try:
            self._put(layer, kind, **settings)
        except RefusedModel:
            self._builder.note(f"{layer.word} is left out: what is before it in the text is too small for it", layer.at)


def _rank(word: str) -> int:
    """The axes of `Conv2d`; 0 for a word without them."""
    return int(word[-2]) if word[-2:] in ("1d", "2d", "3d") else 0

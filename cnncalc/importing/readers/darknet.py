"""Darknet: `[section]` with `key=value`, one for each layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, final

from cnncalc.importing.bounds import decoded
from cnncalc.importing.building import GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible

ACTIVATIONS = {
    "leaky": ("leaky_relu", {"slope": 0.1}),
    "logistic": ("sigmoid", {}),
    "swish": ("silu", {}),
    **{word: (word, {}) for word in ("relu", "relu6", "tanh", "elu", "gelu", "mish")},
}
"""Kind and settings of each `activation=`; `linear` means none."""

DETECTIONS = ("yolo", "region", "detection", "Gaussian_yolo")
"""Layers without weights that turn an output into boxes."""

CONVOLUTIONAL = ("convolutional", "conv", "deconvolutional", "deconv")


class Section(NamedTuple):
    """One section.

    Attributes:
        word: its name.
        line: its first line, from 1.
        keys: key → value and line; of a key that occurs twice, the first.
    """

    word: str
    line: int
    keys: dict[str, tuple[str, int]]

    def text(self, key: str, default: str = "") -> str:
        """A value as it is written."""
        return self.keys[key][0] if key in self.keys else default

    def place(self, key: str = "") -> ModelPlace:
        """The place of a key, or of the section."""
        return ModelPlace(self.keys[key][1] if key in self.keys else self.line)

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        return self.numbers(key)[0] if key in self.keys else default

    def numbers(self, key: str) -> list[int]:
        """Whole numbers with commas between them."""
        try:
            return [int(one) for one in self.text(key).split(",") if one.strip()] or [int("")]
        except ValueError:
            message = f"{key}={self.text(key):.40}: whole numbers are expected"
            raise RefusedModel((self.place(key), message)) from None


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a configuration."""
    sections = _sections(decoded(content))
    if not sections or sections[0].word not in ("net", "network"):
        raise RefusedModel((ModelPlace(), "a Darknet configuration starts with [net]"))
    return _Darknet(sections[0], given).graph(sections[1:])


def _sections(text: str) -> list[Section]:
    sections: list[Section] = []
    for number, written in enumerate(text.splitlines(), start=1):
        line = "".join(written.split())
        if line.startswith("["):
            sections.append(Section(line[1:].partition("]")[0], number, {}))
        elif line and line[0] not in "#;":
            key, equals, value = line.partition("=")
            if not sections or not equals:
                raise RefusedModel((ModelPlace(number), f"'{line:.40}' is neither [section] nor key=value"))
            sections[-1].keys.setdefault(key, (value, number))
    return sections


@final
class _Darknet:
    def __init__(self, net: Section, given: Sequence[int]) -> None:
        self._builder = GraphBuilder("Darknet", given=given)
        sizes = [net.number(key, 0) for key in ("channels", "height", "width")]
        if 0 in sizes and "inputs" in net.keys:
            sizes = [net.number("inputs", 0)]
        if 0 in sizes and not given:
            words = "the shape of the input (channels, height and width) is not in the file"
            raise RefusedModel((net.place(), f"{words}; give it as --input CxHxW"))
        self._values = [self._builder.input("input", sizes, net.place())]
        self._outputs: list[str] = []

    def graph(self, sections: list[Section]) -> ModelGraph:
        """The graph of all layers; `_values` has the output of each section after the input."""
        readers: dict[str, Callable[[Section], str]] = {
            **dict.fromkeys(CONVOLUTIONAL, self._convolutional),
            **dict.fromkeys(("connected", "conn"), self._connected),
            **dict.fromkeys(("maxpool", "max", "local_maxpool"), self._maxpool),
            **dict.fromkeys(("avgpool", "avg"), lambda section: self._add("global_avgpool", section)),
            **dict.fromkeys(("softmax", "soft"), lambda section: self._add("softmax", section)),
            **dict.fromkeys(("route", "shortcut", "scale_channels", "sam"), self._joined),
            **dict.fromkeys(DETECTIONS, self._detection),
            "dropout": self._dropout,
            "upsample": self._upsample,
            "reorg": self._reorg,
            "local": self._local,
            "crop": self._crop,
            "cost": self._dropped,
            "activation": lambda section: self._activated(section, self._values[-1], section),
        }
        for section in bounded(sections):
            with sensible(section.place()):
                self._values.append(readers.get(section.word, self._unknown)(section))
        outputs = self._outputs if self._values[-1] in self._outputs else [*self._outputs, self._values[-1]]
        return self._builder.graph(outputs)

    def _add(self, kind: str, section: Section, inputs: list[str] | None = None, **settings: Any) -> str:
        return self._builder.add(kind, inputs or self._values[-1:], settings, at=section.place())

    def _convolutional(self, section: Section) -> str:
        kernel = section.number("size", 1)
        padding = kernel // 2 if section.number("pad", 0) else section.number("padding", 0)
        stride = section.number("stride", 1)
        strides = section.number("stride_y", stride), section.number("stride_x", stride)
        normed = section.number("batch_normalize", 0) != 0
        settings: dict[str, Any] = {
            "filters": section.number("filters", 1), "kernel": kernel, "padding": padding, "bias": not normed,
            "stride": strides, "dilation": section.number("dilation", 1), "groups": section.number("groups", 1),
        }  # fmt: skip
        if section.word.startswith("deconv"):
            del settings["dilation"], settings["groups"]
        value = self._add("deconv" if section.word.startswith("deconv") else "conv", section, **settings)
        return self._activated(section, self._add("bn", section, [value]) if normed else value, section)

    def _activated(self, section: Section, value: str, at: Section) -> str:
        word = section.text("activation", "logistic" if at.word in (*CONVOLUTIONAL, "connected") else "linear")
        if word == "linear":
            return value
        kind, settings = ACTIVATIONS.get(word, ("", {}))
        return self._add_or_unknown(kind, f"activation={word}", section.place("activation"), value, settings)

    def _add_or_unknown(self, kind: str, word: str, at: ModelPlace, value: str, settings: dict[str, float]) -> str:
        from cnncalc.layers import LAYERS

        if kind not in LAYERS:
            return self._builder.unknown(word, [value], at, self._builder.shapes[value])
        return self._builder.add(kind, [value], settings, at=at)

    def _connected(self, section: Section) -> str:
        vector = self._builder.vector(self._values[-1], section.place())
        normed = section.number("batch_normalize", 0) != 0
        value = self._add("fc", section, [vector], features=section.number("output", 1), bias=not normed)
        return self._activated(section, self._add("bn", section, [value]) if normed else value, section)

    def _maxpool(self, section: Section) -> str:
        stride = section.number("stride", 1)
        kernel = section.number("size", stride)
        strides = section.number("stride_y", stride), section.number("stride_x", stride)
        total = section.number("padding", kernel - 1)
        before, after = total // 2, total - total // 2
        shape = self._builder.shapes[self._values[-1]]
        # Padding after the map that no window reaches is not written.
        if shape and not before and all((n + after - kernel) // s == (n - kernel) // s
                                        for n, s in zip(shape.spatial, strides, strict=False) if s > 0):  # fmt: skip
            after = 0
        return self._add("maxpool", section, kernel=kernel, stride=strides, padding=((before, after),) * 2)

    def _joined(self, section: Section) -> str:
        """A layer that reads others by number: absolute, or counted backwards from itself."""
        key = "layers" if section.word == "route" else "from"
        others = [self._value(number, section, key) for number in section.numbers(key)]
        if section.word == "route":
            return self._route(section, others)
        kind = "add" if section.word == "shortcut" else "mul"
        inputs = [self._values[-1], *others] if kind == "add" else [*others, self._values[-1]]
        return self._activated(section, self._add(kind, section, inputs), section)

    def _value(self, number: int, section: Section, key: str) -> str:
        index = number + 1 if number >= 0 else len(self._values) + number
        if not 1 <= index < len(self._values):
            raise RefusedModel((section.place(key), f"{key}={number} is not a layer above this one"))
        return self._values[index]

    def _route(self, section: Section, others: list[str]) -> str:
        groups, part = section.number("groups", 1), section.number("group_id", 0)
        if groups > 1:
            others = [self._part(section, other, groups, part) for other in others]
        return self._add("concat", section, others) if len(others) > 1 else others[0]

    def _part(self, section: Section, value: str, groups: int, part: int) -> str:
        size = (self._builder.channels(value) or 0) // groups
        return self._add("slice", section, [value], channels=(part * size, (part + 1) * size))

    def _dropout(self, section: Section) -> str:
        text = section.text("probability", "0.5")
        try:
            rate = float(text)
        except ValueError:
            raise RefusedModel((section.place("probability"), f"'{text:.40}' is not a number")) from None
        return self._add("dropout", section, rate=rate)

    def _upsample(self, section: Section) -> str:
        return self._add("upsample", section, factor=section.number("stride", 2))

    def _reorg(self, section: Section) -> str:
        self._builder.note("reorg is written as space_to_depth, which orders the channels differently", section.place())
        return self._add("space_to_depth", section, block_size=section.number("stride", 1))

    def _local(self, section: Section) -> str:
        kernel, stride = section.number("size", 1), section.number("stride", 1)
        settings: dict[str, Any] = {"filters": section.number("filters", 1), "kernel": kernel, "stride": stride}
        if section.number("pad", 0):
            settings["padding"] = kernel // 2
        return self._activated(section, self._add("local", section, **settings), section)

    def _crop(self, section: Section) -> str:
        return self._add("crop", section, size=(section.number("crop_height", 1), section.number("crop_width", 1)))

    def _detection(self, section: Section) -> str:
        self._builder.note(f"[{section.word}], which turns an output into boxes, is left out", section.place())
        self._outputs.append(self._values[-1])
        return self._values[-1]

    def _dropped(self, section: Section) -> str:
        self._builder.note(f"[{section.word}] is left out", section.place())
        return self._values[-1]

    def _unknown(self, section: Section) -> str:
        return self._builder.unknown(f"[{section.word}]", self._values[-1:], section.place())

"""Layers that somebody has written with numpy: the kind of a class or function, by its name and its arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import prod
from typing import Any, NamedTuple, final

from cnncalc.errors import ShapeError
from cnncalc.importing.source.homework_names import EVERYWHERE, IGNORED, ROLES, bare, kind_of
from cnncalc.importing.source.values import Array, Stuck, is_tuple, unknown_in
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.shapes import Shape, by_axis


class HomeworkLayer(NamedTuple):
    """The layer that a class or function is.

    Attributes:
        kind, settings: in the words of the language.
        activation: the kind at its end; empty if it has none.
        offsets: whether each value of the output has an offset of its own.
        note: a remark on it.
        usual: the number of learned values of a usual layer with its settings.
    """

    kind: str
    settings: dict[str, Any]
    activation: str = ""
    offsets: bool = False
    note: str = ""
    usual: int = 0


@final
class HandWritten:
    """A layer as it is written: its name, its arguments, and the arrays that it uses.

    Args:
        name: of the class or function, as it is in messages.
        kind: the one of its name.
        arguments: by name.
        arrays: by name.
        entering: the shape of its input.
        line: where it is.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        arguments: Mapping[str, Any],
        arrays: Mapping[str, Array],
        entering: Shape,
        line: int,
    ) -> None:
        self.name, self.kind, self.arrays, self.entering, self.line = name, kind, arrays, entering, line
        self._given = self._roles(arguments)

    @property
    def takes_vector(self) -> bool:
        """Whether it has a matrix, and so takes vectors."""
        return self.kind == "fc" or (self.kind == "softmax" and any(len(one.dims) == 2 for one in self.arrays.values()))

    def layer(self) -> HomeworkLayer:
        """The layer that it is.

        Raises:
            Stuck: its arguments or arrays are not clear.
        """
        readers: Mapping[str, Callable[[], HomeworkLayer]] = {
            "conv": self._conv, "maxpool": self._pool, "avgpool": self._pool, "pool": self._pool, "fc": self._dense,
        }  # fmt: skip
        if self.kind == "softmax" and self.takes_vector:
            return self._dense()._replace(activation="softmax")
        return readers[self.kind]() if self.kind in readers else HomeworkLayer(self.kind, {})

    def fail(self, why: str) -> Stuck:
        """The error for a layer that is not understood."""
        return Stuck(self.line, f"{self.name} is not understood: {why}")

    def _roles(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by what they mean."""
        family = "pool" if self.kind.endswith("pool") else self.kind
        roles = {**ROLES.get(family, {}), **EVERYWHERE}
        given: dict[str, Any] = {}
        for name, value in arguments.items():
            if isinstance(value, dict):
                given |= self._roles(value)
                continue
            role = next(
                (one for one, names in roles.items() if bare(name) in names.split() or name in names.split()), ""
            )
            role = "mode" if family == "pool" and isinstance(value, str) and role == "kernel" else role
            side = re.search(r"_?(height|width|h|w)$", name.lower())
            if not role and side and bare(name)[: -len(side[1])] in roles.get("kernel", "").split():
                given["kernel"] = (*given.get("kernel", ()), value)
            elif role in given and value is not None:
                raise self.fail(f"two of its arguments could be its {role}")
            elif role:
                given[role] = value
            elif family in ROLES and type(value) is int and bare(name) not in IGNORED:
                raise self.fail(f"the meaning of its argument {name}={value} is not known")
        return {role: value for role, value in given.items() if value is not None}

    def _number(self, role: str) -> int | None:
        value = self._given.get(role)
        if value is not None and (type(value) is not int or value < 1):
            unknown = unknown_in(value)
            why = unknown.words() if unknown else f"its {role} is {value!r:.40}; a whole number is expected"
            raise self.fail(why)
        return value

    def _pair(self, role: str) -> tuple[int, ...] | None:
        """The number of an argument for each axis."""
        value = self._given.get(role)
        if value is None:
            return None
        pair = tuple(value) if isinstance(value, list) or is_tuple(value) else (value, value)
        least = 0 if role == "padding" else 1
        if len(pair) != 2 or not all(type(one) is int and one >= least for one in pair):
            unknown = unknown_in(value)
            raise self.fail(
                unknown.words() if unknown else f"its {role} is {value!r:.40}; one or two numbers are expected"
            )
        return pair

    def _window(self, kernel: tuple[int, ...], stride: tuple[int, ...]) -> dict[str, Any]:
        padding = self._given.get("padding", 0)
        if isinstance(padding, str):
            if padding.lower() not in ("same", "valid"):
                raise self.fail(f"its padding is '{padding:.20}'; a number, 'same' or 'valid' is expected")
            return {"kernel": kernel, "stride": stride, "padding": "same" if padding.lower() == "same" else 0}
        sides = self._pair("padding") or (0, 0)
        return {"kernel": kernel, "stride": stride, "padding": tuple((side, side) for side in sides)}

    def activation(self) -> str | None:
        """The activation in an argument; None if there is none."""
        value = self._given.get("activation")
        word = getattr(value, "name", value)
        kind = kind_of(word) if isinstance(word, str) else ""
        return kind if kind in ACTIVATIONS else "" if "activation" in self._given else None

    def _pool(self) -> HomeworkLayer:
        kernel = self._pair("kernel") or ((2, 2) if not self._given else None)
        if kernel is None:
            raise self.fail("none of its arguments is the size of its window")
        mode = {"max": "maxpool", "avg": "avgpool", "ave": "avgpool", "mean": "avgpool"}
        word = str(self._given.get("mode", "")).lower()
        kind = self.kind if self.kind != "pool" else mode.get(word[:4].removesuffix("r"), mode.get(word[:3], ""))
        if not kind:
            raise self.fail("nothing says whether it takes the largest value or the mean")
        return HomeworkLayer(kind, self._window(kernel, self._pair("stride") or kernel))

    def _dense(self) -> HomeworkLayer:
        entering, features = self.entering.elements, self._number("features")
        matrices = [one.dims for one in self.arrays.values() if len(one.dims) == 2 and entering in one.dims]
        if features is None and matrices:
            features = matrices[0][1] if matrices[0][0] == entering else matrices[0][0]
        inputs = self._given.get("inputs")
        if features is None:
            raise self.fail("neither an argument nor an array says how many values it gives")
        if type(inputs) is int and inputs != entering:
            raise Stuck(self.line, f"{self.name} is for {inputs:,} values, and gets {entering:,}")
        learned, weights = self._learned(), entering * features
        if learned not in (None, weights, weights + features):
            raise self.fail(f"its arrays hold {learned:,} values, not {weights + features:,}")
        bias = self._given.get("bias", True) is not False if learned is None else learned > weights
        return HomeworkLayer("fc", {"features": features, "bias": bias})

    def _learned(self) -> int | None:
        """The number of values in its arrays; None if they are not known."""
        return sum(prod(one.dims) for one in self.arrays.values()) if self.arrays else None

    def _conv(self) -> HomeworkLayer:
        channels, (filters, kernel) = self.entering.channels, self._kernel()
        if (said := self._given.get("channels")) is not None and type(said) is int and said != channels:
            raise Stuck(self.line, f"{self.name} is for {said} channels, and gets {channels}")
        settings = {"filters": filters, **self._window(kernel, self._pair("stride") or (1, 1))}
        learned, flat = self._learned(), filters * prod(kernel)
        if learned is None:
            note = f"assumed: the kernels of {self.name} are as deep as its input; the source does not give their sizes"
            return HomeworkLayer("conv", {**settings, "bias": self._given.get("bias", True) is not False}, note=note)
        made = make(LAYERS["conv"], 2, **settings, bias=True)
        try:
            outside = made.output_shape(self.entering)
        except ShapeError as error:
            raise Stuck(self.line, f"{self.name}: {error}") from None
        for extra, bias, offsets in ((0, False, False), (filters, True, False), (outside.elements, False, True)):
            if learned == flat * channels + extra:
                return HomeworkLayer("conv", {**settings, "bias": bias}, offsets=offsets)
        if learned not in (flat, flat + filters):
            usual = flat * channels + filters
            raise self.fail(f"its arrays hold {learned:,} values; a convolution of its sizes has {usual:,}")
        return self._without_depth(settings, outside, learned, made.macs(self.entering))

    def _without_depth(self, settings: dict[str, Any], outside: Shape, learned: int, macs: int) -> HomeworkLayer:
        """A convolution whose kernels all channels share."""
        filters, sizes = settings["filters"], "×".join(map(str, settings["kernel"]))
        channels, lacks = self.entering.channels, "" if learned > filters * prod(settings["kernel"]) else " or bias"
        usual = filters * (prod(settings["kernel"]) * channels + 1)
        words = f"conv {filters}, {sizes}, stride {settings['stride'][0]}: kernels without depth{lacks}"
        note = (
            f"the kernels of {self.name} have no depth{lacks}: {filters}·{sizes.replace('×', '·')} = {learned:,} "
            f"learned values for all {channels} channels; with depth and bias there are {usual:,}"
        )
        size = {"operation": words, "size": outside, "learned": learned, "multiplied": macs}
        return HomeworkLayer("opaque", size, note=note, usual=usual)

    def _kernel(self) -> tuple[int, tuple[int, ...]]:
        """The number of filters and the size of a window, by its arguments or by the array of the kernels."""
        filters, kernel = self._number("filters"), self._pair("kernel")
        dims = max((one.dims for one in self.arrays.values()), key=len, default=())
        channels = self.entering.channels
        if len(dims) == 3:
            filters, kernel = filters or dims[0], kernel or dims[1:]
        elif len(dims) == 4:
            first = {1: (dims[0], dims[2:]), 2: (dims[3], dims[:2]), 3: (dims[0], dims[1:3])}
            places = [place for place in first if dims[place] == channels]
            places = [place for place in places if first[place][1][0] == first[place][1][1]] or places
            if not places:
                words = by_axis(dims)
                raise Stuck(self.line, f"{self.name}: kernels of {words} do not fit the {channels} channels that enter")
            filters, kernel = filters or first[places[0]][0], kernel or first[places[0]][1]
        if filters is None or kernel is None:
            missing = "how many filters it has" if filters is None else "how large its kernels are"
            raise self.fail(f"neither an argument nor an array says {missing}")
        return filters, kernel

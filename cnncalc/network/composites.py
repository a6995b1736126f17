"""residual, branches and sequence: expanded to the layers that they hold and a merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cnncalc.language.model import Line
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, made
from cnncalc.layers.composites import SHORTCUT_FIRST
from cnncalc.network.assembly import Assembly, Expanded, PlacedLine
from cnncalc.network.model import Row
from cnncalc.network.scope import Scope
from cnncalc.network.values import read_value
from cnncalc.shapes import Shape

ExpandBody = Callable[[Sequence[Line], Scope, str, str], Expanded]

Rows = tuple[Row, ...]


class Expansion:
    """The expansion of one composite line at one place.

    Args:
        assembly: the network so far.
        expand: expands the lines of a body: `Builder.body`.
        place: the one of the line; a value enters there.
    """

    def __init__(self, assembly: Assembly, expand: ExpandBody, place: PlacedLine) -> None:
        self._assembly = assembly
        self._expand = expand
        self._place = place
        _, self._plan, self._path, self._scope, self._entry = place

    def expanded(self) -> Expanded:
        """The rows below the line, and the value that it hands on."""
        match self._plan.name:
            case "residual":
                return self._residual()
            case "branches":
                return self._branches()
            case _:
                return self._body(self._plan.bodies[0], self._path)

    def _word(self, name: str) -> str | None:
        """The value of a parameter that is a word; `none` for one that the kind does not have."""
        parameter = self._plan.kind.parameters.get(name) if self._plan.kind is not None else None
        if parameter is None or name not in self._plan.settings:
            return str(parameter.default) if parameter is not None else "none"
        context = self._assembly.context(self._scope, self._entry)
        return self._scope.attempt(read_value, self._place.value(name), name, parameter, context)

    def _body(self, lines: tuple[Line, ...], path: str) -> Expanded:
        return self._expand(lines, self._scope.inner(), f"{path}/", self._entry)

    def _residual(self) -> Expanded:
        rows, body = self._body(self._plan.bodies[0], self._path)
        shortcut_rows, shortcut = self._shortcut(body)
        rows += shortcut_rows
        merge = self._word("merge")
        if shortcut is None or merge is None:
            return self._with_activation(rows, body)
        operands = (shortcut, body) if merge in SHORTCUT_FIRST else (body, shortcut)
        return self._merged(rows, merge, operands)

    def _shortcut(self, body: str) -> tuple[Rows, str | None]:
        """The rows of the shortcut and its value; None for no shortcut."""
        if self._plan.shortcut is not None:
            path, start = self._assembly.unused(f"{self._path}/shortcut"), len(self._assembly.nodes)
            expanded = self._body(self._plan.shortcut, path)
            return (self._row(path, "shortcut", start, expanded),), expanded[1]
        word = self._word("shortcut")
        if word is None:
            return (), None
        before, after = self._assembly.shapes[self._entry], self._assembly.shapes[body]
        if before is None or after is None or before == after:
            return (), self._entry
        if word == "project":
            return self._projection(before, after)
        if word == "pad":
            return self._padded(before, after)
        if word == "if_same":
            return (), None
        if self._word("merge") == "add":
            message = "the body gives {after} but its input is {before}; make them equal, or write "
            self._note_shapes(message + "'shortcut: project', 'shortcut: if_same' or a list of layers", before, after)
            self._assembly.shapes[body] = None
        return (), self._entry

    def _note_shapes(self, message: str, before: Shape, after: Shape) -> None:
        layout = self._assembly.layout
        message = message.format(before=before.text(layout), after=after.text(layout))
        self._place.note_here(f"residual: {message}", "shape")

    def _projection(self, before: Shape, after: Shape) -> tuple[Rows, str | None]:
        """A 1x1 convolution that gives the body's shape, with the bias and norm of conv's defaults."""
        stride = _stride(before, after)
        if stride is None or not before.rank:
            return self._refused("no 1x1 convolution turns {before} into {after}", before, after)
        path, start = self._assembly.unused(f"{self._path}/shortcut"), len(self._assembly.nodes)
        bias, norm = (self._assembly.default("conv", name, before.channels) for name in ("bias", "norm"))
        if bias is None or norm is None:
            return self._assembly.unknown(path)
        layer = made(
            LAYERS["conv"], before.rank,
            ("filters", after.channels), ("kernel", 1), ("stride", stride), ("bias", bias),
        )  # fmt: skip
        recipe: tuple[Layer, ...] = (layer,)
        if norm != "none":
            follower = self._follower(norm, before.rank, after.channels)
            if follower is None:
                return self._assembly.unknown(path)
            recipe = (layer, follower)
        expanded = self._assembly.add_layer(path, recipe, (self._entry,), self._place)
        return (self._row(path, "", start, expanded),), expanded[1]

    def _padded(self, before: Shape, after: Shape) -> tuple[Rows, str | None]:
        """Every stride-th value, a pooling of 1, with channels of zeros after them: option A of He et al."""
        stride = _stride(before, after)
        if stride is None:
            return self._refused("no stride leads from the map of {before} to that of {after}", before, after)
        if before.channels > after.channels:
            return self._refused("pad can only add channels, but {after} has fewer than {before}", before, after)
        path, start = self._assembly.unused(f"{self._path}/shortcut"), len(self._assembly.nodes)
        rows: Rows = ()
        output = self._entry
        if before.spatial != after.spatial:
            pool = made(LAYERS["maxpool"], before.rank, ("kernel", 1), ("stride", stride))
            rows, output = self._with(rows, (output,), pool, path)
        if before.channels != after.channels:
            pad = made(LAYERS["pad_channels"], before.rank, ("zeros", (0, after.channels - before.channels)))
            rows, output = self._with(rows, (output,), pad, path)
        return (self._row(path, "shortcut pad", start, (rows, output)),), output

    def _refused(self, reason: str, before: Shape, after: Shape) -> tuple[Rows, None]:
        """Note why no shortcut of this kind leads from one shape to the other; there is none then."""
        self._note_shapes(f"{reason}; write the shortcut as a list of layers", before, after)
        return (), None

    def _branches(self) -> Expanded:
        rows: list[Row] = []
        for number, lines in enumerate(self._plan.bodies, start=1):
            path, start = f"{self._path}/{number}", len(self._assembly.nodes)
            rows.append(self._row(path, f"path {number}" if lines else "identity", start, self._body(lines, path)))
        merge = self._word("merge")
        if merge is None or not rows:
            return tuple(rows), self._assembly.unknown(self._path)[1]
        return self._merged(tuple(rows), merge, tuple(row.output for row in rows))

    def _merged(self, rows: Rows, merge: str, operands: tuple[str, ...]) -> Expanded:
        return self._with_activation(*self._with(rows, operands, made(LAYERS[merge], 0), self._path))

    def _with_activation(self, rows: Rows, output: str) -> Expanded:
        word = self._word("activation")
        if word is None or word == "none":
            return rows, output
        shape = self._assembly.shapes[output]
        layer = self._follower(word, shape.rank if shape else 0, shape.channels if shape else None)
        if layer is None:
            return rows, self._assembly.unknown(self._path)[1]
        return self._with(rows, (output,), layer, self._path)

    def _follower(self, value: Any, rank: int, channels: int | None) -> Layer | None:
        return self._assembly.follower(value, rank, channels, self._scope)

    def _with(self, rows: Rows, operands: tuple[str, ...], layer: Layer, path: str) -> Expanded:
        """The rows and one more, of a layer below `path` that reads these values."""
        start = len(self._assembly.nodes)
        output = self._assembly.add(f"{path}/{layer.kind}", layer, operands, self._place)
        return (*rows, self._row(output, "", start, ((), output))), output

    def _row(self, path: str, label: str, start: int, expanded: Expanded) -> Row:
        return self._assembly.row(path, label, self._place.at.line, start, expanded)


def _stride(before: Shape, after: Shape) -> tuple[int, ...] | None:
    """The stride at which windows of one value lead from one map to the other; None if there is none."""
    if before.rank != after.rank:
        return None
    stride = tuple(-(-n // m) for n, m in zip(before.spatial, after.spatial, strict=True))
    reached = tuple((n - 1) // s + 1 for n, s in zip(before.spatial, stride, strict=True))
    return stride if reached == after.spatial else None

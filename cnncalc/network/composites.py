"""residual, branches and sequence: expanded to the layers that they hold and a merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cnncalc.language.model import Line
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.network.assembly import Assembly, Place
from cnncalc.network.model import Row
from cnncalc.network.scope import Scope
from cnncalc.shapes import Shape

ExpandBody = Callable[[Sequence[Line], Scope, str, str], tuple[tuple[Row, ...], str]]


class Composite:
    """One composite line at one place.

    Args:
        assembly: the network so far.
        expand: expands the lines of a body: `Builder.body`.
        place: where the line is expanded; a value enters there.
    """

    def __init__(self, assembly: Assembly, expand: ExpandBody, place: Place) -> None:
        self.assembly = assembly
        self.expand = expand
        self.place = place
        self.plan = place.plan
        self.path = place.path
        self.entry = place.entry

    def rows(self) -> tuple[tuple[Row, ...], str]:
        """The rows below the line, and the value that it hands on."""
        match self.plan.name:
            case "residual":
                return self._residual()
            case "branches":
                return self._branches()
            case _:
                return self._body(self.plan.bodies[0], self.path)

    def _word(self, name: str) -> str | None:
        """The value of a parameter that is a word."""
        kind = self.plan.kind
        assert kind is not None
        parameter = kind.parameters[name]
        if name not in self.plan.settings:
            return str(parameter.default)
        context = self.assembly.context(self.place.scope, self.entry)
        word = self.assembly.read(self.plan.settings[name], name, parameter, context, self.place.scope)
        return None if word is None else str(word)

    def _body(self, lines: tuple[Line, ...], prefix: str) -> tuple[tuple[Row, ...], str]:
        return self.expand(lines, self.place.scope.inner(), f"{prefix}/", self.entry)

    def _residual(self) -> tuple[tuple[Row, ...], str]:
        rows, body = self._body(self.plan.bodies[0], self.path)
        shortcut_rows, shortcut = self._shortcut(body)
        rows += shortcut_rows
        merge = self._word("merge")
        if shortcut is None or merge is None:
            return self._finish(rows, body)
        operands = (shortcut, body) if merge == "concat" else (body, shortcut)
        return self._merge(rows, merge, operands)

    def _shortcut(self, body: str) -> tuple[tuple[Row, ...], str | None]:
        """The rows of the shortcut and its value; None for no shortcut."""
        if self.plan.shortcut is not None:
            path = self.assembly.unused(f"{self.path}/shortcut")
            start = len(self.assembly.nodes)
            rows, output = self._body(self.plan.shortcut, path)
            return (self._row(path, "shortcut", start, output, rows),), output
        word = self._word("shortcut")
        if word is None:
            return (), None
        before, after = self.assembly.shapes[self.entry], self.assembly.shapes[body]
        if before is None or after is None or before == after:
            return (), self.entry
        if word == "project":
            return self._projection(before, after)
        if word == "pad":
            return self._padded(before, after)
        if word == "if_same":
            return (), None
        if self._word("merge") == "add":
            self._note_mismatch(before, after)
            self.assembly.shapes[body] = None
        return (), self.entry

    def _note_mismatch(self, before: Shape, after: Shape) -> None:
        layout = self.assembly.layout
        message = (
            f"residual: the body gives {after.text(layout)} but its input is {before.text(layout)}; make them equal, "
            "or write 'shortcut: project', 'shortcut: if_same' or a list of layers"
        )
        self.place.note_here(message, "shape")

    def _projection(self, before: Shape, after: Shape) -> tuple[tuple[Row, ...], str | None]:
        """A 1x1 convolution that gives the body's shape, with the bias and norm of conv's defaults."""
        stride = _stride(before, after)
        if stride is None or not before.rank:
            return self._refused("no 1x1 convolution makes {after} of {before}", before, after)
        bias, norm = (self.assembly.default("conv", name, before.channels) for name in ("bias", "norm"))
        if bias is None or norm is None:
            return self.assembly.unknown(self.assembly.unused(f"{self.path}/shortcut"))
        layer = make(LAYERS["conv"], before.rank, filters=after.channels, kernel=1, stride=stride, bias=bias)
        path, start = self.assembly.unused(f"{self.path}/shortcut"), len(self.assembly.nodes)
        followers = () if norm == "none" else (self.assembly.follower(str(norm), before.rank, after.channels),)
        rows, output = self.assembly.add_layer(path, (layer, followers), (self.entry,), self.place)
        return (self._row(path, "", start, output, rows),), output

    def _padded(self, before: Shape, after: Shape) -> tuple[tuple[Row, ...], str | None]:
        """Every stride-th value, a pooling of 1, with channels of zeros behind: option A of He et al."""
        stride = _stride(before, after)
        if stride is None:
            return self._refused("no stride leads from the map of {before} to that of {after}", before, after)
        if before.channels > after.channels:
            return self._refused("pad can only add channels, but {after} has fewer than {before}", before, after)
        path, start = self.assembly.unused(f"{self.path}/shortcut"), len(self.assembly.nodes)
        layers = []
        if before.spatial != after.spatial:
            layers.append(make(LAYERS["maxpool"], before.rank, kernel=1, stride=stride))
        if before.channels != after.channels:
            layers.append(make(LAYERS["pad_channels"], before.rank, zeros=(0, after.channels - before.channels)))
        rows, output = [], self.entry
        for number, layer in enumerate(layers, start):
            output = self.assembly.add(f"{path}/{layer.kind}", layer, (output,), self.place)
            rows.append(self._row(output, "", number, output))
        return (self._row(path, "shortcut pad", start, output, tuple(rows)),), output

    def _refused(self, reason: str, before: Shape, after: Shape) -> tuple[tuple[Row, ...], None]:
        """Note why no shortcut of this kind leads from one shape to the other; there is none then."""
        layout = self.assembly.layout
        found = reason.format(before=before.text(layout), after=after.text(layout))
        message = f"residual: {found}; write the shortcut as a list of layers"
        self.place.note_here(message, "shape")
        return (), None

    def _branches(self) -> tuple[tuple[Row, ...], str]:
        rows: list[Row] = []
        outputs = []
        for number, lines in enumerate(self.plan.bodies, start=1):
            path, start = f"{self.path}/{number}", len(self.assembly.nodes)
            below, output = self._body(lines, path)
            rows.append(self._row(path, f"path {number}" if lines else "identity", start, output, below))
            outputs.append(output)
        merge = self._word("merge")
        if merge is None or not outputs:
            return tuple(rows), self.assembly.unknown(self.path)[1]
        return self._merge(tuple(rows), merge, tuple(outputs))

    def _merge(self, rows: tuple[Row, ...], merge: str, operands: tuple[str, ...]) -> tuple[tuple[Row, ...], str]:
        start = len(self.assembly.nodes)
        layer = make(LAYERS[merge], 0)
        output = self.assembly.add(f"{self.path}/{merge}", layer, operands, self.place)
        return self._finish((*rows, self._row(output, "", start, output)), output)

    def _finish(self, rows: tuple[Row, ...], output: str) -> tuple[tuple[Row, ...], str]:
        """Add the activation, if there is one."""
        kind = self.plan.kind
        word = self._word("activation") if kind is not None and "activation" in kind.parameters else "none"
        if word in (None, "none"):
            return rows, output
        start, shape = len(self.assembly.nodes), self.assembly.shapes[output]
        layer = self.assembly.follower(str(word), shape.rank if shape else 0, shape.channels if shape else None)
        output = self.assembly.add(f"{self.path}/{layer.kind}", layer, (output,), self.place)
        return (*rows, self._row(output, "", start, output)), output

    def _row(self, path: str, label: str, start: int, output: str, rows: tuple[Row, ...] = ()) -> Row:
        return Row(path, label, self.plan.at.line + 1, start, len(self.assembly.nodes), output, rows)


def _stride(before: Shape, after: Shape) -> tuple[int, ...] | None:
    """The stride at which windows of one value lead from one map to the other; None where there is none."""
    if before.rank != after.rank:
        return None
    stride = tuple(-(-n // m) for n, m in zip(before.spatial, after.spatial, strict=True))
    reached = tuple((n - 1) // s + 1 for n, s in zip(before.spatial, stride, strict=True))
    return stride if reached == after.spatial else None

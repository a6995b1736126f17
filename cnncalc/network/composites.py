"""residual, branches and sequence: expanded to the layers that they hold and a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.network.model import Row
from cnncalc.network.plans import Plan, Settings
from cnncalc.network.scope import Scope
from cnncalc.shapes import Shape
from cnncalc.spec.model import Line

if TYPE_CHECKING:
    from cnncalc.network.build import Builder


class Expansion:
    """The expansion of one composite line at one place.

    Args:
        builder: the network under construction.
        plan: what the line means.
        settings: its settings, those of this copy.
        path: the path of the line or copy.
        scope: the names around the line.
        entry: the value that enters.
    """

    def __init__(self, builder: Builder, plan: Plan, settings: Settings, path: str, scope: Scope, entry: str) -> None:
        self.builder = builder
        self.plan = plan
        self.settings = settings
        self.path = path
        self.scope = scope
        self.entry = entry

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
        if name not in self.settings:
            return str(parameter.default)
        context = self.builder.context(self.scope, self.entry)
        word = self.builder.read(self.settings[name], name, parameter, context, self.scope)
        return None if word is None else str(word)

    def _body(self, lines: tuple[Line, ...], prefix: str) -> tuple[tuple[Row, ...], str]:
        return self.builder.body(lines, self.scope.inner(), f"{prefix}/", self.entry)

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
            path = f"{self.path}/shortcut"
            start = len(self.builder.nodes)
            rows, output = self._body(self.plan.shortcut, path)
            return (self._row(path, "shortcut", start, output, rows),), output
        word = self._word("shortcut")
        before, after = self.builder.shapes[self.entry], self.builder.shapes[body]
        if before is None or after is None or before == after:
            return (), self.entry
        if word == "project":
            return self._projection(before, after)
        if word == "if_same":
            return (), None
        if self._word("merge") == "add":
            self._note_mismatch(before, after)
            self.builder.shapes[body] = None
        return (), self.entry

    def _note_mismatch(self, before: Shape, after: Shape) -> None:
        layout = self.builder.spec.layout
        message = (
            f"residual: the body gives {after.text(layout)} but its input is {before.text(layout)}; make them equal, "
            "or write 'shortcut: project', 'shortcut: if_same' or a list of layers"
        )
        self.builder.note(self.plan.at, message, "shape", self.scope)

    def _projection(self, before: Shape, after: Shape) -> tuple[tuple[Row, ...], str | None]:
        """A 1x1 convolution that gives the body's shape, with the bias and norm of conv's defaults."""
        stride = tuple(-(-n // m) for n, m in zip(before.spatial, after.spatial, strict=False))
        reached = tuple((n - 1) // s + 1 for n, s in zip(before.spatial, stride, strict=False))
        if before.rank != after.rank or reached != after.spatial or not before.rank:
            layout = self.builder.spec.layout
            found = f"no 1x1 convolution makes {after.text(layout)} of {before.text(layout)}"
            message = f"residual: {found}; write the shortcut as a list of layers"
            self.builder.note(self.plan.at, message, "shape", self.scope)
            return (), None
        bias, norm = (self.builder.default_of("conv", name) for name in ("bias", "norm"))
        layer = make(LAYERS["conv"], before.rank, filters=after.channels, kernel=1, stride=stride, bias=bias)
        path, start = f"{self.path}/shortcut", len(self.builder.nodes)
        followers = () if norm == "none" else (self.builder.follower(str(norm), before.rank),)
        rows, output = self.builder.add_layer(path, layer, followers, (self.entry,), self.plan.at, self.scope)
        return (self._row(path, "", start, output, rows),), output

    def _branches(self) -> tuple[tuple[Row, ...], str]:
        rows: tuple[Row, ...] = ()
        outputs = []
        for number, lines in enumerate(self.plan.bodies, start=1):
            path, start = f"{self.path}/{number}", len(self.builder.nodes)
            below, output = self._body(lines, path)
            rows += (self._row(path, f"path {number}" if lines else "identity", start, output, below),)
            outputs.append(output)
        merge = self._word("merge")
        if merge is None or not outputs:
            return rows, self.builder.unknown(self.path)
        return self._merge(rows, merge, tuple(outputs))

    def _merge(self, rows: tuple[Row, ...], merge: str, operands: tuple[str, ...]) -> tuple[tuple[Row, ...], str]:
        path, start = f"{self.path}/{merge}", len(self.builder.nodes)
        output = self.builder.add(path, make(LAYERS[merge], 0), operands, self.plan.at, self.scope)
        return self._finish((*rows, self._row(path, "", start, output)), output)

    def _finish(self, rows: tuple[Row, ...], output: str) -> tuple[tuple[Row, ...], str]:
        """Add the activation, if there is one."""
        kind = self.plan.kind
        word = self._word("activation") if kind is not None and "activation" in kind.parameters else "none"
        if word in (None, "none"):
            return rows, output
        start, shape = len(self.builder.nodes), self.builder.shapes[output]
        layer = self.builder.follower(str(word), shape.rank if shape is not None else 0)
        output = self.builder.add(f"{self.path}/{layer.kind}", layer, (output,), self.plan.at, self.scope)
        return (*rows, self._row(output, "", start, output)), output

    def _row(self, path: str, label: str, start: int, output: str, rows: tuple[Row, ...] = ()) -> Row:
        return Row(path, label, self.plan.at.line + 1, start, len(self.builder.nodes), output, rows)

"""Definitions that are used often: their parts, their parameters, and the arguments of each use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.errors import ExportError
from cnncalc.exporting.bodies import CodeBody, default_of, entry_names, fits, is_again, width_of
from cnncalc.exporting.framework import CodeFramework, Definition, Program, Refused
from cnncalc.exporting.parts import RESERVED, Code, CodePart, CodePiece, identifier
from cnncalc.exporting.relations import ABSENT, Parameters, constant
from cnncalc.exporting.steps import CodeStep, PlacedSteps, used
from cnncalc.importing.source.torch_modules import ENTERING
from cnncalc.network.scope import Word
from cnncalc.shapes import Shape

CHANNELS = (*ENTERING, "normalized_shape", "channels")
"""Arguments that say how many channels enter: those of modules, and of what is not a module."""

MAX_CODE = 10_000
"""The most values of a network that is written as code."""


def defined(steps: Sequence[CodeStep], framework: CodeFramework, shapes: Mapping[str, Shape], inputs: Sequence[str],
            outputs: Sequence[str]) -> Program:  # fmt: skip
    """The program of a network.

    Args:
        steps: of the network.
        framework: the one that it is written for.
        shapes: of all values by path.
        inputs: the names of the network's inputs.
        outputs: the paths of its outputs.

    Raises:
        ExportError: the network has too many layers.
    """
    if len(shapes) > MAX_CODE:
        raise ExportError(f"code of {len(shapes):,} layers is too long to read; at most {MAX_CODE:,} are written")
    writer = _Writer(framework, shapes)
    groups: dict[object, list[PlacedSteps]] = {}
    for placed in used(steps):
        groups.setdefault(placed.key, []).append(placed)
    writer.share(steps)
    for key in sorted(groups, key=lambda key: max(map(_depth, groups[key]))):
        writer.define(groups[key])
    parts, names = writer.body(steps, inputs)
    refused = tuple({layer.path: (layer, why) for layer, why in writer.refused}.values())
    return Program(tuple(writer.definitions), parts, tuple(names.get(path, path) for path in outputs), refused)


def _frozen(what: LayerReport | PlacedSteps) -> bool | None:
    """Whether the weights are frozen: True for all, False for none; None if they differ, or there are none."""
    if isinstance(what, PlacedSteps):
        states = {_frozen(step.what) for step in what.steps if isinstance(step.what, PlacedSteps) or step.what.params}
        return states.pop() if len(states) == 1 else None
    return what.node.frozen if what.weight_shapes else None


def _weights(placed: PlacedSteps, path: str) -> Iterator[tuple[str, str]]:
    """The place of each layer with weights within a use, with the path of the layer that owns them."""
    for step in placed.steps:
        if isinstance(step.what, PlacedSteps):
            yield from _weights(step.what, path)
        elif step.what.weight_shapes:
            yield step.what.path.removeprefix(path), step.what.node.weights


def _depth(placed: PlacedSteps) -> int:
    return 1 + max((_depth(step.what) for step in placed.steps if isinstance(step.what, PlacedSteps)), default=0)


class _Writer:
    def __init__(self, framework: CodeFramework, shapes: Mapping[str, Shape]) -> None:
        self._framework, self._shapes = framework, shapes
        self._instances: dict[str, CodePiece] = {}
        self._owners: dict[str, str] = {}
        self._excused: set[str] = set()
        self._names: set[str] = set()
        self.definitions: list[Definition] = []
        self.refused: list[tuple[LayerReport, str]] = []

    def share(self, steps: Sequence[CodeStep]) -> None:
        """Note the uses in the network itself that have all weights from an earlier use of the same definition."""
        seen: dict[str, tuple[CodeStep, PlacedSteps]] = {}
        for step in steps if self._framework.shares else ():
            what = step.what
            if not isinstance(what, PlacedSteps):
                continue
            weights = dict(_weights(what, what.path))
            first, owner = next(iter(weights.items()), ("", ""))
            before, other = seen.get(owner.removesuffix(first), (step, what))
            if before is not step and what.key == other.key and weights == {w: f"{other.path}{w}" for w in weights}:
                self._owners[step.output] = before.output
                self._excused.update(f"{what.path}{one}" for one in weights)
            seen[what.path] = step, what

    def body(self, steps: Sequence[CodeStep], entries: Sequence[str]) -> tuple[tuple[CodePart, ...], dict[str, str]]:
        """The parts of steps, and the name of the part that makes each value."""
        names = {path: f"entry{i}" for i, path in enumerate(entries)}
        parts: list[CodePart] = []
        for step in steps:
            parts += self._parts(step, names)
            names[step.output] = parts[-1].name
        return tuple(parts), names

    def _parts(self, step: CodeStep, names: Mapping[str, str]) -> Iterator[CodePart]:
        shape, reads = self._shapes[step.output], tuple(names[path] for path in step.reads)
        if isinstance(step.what, PlacedSteps):
            owner = names.get(self._owners.get(step.output, ""), "")
            yield CodePart(
                step.name, step.line, reads, self._instances[step.what.path], shape, owner, _frozen(step.what)
            )
            return
        layer, turned = step.what, []
        for place, read in enumerate(reads):
            piece = self._framework.turned(layer, place)
            turned.append(f"{step.name}:in{place}" if piece else read)
            if piece:
                yield CodePart(turned[-1], step.line, (read,), piece, self._shapes[step.reads[place]])
        reads = tuple(turned)
        owner = names.get(layer.node.weights, "") if self._framework.shares else ""
        if layer.node.weights and not owner and layer.path not in self._excused:
            self.refused.append((layer, f"it has the weights of {layer.node.weights}"))
        *before, last = self._pieces(layer)
        for number, piece in enumerate(before, start=1):
            name = f"{step.name}:{number}"
            yield CodePart(name, step.line, reads, piece, shape)
            reads = (name,)
        yield CodePart(step.name, step.line, reads, last, shape, owner, _frozen(layer))

    def _pieces(self, layer: LayerReport) -> list[CodePiece]:
        try:
            return self._framework.pieces(layer)
        except Refused as refused:
            self.refused.append((layer, str(refused)))
            return [CodePiece(form="{0}")]

    def define(self, uses: Sequence[PlacedSteps]) -> None:
        """Make the definition of these uses, or several if they differ too much."""
        bodies = []
        for placed in uses:
            parts, names = self.body(placed.steps, placed.entries)
            parts, alias = self._runs(parts)
            result = names[placed.steps[-1].output]
            bodies.append(CodeBody(placed, parts, alias.get(result, result), self._shapes[placed.entries[0]]))
        waiting = sorted(bodies, key=lambda body: -len(body.parts))
        while waiting:
            template = waiting[0]
            alike = [body for body in waiting if fits(template, body)]
            self._define(template, [body for body in bodies if any(body is one for one in alike)])
            waiting = [body for body in waiting if not any(body is one for one in alike)]

    def _runs(self, parts: Sequence[CodePart]) -> tuple[tuple[CodePart, ...], dict[str, str]]:
        """Parts with equal copies joined, and the part that each removed one is in now."""
        made, alias = list[CodePart](), dict[str, str]()
        own = self._names
        readers = Counter(read for part in parts for read in part.reads)
        for one in parts:
            part = one._replace(reads=tuple(alias.get(read, read) for read in one.reads))
            last = made[-1] if made else None
            if (
                last is None
                or part.shares
                or readers[last.name] != 1
                or part.piece.make not in own
                or not is_again(last, part)
            ):
                made.append(part)
                continue
            made[-1] = last._replace(piece=part.piece._replace(times=last.piece.times + 1), shape=part.shape)
            alias[part.name] = last.name
            readers[last.name] = readers[part.name]
        return tuple(made), alias

    def _define(self, template: CodeBody, bodies: Sequence[CodeBody]) -> None:
        named = self._named(bodies)
        # A parameter that no line gives follows from something else.
        given = {name for name, values in named.items() if values[1]}
        known = {name: values for name, (values, _) in named.items() if name in given}
        entering = tuple(body.shape.channels for body in bodies)
        if constant(entering) or entering not in known.values() or self._framework.display:
            known = {"in_channels": entering, **known}
        others = {name: values for name, (values, _) in named.items() if name not in given}
        parameters = Parameters(known, self._framework.display, others)
        held = [{part.name: part for part in body.parts} for body in bodies]
        parts, conditions = [], {}
        for part in template.parts:
            found = [one.get(part.name) for one in held]
            parts.append(part._replace(piece=_common(part, found, parameters)))
        for part in template.parts:
            truths = [part.name in one for one in held]
            if not all(truths) and not isinstance(parts[template.parts.index(part)].piece.times, Code):
                widths = tuple(map(width_of, bodies))
                conditions[part.name] = parameters.condition(truths, _word(part), widths)
        name = self._framework.named(template.placed.use.block, self._names)
        defaults = {name: default_of(name, parameters.known[name], bodies) for name in parameters.used}
        ordered = dict(sorted(defaults.items(), key=lambda item: item[1] is not ...))
        types = {one: _type(parameters.known[one]) for one in ordered}
        entries = entry_names(bodies, {*ordered})
        made = Definition(name, tuple(parts), conditions, entries, template.result, ordered, types)
        self.definitions.append(made)
        self._names.add(name)
        for number, body in enumerate(bodies):
            arguments = {one: parameters.known[one][number] for one in ordered}
            self._instances[body.placed.path] = CodePiece(name, arguments, _call_form(len(entries)))

    def _named(self, bodies: Sequence[CodeBody]) -> dict[str, tuple[tuple[Any, ...], bool]]:
        """The values of a block's parameters in each use, and whether a line gives them."""
        named: dict[str, tuple[tuple[Any, ...], bool]] = {}
        for place, (name, _) in enumerate(bodies[0].placed.use.arguments):
            vector = tuple(self._plain(body.placed.use.arguments[place][1]) for body in bodies)
            given = any(name in body.placed.use.given for body in bodies) or constant(vector)
            if None not in vector:
                named[identifier(name, {*RESERVED, "x", "y", "z", *named, *self._names})] = vector, given
        return named

    def _plain(self, value: Any) -> Any:
        """The argument of a block as a value of Python; None if it cannot be one."""
        if isinstance(value, Word):
            return self._framework.word(value.text)
        if isinstance(value, Fraction):
            return int(value) if value.denominator == 1 else float(value)
        return value


def _common(part: CodePart, found: Sequence[CodePart | None], parameters: Parameters) -> CodePiece:
    """A piece with expressions in place of arguments that differ."""
    made = tuple(Code(one.piece.make) if one else ABSENT for one in found)
    arguments = {
        name: parameters.expression(
            tuple(one.piece.arguments[name] if one else ABSENT for one in found), name,
            first="in_channels" if name in CHANNELS else "",
        )
        for name in part.piece.arguments
    }  # fmt: skip
    times: Any = tuple(one.piece.times if one else 0 for one in found)
    if max(times) > 1:
        times = parameters.expression(times, "repeat")
        return part.piece._replace(arguments=arguments, times=times)
    if constant(made):
        return part.piece._replace(arguments=arguments)
    return part.piece._replace(make=parameters.expression(made, "activation"), arguments=arguments, function="")


def _call_form(entries: int) -> str:
    return f"{{made}}({', '.join(f'{{{i}}}' for i in range(entries))})"


def _word(part: CodePart) -> str:
    """The name of a parameter that says whether a part is there."""
    return f"has_{identifier(part.word)}"


def _type(values: Sequence[Any]) -> str:
    found = {"type[nn.Module]" if isinstance(value, Code) else type(value).__name__ for value in values}
    return " | ".join(sorted(found))

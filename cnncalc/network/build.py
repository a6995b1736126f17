"""Spec → Network: lines are expanded, numbers evaluated, references resolved.

Shapes are followed on the way, because `in`, `project` and `if_same` need them, and so that every
impossible layer is found; the network that comes out does not hold them, they are handed on beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os.path import basename, splitext
from typing import NamedTuple

from cnncalc.errors import printable
from cnncalc.language.expressions import Number
from cnncalc.language.model import Block, Claim, Line, Spec
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems, suggestion
from cnncalc.layers.facts import Facts
from cnncalc.layers.parameters import FROZEN, SHARED
from cnncalc.network.assembly import MAX_LAYERS, Assembly, Expanded, PlacedLine, TooLarge
from cnncalc.network.composites import Expansion
from cnncalc.network.inputs import read_inputs, read_variables
from cnncalc.network.labels import row_label
from cnncalc.network.model import Network, Row, Use, automatic_names, find_row
from cnncalc.network.numbers import Context, read_whole
from cnncalc.network.plans import Plan, Planner
from cnncalc.network.scope import Scope, Value, ValueProblem
from cnncalc.network.values import read_argument, read_value

MAX_EXPANSIONS = 200_000
"""The most lines after expansion, with those that hold no layer at all."""
MAX_NESTING = 40
MAX_REPEATED = 50_000
"""The most characters of a spec that is built again with other sizes, to say which would fit."""
MAX_FITTED = 1000
"""The most layers of a network that is built again for other sizes of its input."""


class Built(NamedTuple):
    """A network, and the facts of each of its nodes."""

    network: Network
    facts: Sequence[Facts]


def build_network(
    spec: Spec, *, inputs: Sequence[str] = (), variables: Mapping[str, str | Number] | None = None,
    planner: Planner | None = None, advise: bool = True,
) -> Network:  # fmt: skip
    """The network that a spec describes; see `build`."""
    return build(spec, inputs=inputs, variables=variables, planner=planner, advise=advise).network


def build(
    spec: Spec, *, inputs: Sequence[str] = (), variables: Mapping[str, str | Number] | None = None,
    planner: Planner | None = None, advise: bool = True,
) -> Built:  # fmt: skip
    """The network that a spec describes, with the facts of its layers.

    Args:
        spec: as `read_spec` gives it.
        inputs: shapes or sizes that replace those of the spec: `3x224x224`, `H=160`.
        variables: values that replace those of `vars:`; a text is read as in a spec.
        planner: as `plan_spec` gives it, for a spec that is built again and again.
        advise: whether maps that cannot be joined are tried with other sizes of the input, which takes a while.

    Raises:
        SpecError: something in the spec is wrong; carries every problem of the file.
        OverrideError: `inputs` or `variables` do not fit the spec.
    """
    problems = Problems(spec.file, spec.text, spec.problems)
    try:
        builder = Builder(spec, problems, inputs, variables or {}, planner)
        network = builder.network()
    except (TooManyProblems, TooLarge):
        raise problems.error() from None
    if advise and len(problems) == 1 and len(spec.text) <= MAX_REPEATED and builder.may_fit():
        from cnncalc.network import fitting

        def builds(sizes: list[str]) -> bool:
            others = Problems(spec.file, spec.text)
            try:
                Builder(spec, others, [*inputs, *sizes], variables or {}).network()
            except (TooManyProblems, TooLarge):
                return False
            return not others

        problems.advise(fitting.advice(network.inputs, spec.layout, builds))
    problems.raise_if_any()
    return Built(network, builder.facts)


def plan_spec(spec: Spec) -> Planner | None:
    """The planner of a spec: the meaning of every line, for any inputs and variables; None if a line is wrong."""
    problems = Problems(spec.file, spec.text, spec.problems)
    planner = Planner(spec, problems)
    try:
        for lines in (spec.layers, *(block.body for block in spec.blocks.values())):
            planner.plan_all(lines)
    except TooManyProblems:
        return None
    return None if problems else planner


class Builder:
    """Expands the lines of one spec, those of blocks and composites included."""

    def __init__(
        self, spec: Spec, problems: Problems, inputs: Sequence[str], variables: Mapping[str, str | Number],
        planner: Planner | None = None,
    ) -> None:  # fmt: skip
        values = read_variables(spec, variables, problems)
        self._spec = spec
        self._inputs = read_inputs(spec, values, tuple(inputs), problems)
        self._scope = Scope(values, problems, {}, {}, {}, [], spec.inputs)
        shapes = {name: self._inputs.get(name) for name in spec.inputs}
        self._assembly = Assembly(spec, self._scope, shapes, planner or Planner(spec, problems))
        self._claims: list[Claim] = list(spec.claims)
        self._expansions = 0
        self._least_lines: dict[int, int] = {}
        self._names: dict[int, tuple[Sequence[Line], list[str]]] = {}

    def may_fit(self) -> bool:
        """Whether maps could not be joined and another size of the input may help."""
        return self._assembly.unjoined and len(self._assembly.nodes) <= MAX_FITTED

    @property
    def facts(self) -> Sequence[Facts]:
        """The facts of each node; only to be used if no problem was noted."""
        return self._assembly.facts

    def network(self) -> Network:
        """The network; only to be used if no problem was noted."""
        spec = self._spec
        entry = next(iter(self._assembly.shapes)) if len(self._assembly.shapes) == 1 else ""
        rows, _ = self.body(spec.layers, self._scope, "", entry)
        for block in spec.blocks.values():
            self._assembly.planner.plan_all(block.body)
        self._check_claims(rows)
        return Network(
            name=spec.name or printable(splitext(basename(spec.file))[0]),
            source=spec.source,
            notes=spec.notes,
            bundled=spec.bundled,
            layout=spec.layout,
            inputs=self._inputs,
            nodes=tuple(self._assembly.nodes),
            rows=rows,
            outputs=self._outputs(rows),
            claims=tuple(self._claims),
            family=spec.family,
        )

    def _outputs(self, rows: tuple[Row, ...]) -> dict[str, str]:
        if not self._spec.outputs:
            made = next((row for row in rows if row.output == rows[-1].output), None)
            return {made.path: made.output} if made is not None else {}
        outputs = {name.text: self._scope.output(name) for name in self._spec.outputs}
        return {name: path for name, path in outputs.items() if path is not None}

    def _check_claims(self, rows: tuple[Row, ...]) -> None:
        """Note the claims of `expect:` about layers that are not there."""
        for claim in self._spec.claims:
            known = claim.layer in self._assembly.rows or claim.layer in self._assembly.sources
            if claim.layer and not known and find_row(rows, claim.layer) is None:
                hint = suggestion(claim.layer, [row.path for row in rows])
                self._assembly.problems.add(claim.at, f"expect: there is no layer '{claim.layer}'{hint}", "claim")

    def body(self, lines: Sequence[Line], scope: Scope, prefix: str, entry: str) -> Expanded:
        """The rows of the lines of one body, and the value that the last line hands on.

        Args:
            lines: the lines.
            scope: the names that they see.
            prefix: what their paths start with, ending in `/`; empty at the top.
            entry: the value that enters the first line; empty if there are several inputs.
        """
        plans = [self._assembly.planner.plan(line, scope.where) for line in lines]
        if id(lines) not in self._names:
            words = [
                (line.name.text if line.name else None, plan.name if plan else "?")
                for line, plan in zip(lines, plans, strict=True)
            ]
            # The lines are kept beside their names: while they live, no other ones have their id.
            self._names[id(lines)] = lines, automatic_names(words, self._inputs if not prefix else ())
        _, names = self._names[id(lines)]
        scope.check_names(lines)
        scope.bodies.append((lines, names))
        rows, current = [], entry
        for line, plan, name in zip(lines, plans, names, strict=True):
            row = self._row(line, plan, prefix + name, scope, current)
            rows.append(row)
            if line.name is not None and name not in scope.left_out:
                scope.layers[name] = row.output
                scope.spans[name] = row.start, row.stop
            if line.claims:
                self._claims += [claim._replace(layer=row.path) for claim in line.claims]
            current = row.output
        return tuple(rows), current

    def _row(self, line: Line, plan: Plan | None, path: str, scope: Scope, entry: str) -> Row:
        """Expand one line, with its copies."""
        start, label = len(self._assembly.nodes), ""
        if plan is None:
            expanded = self._assembly.unknown(path)
        else:
            expanded = self._line(PlacedLine(line, plan, path, scope, entry))
            if not expanded[1]:
                scope.note_no_entry(plan.at(line))
                expanded = expanded[0], self._assembly.unknown(path)[1]
            if plan.layer is None or line.repeat is not None:
                label = row_label(line, plan, self._assembly.context(scope, entry), copied=bool(expanded[0]))
            if line.weights is not None:
                span = scope.span(line.weights)
                if span is not None:
                    self._assembly.share(span, start, PlacedLine(line, plan, path, scope, entry))
        return self._assembly.row(path, label, line.line, start, expanded)

    def _line(self, place: PlacedLine) -> Expanded:
        line = place.line
        if line.shared is not None and line.repeat is None:
            message = "shared: is for the copies of a repeated line; 'weights: NAME' uses those of another line"
            place.scope.note(line.shared, message, "weights")
        if line.frozen is not None:
            context = self._assembly.context(place.scope, place.entry)
            frozen = place.scope.attempt(read_value, line.frozen, "frozen", FROZEN, context)
            place = place._replace(scope=place.scope._replace(frozen=frozen))
        if line.source is not None:
            source = place.scope.resolve(line.source, place.entry)
            if source is None:
                return self._assembly.unknown(place.path)
            place = place._replace(entry=source)
        return self._copy(place) if line.repeat is None else self._copies(line.repeat, place)

    def _copies(self, repeat: ScalarNode, place: PlacedLine) -> Expanded:
        """Expand a repeated line, each copy after the one before."""
        line, plan, path, scope, current = place
        copies = scope.attempt(_number_of_copies, repeat, self._assembly.context(scope, current))
        if copies is None:
            return self._assembly.unknown(path)
        if not copies:
            return self._leave_out(place)
        shared = line.shared is not None and scope.attempt(
            read_value, line.shared, "shared", SHARED, self._assembly.context(scope, current)
        )
        self._require_few(place, copies)
        rows: list[Row] = []
        known = len(self._assembly.problems)
        for number in range(1, copies + 1):
            copy = plan.first_copy if number == 1 and plan.first_copy is not None else plan
            start, copy_path = len(self._assembly.nodes), f"{path}.{number}"
            label = (
                ""
                if plan.layer is not None
                else row_label(line, copy, self._assembly.context(scope, current), repeated=False)
            )
            expanded = self._copy(PlacedLine(line, copy, copy_path, scope, current))
            if shared and rows:
                self._assembly.share((rows[0].start, rows[0].stop), start, place)
            rows.append(self._assembly.row(copy_path, label, line.line, start, expanded))
            current = expanded[1]
            if number > 1 and len(self._assembly.problems) > known:
                break  # 100,000 copies more have nothing new to say
        return tuple(rows), current

    def _leave_out(self, place: PlacedLine) -> Expanded:
        """Build nothing of a line with `repeat: 0`: its input is handed on, and its name belongs to no layer."""
        self._assembly.planner.plan_all((place.line,))
        if place.line.name is not None:
            place.scope.left_out[place.line.name.text] = place.line.line + 1
        return (), place.entry

    def _copy(self, place: PlacedLine) -> Expanded:
        plan = place.plan
        self._expansions += 1
        if self._expansions > MAX_EXPANSIONS:
            self._assembly.too_large(place.at, f"more than {MAX_EXPANSIONS:,} lines after expansion")
        if plan.block is not None:
            return self._block(plan.block, place)
        layer = plan.layer
        if layer is not None and layer.copies and not plan.sound:
            return self._assembly.unknown(place.path)
        if not place.entry and "inputs" not in plan.settings:
            place.scope.note_no_entry(place.at)
            return self._assembly.unknown(place.path)
        if layer is not None:
            return self._assembly.counterpart(layer, place) if layer.copies else self._leaf(place)
        self._check_depth(place)
        return Expansion(self._assembly, self.body, place).expanded()

    def _block(self, block: Block, place: PlacedLine) -> Expanded:
        line, plan, path, scope, entry = place
        if block.name in scope.blocks:
            chain = " -> ".join((*scope.blocks[scope.blocks.index(block.name) :], block.name))
            message = f"block '{block.name}' uses itself ({chain}); a block cannot be recursive"
            self._assembly.problems.add(place.at, message, "recursion")
            return self._assembly.unknown(path)
        self._check_depth(place)
        self._require_few(place, 1)
        arguments: dict[str, Value | None] = {}
        inside = scope.block(block.name, arguments, place.at.line + 1)
        for name, default in block.parameters.items():
            if name in plan.settings:
                arguments[name] = self._argument(plan.setting(name, line).value, scope, entry)
            else:
                arguments[name] = self._argument(default, inside, entry) if default is not None else None
        self._assembly.uses[path] = Use(block.name, tuple(arguments.items()), frozenset(plan.settings))
        return self.body(block.body, inside, f"{path}/", entry)

    def _require_few(self, place: PlacedLine, copies: int) -> None:
        """Give up before a line is expanded to too many."""
        line, plan, _, scope, _ = place
        least = self._least(line, plan, scope)
        others = (copies - 1) * least if plan.first_copy is None else 0
        if max(self._expansions + others, least) > MAX_EXPANSIONS:
            self._assembly.too_large(place.at, f"more than {MAX_EXPANSIONS:,} lines after expansion")

    def _least(self, line: Line, plan: Plan, scope: Scope) -> int:
        """The least number of lines of a line's copy after expansion: a name or a sum counts as 0."""
        if plan.block is not None and plan.block.name in scope.blocks or scope.depth >= MAX_NESTING:
            return 1
        if id(plan) not in self._least_lines:
            bodies, inner = plan.bodies, scope.inner()
            if plan.block is not None:
                bodies, inner = (plan.block.body,), scope.block(plan.block.name, {}, plan.at(line).line + 1)
            self._least_lines[id(plan)] = 1 + sum(self._least_of(one, inner) for body in bodies for one in body)
        return self._least_lines[id(plan)]

    def _least_of(self, line: Line, scope: Scope) -> int:
        plan = self._assembly.planner.plan(line, scope.where)
        copies = int(line.repeat.text) if line.repeat and re.fullmatch("[0-9]{1,9}", line.repeat.text) else 0
        if plan is None or plan.first_copy is not None:
            return 0
        return (1 if line.repeat is None else copies) * self._least(line, plan, scope)

    def _argument(self, given: Node, scope: Scope, entry: str) -> Value | None:
        if isinstance(given, ScalarNode) and given.text in ("prev", "input"):
            return scope.passed(given, entry)
        return scope.attempt(read_argument, given, self._assembly.context(scope, entry))

    def _check_depth(self, place: PlacedLine) -> None:
        if place.scope.depth >= MAX_NESTING:
            message = f"more than {MAX_NESTING} nested levels of blocks and bodies"
            self._assembly.too_large(place.at, message)

    def _leaf(self, place: PlacedLine) -> Expanded:
        """Add the node of a kind with its followers."""
        operands: tuple[str, ...] | None = (place.entry,)
        if "inputs" in place.plan.settings:
            operands = place.scope.operands(place.value("inputs"), place.entry)
        elif "memory" in place.plan.settings:
            memory = place.scope.operand(place.value("memory"), place.entry)
            operands = (place.entry, memory) if memory is not None else None
        recipe = self._assembly.recipe(place, operands[0]) if operands is not None else None
        if operands is None or recipe is None or not place.plan.sound:
            return self._assembly.unknown(place.path)
        return self._assembly.add_layer(place.path, recipe, operands, place)


def _number_of_copies(repeat: ScalarNode, context: Context) -> int:
    copies = read_whole(repeat, "repeat", context, 0)
    if copies > MAX_LAYERS:
        raise ValueProblem(repeat, f"repeat is {copies:,}; at most {MAX_LAYERS:,} layers are allowed", "too-large")
    return copies

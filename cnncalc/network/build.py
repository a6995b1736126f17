"""Spec → Network: lines are expanded, numbers evaluated, references resolved.

Shapes are followed on the way, because `in`, `project` and `if_same` need them, and so that every
impossible layer is found; the network that comes out does not hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import basename, splitext

from cnncalc.language.expressions import Number
from cnncalc.language.model import Block, Claim, Line, Spec
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems, suggestion
from cnncalc.network.assembly import MAX_LAYERS, Assembly, TooLarge
from cnncalc.network.composites import Expansion
from cnncalc.network.inputs import read_inputs, read_variables
from cnncalc.network.labels import row_label
from cnncalc.network.model import Network, Row, find_row, row_paths
from cnncalc.network.naming import automatic_names
from cnncalc.network.numbers import read_whole
from cnncalc.network.plans import Plan, Planner
from cnncalc.network.recipes import Recipes
from cnncalc.network.references import Resolver
from cnncalc.network.scope import Scope, Value
from cnncalc.network.settings import Setting
from cnncalc.network.undoing import add_counterpart
from cnncalc.network.values import read_argument

MAX_EXPANSIONS = 200_000
"""Lines after expansion, those that hold no layer at all included."""
MAX_NESTING = 40


def build_network(
    spec: Spec, *, inputs: Sequence[str] = (), variables: Mapping[str, str | Number] | None = None
) -> Network:
    """The network that a spec describes.

    Args:
        spec: as `read_spec` gives it.
        inputs: shapes or sizes that replace those of the spec: `3x224x224`, `H=160`.
        variables: values that replace those of `vars:`; a text is read as in a spec.

    Raises:
        SpecError: something in the spec is wrong; carries every problem of the file.
        OverrideError: `inputs` or `variables` do not fit the spec.
    """
    problems = Problems(spec.file, spec.text, spec.problems)
    try:
        network = Builder(spec, problems, inputs, variables or {}).network()
    except (TooManyProblems, TooLarge):
        raise problems.error() from None
    problems.raise_if_any()
    return network


class Builder:
    """Expands the lines of one spec, those of blocks and composites included."""

    def __init__(
        self, spec: Spec, problems: Problems, inputs: Sequence[str], variables: Mapping[str, str | Number]
    ) -> None:
        values = read_variables(spec, variables, problems)
        self._spec = spec
        self._inputs = read_inputs(spec, values, tuple(inputs), problems)
        self._scope = Scope(values)
        self._planner = Planner(spec, problems)
        self._assembly = Assembly(problems, spec.layout, {name: self._inputs.get(name) for name in spec.inputs})
        self._recipes = Recipes(self._planner, self._assembly, self._scope)
        self._references = Resolver(spec.inputs, problems)
        self._claims: list[Claim] = list(spec.claims)
        self._expansions = 0

    def network(self) -> Network:
        """The network; only to be used where no problem was noted."""
        spec = self._spec
        entry = next(iter(self._assembly.shapes)) if len(self._assembly.shapes) == 1 else ""
        rows, _ = self.body(spec.layers, self._scope, "", entry)
        for block in spec.blocks.values():
            self._planner.plan_all(block.body)
        self._check_claims(rows)
        return Network(
            name=spec.name or splitext(basename(spec.file))[0],
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
        outputs = {name.text: self._references.output(name, self._scope) for name in self._spec.outputs}
        return {name: path for name, path in outputs.items() if path is not None}

    def _check_claims(self, rows: tuple[Row, ...]) -> None:
        """Note the claims of `expect:` about layers that are not there."""
        about = [claim for claim in self._spec.claims if claim.layer]
        known = row_paths(rows) if about else set()
        for claim in about:
            if claim.layer not in known and find_row(rows, claim.layer) is None:
                hint = suggestion(claim.layer, [row.path for row in rows])
                self._assembly.problems.add(claim.at, f"expect: there is no layer '{claim.layer}'{hint}", "claim")

    def body(self, lines: Sequence[Line], scope: Scope, prefix: str, entry: str) -> tuple[tuple[Row, ...], str]:
        """Expand the lines of one body.

        Args:
            lines: the lines.
            scope: the names that they see.
            prefix: what their paths start with, ending in `/`; empty at the top.
            entry: the value that enters the first line; empty where there are several inputs.

        Returns:
            The rows, and the value that the last line hands on.
        """
        plans = [self._planner.plan(line, scope.where) for line in lines]
        words = [
            (line.name.text if line.name else None, plan.name if plan else "?")
            for line, plan in zip(lines, plans, strict=True)
        ]
        names = automatic_names(words, self._inputs if not prefix else ())
        self._references.check_names(scope, lines)
        scope.bodies.append((lines, names))
        rows, current = [], entry
        for line, plan, name in zip(lines, plans, names, strict=True):
            start, entered = len(self._assembly.nodes), current
            path = prefix + name
            children, output = self._line(line, plan, path, scope, current)
            if not output and plan is not None:
                self._references.note_no_entry(plan.at, scope)
                output = self._assembly.unknown(path)
            if children or len(self._assembly.nodes) != start + 1:
                self._assembly.rows.add(path)
            label = self._label(line, plan, scope, entered, copied=bool(children))
            rows.append(Row(path, label, line.line + 1, start, len(self._assembly.nodes), output, children))
            if line.name is not None and name not in scope.left_out:
                scope.layers[name] = output
            self._claims += [claim._replace(layer=path) for claim in line.claims]
            current = output
        return tuple(rows), current

    def _line(
        self, line: Line, plan: Plan | None, path: str, scope: Scope, current: str
    ) -> tuple[tuple[Row, ...], str]:
        """Expand one line, with its copies: the rows below it and the value that it hands on."""
        if plan is None:
            return (), self._assembly.unknown(path)
        if line.source is not None:
            source = self._references.resolve(line.source, scope, current)
            if source is None:
                return (), self._assembly.unknown(path)
            current = source
        if line.repeat is None:
            return self._copy(line, plan, path, scope, current)
        copies = self._copies(line.repeat, scope, current)
        if copies is None:
            return (), self._assembly.unknown(path)
        if not copies:
            return self._leave_out(line, scope, current)
        rows = []
        for number in range(1, copies + 1):
            copy = plan.first_copy if number == 1 and plan.first_copy is not None else plan
            start, copy_path = len(self._assembly.nodes), f"{path}.{number}"
            context = self._assembly.context(scope, current)
            children, current = self._copy(line, copy, copy_path, scope, current)
            label = "" if plan.is_leaf else row_label(copy, context)
            rows.append(Row(copy_path, label, line.line + 1, start, len(self._assembly.nodes), current, children))
        return tuple(rows), current

    def _leave_out(self, line: Line, scope: Scope, current: str) -> tuple[tuple[Row, ...], str]:
        """Build nothing of a line with `repeat: 0`: what enters is handed on, and the line's name is nobody's."""
        self._planner.plan_all((line,))
        if line.name is not None:
            scope.left_out[line.name.text] = line.line + 1
        return (), current

    def _label(self, line: Line, plan: Plan | None, scope: Scope, current: str, *, copied: bool) -> str:
        """What the table says about a line that is no single layer."""
        if plan is None or (plan.is_leaf and line.repeat is None):
            return ""
        context = self._assembly.context(scope, current)
        return row_label(plan, context, line.repeat, copied=copied)

    def _copies(self, repeat: ScalarNode, scope: Scope, current: str) -> int | None:
        context = self._assembly.context(scope, current)
        copies = self._recipes.attempt(lambda: read_whole(repeat, "repeat", context, 0), scope)
        if copies is not None and copies > MAX_LAYERS:
            message = f"repeat is {copies:,}; at most {MAX_LAYERS:,} layers are allowed"
            self._assembly.note(repeat, message, "too-large", scope)
            return None
        return copies

    def _copy(self, line: Line, plan: Plan, path: str, scope: Scope, current: str) -> tuple[tuple[Row, ...], str]:
        self._expansions += 1
        if self._expansions > MAX_EXPANSIONS:
            self._assembly.too_large(plan.at, f"more than {MAX_EXPANSIONS:,} lines after expansion")
        if plan.block is not None:
            return self._block(plan, plan.block, path, scope, current)
        if plan.is_leaf:
            return self._leaf(line, plan, path, scope, current)
        if not current:
            self._references.note_no_entry(plan.at, scope)
            return (), self._assembly.unknown(path)
        self._check_depth(plan, scope)
        return Expansion(self._assembly, self._recipes, self.body, plan, path, scope, current).rows()

    def _block(self, plan: Plan, block: Block, path: str, scope: Scope, current: str) -> tuple[tuple[Row, ...], str]:
        if block.name in scope.blocks:
            chain = " -> ".join((*scope.blocks[scope.blocks.index(block.name) :], block.name))
            message = f"block '{block.name}' uses itself ({chain}); a block cannot be recursive"
            self._assembly.problems.add(plan.at, message, "recursion")
            return (), self._assembly.unknown(path)
        self._check_depth(plan, scope)
        arguments: dict[str, Value | None] = {}
        inside = scope.block(block.name, arguments, plan.at.line + 1)
        for name, default in block.parameters.items():
            if name in plan.settings:
                arguments[name] = self._argument(plan.settings[name], scope, current)
            elif default is not None:
                arguments[name] = self._argument(Setting(default, default), inside, current)
            else:
                arguments[name] = None
        return self.body(block.body, inside, f"{path}/", current)

    def _argument(self, setting: Setting, scope: Scope, current: str) -> Value | None:
        value = setting.value
        if isinstance(value, ScalarNode) and value.text in ("prev", "input"):
            return self._references.passed(value, scope, current)
        return self._recipes.attempt(lambda: read_argument(value, self._assembly.context(scope, current)), scope)

    def _check_depth(self, plan: Plan, scope: Scope) -> None:
        if scope.depth >= MAX_NESTING:
            self._assembly.too_large(plan.at, f"blocks and bodies more than {MAX_NESTING} levels inside one another")

    def _leaf(self, line: Line, plan: Plan, path: str, scope: Scope, current: str) -> tuple[tuple[Row, ...], str]:
        """Add the node of a kind with its followers."""
        if plan.undoes:
            return add_counterpart(self._assembly, self._references, plan, path, scope, current)
        operands = self._operands(plan, scope, current)
        if operands is None:
            return (), self._assembly.unknown(path)
        recipe = self._recipes.recipe(line, plan, scope, operands[0])
        if recipe is None or not plan.sound:
            return (), self._assembly.unknown(path)
        return self._assembly.add_layer(path, *recipe, operands, plan.at, scope)

    def _operands(self, plan: Plan, scope: Scope, current: str) -> tuple[str, ...] | None:
        """The values that the layer reads; None where one of them is unknown."""
        if "inputs" in plan.settings:
            return self._references.operands(plan.settings["inputs"].value, scope, current)
        if not current:
            self._references.note_no_entry(plan.at, scope)
            return None
        return (current,)

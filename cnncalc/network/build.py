"""Spec → Network: lines are expanded, numbers evaluated, references resolved.

Shapes are followed on the way, because `in`, `project` and `if_same` need them, and so that every
impossible layer is found; the network that comes out does not hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os.path import basename, splitext
from typing import TypeVar

from cnncalc.errors import ShapeError
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.layers.parameters import Parameter
from cnncalc.network.composites import Expansion
from cnncalc.network.inputs import read_inputs, read_variables
from cnncalc.network.labels import row_label
from cnncalc.network.model import Network, Node, Row, find_row
from cnncalc.network.naming import automatic_names
from cnncalc.network.plans import Plan, Planner, Setting, Settings
from cnncalc.network.references import Resolver
from cnncalc.network.scope import NotComputed, Scope, Value
from cnncalc.network.values import Context, ValueProblem, read_argument, read_value, read_whole
from cnncalc.network.vocabulary import kind_of
from cnncalc.shapes import Shape
from cnncalc.spec.model import Block, Claim, Line, Spec
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.problems import Problems, TooManyProblems, suggestion

MAX_LAYERS = 100_000
MAX_EXPANSIONS = 200_000
"""Lines after expansion, those that hold no layer at all included."""
MAX_NESTING = 40

T = TypeVar("T")

Recipe = tuple[Layer, tuple[Layer, ...]]
"""A layer and its followers (norm, activation)."""


def build_network(spec: Spec, *, inputs: Sequence[str] = (), variables: Mapping[str, str] | None = None) -> Network:
    """The network that a spec describes.

    Args:
        spec: as `read_spec` gives it.
        inputs: shapes or sizes that replace those of the spec: `3x224x224`, `H=160`.
        variables: values that replace those of `vars:`, as text.

    Raises:
        SpecError: something in the spec is wrong; carries every problem of the file.
        OverrideError: `inputs` or `variables` do not fit the spec.
    """
    problems = Problems(spec.file, spec.text, spec.problems)
    try:
        network = Builder(spec, problems, inputs, variables or {}).network()
    except (TooManyProblems, _TooLarge):
        raise problems.error() from None
    problems.raise_if_any()
    return network


class _TooLarge(Exception):
    """The network exceeds a limit; the problem is noted."""


class Builder:
    """Builds one network; collects its nodes, and the shape of every value while it does."""

    def __init__(self, spec: Spec, problems: Problems, inputs: Sequence[str], variables: Mapping[str, str]) -> None:
        self.spec = spec
        self.problems = problems
        self.planner = Planner(spec, problems)
        self.nodes: list[Node] = []
        self.claims: list[Claim] = list(spec.claims)
        self.recipes: dict[object, Recipe] = {}
        self.outputs: dict[tuple[int, tuple[Shape | None, ...]], Shape] = {}
        self.expansions = 0
        values = read_variables(spec, variables, problems)
        self.inputs = read_inputs(spec, values, tuple(inputs), problems)
        self.shapes: dict[str, Shape | None] = {name: self.inputs.get(name) for name in spec.inputs}
        self.scope = Scope(values)
        self.references = Resolver(spec.inputs, problems)

    def network(self) -> Network:
        """The network; only to be used where no problem was noted."""
        spec = self.spec
        entry = next(iter(self.shapes)) if len(self.shapes) == 1 else ""
        rows, _ = self.body(spec.layers, self.scope, "", entry)
        for block in spec.blocks.values():
            self.planner.plan_all(block.body)
        self._check_claims(rows)
        return Network(
            name=spec.name or splitext(basename(spec.file))[0],
            source=spec.source,
            notes=spec.notes,
            bundled=spec.bundled,
            layout=spec.layout,
            inputs=self.inputs,
            nodes=tuple(self.nodes),
            rows=rows,
            outputs=self._outputs(rows),
            claims=tuple(self.claims),
        )

    def _outputs(self, rows: tuple[Row, ...]) -> dict[str, str]:
        if not self.spec.outputs:
            return {rows[-1].path: rows[-1].output} if rows else {}
        outputs = {name.text: self.references.resolve(name, self.scope, "") for name in self.spec.outputs}
        return {name: path for name, path in outputs.items() if path is not None}

    def _check_claims(self, rows: tuple[Row, ...]) -> None:
        """Note the claims of `expect:` about layers that are not there."""
        for claim in self.spec.claims:
            if claim.layer and find_row(rows, claim.layer) is None:
                hint = suggestion(claim.layer, [row.path for row in rows])
                self.problems.add(claim.at, f"expect: there is no layer '{claim.layer}'{hint}", "claim")

    # Lines

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
        plans = [self.planner.plan(line, scope.where) for line in lines]
        names = automatic_names(
            [
                (line.name.text if line.name else None, plan.name if plan else "?")
                for line, plan in zip(lines, plans, strict=True)
            ]
        )
        self.references.check_names(scope, lines)
        scope.bodies.append((lines, names))
        rows, current = [], entry
        for line, plan, name in zip(lines, plans, names, strict=True):
            start = len(self.nodes)
            path = prefix + name
            children, output = self._line(line, plan, path, scope, current)
            label = self._label(line, plan)
            rows.append(Row(path, label, line.line + 1, start, len(self.nodes), output, children))
            if line.name is not None:
                scope.layers[name] = output
            self.claims += [claim._replace(layer=path) for claim in line.claims]
            current = output
        return tuple(rows), current

    def _line(
        self, line: Line, plan: Plan | None, path: str, scope: Scope, current: str
    ) -> tuple[tuple[Row, ...], str]:
        """Expand one line, with its copies: the rows below it and the value that it hands on."""
        if plan is None:
            return (), self.unknown(path)
        if line.source is not None:
            source = self.references.resolve(line.source, scope, current)
            if source is None:
                return (), self.unknown(path)
            current = source
        if line.repeat is None:
            return self._copy(line, plan, plan.settings, path, scope, current)
        copies = self._copies(line.repeat, scope, current)
        if copies is None:
            return (), self.unknown(path)
        rows = []
        for number in range(1, copies + 1):
            settings = {**plan.settings, **plan.first} if number == 1 else plan.settings
            start, copy_path = len(self.nodes), f"{path}.{number}"
            children, current = self._copy(line, plan, settings, copy_path, scope, current)
            label = "" if plan.is_leaf else row_label(plan, settings)
            rows.append(Row(copy_path, label, line.line + 1, start, len(self.nodes), current, children))
        return tuple(rows), current

    @staticmethod
    def _label(line: Line, plan: Plan | None) -> str:
        if plan is None or (plan.is_leaf and line.repeat is None):
            return ""
        return row_label(plan, plan.settings, line.repeat.text if line.repeat is not None else "")

    def _copies(self, repeat: Scalar, scope: Scope, current: str) -> int | None:
        copies = self._attempt(lambda: read_whole(repeat, "repeat", self.context(scope, current), 1), scope)
        if copies is not None and copies > MAX_LAYERS:
            self.note(repeat, f"repeat is {copies:,}; at most {MAX_LAYERS:,} layers are allowed", "too-large", scope)
            return None
        return copies

    def _copy(
        self, line: Line, plan: Plan, settings: Settings, path: str, scope: Scope, current: str
    ) -> tuple[tuple[Row, ...], str]:
        self.expansions += 1
        if self.expansions > MAX_EXPANSIONS:
            self._too_large(plan.at, f"more than {MAX_EXPANSIONS:,} lines after expansion")
        if plan.block is not None:
            return self._block(plan, plan.block, settings, path, scope, current)
        if plan.is_leaf:
            return self._leaf(line, plan, settings, path, scope, current)
        if not current:
            self.references.note_no_entry(plan.at, scope)
            return (), self.unknown(path)
        self._check_depth(plan, scope)
        return Expansion(self, plan, settings, path, scope, current).rows()

    def _too_large(self, at: Scalar, message: str) -> None:
        self.problems.add(at, message, "too-large")
        raise _TooLarge

    # Blocks

    def _block(
        self, plan: Plan, block: Block, settings: Settings, path: str, scope: Scope, current: str
    ) -> tuple[tuple[Row, ...], str]:
        if block.name in scope.blocks:
            chain = " -> ".join((*scope.blocks[scope.blocks.index(block.name) :], block.name))
            message = f"block '{block.name}' uses itself ({chain}); a block cannot be recursive"
            self.problems.add(plan.at, message, "recursion")
            return (), self.unknown(path)
        self._check_depth(plan, scope)
        arguments: dict[str, Value | None] = {}
        inside = scope.block(block.name, arguments, plan.at.line + 1)
        for name, default in block.parameters.items():
            if name in settings:
                arguments[name] = self._argument(settings[name], scope, current)
            elif default is not None:
                arguments[name] = self._argument(Setting(default, default), inside, current)
            else:
                arguments[name] = None
        return self.body(block.body, inside, f"{path}/", current)

    def _argument(self, setting: Setting, scope: Scope, current: str) -> Value | None:
        value = setting.value
        if isinstance(value, Scalar) and value.text in ("prev", "input"):
            return self.references.passed(value, scope, current)
        return self._attempt(lambda: read_argument(value, self.context(scope, current)), scope)

    def _check_depth(self, plan: Plan, scope: Scope) -> None:
        if scope.depth >= MAX_NESTING:
            self._too_large(plan.at, f"blocks and bodies more than {MAX_NESTING} levels inside one another")

    # Layers

    def _leaf(
        self, line: Line, plan: Plan, settings: Settings, path: str, scope: Scope, current: str
    ) -> tuple[tuple[Row, ...], str]:
        """Add the node of a kind with its followers."""
        operands = self._operands(plan, settings, scope, current)
        if operands is None:
            return (), self.unknown(path)
        recipe = self._recipe(line, plan, settings, scope, operands)
        if recipe is None:
            return (), self.unknown(path)
        rows, output = self.add_layer(path, *recipe, operands, plan.at, scope)
        return rows, output

    def add_layer(
        self, path: str, layer: Layer, followers: tuple[Layer, ...], operands: tuple[str, ...], at: Scalar, scope: Scope
    ) -> tuple[tuple[Row, ...], str]:
        """Add the nodes of a layer and its followers: the rows to unfold, and the value at the end."""
        start = len(self.nodes)
        output = self.add(path, layer, operands, at, scope)
        if not followers:
            return (), output
        for follower in followers:
            output = self.add(f"{path}/{follower.kind}", follower, (output,), at, scope)
        added = enumerate(self.nodes[start:], start)
        return tuple(Row(node.path, "", node.line, i, i + 1, node.path) for i, node in added), output

    def _operands(self, plan: Plan, settings: Settings, scope: Scope, current: str) -> tuple[str, ...] | None:
        """The values that the layer reads; None where one of them is unknown."""
        if "inputs" in settings:
            return self.references.operands(settings["inputs"].value, scope, current)
        if not current:
            self.references.note_no_entry(plan.at, scope)
            return None
        return (current,)

    def _recipe(
        self, line: Line, plan: Plan, settings: Settings, scope: Scope, operands: tuple[str, ...]
    ) -> Recipe | None:
        """The layer of a plan; the same object for lines of the same words at the same input."""
        shape = self.shapes[operands[0]]
        key = _recipe_key(line, shape) if scope is self.scope and settings is plan.settings else None
        if key is not None and key in self.recipes:
            return self.recipes[key]
        before = len(self.problems)
        recipe = self._make(plan, settings, scope, operands[0])
        if recipe is not None and key is not None and len(self.problems) == before:
            self.recipes[key] = recipe
        return recipe

    def _make(self, plan: Plan, settings: Settings, scope: Scope, operand: str) -> Recipe | None:
        kind, shape = plan.kind, self.shapes[operand]
        assert kind is not None
        assert kind.layer is not None
        context = self.context(scope, operand)
        values = {
            name: self.read(setting, name, kind.parameters[name], context, scope)
            for name, setting in settings.items()
            if name != "inputs"
        }
        if shape is None or any(values[name] is None for name in values):
            return None
        if plan.rank is not None and plan.rank != shape.rank:
            message = f"{plan.word} is for {plan.rank}-D maps but its input is {shape.text(self.spec.layout)}"
            self.problems.add(plan.at, message, "rank", scope.where)
            return None
        followers = self.followers(values, kind.followers, shape.rank)
        try:
            return make(kind.layer, shape.rank, **values), followers
        except ShapeError as error:
            self.problems.add(plan.at, error.about(plan.word, self.spec.layout), "shape", scope.where)
            return None

    def followers(self, values: dict[str, object], declared: Mapping[str, Parameter], rank: int) -> tuple[Layer, ...]:
        """Take the followers out of `values`, as layers in their order."""
        words = [values.pop(name, parameter.default) for name, parameter in declared.items()]
        return tuple(self.follower(str(word), rank) for word in words if word != "none")

    def follower(self, word: str, rank: int) -> Layer:
        """The layer that `norm: word` or `activation: word` adds, with the defaults of its kind."""
        layer = LAYERS[word]
        context = Context(self.scope, None, self.spec.layout)
        values = {
            name: self.read(setting, name, kind_of(word).parameters[name], context, self.scope)
            for name, setting in self.planner.defaults(word).items()
        }
        return make(layer, rank, **values)

    def default_of(self, kind: str, name: str) -> object:
        """The value of a kind's parameter on a line that does not give it."""
        parameter, setting = kind_of(kind).parameters[name], self.planner.defaults(kind).get(name)
        if setting is None:
            return parameter.default
        return self.read(setting, name, parameter, Context(self.scope, None, self.spec.layout), self.scope)

    def read(self, setting: Setting, name: str, parameter: Parameter, context: Context, scope: Scope) -> object:
        """A parameter's value; None where it is wrong or unknown."""
        return self._attempt(lambda: read_value(setting.value, name, parameter, context), scope)

    def add(self, path: str, layer: Layer, operands: tuple[str, ...], at: Scalar, scope: Scope) -> str:
        """Add a node and follow its shape; returns the path of its value."""
        inputs = tuple([self.shapes[operand] for operand in operands])
        key = (id(layer), inputs)
        shape = self.outputs.get(key)
        if shape is None and None not in inputs:
            try:
                shape = self.outputs[key] = layer.output_shape(*inputs)  # type: ignore[arg-type]
            except ShapeError as error:
                self.note(at, error.about(layer.kind, self.spec.layout), "shape", scope)
        self.shapes[path] = shape
        self.nodes.append(Node(path, layer, operands, at.line + 1))
        if len(self.nodes) > MAX_LAYERS:
            self._too_large(at, f"more than {MAX_LAYERS:,} layers after expansion")
        return path

    def unknown(self, path: str) -> str:
        """Note that the shape of a value is not known, because of a problem; returns the path."""
        self.shapes[path] = None
        return path

    def note(self, at: Scalar, message: str, rule: str, scope: Scope) -> None:
        """Note a problem, with the uses of the blocks around it."""
        self.problems.add(at, message, rule, scope.where)

    def context(self, scope: Scope, operand: str) -> Context:
        """What a value may refer to where `operand` enters."""
        shape = self.shapes[operand] if operand else None
        return Context(scope, shape.channels if shape is not None else None, self.spec.layout)

    def _attempt(self, read: Callable[[], T], scope: Scope) -> T | None:
        try:
            return read()
        except ValueProblem as problem:
            self.problems.add(problem.at, str(problem), problem.rule, scope.where)
        except NotComputed:
            pass
        return None


def _recipe_key(line: Line, shape: Shape | None) -> object:
    """What a layer's settings depend on outside blocks; None where they can't be compared cheaply."""
    if shape is None:
        return None
    words = []
    for value in line.settings.values():
        if value is None:
            words.append("")
        elif type(value) is Scalar:
            words.append(value.text)
        else:
            return None
    return (shape.rank, shape.channels, *line.settings, *words)

"""The network while it is built: layers are made from their lines, and the shape of every value is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from cnncalc.errors import ShapeError
from cnncalc.language.model import Line, Spec
from cnncalc.language.nodes import MapNode, ScalarNode
from cnncalc.language.nodes import Node as Written
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, Weight, made, make
from cnncalc.layers.facts import Facts, facts_of
from cnncalc.layers.merging import Merge
from cnncalc.layers.parameters import Parameter
from cnncalc.network.model import Node, Row, Use, numbered
from cnncalc.network.numbers import Context, digits
from cnncalc.network.plans import PlainForm, Plan, Planner
from cnncalc.network.scope import Scope, Span
from cnncalc.network.values import check_entering, plain_value, read_value
from cnncalc.network.vocabulary import kind_of
from cnncalc.shapes import Shape

MAX_LAYERS = 100_000

TIED = {"embedding", "fc"}
"""Kinds that can have the same matrix: the last layer of a language model, and the first."""

MAX_ELEMENTS = 10**36
"""Values in one output; 4 sizes of at most 10^18 can exceed it, nothing real comes near it."""

Recipe = tuple[Layer, ...]
"""A layer and its followers (norm, activation)."""

Expanded = tuple[tuple[Row, ...], str]
"""The rows below a line, and the path of the value that it hands on."""


_plain_recipes: dict[tuple[object, ...], tuple[PlainForm, Recipe]] = {}
"""Recipes of plain lines, kept for further specs: by what they have in common, the rank of the input, the numbers."""

MOST_RECIPES = 4096
"""The most recipes that are kept."""


class TooLarge(Exception):
    """The network exceeds a limit; the problem is noted."""


class PlacedLine(NamedTuple):
    """One line, or one of its copies, where it is expanded.

    Attributes:
        line: the line.
        plan: its meaning.
        path: the name of its value.
        scope: the names that it sees.
        entry: the path of the value that enters; empty if there are several inputs.
    """

    line: Line
    plan: Plan
    path: str
    scope: Scope
    entry: str

    @property
    def at(self) -> ScalarNode:
        """The key of its kind or block, for the place of a problem."""
        return self.plan.at(self.line)

    def value(self, name: str) -> Written:
        """The value and the place of a parameter."""
        return self.plan.setting(name, self.line).value

    def note_here(self, message: str, rule: str) -> None:
        """Note a problem at the kind or block of the line."""
        self.scope.note(self.at, message, rule)


class Assembly:
    """Makes layers, collects them as nodes and computes shapes; notes each layer that cannot take its input.

    Attributes:
        problems: where problems are noted.
        planner: knows the meanings of lines, and `defaults:`.
        scope: the names at the top of the spec, which `defaults:` may use.
        layout: the order in which messages write shapes.
        nodes: the nodes so far.
        facts: those of each node; only complete if no problem is noted.
        sources: the node that a value comes from, by path; the network's inputs have none.
        shapes: the shape of every value by path; None if a problem left it unknown.
        rows: the paths of all rows but those of followers.
        uses: of blocks, by the paths of their rows.
        unjoined: whether the inputs of a merge did not fit.
    """

    def __init__(self, spec: Spec, scope: Scope, inputs: dict[str, Shape | None], planner: Planner) -> None:
        self.problems = scope.problems
        self.planner = planner
        self.scope = scope
        self.layout = spec.layout
        self.nodes: list[Node] = []
        self.facts: list[Facts] = []
        self.sources: dict[str, Node] = {}
        self.shapes = inputs
        self.rows: set[str] = set()
        self.uses: dict[str, Use] = {}
        self.unjoined = False
        self._frozen = planner.frozen
        self._recipes: dict[object, Recipe] = {}

    def add(self, path: str, layer: Layer, operands: tuple[str, ...], place: PlacedLine) -> str:
        """The path of a new node that reads these values, with a number if a value has that name already."""
        at = place.at
        if path in self.shapes or path in self.rows:
            path = self.unused(path)
        inputs: Any = tuple(map(self.shapes.__getitem__, operands))
        shape = None
        if None not in inputs:
            try:
                facts = facts_of(layer, inputs)
                shape = facts.output
                self.facts.append(facts)
                if shape.elements > MAX_ELEMENTS:
                    self.too_large(at, f"{layer.kind}: the output has more than {MAX_ELEMENTS:.0e} values")
            except ShapeError as error:
                place.note_here(error.about(layer.kind, self.layout), "shape")
                self.unjoined = self.unjoined or isinstance(layer, Merge)
        self.shapes[path] = shape
        frozen = place.scope.frozen if place.scope.frozen is not None else layer.kind in self._frozen
        self.sources[path] = node = Node(path, layer, operands, at.line + 1, at.column + 1, "", frozen)
        self.nodes.append(node)
        if len(self.nodes) > MAX_LAYERS:
            self.too_large(at, f"more than {MAX_LAYERS:,} layers after expansion")
        return path

    def add_layer(self, path: str, recipe: Recipe, operands: tuple[str, ...], place: PlacedLine) -> Expanded:
        """Add the nodes of a layer and its followers, which are the rows to unfold."""
        start = len(self.nodes)
        output = self.add(path, recipe[0], operands, place)
        if len(recipe) == 1:
            return (), output
        for follower in recipe[1:]:
            output = self.add(f"{path}/{follower.kind}", follower, (output,), place)
        added = enumerate(self.nodes[start:], start)
        return tuple(Row(node.path, "", node.line, i, i + 1, node.path) for i, node in added), output

    def share(self, source: Span, start: int, place: PlacedLine) -> None:
        """Let the nodes from `start` on use the weights of those before; a problem if theirs have other shapes."""
        before, here = self._weighted(*source), self._weighted(start, len(self.nodes))
        if before is None or here is None:
            return  # an earlier problem left a shape unknown
        for (first, tensors), (number, needed) in zip(before, here, strict=False):
            original, node = self.nodes[first], self.nodes[number]
            kinds = {original.layer.kind, node.layer.kind}
            if tensors != needed or (len(kinds) > 1 and kinds != TIED):
                has, takes = _tensors(original, tensors), _tensors(node, needed)
                alike = kinds == TIED and tensors["weight"] == needed["weight"]
                advice = "; give the fc 'bias: false', as an embedding has none" if alike else ""
                place.note_here(f"the weights of {has} cannot be those of {takes}{advice}", "weights")
                return
            if node.frozen and not original.frozen:
                place.note_here(f"the weights of {original.owner} are trained; write 'frozen: true' there", "weights")
                return
            self.nodes[number] = self.sources[node.path] = node._replace(weights=original.owner)
        if len(before) != len(here) or not here:
            counts = f"the named line has weights in {len(before)} of its layers, this one in {len(here)}"
            place.note_here(f"the same weights need the same layers, but {counts}", "weights")

    def _weighted(self, start: int, stop: int) -> list[tuple[int, dict[str, Weight]]] | None:
        """The nodes of a span that have weights, each with their shapes; None if an input is not known."""
        found = []
        for number, node in enumerate(self.nodes[start:stop], start):
            entering = [shape for path in node.inputs if (shape := self.shapes[path]) is not None]
            if len(entering) < len(node.inputs) or self.shapes[node.path] is None:
                return None
            if tensors := node.layer.weight_shapes(*entering):
                found.append((number, tensors))
        return found

    def unused(self, path: str) -> str:
        """The path, or the first with a number after it that no value has: `residual/add2`."""
        number, unused = 2, path
        while unused in self.shapes or unused in self.rows:
            unused, number = numbered(path, number), number + 1
        return unused

    def counterpart(self, kind: type[Layer], place: PlacedLine) -> Expanded:
        """Add the node of a kind that undoes a layer above: `unpool: pool1` has its settings, and reads its input."""
        undone = self._undone(kind.copies, place)
        if undone is None:
            return self.unknown(place.path)
        layer = kind(**{name: getattr(undone.layer, name) for name in kind.parameters})
        return self.add_layer(place.path, (layer,), (place.entry, *undone.inputs), place)

    def _undone(self, kind: str, place: PlacedLine) -> Node | None:
        """The layer of this kind that the line names; None if it names another thing, which is noted."""
        plan, scope = place.plan, place.scope
        (parameter,) = plan.settings
        name = place.value(parameter)
        if not isinstance(name, ScalarNode) or not name.text:
            message = f"{plan.word}: the name of a {kind} above is expected, as {{{plan.word}: pool1}}"
            scope.note(name, message, "reference")
            return None
        path = scope.resolve(name, place.entry)
        source = self.sources.get(path or "")
        if path is None or (source is None and self.shapes[path] is None):
            return None
        if source is not None and source.layer.kind == kind:
            return source
        found = f"the {source.layer.kind} on line {source.line}" if source is not None else "an input"
        message = f"{plan.word} undoes a {kind}, but '{name.text}' is {found}; name a {kind} above"
        scope.note(name, message, "reference")
        return None

    def row(self, path: str, label: str, line: int, start: int, expanded: Expanded) -> Row:
        """The row of a line (from 0), of which the nodes from `start` on are."""
        below, output = expanded
        self.rows.add(path)
        return Row(path, label, line + 1, start, len(self.nodes), output, below, self.uses.get(path))

    def unknown(self, path: str) -> Expanded:
        """Record that a problem left the shape of a value unknown; there is nothing to unfold."""
        self.shapes[path] = None
        return (), path

    def context(self, scope: Scope, operand: str) -> Context:
        """The names that a value may refer to if `operand` enters; empty for nothing."""
        shape = self.shapes[operand] if operand else None
        channels, elements = (None, None) if shape is None else (shape.channels, shape.elements)
        return Context(scope, channels, self.layout, bool(operand), self.shapes, elements)

    def too_large(self, at: ScalarNode, message: str) -> NoReturn:
        """Note that a limit is exceeded, and give up."""
        self.problems.add(at, message, "too-large")
        raise TooLarge

    def recipe(self, place: PlacedLine, operand: str) -> Recipe | None:
        """The layer of a line that reads `operand` first; the same object for equal lines at equal inputs.

        None if a value is wrong or depends on something unknown.
        """
        line, scope, shape, simple = place.line, place.scope, self.shapes[operand], place.plan.plain
        if simple is not None and shape is not None:
            hidden = simple.hidden_by
            if not hidden or (hidden.isdisjoint(scope.arguments) and hidden.isdisjoint(scope.variables)):
                recipe = self._plain_recipe(simple, place, shape)
                if recipe is not None:
                    return recipe
        layer = place.plan.layer
        # Declarations of an opaque layer, and settings about the input, are not part of the key.
        plain = not (place.plan.first or (layer and layer.declared) or self.planner.entering(line))
        key = _key(line, shape, scope) if plain else None
        recipe = self._recipes.get(key) if key is not None else None
        if recipe is None:
            recipe = self._read(place, operand)
            if recipe is not None and key is not None:
                self._recipes[key] = recipe
        return recipe

    def _plain_recipe(self, plain: PlainForm, place: PlacedLine, shape: Shape) -> Recipe | None:
        """The layer of a line whose values are digits, words and names; None if one of them is something else."""
        settings: Mapping[str, Any] = place.line.settings
        given: list[str | int] = [settings[key].text for key in plain.keys]
        for name in plain.names:
            number = place.scope.named_number(name)
            if number is None:
                return None
            given.append(number)
        key = (id(plain), shape.rank, *given)
        known = _plain_recipes.get(key)
        if known is not None:
            return known[1]
        values: dict[str, Any] = {**plain.words}
        for (name, minimum), text in zip(plain.numbers.items(), given, strict=True):
            values[name] = number = digits(text) if isinstance(text, str) else text
            if number is None or number < minimum:
                return None
        recipe = self._made(place, shape, values)
        if recipe is not None:
            if len(_plain_recipes) >= MOST_RECIPES:
                _plain_recipes.clear()
            # What they have in common is kept beside the recipe: while it lives, nothing else has its id.
            _plain_recipes[key] = plain, recipe
        return recipe

    def _read(self, place: PlacedLine, operand: str) -> Recipe | None:
        line, plan, _, scope, _ = place
        kind, given, shape = plan.kind, plan.given, self.shapes[operand]
        assert kind is not None
        assert kind.layer is not None
        values: dict[str, Any] = {}
        accepted, operands = kind.parameters, kind.layer.operands
        for name, setting in plan.settings.items():
            if name not in operands:
                parameter = accepted.get(name) or kind.layer.parameters[name]
                written = line.settings[given[name]] if name in given else setting.value
                plain = plain_value(written, parameter, scope)
                values[name] = plain if plain is not None else self._value(name, parameter, place, operand)
        if shape is None or not plan.sound or None in values.values():
            return None
        for said in self.planner.entering(line):
            here = self.context(scope, operand)
            scope.attempt(check_entering, said.value, said.key.text, plan.word, shape, here)
        return self._made(place, shape, values)

    def _made(self, place: PlacedLine, shape: Shape, values: dict[str, Any]) -> Recipe | None:
        """The layer with these values that reads a shape; None if it cannot."""
        plan, kind, scope = place.plan, place.plan.kind, place.scope
        assert kind is not None
        assert kind.layer is not None
        if plan.rank is not None and plan.rank != shape.rank:
            channel = Shape(1, (shape.channels,)).text(self.layout)
            advice = f"; a sequence with one channel is {channel}" if plan.rank == 1 and not shape.rank else ""
            found = f"its input is {shape.text(self.layout)}{advice}"
            place.note_here(f"{plan.word} is for {plan.rank}-D maps but {found}", "rank")
            return None
        followers = kind.followers
        added = [value for name in followers if (value := values.pop(name, followers[name].default)) != "none"]
        try:
            # The recipes of plain lines are kept themselves.
            is_kept = plan.plain is not None
            layer = make(kind.layer, shape.rank, **values) if is_kept else made(kind.layer, shape.rank, *values.items())
            return self._followed(added, layer, shape, scope) if added else (layer,)
        except ShapeError as error:
            place.note_here(error.about(plan.word, self.layout), "shape")
            return None

    def _value(self, name: str, parameter: Parameter, place: PlacedLine, operand: str) -> Any:
        """The value of a setting on a line; None if it is wrong or depends on something unknown."""
        context, setting = self.context(place.scope, operand), place.plan.setting(name, place.line)
        if self.planner.defaults(place.plan.name).get(name) is setting:
            context = context._replace(scope=self.scope)
        return place.scope.attempt(read_value, setting.value, name, parameter, context)

    def _followed(self, added: list[Any], layer: Layer, x: Shape, scope: Scope) -> Recipe | None:
        """A layer, and those that `norm:` and `activation:` add after it; None if a value is wrong."""
        channels = None
        if any(isinstance(value, MapNode) or self.planner.defaults(value) for value in added):
            channels = x.channels if layer.operands else layer.output_shape(x).channels
        recipe = [layer]
        for value in added:
            follower = self.follower(value, x.rank, channels, scope)
            if follower is None:
                return None
            recipe.append(follower)
        return tuple(recipe)

    def follower(self, value: str | MapNode, rank: int, channels: int | None, scope: Scope) -> Layer | None:
        """The layer that `norm:` or `activation:` adds, with the defaults of its kind; None if a value is wrong.

        Its input has `rank` spatial axes, and so many channels; None if that is not known.
        """
        word, settings = self.planner.follower(value)
        if word == "none":
            return None  # problems are noted
        here, parameters = Context(scope, channels, self.layout), kind_of(word).parameters
        given = {name: self.default(word, name, channels) for name in self.planner.defaults(word)}
        for name, setting in settings.items():
            given[name] = scope.attempt(read_value, setting.value, name, parameters[name], here)
        return None if None in given.values() else made(LAYERS[word], rank, *given.items())

    def default(self, kind: str, name: str, channels: int | None) -> object:
        """The value of a kind's parameter on a line that does not give it, if `channels` enter."""
        parameter, setting = kind_of(kind).parameters[name], self.planner.defaults(kind).get(name)
        if setting is None:
            return parameter.default
        context = Context(self.scope, channels, self.layout)
        return self.scope.attempt(read_value, setting.value, name, parameter, context)


def _key(line: Line, shape: Shape | None, scope: Scope) -> object:
    """A key for everything that a layer's settings depend on; None if they can't be compared cheaply."""
    if shape is None:
        return None
    words = []
    for value in line.settings.values():
        if value is None:
            words.append("")
        elif type(value) is ScalarNode:
            if "-" in value.text:
                return None  # reshape: 16x-1 depends on all sizes
            if scope.depth and scope.layer(value.text) is not None:
                return None  # another layer has this name in another copy
            words.append(value.text)
        else:
            return None
    passed = [(name, type(value), value) for name, value in scope.arguments.items()]
    return (shape.rank, shape.channels, *passed, *line.settings, *words)


def _tensors(node: Node, tensors: Mapping[str, Weight]) -> str:
    """A node with the shapes of its weights: `conv1 (conv: weight 8x3x3x3, bias 8)`."""
    shapes = ", ".join(f"{name} {'x'.join(map(str, weight.shape))}" for name, weight in tensors.items())
    return f"{node.path} ({node.layer.kind}: {shapes})"

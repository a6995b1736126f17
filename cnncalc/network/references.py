"""Names of layers: who declares them, who may refer to them, and what to say where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnncalc.language.model import Line
from cnncalc.language.nodes import ListNode, Node, ScalarNode
from cnncalc.language.problems import Problems, suggestion
from cnncalc.network.scope import MAX_LISTED, Scope, Value, Word


class Resolver:
    """Finds the value behind a name. A reference points upwards, to an explicit name."""

    def __init__(self, inputs: Mapping[str, object], problems: Problems) -> None:
        self._inputs = inputs
        self._problems = problems

    def check_names(self, scope: Scope, lines: Sequence[Line]) -> None:
        """Note the names of a body that stand twice or are those of inputs."""
        seen: dict[str, int] = {}
        for line in lines:
            if line.name is None:
                continue
            name = line.name.text
            if name in seen:
                message = f"name '{name}' is used twice (first on line {seen[name]})"
                self._problems.add(line.name, message, "name", scope.where)
            elif name in self._inputs:
                self._problems.add(line.name, f"'{name}' is an input's name; take another", "name", scope.where)
            seen.setdefault(name, line.name.line + 1)

    def resolve(self, name: ScalarNode, scope: Scope, current: str) -> str | None:
        """The path of the value that `from:` or an operand names; None where there is none."""
        text = name.text
        bound = scope.arguments.get(text)
        if text in scope.arguments and bound is None:
            return None  # noted where the block is used
        if isinstance(bound, Word):
            text = bound.text
            path = bound.path or (text if text in self._inputs else None)
            if path is None:
                self._note_unknown(name, text, scope, bound)
            return path
        if bound is not None:
            message = f"'{text}' is {_number_text(bound)} here, not the name of a layer"
            self._problems.add(name, message, "reference", scope.where)
            return None
        if text == "prev":
            if not current:
                self.note_no_entry(name, scope)
            return current or None
        if text == "input" and len(self._inputs) == 1:
            return next(iter(self._inputs))
        path = text if text in self._inputs else scope.layer(text)
        if path is None:
            self._note_unknown(name, text, scope)
        return path

    def operands(self, node: Node, scope: Scope, current: str) -> tuple[str, ...] | None:
        """The paths that `concat: [enc4, prev]` reads; None where one is wrong."""
        items = node.items if isinstance(node, ListNode) else []
        names = [item for item in items if isinstance(item, ScalarNode) and item.text]
        if len(names) < 2 or len(names) < len(items):
            self._problems.add(
                node, "a list of two or more names is expected, as [enc4, prev]", "reference", scope.where
            )
            return None
        paths = [self.resolve(name, scope, current) for name in names]
        return None if None in paths else tuple(path for path in paths if path is not None)

    def output(self, name: ScalarNode, scope: Scope) -> str | None:
        """The path of the value that `outputs:` names; None where there is none."""
        if name.text == "prev":
            self._problems.add(name, "outputs: name the layer; prev has no meaning here", "reference")
            return None
        return self.resolve(name, scope, "")

    def passed(self, word: ScalarNode, scope: Scope, current: str) -> Word | None:
        """`prev` or `input` as the argument of a block: the caller's, not the block's own."""
        path = self.resolve(word, scope, current)
        return None if path is None else Word(word.text, path)

    def note_no_entry(self, at: ScalarNode, scope: Scope) -> None:
        """Note that a layer has nothing to read, because there are several inputs."""
        names = ", ".join([*self._inputs][:MAX_LISTED])
        message = f"the network has several inputs ({names}); say with 'from:' which one enters here"
        if len(self._inputs) > 1:
            self._problems.add(at, message, "reference", scope.where)

    def _note_unknown(self, name: ScalarNode, text: str, scope: Scope, passed: Word | None = None) -> None:
        """Note that no layer has this name; one that was `passed` to a block is none of the block's own."""
        known = [] if passed is not None else [*scope.layer_names(), *self._inputs]
        below, automatic = (0, 0) if passed is not None else scope.others(text)
        left_out = passed.left_out if passed is not None else scope.left_out_at(text)
        if left_out:
            message = f"layer '{text}' on line {left_out} is left out, as its repeat is 0; nothing can refer to it"
        elif text.lstrip("-").isdigit():
            message = (
                f"layers are referred to by name, not by number; give the layer a 'name:' and write that, not {text}"
            )
        elif below == name.line + 1:
            message = f"'{text}' is this layer itself; a reference points upwards"
        elif below:
            message = f"layer '{text}' stands on line {below}, below this one; a reference points upwards"
        elif automatic:
            message = f"'{text}' is an automatic name; write 'name: {text}' on line {automatic} to refer to it"
        elif text == "input":
            message = f"the network has several inputs; name one of {', '.join([*self._inputs][:MAX_LISTED])}"
        else:
            hint = suggestion(text, known) or (f"; known here: {', '.join(known[:MAX_LISTED])}" if known else "")
            message = f"there is no layer named '{text}' above{hint}"
        self._problems.add(name, message, "reference", scope.where)


def _number_text(value: Value) -> str:
    """A block's argument that is no word, in words."""
    return f"the size {'x'.join(map(str, value))}" if isinstance(value, tuple) else f"the number {value}"

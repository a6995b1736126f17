"""Kinds that undo a layer above: `unpool: pool1` has the settings of pool1, and reads what entered it."""

from __future__ import annotations

from cnncalc.language.nodes import ScalarNode
from cnncalc.network.assembly import Assembly
from cnncalc.network.model import Node, Row
from cnncalc.network.plans import Plan
from cnncalc.network.references import Resolver
from cnncalc.network.scope import Scope


def add_counterpart(
    assembly: Assembly, references: Resolver, plan: Plan, path: str, scope: Scope, current: str
) -> tuple[tuple[Row, ...], str]:
    """Add the node of a line that undoes a layer above.

    Args:
        assembly: the network so far.
        references: knows the names of layers.
        plan: what the line means.
        path: the node's name.
        scope: the names around the line.
        current: the value that enters; empty where there are several inputs.

    Returns:
        No rows to unfold, and the value of the node.
    """
    undone = _undone(assembly, references, plan, scope, current)
    if undone is None:
        return (), assembly.unknown(path)
    assert plan.kind is not None
    assert plan.kind.layer is not None
    layer = plan.kind.layer(**{name: getattr(undone.layer, name) for name in plan.kind.layer.parameters})
    return assembly.add_layer(path, layer, (), (current, *undone.inputs), plan.at, scope)


def _undone(assembly: Assembly, references: Resolver, plan: Plan, scope: Scope, current: str) -> Node | None:
    """The layer that the line names; None where it names none that it can undo, which is noted."""
    if not plan.sound:
        return None
    if not current:
        references.note_no_entry(plan.at, scope)
        return None
    (setting,) = plan.settings.values()
    name = setting.value
    if not isinstance(name, ScalarNode) or not name.text:
        message = f"{plan.word}: the name of a {plan.undoes} above is expected, as {{{plan.word}: pool1}}"
        assembly.problems.add(name, message, "reference", scope.where)
        return None
    path = references.resolve(name, scope, current)
    if path is None or (path not in assembly.sources and assembly.shapes[path] is None):
        return None
    source = assembly.sources.get(path)
    if source is not None and source.layer.kind == plan.undoes:
        return source
    found = f"the {source.layer.kind} on line {source.line}" if source is not None else "an input"
    message = f"{plan.word} undoes a {plan.undoes}, but '{name.text}' is {found}; name a {plan.undoes} above"
    assembly.note(name, message, "reference", scope)
    return None

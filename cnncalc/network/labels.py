"""Labels of the table for lines that stand for several layers: `bottleneck 128 ×4, first stride 2`."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.language.expressions import MAX_LENGTH, decimal_text
from cnncalc.language.model import Line
from cnncalc.language.nodes import ListNode, Node, ScalarNode, one_line
from cnncalc.network.numbers import Context
from cnncalc.network.plans import Plan
from cnncalc.network.scope import NotComputed, ValueProblem, Word
from cnncalc.network.settings import Setting
from cnncalc.network.values import read_argument

MAX_ITEMS = 8
"""The most values of a list that a label writes out."""


def row_label(line: Line, plan: Plan, context: Context, *, repeated: bool = True, copied: bool = True) -> str:
    """The line as words, with the numbers that its expressions have here.

    For a repeated layer only `×4, first stride 2`, if it is `copied` at all: what it is, its copies know best. They
    are not `repeated` themselves.
    """
    settings = sorted(plan.settings_of(line).items(), key=lambda item: item[1].key.text != plan.word)
    parts = [text for name, setting in settings if (text := _setting(plan, name, setting, context))]
    label = "" if plan.layer is not None and copied else f"{plan.word} {', '.join(parts)}".strip()
    if repeated and line.repeat is not None:
        first = [f"{name} {_written(setting.value, context)}" for name, setting in plan.first.items()]
        copies = f"×{_written(line.repeat, context)}" + (f", first {', '.join(first)}" if first else "")
        label = f"{label} {copies}".strip()
    return label


def _setting(plan: Plan, name: str, setting: Setting, context: Context) -> str:
    """One setting as words; the value after the kind or block itself has no name."""
    if plan.kind is not None and name in ("body", "paths"):
        return f"of {len(plan.bodies)}" if name == "paths" else ""
    text = _written(setting.value, context)
    return text if setting.key.text == plan.word else f"{name} {text}".strip()


def _written(node: Node, context: Context) -> str:
    """A value: evaluated if that can be done, else as it is written."""
    if isinstance(node, ListNode) and len(node.items) > MAX_ITEMS:
        return "[...]"
    if isinstance(node, ListNode):
        return "[" + ", ".join(_written(item, context) for item in node.items) + "]"
    if not isinstance(node, ScalarNode):
        return one_line(node)
    try:
        value = read_argument(node, context)
    except (ValueProblem, NotComputed):
        return " ".join(node.text[:MAX_LENGTH].split())
    if isinstance(value, Word):
        return value.text
    return decimal_text(value) if isinstance(value, int | Fraction) else "×".join(map(str, value))

"""What the table says about a line that stands for several layers: `bottleneck 128 ×4, stride 2 first`."""

from __future__ import annotations

from cnncalc.network.plans import Plan
from cnncalc.network.settings import Setting, Settings
from cnncalc.spec.nodes import Node, Scalar, Sequence


def row_label(plan: Plan, settings: Settings, repeat: str = "") -> str:
    """The line as words.

    Args:
        plan: what the line means.
        settings: those of this line or copy.
        repeat: the number of copies as written; empty for one.
    """
    parts = [text for name, setting in settings.items() if (text := _setting(plan, name, setting))]
    label = " ".join((plan.word, ", ".join(parts))).strip()
    if repeat:
        label += f" ×{repeat}"
        first = [f"{name} {_written(s.value)}" for name, s in plan.first.items()]
        if first:
            label += f", first {', '.join(first)}"
    return label


def _setting(plan: Plan, name: str, setting: Setting) -> str:
    """One setting as words; the kind's or block's own value without its name."""
    text = _written(setting.value)
    if plan.kind is not None and plan.kind.layer is None and name in ("body", "paths"):
        return f"of {len(plan.bodies)}" if name == "paths" else ""
    if setting.key.text == plan.word:
        return text
    return f"{name} {text}" if text else name


def _written(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return "[" + ", ".join(_written(item) for item in node.items) + "]"
    return "{...}"

"""The lint rules, one module each. To add one: write its module, and name it in `RULES`."""

from __future__ import annotations

from cnncalc.check.findings import Rule

ALL: tuple[Rule, ...] = ()

RULES: dict[str, Rule] = {rule.id: rule for rule in ALL}

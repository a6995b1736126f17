"""The lint rules, a module and a page each.

To add one, write `its_id.py` with a function of that name below `@rule`, and beside it `its-id.md`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from cnncalc.check.rule import CheckRule

RULES: dict[str, CheckRule] = {
    rule.id: rule
    for name in sorted(module.name for module in iter_modules(__path__))
    for rule in [getattr(import_module(f"cnncalc.check.rules.{name}"), name)]
}
"""Every rule of this folder, by id."""

"""Arguments of a script's command line, as `argparse` gives them for an empty one: their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.values import External, Instance

PARSER = "argparse.ArgumentParser"
ASSUMED = "assumed: arguments of the command line have their defaults"


def parsed_by(parser: Instance, name: str, args: list[Any], named: Mapping[str, Any]) -> Any:
    """The result of a method of a parser; `NotImplemented` if it does nothing that matters."""
    if name == "add_argument" and args and all(isinstance(one, str) for one in args):
        words = [one for one in args if one.startswith("--")] or args
        word = named.get("dest", words[0].lstrip("-").replace("-", "_"))
        usual = {"store_true": False, "store_false": True}.get(str(named.get("action")))
        parser.attributes[str(word)] = named.get("default", usual)
        return None
    if name in ("add_argument_group", "add_mutually_exclusive_group"):
        return parser
    if name == "set_defaults":
        parser.attributes.update(named)
        return None
    if name not in ("parse_args", "parse_known_args"):
        return NotImplemented
    values = Instance(External("argparse.Namespace"), parser.line)
    values.attributes = dict(parser.attributes)
    return values if name == "parse_args" else (values, [])

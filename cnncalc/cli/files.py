"""Files that a command line names: specs, and the data that enters a network."""

from __future__ import annotations

import os.path
import re
import shlex
from collections.abc import Iterable, Sequence

import click

from cnncalc.language.problems import suggestion
from cnncalc.network.model import Network
from cnncalc.notation import several
from cnncalc.targets import Excluded, Excludes, find_targets, is_yaml

FILE = click.Path(exists=True, dir_okay=False)
"""A file that is read."""

MOST_NAMED = 3
"""How many model files a message names."""

SHAPE = r"(\w+=)?(\d+)(x\d+)*"
"""The form of --input in other commands."""


def no_spec(paths: Sequence[str], excluded: Excludes, hint: str = "") -> click.UsageError:
    """The error for paths without specs: all YAML files are something else, or left out."""
    files = [target.file for target in find_targets(paths, excluded)]
    left_out = len(find_targets(paths, Excluded())) - len(files)
    if left_out:
        there = f"exclude leaves out {several(left_out, 'YAML file')} ({', '.join(excluded.patterns)})"
    else:
        count = sum(map(is_yaml, files))
        there = f"YAML files: {count:,}, with layers: at their top level: 0"
    return click.UsageError(f"there is no spec in {', '.join(paths)}; {there}{hint}")


def models_there(paths: Sequence[str], excluded: Excludes, command: str) -> str:
    """The words for model files in folders and patterns: a command reads those that are named; empty for none."""
    from cnncalc.importing.sources import model_files  # most runs find specs

    models = model_files(paths, excluded)
    if not models:
        return ""
    named = " ".join(map(shlex.quote, models[:MOST_NAMED]))
    return f"; model files: {len(models):,}, which are read if they are named: 'cnncalc {command} {named}'"


def find_inputs(network: Network, given: Iterable[str]) -> dict[str, str]:
    """The file of each of the network's inputs, or the numbers in its place; empty if none is given.

    Args:
        network: the network.
        given: `photo.png`, `1 2; 3 4` or `-`, or `left=photo.png` if there are several inputs.

    Raises:
        click.UsageError: a file does not exist, an input is unknown, named twice or left out.
    """
    from cnncalc.executor.files.matrices import is_typed  # only run reads data

    files: dict[str, str] = {}
    for value in given:
        name, path = _named(network, value)
        if name in files:
            raise click.UsageError(f"--input {value}: there is a file for {name} already, {files[name]}")
        if path == "-" and "-" in files.values():
            raise click.UsageError("standard input can be read only once; give --input - once")
        if path != "-" and not is_typed(path) and not os.path.isfile(path):
            what = "'{}' is a folder" if os.path.isdir(path) else "there is no file '{}'"
            raise click.UsageError(f"--input {value}: {what.format(path)}{_hint(path)}")
        files[name] = path
    missing = [name for name in network.inputs if name not in files]
    if files and missing:
        raise click.UsageError(f"--input {missing[0]}=FILE is missing; the inputs are {', '.join(network.inputs)}")
    return files


def _named(network: Network, value: str) -> tuple[str, str]:
    """An input's name and its file."""
    name, equals, path = value.partition("=")
    if equals and name in network.inputs:
        return name, path
    if len(network.inputs) == 1:
        return next(iter(network.inputs)), value
    if not equals:
        raise click.UsageError(f"--input {value}: there are several inputs; write {next(iter(network.inputs))}={value}")
    known = suggestion(name, network.inputs) or f"; the inputs are {', '.join(network.inputs)}"
    raise click.UsageError(f"--input {value}: there is no input '{name}'{known}")


def _hint(path: str) -> str:
    if not re.fullmatch(SHAPE, path):
        return ""
    return f"; --input is the data here, and --shape {path} gives it another shape"

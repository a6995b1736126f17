"""The text of a SPEC that may be a model file: every command reads through here."""

from __future__ import annotations

import os.path
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.errors import ModelChoiceError
from cnncalc.language.source import MAX_BYTES, Source, read_bytes, read_source

if TYPE_CHECKING:
    from cnncalc.targets import Excludes, Target

_SPECS = (".yaml", ".yml")
_HEAD = 65_536


def read_any(spec: str, inputs: Sequence[str] = ()) -> Source:
    """The text that SPEC stands for; for a model file the text of its spec.

    Args:
        spec: as on the command line.
        inputs: the values of `--input`, without which some sources of models cannot be followed.

    Raises:
        ArchitectureNotFound, SpecError: as `read_source`; SpecError, too, if a model cannot be imported.
        MissingExtra: its format needs a package that is not installed.
    """
    if spec.endswith(_SPECS) or (spec != "-" and not os.path.exists(spec)):
        return _part(spec, inputs) or read_source(spec)
    if os.path.isdir(spec):
        return _folder(spec)
    if spec == "-":
        return _standard_input(spec, inputs)
    try:
        with open(spec, "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return read_source(spec)
    return _model(spec, head, inputs) or read_source(spec)


def is_model_file(path: str) -> bool:
    """Whether a file is a model's; False if it cannot be read."""
    return _has_model(path, path)


def model_files(paths: Sequence[str], excluded: Excludes) -> list[str]:
    """The model files of folders and patterns, those that are not read, too; of code what imports a framework."""
    from cnncalc.importing.sniffing import SUFFIXES
    from cnncalc.targets import SOURCES, find_targets

    files = (target.file for target in find_targets(paths, excluded, suffixes=SUFFIXES))
    return [file for file in files if _has_model(file, "" if file.endswith(SOURCES) else file)]


def _has_model(path: str, name: str) -> bool:
    """Whether a file is a model's, by its content and a name; False if it cannot be read."""
    if path.endswith(_SPECS) or not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            return _is_model(file.read(_HEAD), name)
    except OSError:
        return False


def _is_model(head: bytes, path: str) -> bool:
    from cnncalc.targets import is_spec

    if is_spec(head):
        return False
    from cnncalc.importing import files

    return files.is_model(head, path)


def read_named(target: Target, inputs: Sequence[str] = ()) -> Source | None:
    """The text of a file that a command is given, as `read_any`; None for one of a folder that is not a spec."""
    from cnncalc.targets import SOURCES, read_target

    if target.problem or (target.found and not target.file.endswith(SOURCES)):
        return read_target(target)
    try:
        return read_any(target.file, inputs)
    except ModelChoiceError as error:
        if target.found and not error.models:
            return None
        raise


def _part(spec: str, inputs: Sequence[str]) -> Source | None:
    """The spec of one model of a source, as `net.py:Net`; None if the word does not name one."""
    if ":" not in spec and "@" not in spec:
        return None
    from cnncalc.importing import files
    from cnncalc.importing.source.wanted import wanted_of

    wanted = wanted_of(spec)
    if wanted.file == spec:
        return None
    return files.import_wanted(wanted if wanted.input else wanted._replace(input=_sizes(inputs))).source


def _folder(spec: str) -> Source:
    """The spec of a folder; one of a model that is not read is refused with what to do."""
    from cnncalc.importing.foreign import foreign_folder

    if foreign_folder(spec):
        from cnncalc.importing.files import read_file

        read_file(spec)
    return read_source(spec)


def _standard_input(spec: str, inputs: Sequence[str]) -> Source:
    if sys.stdin is None:
        return read_source(spec)
    from cnncalc.targets import is_spec

    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    if not is_spec(content[:_HEAD]):
        from cnncalc.importing import files

        if files.is_model(content):
            content += sys.stdin.buffer.read(files.MAX_BYTES + 1 - len(content))
            options = files.ImportOptions(input=_sizes(inputs) if files.is_source(content) else ())
            return files.import_model("<stdin>", content, options).source
    return read_bytes("<stdin>", content)


def _model(spec: str, head: bytes, inputs: Sequence[str]) -> Source | None:
    """The spec of a model file; None if it is not one."""
    if not _is_model(head, spec):
        return None
    from cnncalc.importing import files

    options = files.ImportOptions(input=_sizes(inputs) if files.is_source(head, spec) else ())
    return files.import_model(spec, files.read_file(spec), options).source


def _sizes(inputs: Sequence[str]) -> tuple[int, ...]:
    """The sizes of the only input of a model, if --input gives them."""
    from cnncalc.importing.source.wanted import sizes_of

    return sizes_of(inputs[0]) if len(inputs) == 1 else ()

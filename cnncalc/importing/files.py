"""A model file → the text of a spec."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.importing.entries import ImportedLayers, entries_of
from cnncalc.importing.flat import flat_document
from cnncalc.importing.folding.fold import folded_document
from cnncalc.importing.folding.same import is_same_network
from cnncalc.importing.model import START, ModelGraph, RefusedModel
from cnncalc.importing.passes import simplified
from cnncalc.importing.sniffing import Format, format_of
from cnncalc.importing.writing import document_text

MAX_BYTES = 2_000_000_000


class ImportedModel(NamedTuple):
    """What a model file is imported as.

    Attributes:
        file: its name.
        content: all of it.
        format: what it is.
        graph: what it says, simplified.
        text: of the spec.
    """

    file: str
    content: bytes
    format: Format
    graph: ModelGraph
    text: str


def is_model(head: bytes) -> bool:
    """Whether a file is one of a model, by its first bytes."""
    return format_of(head) is not None


def read_file(path: str) -> bytes:
    """The content of a model file.

    Raises:
        SpecError: it cannot be read, or is too large.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise _refused(path, f"the file is larger than {MAX_BYTES // 10**9} GB")
    return content


def import_text(file: str, content: bytes, *, flat: bool = False, partial: bool = False) -> str:
    """The text of the spec that a model file is imported as; raises as `import_model`."""
    return import_model(file, content, flat=flat, partial=partial).text


def import_model(file: str, content: bytes, *, flat: bool = False, partial: bool = False) -> ImportedModel:
    """What a model file is imported as.

    Raises:
        SpecError: it cannot be imported; it carries every reason with its place.
        MissingExtra: its format needs a package that is not installed.
    """
    format_ = format_of(content)
    if format_ is None:
        raise _refused(file, "no model is recognised in this file")
    try:
        graph = _read(format_, content, partial)
    except RefusedModel as error:
        problems = [Problem(at.line, at.column, _said(message, at.text), "unreadable") for at, message in error.reasons]
        raise SpecError(file, problems) from None
    layers = entries_of(graph)
    text = (not flat and _folded(graph, layers)) or document_text(flat_document(graph, layers))
    return ImportedModel(file, content, format_, graph, text)


def _folded(graph: ModelGraph, layers: ImportedLayers) -> str:
    """The text with blocks and repeats; empty if it is not the same network."""
    text = document_text(folded_document(graph, layers))
    try:
        return text if is_same_network(graph, text) else ""
    except SpecError:
        return ""


def _read(format_: Format, content: bytes, partial: bool) -> ModelGraph:
    """The graph of a file, simplified; a file from a stranger may have anything anywhere."""
    try:
        graph = simplified(format_.read(content))
    except RefusedModel as refused:
        if not partial or refused.partial is None:
            raise
        graph = simplified(refused.partial)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        message = f"values that make no sense in a {format_.name} file ({type(error).__name__})"
        raise RefusedModel((START, message)) from None
    if not graph.nodes:
        raise RefusedModel((START, "no layer leads to an output"))
    return graph


def _said(message: str, place: str) -> str:
    """A message with the place that has no line."""
    text = message if not place or place in message else f"{place}: {message}"
    return "".join(c if c.isprintable() else "?" for c in text)


def _refused(file: str, message: str) -> SpecError:
    return SpecError(file, [Problem(1, 1, message, "unreadable")])

"""A model file → the text of a spec."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.errors import ModelChoiceError, Problem, SpecError, printable
from cnncalc.importing.entries import ImportedLayers, entries_of
from cnncalc.importing.flat import flat_document
from cnncalc.importing.folding.fold import folded_document
from cnncalc.importing.folding.same import is_same_network
from cnncalc.importing.foreign import foreign_folder, foreign_words
from cnncalc.importing.model import START, ModelGraph, RefusedModel, sensible
from cnncalc.importing.passes import simplified
from cnncalc.importing.placing import placed
from cnncalc.importing.sniffing import Format, format_of
from cnncalc.importing.source.wanted import Wanted
from cnncalc.importing.writing import document_text
from cnncalc.language.origins import Origins
from cnncalc.language.source import Source

MAX_BYTES = 2_000_000_000


class ImportedModel(NamedTuple):
    """A model file with its spec.

    Attributes:
        file: its name.
        content: all of it.
        format: the name of its format.
        graph: its graph, simplified.
        text: of the spec.
        origins: the places that its lines come from; None if the file has no such places.
    """

    file: str
    content: bytes
    format: Format
    graph: ModelGraph
    text: str
    origins: Origins | None = None

    @property
    def source(self) -> Source:
        """The text, as every command reads it."""
        notes = self.graph.notes if self.format.has_several else tuple(filter(_is_guess, self.graph.notes))
        slips = tuple(
            Problem(at.line, at.column, f"{at.text}: {text}" if at.text else text, "code")
            for text, at in self.graph.slips
            if not at.file
        )
        return Source(self.file, self.text, origins=self.origins, notes=notes, slips=slips)


def is_model(head: bytes, file: str = "") -> bool:
    """Whether a file is a model's, by its first bytes, or by its name for formats without such bytes."""
    return format_of(head, file) is not None or bool(foreign_words(file, head))


def is_source(head: bytes, file: str = "") -> bool:
    """Whether a file is code, which may be followed for another input."""
    format_ = format_of(head, file)
    return format_ is not None and format_.has_several


def read_file(path: str) -> bytes:
    """The content of a model file.

    Raises:
        SpecError: it cannot be read, or is too large.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(path, foreign_folder(path) or f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise _refused(path, f"the file is larger than {MAX_BYTES // 10**9} GB")
    return content


class ImportOptions(NamedTuple):
    """How a file is imported.

    Attributes:
        flat: one line for each layer.
        partial: operations that the language does not know are `opaque`.
        input: the sizes of the network's input, in the order of the file; empty for its own.
        name: of the network; empty for its own.
        model: which of several models of a file; empty for the only one.
        others: the sizes of further inputs; empty if they are the same.
    """

    flat: bool = False
    partial: bool = False
    input: tuple[int, ...] = ()
    name: str = ""
    model: str = ""
    others: tuple[tuple[int, ...], ...] = ()


AS_IT_IS = ImportOptions()


def import_text(file: str, content: bytes, *, flat: bool = False, partial: bool = False) -> str:
    """The text of the spec of a model file; raises as `import_model`."""
    return import_model(file, content, ImportOptions(flat, partial)).text


def import_model(file: str, content: bytes, options: ImportOptions = AS_IT_IS) -> ImportedModel:
    """The imported model of a file.

    Raises:
        SpecError: it cannot be imported; it carries every reason with its place.
        MissingExtra: its format needs a package that is not installed.
    """
    format_, foreign = format_of(content, file), foreign_words(file, content)
    if format_ is None or foreign:
        raise _refused(file, foreign or "no model is recognised in this file")
    try:
        graph = _read(format_, content, options, Wanted(file, options.model, options.input, options.others))
    except RefusedModel as error:
        raise _spec_error(file, error) from None
    graph = graph._replace(title=options.name or graph.title)
    layers = entries_of(graph)
    text = (not options.flat and _folded(graph, layers)) or document_text(flat_document(graph, layers))
    text, origins = placed(text, graph, file, content)
    return ImportedModel(file, content, format_, graph, text, origins)


def _is_guess(note: str) -> bool:
    """Whether a note says that figures follow from more than the file has."""
    return note.startswith(("assumed:", "not runnable"))


def import_wanted(wanted: Wanted) -> ImportedModel:
    """The imported model of a source; raises as `import_model`."""
    options = ImportOptions(input=wanted.input, model=wanted.model, others=wanted.others)
    return import_model(wanted.file, read_file(wanted.file), options)


def _folded(graph: ModelGraph, layers: ImportedLayers) -> str:
    """The text with blocks and repeats; empty if it is not the same network."""
    try:
        document = folded_document(graph, layers)
        sized = document_text(document._replace(graph=graph._replace(open=())))
        return document_text(document) if is_same_network(graph, sized) else ""
    except (SpecError, KeyError):  # KeyError: a layer in a block has no name by which another one could use its weights
        return ""


def _read(format_: Format, content: bytes, options: ImportOptions, wanted: Wanted) -> ModelGraph:
    """The graph of a file, simplified; an untrusted file may have anything anywhere."""
    try:
        with sensible(START):
            graph = simplified(format_.read(content, wanted))
    except RefusedModel as refused:
        if not options.partial or refused.partial is None:
            raise
        graph = simplified(refused.partial)
    if not graph.nodes:
        raise RefusedModel((START, "no layer leads to an output"))
    return graph


def _spec_error(file: str, refused: RefusedModel) -> SpecError:
    """The error about a file that is refused, or about another file that it names, if all reasons are in that one."""
    others = {at.file for at, _ in refused.reasons}
    other = others.pop() if len(others) == 1 else ""
    texts = ((at, message if other else _said(message, at.text)) for at, message in refused.reasons)
    problems = [Problem(at.line, at.column, text, "unreadable") for at, text in texts]
    if refused.models is None:
        return SpecError(other or file, problems)
    choice = ModelChoiceError(file, problems)
    choice.models = refused.models
    return choice


def _said(message: str, place: str) -> str:
    """A message with the words for a place without a line."""
    text = message if not place or place in message else f"{place}: {message}"
    return printable(text)


def _refused(file: str, message: str) -> SpecError:
    return SpecError(file, [Problem(1, 1, message, "unreadable")])

"""The texts that an editor has open: each with its configuration, its figures and its findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.check.baseline import beyond, read_baseline
from cnncalc.check.configuration import Configuration, find_configuration
from cnncalc.check.results import Located, Results
from cnncalc.check.settings import folder_of
from cnncalc.editing.edited_text import EditedText, opened
from cnncalc.editing.hints import Hint, code_hints, hints
from cnncalc.errors import CnnCalcError, ConfigurationError, ModelChoiceError
from cnncalc.importing.files import ImportedModel, ImportOptions, import_model
from cnncalc.language.grammar import KEYS
from cnncalc.language.source import MAX_BYTES
from cnncalc.targets import SOURCES, is_spec

MAX_MODELS = 20
"""The most models of one file of code whose figures are shown."""


class OpenFile(NamedTuple):
    """A file that an editor has open.

    Attributes:
        file: its path.
        text: the text as it is in the editor.
        edited: the text with its figures, if it is a spec or may become one.
        configuration: of its folder.
        is_spec: whether it is a spec, so that its problems are reported.
    """

    file: str
    text: str
    edited: EditedText | None
    configuration: Configuration
    is_spec: bool = True


class Session:
    """The open files by the address that the editor gives them.

    Attributes:
        complaints: problems of configurations that are not reported yet.
    """

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, str]] = {}
        self._files: dict[str, OpenFile] = {}
        self._code: dict[str, list[EditedText]] = {}
        self._said: set[str] = set()
        self.complaints: list[str] = []

    def put(self, address: str, file: str, text: str) -> None:
        """Take the text of a file that was opened or changed."""
        self._texts[address] = file, text

    def remove(self, address: str) -> None:
        """Forget a file that was closed."""
        for known in (self._texts, self._files, self._code):
            known.pop(address, None)

    def file(self, address: str) -> OpenFile | None:
        """A file with its figures; None if it is not open."""
        if address not in self._texts:
            return None
        known, (file, text) = self._files.get(address), self._texts[address]
        if known is None or known.text != text:
            known = self._opened(file, text, known)
            self._files[address] = known
            self._code.pop(address, None)
        return known

    def spec(self, address: str) -> EditedText | None:
        """A file that is a spec; None if it is something else, or not open."""
        file = self.file(address)
        return file.edited if file is not None else None

    def _opened(self, file: str, text: str, before: OpenFile | None) -> OpenFile:
        configuration = self._configuration(file)
        content = text.encode("utf-8", "surrogatepass")
        ours = is_spec(content)
        if file.endswith(SOURCES) or not (ours or _may_become_spec(text)):
            return OpenFile(file, text, None, configuration)
        last = before.edited if before is not None else None
        return OpenFile(file, text, opened(file, text, configuration.settings(), last), configuration, ours)

    def _configuration(self, file: str) -> Configuration:
        """The configuration of a file; an empty one if it is wrong, which is reported once."""
        try:
            return find_configuration(folder_of(file))
        except ConfigurationError as error:
            if str(error) not in self._said:
                self._said.add(str(error))
                self.complaints.append(str(error))
            return Configuration()

    def findings(self, address: str) -> list[Located]:
        """The findings of a check in a spec, without its baseline's; none in a file that is left out of checks."""
        file = self.file(address)
        if file is None or file.edited is None or not file.is_spec or file.configuration.excluded.holds(file.file):
            return []
        checked = file.edited.checked
        if file.configuration.baseline:
            try:
                baseline = read_baseline(file.configuration.baseline_path)
                (checked,) = beyond(baseline, Results((checked,)), file.edited.settings).files
            except ConfigurationError as error:
                if str(error) not in self._said:
                    self._said.add(str(error))
                    self.complaints.append(str(error))
        return [located for located in checked.findings if located.file == file.file]

    def hints(self, address: str, first: int, last: int) -> Iterator[Hint]:
        """The hints of some lines (from 0) of a spec or a file of code."""
        file = self.file(address)
        if file is None:
            return
        columns = file.configuration.hints
        if file.edited is not None:
            yield from hints(file.edited, columns, first, last)
        elif file.file.endswith(SOURCES) and len(file.text) <= MAX_BYTES:
            if address not in self._code:
                self._code[address] = [*_models(file)]
            seen: set[int] = set()
            for model in self._code[address]:
                found = [hint for hint in code_hints(model, columns) if hint.line not in seen]
                seen |= {hint.line for hint in found}
                yield from (hint for hint in found if first <= hint.line <= last)


def _may_become_spec(text: str) -> bool:
    """Whether a text may become a spec: all keys at the top level are those of a spec."""
    return all(any(known.startswith(word) for known in KEYS) for word in re.findall(r"^([^\s#:]+)", text, re.MULTILINE))


def _models(file: OpenFile) -> Iterator[EditedText]:
    """The models of a file of code, as far as they can be read."""
    content = file.text.encode("utf-8", "surrogatepass")
    try:
        models = [import_model(file.file, content)]
    except ModelChoiceError as error:
        models = [one for name in error.models[:MAX_MODELS] if (one := _model(file.file, content, name)) is not None]
    except CnnCalcError:
        return
    yield from (EditedText(model.source, file.configuration.settings()) for model in models)


def _model(file: str, content: bytes, name: str) -> ImportedModel | None:
    try:
        return import_model(file, content, ImportOptions(model=name))
    except CnnCalcError:
        return None

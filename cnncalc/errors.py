"""The errors of cnncalc, which a caller may catch, and the problems that a spec error carries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.shapes import Layout, Shape


def printable(name: str) -> str:
    """A file's name on one line, with escapes for signs that a terminal would obey or cannot show."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that a terminal obeys, or that turn the direction of the words after them."""


def printable_lines(text: str) -> str:
    """A text of several lines with escapes for signs that would steer a terminal."""
    return _STEERING.sub(lambda sign: printable(sign[0]), text)


def own_mistake(error: BaseException, what: str = "cnncalc", of: str = "") -> str:
    """The words for a failure of cnncalc itself, on one line.

    Args:
        error: the failure.
        what: the part that failed.
        of: what a user may blame for it instead, as `spec`; empty for nothing.
    """
    found = f"{what} failed with {type(error).__name__}: {' '.join(str(error).split())}"
    return f"{found:.200}; this is a mistake of cnncalc{of and f', not of the {of}'}"


class CnnCalcError(Exception):
    """The base of every error that cnncalc raises on purpose."""


class Problem(NamedTuple):
    """One problem of a spec, with its place.

    Lines and columns count from 1, as editors do. `length` is the number of characters that the
    problem covers on its line, for the caret excerpt.
    """

    line: int
    column: int
    message: str
    rule: str
    length: int = 1


class SpecError(CnnCalcError):
    """The spec is wrong. Carries every problem of the file, sorted by position.

    Attributes:
        file: the name to print in front of each problem.
        problems: all problems, sorted by line and column, none twice.
        text: the spec's text, for excerpts; empty if it could not be read.
    """

    def __init__(self, file: str, problems: Iterable[Problem], text: str = "") -> None:
        self.file = file
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        self.text = text
        super().__init__("\n".join(self.lines()))

    def __reduce__(self) -> tuple[type[SpecError], tuple[str, tuple[Problem, ...], str]]:
        return type(self), (self.file, self.problems, self.text)

    def lines(self) -> list[str]:
        """One line for each problem: `file:line:column: message (rule)`."""
        file = printable(self.file)
        return [f"{file}:{p.line}:{p.column}: {p.message} ({p.rule})" for p in self.problems]


class ModelChoiceError(SpecError):
    """A source has several models, or none.

    Attributes:
        models: their names.
    """

    models: tuple[str, ...] = ()


class SheetError(SpecError):
    """An answer sheet or a roster cannot be read at all. Carries its problems as that of a spec does."""


class ShapeError(CnnCalcError):
    """A layer cannot take this input.

    Raised bare in `layers/`, without the kind and the place; the one caller that knows them adds
    both, as `conv: <message>`, or `fc <message>` if the message goes on with a verb.

    Args:
        template: the message, with `{}` for each shape.
        shapes: the shapes, written in the order of the spec's layout once it is known.
    """

    def __init__(self, template: str, *shapes: Shape) -> None:
        self.template = template
        self.shapes = shapes
        super().__init__(self.text())

    def text(self, layout: Layout = "CHW") -> str:
        """The message with its shapes in the order of `layout`."""
        return self.template.format(*(shape.text(layout) for shape in self.shapes))

    def about(self, kind: str, layout: Layout = "CHW") -> str:
        """The message with its subject, the layer's kind."""
        message = self.text(layout)
        return f"{kind} {message}" if message.startswith("needs ") else f"{kind}: {message}"


class ArchitectureNotFound(CnnCalcError):
    """Neither a file nor a bundled architecture has this name."""


class OverrideError(CnnCalcError):
    """An `input`, `set`, `batch` or `profile` given beside the spec does not fit it."""


class ConfigurationError(CnnCalcError):
    """The configuration of a check, its baseline or an option for rules and limits is wrong."""


class RewritingError(CnnCalcError):
    """A spec's text cannot be rewritten as asked."""


class NoVariant(CnnCalcError):
    """No numbers were found with which a network stays valid and has the wanted sizes."""


class ExportError(CnnCalcError):
    """A network has layers without an equivalent in another program; the message lists all of them."""


class ExecutionError(CnnCalcError):
    """A layer or a network cannot be executed on the given values or weights."""


class OutOfMemory(ExecutionError):
    """An execution needs more memory than there is; that says nothing about the network."""


class IncompleteFigures(CnnCalcError):
    """Some figures are unknown, and the caller asked for complete ones."""


class MissingExtra(CnnCalcError):
    """A package of an extra of cnncalc is not installed.

    Args:
        package: the missing package.
        extra: the extra with this package.
        library: the missing library of the system; empty if the package itself is missing.
    """

    def __init__(self, package: str, extra: str, library: str = "") -> None:
        super().__init__(package, extra, library)
        self.package = package
        self.extra = extra
        self.library = library

    def __str__(self) -> str:
        if self.library:
            return f"the package {self.package} needs the system's library {self.library}, which is not installed"
        return f"the package {self.package} is not installed; install it with: pip install 'cnncalc[{self.extra}]'"

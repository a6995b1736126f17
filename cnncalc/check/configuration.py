"""The settings of a repository: `[tool.cnncalc]` in pyproject.toml, or .cnncalc.toml."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from cnncalc.check.expectations import Key
from cnncalc.check.results import FAIL_ON, FailOn
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.settings import Overrides, Settings, folder_of
from cnncalc.errors import ConfigurationError
from cnncalc.figures import CLAIMABLE
from cnncalc.files import read_regular
from cnncalc.language.claims import BYTE_UNITS, COUNT_UNITS, quantity
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.model import Claim
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.problems import suggestion
from cnncalc.targets import Excluded, Ignored

OWN_FILE = ".cnncalc.toml"
PROJECT_FILE = "pyproject.toml"
REPOSITORY = ".git"
"""The entry in the root of a repository: a folder, or a file in a worktree."""

MAX_BYTES = 1_000_000

HINTS = ("output", *(name for name, figure in CLAIMABLE.items() if figure.priority and not figure.only_network))
"""The figures that an editor can show after a line."""

LIMITS: dict[str, dict[str, int]] = {
    f"max-{figure.name.replace('_', '-')}": BYTE_UNITS if figure.unit == "bytes" else COUNT_UNITS
    for figure in CLAIMABLE.values()
    if figure.is_total
}
"""The option of every total that can be limited, with the units that its value may have."""


class Configuration(NamedTuple):
    """The settings of a repository; an option of the command line takes the place of its key.

    Attributes:
        folder: the folder of the file, which patterns and paths are relative to.
        select, ignore: ids, `default` or `all`.
        exclude: patterns of files to leave out.
        per_file_ignores: the ids that are off for the files of a pattern.
        fail_on: the least severity that makes a check fail.
        strict: whether an unknown figure is an error.
        baseline: the path of the baseline from the folder; empty for none.
        limits: the limits of totals, by option.
        hints: the figures that an editor shows after a line: columns of `show`.
    """

    folder: str = "."
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, frozenset[str]] = {}
    fail_on: FailOn = "error"
    strict: bool = False
    baseline: str = ""
    limits: Mapping[str, Claim] = {}
    hints: tuple[str, ...] = ("output", "params")

    def settings(self, key: Key | None = None, overrides: Overrides | None = None) -> Settings:
        """The settings of a check for a file with this configuration.

        Args:
            key: further figures that are expected of every spec.
            overrides: the values that figures depend on; the usual ones if it is None.
        """
        return Settings(
            rules=chosen_rules(self.select, self.ignore),
            limits=tuple(self.limits.values()),
            key=key,
            strict=self.strict,
            ignored=self.ignored,
            overrides=overrides or Overrides(),
        )

    @property
    def baseline_path(self) -> str:
        """The path of the baseline from here; empty for none."""
        return os.path.relpath(os.path.join(self.folder, self.baseline)) if self.baseline else ""

    @property
    def excluded(self) -> Excluded:
        """The files to leave out."""
        return Excluded(self.folder, self.exclude)

    @property
    def ignored(self) -> Ignored:
        """The ids that are off for some files."""
        return Ignored(self.folder, self.per_file_ignores)


def find_configuration(folder: str = ".") -> Configuration:
    """The configuration of the nearest of a folder and those above it that has one, up to the repository's root.

    In one folder .cnncalc.toml comes before pyproject.toml; a pyproject.toml without [tool.cnncalc] is none.

    Raises:
        ConfigurationError: it is wrong.
    """
    folder = os.path.abspath(folder)
    while True:
        own, project = os.path.join(folder, OWN_FILE), os.path.join(folder, PROJECT_FILE)
        if os.path.isfile(own):
            return read_configuration(own)
        if os.path.isfile(project) and (table := _table(project)) is not None:
            return _configuration(project, table)
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, REPOSITORY)):
            return Configuration()
        folder = above


class Configurations:
    """The configuration of each file: that of its folder, as `find_configuration` finds it.

    Args:
        whole: the one of all files; None to look for one.
        given: the values of the command line in place of keys.
        limits: those of the command line, by option.
    """

    def __init__(
        self, whole: Configuration | None = None, given: Mapping[str, Any] | None = None,
        limits: Mapping[str, Claim] | None = None,
    ) -> None:  # fmt: skip
        self._whole, self._given, self._limits = whole, given or {}, limits or {}
        self._found: dict[str, Configuration] = {}

    def of(self, file: str) -> Configuration:
        """The configuration of a file, or of a file beside it.

        Raises:
            ConfigurationError: it is wrong.
        """
        folder = folder_of(file)
        if folder not in self._found:
            found = self._whole or find_configuration(folder)
            self._found[folder] = found._replace(limits={**found.limits, **self._limits}, **self._given)
        return self._found[folder]

    def of_run(self, files: Iterable[str]) -> Configuration:
        """The configuration of all files, or that of the working directory if theirs differ."""
        first, *others = [self.of(file) for file in files] or [self.of("here")]
        return first if all(one is first or one == first for one in others) else self.of("here")

    @property
    def patterns(self) -> tuple[str, ...]:
        """All patterns of files that were left out."""
        return tuple(dict.fromkeys(pattern for one in self._found.values() for pattern in one.exclude))

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the configurations that were found: one of the two in each folder."""
        folders = dict.fromkeys(one.folder for one in self._found.values())
        return tuple(os.path.join(folder, name) for folder in folders for name in (OWN_FILE, PROJECT_FILE))

    def holds(self, file: str) -> bool:
        """Whether a file or folder is left out."""
        return self.of(file).excluded.holds(file)


def read_configuration(file: str) -> Configuration:
    """The configuration in a file.

    Raises:
        ConfigurationError: it can't be read, or has something that does not belong in a configuration.
    """
    table = _table(file)
    if table is None:
        raise ConfigurationError(f"{_shown(file)}: there is no table [tool.cnncalc]")
    return _configuration(file, table)


def _table(file: str) -> dict[str, Any] | None:
    """The settings in a file; None for a pyproject.toml without any."""
    import tomllib  # most runs find no configuration

    try:
        document = tomllib.loads(read_regular(file, MAX_BYTES).decode())
    except OSError as error:
        raise ConfigurationError(f"{_shown(file)}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:  # of syntax, encoding, depth, or of a number too long for Python
        raise ConfigurationError(f"{_shown(file)}: not valid TOML: {error}") from None
    if os.path.basename(file) != PROJECT_FILE:
        return document
    tool = document.get("tool")
    table = tool.get("cnncalc") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigurationError(f"{_shown(file)}: tool.cnncalc is a table with keys, as [tool.cnncalc]")
    return table


def _configuration(file: str, table: dict[str, Any]) -> Configuration:
    settings: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            hint = suggestion(key, KEYS) or f"; the keys are {', '.join(KEYS)}"
            if key == "tool":
                hint = "; in a file of its own the keys are at the top, without [tool.cnncalc]"
            raise ConfigurationError(f"{_shown(file)}: there is no key '{key}'{hint}")
        try:
            read = KEYS[key](key, value)
        except ConfigurationError as error:
            raise ConfigurationError(f"{_shown(file)}: {error}") from None
        settings[key.replace("-", "_")] = read
    limits = {option: settings.pop(option.replace("-", "_")) for option in LIMITS if option in table}
    return Configuration(folder=os.path.dirname(file), limits=limits, **settings)


def _shown(file: str) -> str:
    """A path as short as it can be written."""
    relative = os.path.relpath(file)
    return relative if len(relative) < len(file) else file


def _words(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ConfigurationError(f'{key} is a list of texts, as ["..."], not {value!r:.60}')
    return tuple(value)


def _hints(key: str, value: object) -> tuple[str, ...]:
    words = _words(key, value)
    for word in words:
        if word not in HINTS:
            hint = suggestion(word, HINTS) or f"; they are {', '.join(HINTS)}"
            raise ConfigurationError(f"{key}: there is no figure '{word}'{hint}")
    return words


def _ids(key: str, value: object) -> tuple[str, ...]:
    words = _words(key, value)
    try:
        chosen_rules(words)
    except ConfigurationError as error:
        raise ConfigurationError(f"{key}: {error}") from None
    return words


def _ids_by_pattern(key: str, value: object) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise ConfigurationError(f'{key} is a table of patterns, as {{"old/*.yaml" = ["claim"]}}, not {value!r:.60}')
    everything = chosen_rules(["all"])
    return {
        pattern: everything - chosen_rules(["all"], _ids(f"{key}, '{pattern}'", ids)) for pattern, ids in value.items()
    }


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{key} is true or false, not {value!r:.60}")
    return value


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f'{key} is a text in quotes, as "baseline.json", not {value!r:.60}')
    return value


def _fail_on(key: str, value: object) -> FailOn:
    for word in FAIL_ON:
        if value == word:
            return word
    raise ConfigurationError(f"{key} is one of {', '.join(FAIL_ON)}, not {value!r:.60}")


def _limit(key: str, value: object) -> Claim:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ConfigurationError(f'{key} is a number or a text with a unit, as "5M", not {value!r:.60}')
    return read_limit(key, str(value))


def read_limit(option: str, text: str) -> Claim:
    """The claim that an option of `LIMITS` makes about a spec.

    Raises:
        ConfigurationError: the value is not a number, or its unit is unknown.
    """
    try:
        value, _ = quantity(text.strip(), LIMITS[option], example="62,400,000")
    except ExpressionError as error:
        raise ConfigurationError(f"{option}: {error}") from None
    figure = option.removeprefix("max-").replace("-", "_")
    return Claim(ScalarNode(text.strip(), 0, 0), figure, "", "max", value)


KEYS: dict[str, Callable[[str, object], object]] = {
    "select": _ids,
    "ignore": _ids,
    "exclude": _words,
    "per-file-ignores": _ids_by_pattern,
    "fail-on": _fail_on,
    "strict": _flag,
    "baseline": _text,
    "hints": _hints,
    **dict.fromkeys(LIMITS, _limit),
}
"""Every key, with the reader of its value."""

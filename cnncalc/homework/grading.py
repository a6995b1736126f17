"""The exercises of a command line, and the marking of each sheet by its exercise."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import CnnCalcError, OverrideError, Problem, own_mistake
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.code_sheet import code_sheet, is_code, own_exercise
from cnncalc.homework.finding import Taken, find_network, unfolded_as
from cnncalc.homework.marking import Marked, mark_sheet, with_problems
from cnncalc.homework.reading import read_sheet
from cnncalc.homework.roster import stem_of
from cnncalc.homework.secret import Secret
from cnncalc.homework.sheet import WRITE_HEAD, Sheet, plain, problem, unreadable
from cnncalc.homework.variants import Variant, Variants
from cnncalc.importing.sources import read_any
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import bundled_names
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import OTHER_LAYOUT


class Exercises:
    """The exercises that specs give, each made once.

    Args:
        inputs, variables: new sizes and vars of a spec, for the exercise without a seed.
        specs: those that need not be read, by their SPEC.
    """

    def __init__(
        self, inputs: tuple[str, ...] = (), variables: Mapping[str, str] | None = None,
        specs: Mapping[str, Spec] | None = None,
    ) -> None:  # fmt: skip
        self._changes = (inputs, variables or {})
        self._specs: dict[str, Spec] = dict(specs or {})
        self._variants: dict[str, Variants] = {}
        self._made: dict[tuple[object, ...], Exercise] = {}

    def exercise(
        self, spec: str, variant: Variant | None, depth: int | None, also: frozenset[str] = frozenset()
    ) -> Exercise:
        """The exercise of a SPEC.

        Args:
            spec: as on the command line.
            variant: the variant with its numbers; None for the spec's own.
            depth: how far rows are unfolded; None for every layer.
            also: blocks and repeated lines that are rows of their own.

        Raises:
            SpecError: the spec is wrong.
            NoVariant: there is no such variant.
            ArchitectureNotFound, OverrideError: there is no such spec, or the changes do not fit it.
        """
        key = (spec, variant, depth, also)
        if key not in self._made:
            self._made[key] = Exercise(analyze_network(self._network(spec, variant)), depth, also)
        return self._made[key]

    def _network(self, name: str, variant: Variant | None) -> Network:
        inputs, variables = self._changes
        if variant is not None and (inputs or variables):
            raise OverrideError("a variant chooses its own numbers; leave out --input and --set, or the seed")
        if name not in self._specs:
            self._specs[name] = read_spec(read_any(name))
        if variant is None:
            return build_network(self._specs[name], inputs=inputs, variables=variables)
        if name not in self._variants:
            self._variants[name] = Variants(self._specs[name])
        return self._variants[name].network(variant)


class Grader:
    """Marks sheets.

    Args:
        exercises: the exercises of the sheets.
        spec: the SPEC of all sheets; None if each says what it is about.
        depth: how far rows are unfolded; None for as far as each sheet says.
        figures: the figures to mark; empty for those of each sheet.
        seeded: whether a sheet without a seed is an error.
        secret: the secret that the sheets were made with, if any; then they have a seed, too.

    Raises:
        SpecError, ArchitectureNotFound, OverrideError: as `Exercises.exercise`.
    """

    def __init__(
        self,
        exercises: Exercises,
        spec: str | None,
        depth: int | None,
        figures: tuple[str, ...],
        *,
        seeded: bool,
        secret: Secret | None = None,
    ) -> None:
        self._exercises = exercises
        self._spec = spec
        self._depth = depth
        self._figures = figures
        self._seeded = seeded or secret is not None
        self._secret = secret
        if spec is not None:
            exercises.exercise(spec, None, depth)  # problems of the spec are reported before any sheet is read

    def marked(self, file: str) -> Marked:
        """The marked sheet in a file.

        Raises:
            SpecError: it cannot be marked, or cnncalc failed; the other sheets are marked all the same.
            NoVariant, ArchitectureNotFound, OverrideError: there is no network to mark it by.
        """
        try:
            return self._marked(file)
        except CnnCalcError:
            raise
        except Exception as error:  # the other sheets are marked all the same
            raise unreadable(file, own_mistake(error, of="sheet")) from error

    def _marked(self, file: str) -> Marked:
        own = self._of_code(file) if is_code(file) else None
        sheet = code_sheet(file, own.exercise) if own is not None else read_sheet(file)
        if self._seeded and sheet.seed is None:
            raise unreadable(sheet.file, f"the sheet has no seed; {WRITE_HEAD}")
        _check_secret(sheet, self._secret)
        exercise, why = own or self._found(sheet)
        _check_key(sheet, exercise)
        marked = mark_sheet(exercise, sheet, self._figures)._replace(why=why)
        return with_problems(marked, _other_worksheet(sheet, self._spec or ""))

    def _of_code(self, file: str) -> Taken:
        """The exercise of code: its own network if no spec is given."""
        if self._spec is None:
            return Taken(*own_exercise(file))
        return Taken(self._exercises.exercise(self._spec, None, self._depth))

    def _found(self, sheet: Sheet) -> Taken:
        """The exercise of a sheet, and the reason if the sheet does not name it."""
        also = frozenset(row.name for row in sheet.rows) if sheet.network is not None else frozenset[str]()
        depth = self._depth or sheet.depth
        variant = sheet.variant._replace(secret=self._secret) if sheet.variant is not None else None
        if self._spec is not None:
            exercise = self._exercises.exercise(self._spec, variant, depth, also)
            is_own = depth is None and not sheet.facts.keys() & {"worksheet", "seed"} and sheet.network is None
            return Taken(unfolded_as(sheet, exercise) if is_own else exercise)
        if sheet.network is not None:
            return Taken(Exercise(analyze_network(sheet.network), depth, also))
        name = sheet.facts.get("worksheet", "").strip().removesuffix(".yaml")
        if name in bundled_names():
            return Taken(self._exercises.exercise(name, variant, depth, also))
        if name or variant is not None:
            said = (
                f"the sheet is a worksheet of '{name[:40]}'"
                if name
                else "the sheet has a seed, but no worksheet's name"
            )
            raise unreadable(sheet.file, f"{said}, not of a bundled architecture; give --spec")
        return find_network(sheet, lambda bundled: self._exercises.exercise(bundled, None, depth))


def _check_secret(sheet: Sheet, secret: Secret | None) -> None:
    """Make sure that a sheet was made with this secret, or without one if there is none.

    Raises:
        SheetError: it was made with another secret.
    """
    stated, own = sheet.facts.get("secret", "").strip().lower(), secret.fingerprint if secret is not None else ""
    if stated == own:
        return
    if secret is None:
        message = f"the sheet was made with a secret ({stated[:20]}); give its file with --secret"
    elif stated:
        message = f"the sheet was made with another secret ({stated[:20]}) than that of --secret ({own})"
    else:
        message = f"the sheet has no line 'secret' ({own}): it was made without --secret, or its head was changed"
    raise unreadable(sheet.file, message)


def _other_worksheet(sheet: Sheet, spec: str) -> list[Problem]:
    """The problem of a sheet that names another worksheet than the spec that it is marked by."""
    stated = sheet.facts.get("worksheet", "")
    names = [plain(stem_of(name)) for name in (stated, spec)]
    if not all(names) or names[0] == names[1]:
        return []
    return [problem(1, 1, f"the sheet is a worksheet of {stated[:60]}, and is marked by {spec}")]


def _check_key(sheet: Sheet, exercise: Exercise) -> None:
    """Make sure that a sheet is for an exercise, if it states its input, in either order of its sizes.

    Raises:
        SheetError: it is for another input.
    """
    stated = sheet.facts.get("input", "").replace("×", "x").replace(" ", "")
    shapes = exercise.report.network.inputs.values()
    expected, other = (
        ",".join(shape.text(layout) for shape in shapes) for layout in (exercise.layout, OTHER_LAYOUT[exercise.layout])
    )
    sizes = ",".join("x".join(map(str, shape.spatial)) for shape in shapes)  # many leave out the channels of an image
    if stated not in ("", expected, other, sizes):
        which = f"seed {sheet.facts['seed']} of the spec" if sheet.facts.get("seed") else "the spec"
        message = f"the sheet is for input {stated[:60]}, but {which} has {expected}: is it for another spec or seed?"
        raise unreadable(sheet.file, message)

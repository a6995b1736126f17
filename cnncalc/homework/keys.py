"""Which exercise a sheet is for: the spec, the variant of it and the depth that it says."""

from __future__ import annotations

from cnncalc.errors import Problem
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.roster import stem_of
from cnncalc.homework.sheet import Sheet, plain, problem, unreadable
from cnncalc.homework.variants import MAX_SEED, Variant

MAX_DEPTH = 1000
"""Levels of blocks that a worksheet can say."""


def variant_of(sheet: Sheet) -> Variant | None:
    """The variant that a sheet carries; None for the spec's own numbers.

    Raises:
        SheetError: its seed is no seed.
    """
    seed = seed_of(sheet)
    if seed is None:
        return None
    return Variant(seed, sheet.facts.get("remainders", "").strip().lower() in ("yes", "true", "1"))


def seed_of(sheet: Sheet) -> int | None:
    """The seed that a sheet carries, if any.

    Raises:
        SheetError: it is no seed.
    """
    return _number(sheet, "seed", 0, MAX_SEED)


def depth_of(sheet: Sheet) -> int | None:
    """How far the rows of the worksheet were unfolded; None for every layer.

    Raises:
        SheetError: what the sheet says about it is no depth.
    """
    return _number(sheet, "depth", 1, MAX_DEPTH)


def _number(sheet: Sheet, word: str, least: int, most: int) -> int | None:
    """A whole number that a sheet says about itself, as a spreadsheet writes it: `7`, `007` or `7.0`."""
    text = sheet.facts.get(word, "").strip()
    if not text:
        return None
    whole = text.removesuffix(".0")
    digits = whole.lstrip("0") or whole[:1]
    is_short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))
    if not is_short or not least <= int(digits) <= most:
        raise unreadable(sheet.file, f"{word} is '{text[:40]}'; a whole number from {least} to {most:,} is expected")
    return int(digits)


def other_worksheet(sheet: Sheet, spec: str) -> list[Problem]:
    """What is to be said where a sheet names another worksheet than the spec that it is marked by."""
    stated = sheet.facts.get("worksheet", "")
    names = [plain(stem_of(name)) for name in (stated, spec)]
    if not all(names) or names[0] == names[1]:
        return []
    return [problem(1, 1, f"the sheet is a worksheet of {stated[:60]}, and is marked by {spec}")]


def check_key(sheet: Sheet, exercise: Exercise) -> None:
    """Make sure that a sheet is for an exercise, as far as it says which input it is for.

    Raises:
        SheetError: it is for another input.
    """
    stated = sheet.facts.get("input", "").replace("×", "x").replace(" ", "")
    shapes = exercise.report.network.inputs.values()
    expected = ",".join(shape.text(exercise.layout) for shape in shapes)
    if stated and stated != expected:
        which = f"seed {sheet.facts['seed']} of the spec" if sheet.facts.get("seed") else "the spec"
        message = f"the sheet is for input {stated[:60]}, but {which} has {expected}: is it for another spec or seed?"
        raise unreadable(sheet.file, message)

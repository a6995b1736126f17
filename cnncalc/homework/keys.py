"""Which variant of an exercise a sheet is for."""

from __future__ import annotations

from cnncalc.homework.exercise import Exercise
from cnncalc.homework.sheet import Sheet, unreadable
from cnncalc.homework.variants import MAX_SEED, Variant


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
        SheetError: it is none.
    """
    seed = sheet.facts.get("seed", "").strip()
    if not seed:
        return None
    whole = seed.removesuffix(".0")
    digits = whole.lstrip("0") or whole[:1]
    is_short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(MAX_SEED))
    if not is_short or int(digits) > MAX_SEED:
        raise unreadable(sheet.file, f"seed is '{seed[:40]}'; a whole number from 0 to {MAX_SEED:,} is expected")
    return int(digits)


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

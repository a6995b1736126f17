"""Judgements of a write-up's statements: is the arithmetic true, is the formula right, do the statements fit?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from cnncalc.check.findings import Finding, Severity
from cnncalc.formula import Call, Constant, Formula, Number, Operation, write
from cnncalc.notation import PLAIN, digits
from cnncalc.proofreading.equations import Term, WindowNumbers, as_window
from cnncalc.proofreading.facts import Fact
from cnncalc.proofreading.fitting import is_plain, judge_counts, judge_flat
from cnncalc.proofreading.formulas import slip_of
from cnncalc.proofreading.plain import Plain
from cnncalc.proofreading.rounded import Rounded, rounded_number
from cnncalc.proofreading.steps import Calculation, Description

_OTHER = {"g", "t", "%", "kb", "mb", "gb", "percent", "times", "百", "千"}
"""Words after a number that multiply it."""


def judge_equation(sides: Sequence[Term], line: Plain) -> Iterator[Finding]:
    """The findings in an equation: a step that is not true, or a wrong formula."""
    for before, after in zip(sides, sides[1:], strict=False):
        yield from _judge_step(before, after, line)
        yield from _judge_floor(before, after, line)
    for index, side in enumerate(sides):
        window = as_window(sides[index + 1].formula) if index + 1 < len(sides) else None
        if side.after != "mod" and (slip := slip_of(side.formula, window.stride if window is not None else None)):
            yield _about(side, line, f"{_shown(side)} {slip}", "formula")


def _judge_floor(before: Term, after: Term, line: Plain) -> Iterator[Finding]:
    """The finding for a quotient that is wrong before it is rounded down, as in ⌊219/2⌋ + 1 = ⌊109.6⌋ + 1."""
    stated, meant = _floored(after.formula), _exact_quotient(before.formula)
    if stated is None or meant is None or floor(meant) != floor(stated):
        return
    if abs(meant - stated) > MOST_ROUNDED:
        yield _about(after, line, f"the quotient is {digits(meant)}, not {digits(stated)}", "wrong-arithmetic")


def _about(side: Term, line: Plain, message: str, rule: str, severity: Severity = "error") -> Finding:
    return Finding(*line.at(side.place), message, rule, severity, line.length(side.place, side.end))


def _shown(side: Term) -> str:
    return write(side.formula, PLAIN)


def _judge_step(before: Term, after: Term, line: Plain) -> Iterator[Finding]:
    left, right = before.value, after.value
    if left is not None and before.is_calculation and (rounded := _rounded(after)):
        if rounded.allows(left) or rounded.digits == left or _is_doubtful(before):
            return
        message = f"{_shown(before)} is {digits(left)}, not {rounded.text}"
        yield _about(before, line, message, "wrong-arithmetic")
        return
    if left is None or right is None or left == right or not before.is_calculation:
        return
    if _is_doubtful(before) or _is_doubtful(after) or "^" in after.text:
        return
    if after.is_size and (_first(after) in (left, floor(left)) or not (before.is_size or as_window(before.formula))):
        return  # (227 - 11)/4 + 1 = 55 × 55 states the map
    if not after.is_calculation and abs(Fraction(left) - right) <= _tolerance(after.text):
        return
    if not after.is_calculation and abs(100 * Fraction(left) - right) <= _tolerance(after.text):
        return  # 999/1000 = 99.9, in percent
    if floor(left) == right and "/" in before.text:
        window = as_window(before.formula)
        below = f": ⌊{_quotient(window)}⌋ + {window.added} = {right}" if window is not None else ""
        message = f"{_shown(before)} is {digits(left)}, not {digits(right)}; the quotient has to be rounded down{below}"
        yield _about(before, line, message, "floor-missing", "warning")
        return
    yield _about(before, line, f"{_shown(before)} is {digits(left)}, not {digits(right)}", "wrong-arithmetic")


MOST_ROUNDED = Fraction(1, 20)
"""The most that a quotient with one decimal may differ from the exact one."""


def _floored(formula: Formula) -> Number | None:
    """The number with decimals that is rounded down in ⌊109.5⌋ + 1; None in any other formula."""
    part = formula.operands[0] if isinstance(formula, Operation) else formula
    inside = part.arguments[0] if isinstance(part, Call) and part.function == "floor" else None
    return inside.number if isinstance(inside, Constant) and not isinstance(inside.number, int) else None


def _exact_quotient(formula: Formula) -> Fraction | None:
    """The quotient in the calculation of an output size; None in any other formula."""
    window = as_window(formula)
    return Fraction(window.size - window.kernel + window.padded) / window.stride if window and window.stride else None


def _rounded(side: Term) -> Rounded | None:
    """The number of a side, if it has a scale."""
    return rounded_number(f"{side.text} {side.after}") or rounded_number(side.text)


def _is_doubtful(side: Term) -> bool:
    """Whether a side may be something else than it looks: a number of another unit, a power without its sign."""
    if side.after.lower() in _OTHER or _rounded(side):
        return True
    bare = side.text.replace(" ", "")
    return (
        bare.startswith("10-") or ("×10-" in bare) or ("-" in bare and not any(sign in side.text for sign in "()/*× "))
    )


def _first(size: Term) -> Number | None:
    """The first number of 55 × 55 × 96."""
    first = size.formula.operands[0] if isinstance(size.formula, Operation) else size.formula
    return first.number if isinstance(first, Constant) else None


def _tolerance(text: str) -> Fraction:
    """Half of the last digit that is written after a point."""
    decimals = len(text.partition(".")[2])
    return Fraction(1, 2 * 10**decimals) if decimals else Fraction(0)


def _quotient(window: WindowNumbers) -> str:
    return digits(Fraction(window.size - window.kernel + window.padded) / window.stride)


MAX_BETWEEN = 25
"""The most lines between a calculation and the output that it calculates."""


def judge_step(step: Description, before: Fact | None = None) -> Iterator[Finding]:
    """The findings for statements about one layer, and the output of the one before, that do not fit together."""
    for calculation in step.calculations:
        yield from _judge_calculation(step, calculation)
    if not any(_differs(step, calculation) for calculation in step.calculations):
        yield from _judge_sentences(step, before)
    yield from judge_counts(step, before)
    yield from judge_flat(step, before)


def _differs(step: Description, calculation: Calculation) -> bool:
    outputs = step.values("output")
    return bool(outputs) and calculation.result not in outputs


def _judge_calculation(step: Description, calculation: Calculation) -> Iterator[Finding]:
    """The finding for a calculation whose result is not the text's, with the number in it that is wrong."""
    outputs = step.values("output")
    stated = {what: step.values(what) for what in ("size", "kernel", "stride", "padding")}
    agreeing = [what for what, values in stated.items() if _own(calculation.window, what) in values]
    if not _differs(step, calculation) or len(outputs) != 1 or len(agreeing) < 2:
        return  # a calculation with other numbers is about another layer
    (output, said), window = next(iter(outputs.items())), calculation.window
    if abs(said.line - calculation.line) > MAX_BETWEEN:
        return
    for what, letter in (("stride", "S"), ("kernel", "K"), ("padding", "P"), ("size", "W")):
        own = _own(window, what)
        for value, fact in stated[what].items():
            if value != own and _result(window, what, value) == output:
                message = (
                    f"{_shown(calculation.side)} = {calculation.result} is true, but the text says {what} {value} "
                    f"in line {fact.line} and {output}×{output} in line {said.line}: {letter} = {digits(own)} is a slip"
                )
                yield Finding(
                    calculation.line, calculation.column, message, "does-not-fit", "error", calculation.length
                )
                return
    message = (
        f"{_shown(calculation.side)} = {calculation.result}, but the text says {output}×{output} in line {said.line}"
    )
    yield Finding(calculation.line, calculation.column, message, "does-not-fit", "error", calculation.length)


def _own(window: WindowNumbers, what: str) -> Number:
    """A number of a calculation; the padding of one side."""
    if what == "padding":
        return Fraction(window.padded) / 2
    return {"stride": window.stride, "kernel": window.kernel, "size": window.size}[what]


def _result(window: WindowNumbers, what: str, value: int) -> int:
    changed = window._replace(**{"padded" if what == "padding" else what: 2 * value if what == "padding" else value})
    return floor(Fraction(changed.size - changed.kernel + changed.padded) / max(changed.stride, 1) + changed.added)


def _judge_sentences(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The findings for numbers that do not give the stated output, or that are stated in two ways."""
    sizes, kernels, strides, paddings, outputs = map(step.values, ("size", "kernel", "stride", "padding", "output"))
    if len(kernels) > 1 and len(sizes) == len(outputs) == 1:
        yield from _odd_one(step, kernels)
        return
    if not sizes and before is not None and is_plain(step):
        sizes = {before.value: before}
    if any(len(values) > 1 for values in (sizes, kernels, strides, paddings, outputs)):
        return
    if not (sizes and kernels and outputs and strides):
        return
    (size,), (kernel,), (stride,), (output,) = sizes, kernels, strides, outputs
    padding = next(iter(paddings), None) if not step.is_same else None
    if step.is_same and output == ceil(Fraction(size, max(stride, 1))):
        return
    if _is_transposed(size, kernel, stride, padding, output):
        return
    if stride < 1 or kernel < 1 or output in _possible(size, kernel, stride, padding, step.is_pool):
        return
    fact = outputs[output]
    known = f"⌊({size} − {kernel} + 2·{padding})/{stride}⌋ + 1" if padding else f"⌊({size} − {kernel})/{stride}⌋ + 1"
    value = floor(Fraction(size - kernel + 2 * (padding or 0), stride)) + 1
    hint = "" if padding is not None else "; no padding gives it either"
    settings = f"{size}×{size}, kernel {kernel}, stride {stride}"
    message = f"{output}×{output} does not follow from {settings}: {known} = {value}{hint}"
    yield Finding(fact.line, fact.column, message, "does-not-follow", "error")


def _is_transposed(size: int, kernel: int, stride: int, padding: int | None, output: int) -> bool:
    """Whether an output is that of a transposed convolution, which is not always called so."""
    removed = (size - 1) * stride + kernel - output
    return output > size and removed in (range(0, 2 * kernel, 2) if padding is None else (2 * padding,))


def _odd_one(step: Description, kernels: dict[int, Fact]) -> Iterator[Finding]:
    """The finding for two kernels of one layer, of which one does not give the output."""
    (size,), (output,) = step.values("size"), step.values("output")
    stride, padding = next(iter(step.values("stride")), 1), next(iter(step.values("padding")), None)
    good = [kernel for kernel in kernels if output in _possible(size, kernel, stride, padding, step.is_pool)]
    if len(good) != 1:
        return
    for kernel, fact in kernels.items():
        if kernel != good[0] and fact.source == "sentence" and not (step.is_pool and step.is_conv):
            message = (
                f"kernel {kernel}×{kernel} does not give {output}×{output} from {size}×{size}; "
                f"{_where(kernels[good[0]], fact)} says {good[0]}×{good[0]}, which does"
            )
            yield Finding(fact.line, fact.column, message, "does-not-fit", "error")


def _where(fact: Fact, other: Fact) -> str:
    return f"line {fact.line}" if fact.line != other.line else "the same line"


def _possible(size: int, kernel: int, stride: int, padding: int | None, is_pool: bool) -> set[int]:
    """The outputs that a window can give; if no padding is stated, those of any padding, for a pool the usual ones."""
    totals: Sequence[int] = (2 * (padding or 0),) if is_pool or padding is not None else range(2 * kernel - 1)
    quotients = [Fraction(size - kernel + total, stride) for total in totals]
    found = {floor(quotient) + 1 for quotient in quotients}
    if not is_pool:
        return found
    usual = {ceil(Fraction(size, stride)), floor(Fraction(size - kernel + 2 * ((kernel - 1) // 2), stride)) + 1}
    return found | {ceil(quotient) + 1 for quotient in quotients} | (usual if padding is None else set())

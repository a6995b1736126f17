"""Slips in code that computes a layer by loops: sizes, starts of windows, padding, products, numbers of weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.check.findings import Finding
from cnncalc.formula import Call, FormulaError, parse, write
from cnncalc.notation import PLAIN
from cnncalc.proofreading.equations import MAX_TOKENS, tokens, written_formula
from cnncalc.proofreading.formulas import slip_of

_SIZED = re.compile(r"\b((?:\w*out\w*|new_[hw]\w*|o[hw]|n_[HW])\w*)\s*=(?!=)\s*")
_ROUNDED_DOWN = re.compile(r"\b(?:int|(?:math|np|torch)\.floor)\s*(?=\()")
_START = re.compile(r"\b(\w*start\w*)\s*=\s*\(?\s*(\w+)\s*(%|//|/|\+|-)\s*((?:self\.)?\w*stride\w*)", re.IGNORECASE)
_NO_PADDING = re.compile(r"\bif\s+((?:self\.)?\w*pad\w*)\s*(<=|==|<)\s*0\s*:", re.IGNORECASE)
_PRODUCT = re.compile(
    r"\bnp\.sum\(\s*(\w[\w.]*(?:\[[^\]]*\])?)\s*([-%/+])\s*(\w*(?:kernel|filter|weight)\w*(?:\[[^\]]*\])?)",
    re.IGNORECASE,
)
_WEIGHTS = re.compile(r"\b(?:self\.)?(\w+?)_?(filters|kernels?|weights?|W)\s*=\s*np\.random\.\w+\(([^()]*)\)")
_BIAS = re.compile(r"\b(?:self\.)?(\w+?)_?(?:bias(?:es)?|b)\s*=\s*np\.zeros\(\(?\s*(\w+)")


def judge_code(lines: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """The findings in lines of code, each with its line number."""
    weights: dict[str, tuple[list[str], int]] = {}
    for index, (number, line) in enumerate(lines):
        yield from _sizes(line, number)
        for match in _START.finditer(line):
            name, place, sign, stride = match.groups()
            message = f"{name} = {place} {sign} {stride}: a window starts at {place} * {stride}"
            yield _found(number, match, message, "window-start")
        for match in _NO_PADDING.finditer(line):
            if any("np.pad" in other for _, other in lines[index : index + 3]):
                message = f"pads if {match[1]} {match[2]} 0, when there is nothing to pad; {match[1]} > 0 is meant"
                yield _found(number, match, message, "padding-condition")
        for match in _PRODUCT.finditer(line):
            message = f"{match[1]} {match[2]} {match[3]}: a convolution sums products, {match[1]} * {match[3]}"
            yield _found(number, match, message, "product")
        yield from _weights(line, number, weights)


def _found(number: int, match: re.Match[str], message: str, rule: str) -> Finding:
    return Finding(number, match.start() + 1, message, rule, "error", len(match[0]))


def _sizes(line: str, number: int) -> Iterator[Finding]:
    """The formulas of output sizes."""
    for match in _SIZED.finditer(line):
        words = tokens(_ROUNDED_DOWN.sub("floor", re.split(r"[\t\\#;]", line[match.end() :])[0]))
        length = next((i for i, token in enumerate(words) if token.kind not in ("number", "name", "op")), len(words))
        for end in range(min(length, MAX_TOKENS), 4, -1):
            try:
                formula = parse(written_formula(words[:end]), ("floor", "ceil"))
            except FormulaError:
                continue
            while isinstance(formula, Call) and formula.function == "floor":
                formula = formula.arguments[0]
            if slip := slip_of(formula):
                message = f"{match[1]} = {write(formula, PLAIN)} {slip}"
                yield _found(number, match, message, "formula")
            break


def _weights(line: str, number: int, known: dict[str, tuple[list[str], int]]) -> Iterator[Finding]:
    """The findings for weights and their offsets, and for channels that are not the filters of the layer before."""
    for match in _WEIGHTS.finditer(line):
        sizes = [size.strip() for size in match[3].split(",")]
        before = next(reversed(known.values()), None) if match[1][-1].isdigit() else None
        if before is not None and len(before[0]) == len(sizes) and len(sizes) in (2, 4):
            given, taken = (before[0][0], sizes[1]) if len(sizes) == 4 else (before[0][1], sizes[0])
            if given.isdigit() and taken.isdigit() and given != taken:
                message = f"{match[1]} takes {taken} channels, but the layer before it gives {given} (line {before[1]})"
                yield _found(number, match, message, "channels")
        if match[1][-1].isdigit():
            known[match[1]] = (sizes, number)
    for match in _BIAS.finditer(line):
        sizes, at = known.get(match[1], ([], 0))
        if len(sizes) in (2, 4):
            wanted = sizes[0] if len(sizes) == 4 else sizes[1]
            if wanted.isdigit() and match[2].isdigit() and wanted != match[2]:
                message = f"{match[1]} has {wanted} outputs (line {at}) but {match[2]} offsets"
                yield _found(number, match, message, "offsets")

"""The steps of a derivation from a layer's rules, and the meanings of their symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from cnncalc import formula
from cnncalc.layers.base import Rule, Step
from cnncalc.shapes import AXIS_NAMES

LAYER_SYMBOLS = {
    "H": "height of the input",
    "W": "width of the input",
    "D": "depth of the input",
    "L": "length of the input",
    "C": "channels",
    "K": "kernel size",
    "S": "stride",
    "P": "padding on each side",
    "P_all": "padding on both sides together",
    "E": "effective kernel: the kernel with the gaps of its dilation",
    "d": "dilation",
    "A": "output_padding",
    "P_before": "padding before",
    "P_after": "padding after",
    "K_h": "kernel height",
    "K_w": "kernel width",
    "K_d": "kernel depth",
    "K_l": "kernel length",
    "C_in": "channels of the input, or its length if it is a vector",
    "filters": "channels of the output",
    "out": "values in the output",
    "inputs": "values in the input",
    "features": "outputs of the layer",
    "to": "the first channel or position after the range",
    "start": "the first channel or position of the range",
    "factor": "output size divided by input size",
    "size": "the output size given",
    "block_size": "size of a block along the axis",
    "cells": "values in a block",
    "multiplier": "filters for each channel",
    "groups": "number of groups that the channels are split into",
    "links": "pairs of a filter and an input map that it sees",
    "N": "positions that attend, with the padding of the last windows",
    "T": "positions that each one attends to",
    "w_h": "height of a window",
    "w_w": "width of a window",
    "w_d": "depth of a window",
    "w_l": "length of a window",
    "distances": "relative positions that two positions of a window can have",
    "hidden": "hidden units of the network for relative positions",
    "axes": "spatial axes",
    "ids": "number of ids",
    "gates": "weighted sums of input and state for each unit",
    "directions": "directions in which the sequence is read: 1 or 2",
    "positions": "positions of the window",
}
"""The meaning of each symbol of the rules, for a reader who has not met it."""


def of_input(symbol: str) -> str:
    """The meaning of a numbered symbol, as `C_2`: channels of input 2; empty for any other."""
    base, _, number = symbol.rpartition("_")
    known = number.isdigit() and base in LAYER_SYMBOLS
    return f"{LAYER_SYMBOLS[base].removesuffix(' of the input')} of input {number}" if known else ""


def explained(rules: Iterable[Rule]) -> tuple[Step, ...]:
    """The steps that show rules; rules without a step of their own are put into the others."""
    aside: dict[tuple[str, str], Rule] = {}
    steps = []
    for rule in rules:
        whole = _with_aside(rule, aside)
        if not rule.shown:
            aside[rule.axis, rule.symbol] = whole
            continue
        names, value = _read(whole.formula)
        values = {name: whole.values[name] for name in names}
        label = ", ".join(filter(None, (AXIS_NAMES.get(rule.axis), rule.label or rule.symbol)))
        result = value(values)
        written = whole.formula if values else ""
        steps.append(Step(label=label, formula=written, values=values, result=result, note=rule.note))
    return tuple(steps)


def _with_aside(rule: Rule, aside: Mapping[tuple[str, str], Rule]) -> Rule:
    """A rule with the formulas of hidden rules in place of the symbols that it has no number for."""
    unknown = [name for name in _read(rule.formula)[0] if name not in rule.values]
    if not unknown:
        return rule
    parts = {name: aside.get((rule.axis, name)) or aside["", name] for name in unknown}
    whole = _put_in(rule.formula, tuple((name, part.formula) for name, part in parts.items()))
    values = {name: value for part in (*parts.values(), rule) for name, value in part.values.items()}
    return rule._replace(formula=whole, values=values)


# A network has few forms of rules, and many layers of each.


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[tuple[str, ...], formula.Evaluation]:
    """The symbols of a formula, and the function that evaluates it."""
    parsed = formula.parse(text)
    return formula.symbols(parsed), formula.compiled(parsed)


@lru_cache(maxsize=1024)
def _put_in(text: str, parts: tuple[tuple[str, str], ...]) -> str:
    """A formula with others in place of symbols."""
    whole = formula.substitute(formula.parse(text), {name: formula.parse(part) for name, part in parts})
    return formula.write(whole, formula.SOURCE)

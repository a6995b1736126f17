"""Counting under a profile: rules evaluated for layers, and a report whose flops follow them."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, prod
from typing import Any

from cnncalc import formula
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.profiles import PROFILES, UNSUPPORTED, Profile
from cnncalc.analysis.report import Report
from cnncalc.errors import OverrideError
from cnncalc.language.problems import suggestion
from cnncalc.layers.normalization import Normalization


def profile_named(name: str) -> Profile:
    """The counting profile of this name.

    Raises:
        OverrideError: there is no such profile.
    """
    if name not in PROFILES:
        near = suggestion(name, PROFILES) or f"; profiles are {', '.join(PROFILES)}"
        raise OverrideError(f"there is no counting profile '{name}'{near}")
    return PROFILES[name]


def under_profile(report: Report, name: str) -> Report:
    """The same report with `flops` counted as a profile counts them, in its unit.

    Args:
        report: a report under the default profile.
        name: the profile.

    Raises:
        OverrideError: there is no such profile.
    """
    from dataclasses import replace

    profile = profile_named(name)
    layers = []
    unknown: dict[str, str] = {}
    for layer in report.layers:
        flops = count(profile, layer)
        if flops is None:
            unknown[layer.kind] = UNSUPPORTED[profile.rules[layer.kind]]
        layers.append(layer._replace(counted=flops or 0, unknown=unknown.get(layer.kind, "")))
    return replace(
        report,
        layers=tuple(layers),
        profile=name,
        unit=profile.unit,
        uncounted=tuple(_reasons(profile, unknown)),
    )


def _reasons(profile: Profile, unknown: Mapping[str, str]) -> list[str]:
    """The reasons why flops are lower bounds: one line for each, with its kinds."""
    return [
        f"flops of {', '.join(kind for kind in unknown if unknown[kind] == why)} under {profile.name}: {why}"
        for why in dict.fromkeys(unknown.values())
    ]


def count(profile: Profile, layer: LayerReport) -> int | None:
    """The count of a profile for one layer, for the whole batch; None if it has no rule."""
    rule = profile.rules[layer.kind]
    if rule in UNSUPPORTED:
        return None
    return 0 if rule == "0" else evaluate(rule, symbols(layer))


def symbols(layer: LayerReport) -> dict[str, int]:
    """The number of each symbol of a rule."""
    settings: Any = layer.layer
    x, batch = layer.inputs[0], layer.batch
    return {
        "M": layer.macs,
        "b": layer.elements if getattr(settings, "bias", False) else 0,
        "x": x.elements * batch,
        "y": layer.elements,
        "C": x.channels,
        "F": layer.output.channels,
        "r": prod(x.spatial) * batch,
        "k": prod(getattr(settings, "kernel", ())),
        "s": prod(getattr(settings, "stride", ())),
        "g": getattr(settings, "groups", 1),
        "a": int(isinstance(settings, Normalization) and settings.scale),
        "size": settings.size if layer.kind == "lrn" else 0,
        "i": len(layer.inputs),
        "n": batch,
        "q": _conv_positions(layer) if layer.kind == "deconv" else 0,
    }


def _conv_positions(layer: LayerReport) -> int:
    """The windows of a convolution with a deconv's settings on its input."""
    settings: Any = layer.layer
    x = layer.inputs[0]
    axes = zip(x.spatial, settings.padding_pairs(x), settings.kernel, settings.stride, settings.dilation, strict=True)
    return prod((n + sum(pair) - d * (k - 1) - 1) // s + 1 for n, pair, k, s, d in axes)


def evaluate(rule: str, values: Mapping[str, int]) -> int:
    """The value of a rule, exact, with a fraction at the end cut off."""
    return floor(formula.evaluate(formula.parse(rule), values))


def terms(rule: str) -> list[str]:
    """The terms of a sum, as they are written: `2*M + b` is `2*M` and `b`."""
    parsed = formula.parse(rule)
    if not isinstance(parsed, formula.Operation) or set(parsed.signs) != {"+"}:
        return [rule]
    return [formula.write(term, formula.SOURCE) for term in parsed.operands]

"""Keras: layers that prepare an input, or only act while a network is trained."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from cnncalc.importing.readers.keras_call import DEFAULTS, KerasCall, KerasReader

TRAINING = ("Activity", "ActivityRegularization", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Masking",
            "StochasticDepth", "RandAugment", "AugMix", "CutMix", "MixUp")  # fmt: skip
"""Layers that do nothing once a network is trained."""

IDS = ("StringLookup", "IntegerLookup", "Hashing", "Discretization")
"""Layers that give each value a number."""


def _dropped(call: KerasCall) -> str:
    call.note(f"{call.class_} is left out")
    return call.values[0]


def _numbered(call: KerasCall) -> str:
    if call.config.text("output_mode", "int") != "int":
        return call.unknown(f"{call.class_} with output_mode {call.config.text('output_mode'):.20}")
    call.note(f"{call.class_} is left out: its input is what it gives", inexact=True)
    return call.values[0]


def _rescaling(call: KerasCall) -> str:
    scale, offset = call.config.data.get("scale"), call.config.data.get("offset", 0)
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (scale, offset)):
        call.note("Rescaling with a factor for each channel is left out", inexact=True)
        return call.values[0]
    return call.add("rescale", factor=call.config.real("scale", 1), offset=call.config.real("offset", 0))


def _normalization(call: KerasCall) -> str:
    mean, variance = call.config.data.get("mean"), call.config.data.get("variance")
    if isinstance(mean, int | float) and isinstance(variance, int | float) and variance > 0:
        factor = 1 / max(sqrt(variance), 1e-7)
        return call.add("rescale", factor=factor, offset=-mean * factor)
    channels = call.builder.channels(call.values[0])
    axis = call.config.data.get("axis", DEFAULTS["axis"])
    counted = axis in ([-1], -1, [call.rank + 1], call.rank + 1) and mean is None and channels
    words = f", with {2 * (channels or 0) + 1} numbers that are not trained" if counted else ""
    call.note(f"Normalization is left out{words}", inexact=True)
    return call.values[0]


READERS: Mapping[str, KerasReader] = {
    **dict.fromkeys(TRAINING, _dropped), **dict.fromkeys(IDS, _numbered), "Rescaling": _rescaling,
    "Normalization": _normalization,
}  # fmt: skip

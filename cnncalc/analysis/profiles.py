"""Counting profiles: the counts of each tool for each kind of layer, as data.

A rule is a formula in Python syntax over `RULE_SYMBOLS`, for the whole batch; or one of `UNSUPPORTED`, if the
profile has no number: such a layer makes a total a lower bound. Rules are per version, because tools change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.report import DEFAULT_PROFILE
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Unweighing, Weightless

RULE_SYMBOLS = {
    "M": "multiply–accumulates",
    "b": "bias additions: values in the output of a layer with a bias",
    "x": "values in the input, the first one of a merge",
    "y": "values in the output",
    "C": "channels of the input",
    "F": "channels of the output",
    "r": "positions: values in one channel of the input",
    "k": "cells of the window",
    "s": "stride, all axes multiplied",
    "g": "groups",
    "a": "1 for a norm with learned factor and offset, else 0",
    "size": "channels in lrn's sum",
    "i": "inputs of a merge",
    "n": "batch",
    "q": "positions of a convolution with the settings of a deconv",
}
"""The meaning of each symbol of a rule. M, b, x, y and r are for the whole batch."""

WARNS = "?warns"
UNLISTED = "?unlisted"

UNSUPPORTED = {
    WARNS: "the tool has no rule: it counts 0 and says so",
    UNLISTED: "not in the profile's table",
}
"""Reasons why a profile has no number for a kind."""


class Profile(NamedTuple):
    """The way of counting of one tool.

    Attributes:
        name: the word for `--profile`.
        unit: the tool's word for one operation.
        base: the number of operations that it counts for a multiply–accumulate.
        source: the tool and the version that the rules are read from.
        rules: by kind, a formula or one of `UNSUPPORTED`; every kind has one.
        skipped: kinds that it does not count if the model writes them in another way, with that way.
    """

    name: str
    unit: str
    base: int
    source: str
    rules: Mapping[str, str]
    skipped: Mapping[str, str] = {}

    @property
    def units(self) -> str:
        """The unit of a number of them."""
        return "weighted operations" if self.unit == "weighted" else f"{self.unit}s"


CONVS = "conv depthwise deconv"
CONVS_AND_FC = f"{CONVS} fc"
RECURRENT = "rnn lstm gru"
WEIGHING = f"{CONVS_AND_FC} {RECURRENT} attention"
ADAPTIVE_AVG = "global_avgpool adaptive_avgpool"
ADAPTIVE_MAX = "global_maxpool adaptive_maxpool"
POOLS = f"maxpool avgpool {ADAPTIVE_AVG} {ADAPTIVE_MAX}"
OTHER_NORMS = "layernorm groupnorm instancenorm"
NORMS = f"bn {OTHER_NORMS}"
CURVES = "elu gelu silu hardswish hardsigmoid sigmoid tanh"
ACTIVATIONS = f"relu relu6 leaky_relu prelu {CURVES}"
SUMS = "add mul"
MOVES = (
    "flatten zeropad crop slice shuffle space_to_depth depth_to_space pad_channels reshape permute concat dropout "
    "identity"
)
LRN_BY_AVERAGE = "3*x + (C + size - 1)*r"
"""PyTorch builds lrn of a product, a pool over the channels with their padding, a product and a sum."""


def _rules(others: str, rows: Mapping[str, str]) -> dict[str, str]:
    """One rule for each kind.

    Args:
        others: the rule of each kind that multiplies no weights and that no row names; of one that does it is
            `UNLISTED`.
        rows: the rules of the rest, each for several kinds.

    Raises:
        ValueError: a kind has two rules.
    """
    counted = {kind for kind, layer in LAYERS.items() if layer.executed and issubclass(layer, Weightless | Unweighing)}
    rules = {kind: others if kind in counted else UNLISTED for kind in LAYERS}
    named: set[str] = set()
    for kinds, rule in rows.items():
        for kind in kinds.split():
            if kind in named:
                raise ValueError(f"{kind} has two rules")
            named.add(kind)
            rules[kind] = rule
    return rules


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(DEFAULT_PROFILE, "FLOP", 2, "FLOPs are 2 · MACs", _rules("0", {WEIGHING: "2*M"})),
        Profile("macs", "MAC", 1, "torchvision's published figures (0.28)", _rules("0", {WEIGHING: "M"})),
        Profile("torch", "FLOP", 2, "torch 2.13, FlopCounterMode", _rules("0", {WEIGHING: "2*M"})),
        Profile(
            "fvcore", "flop", 1, "fvcore 0.1.5, FlopCountAnalysis; one flop is a multiply–accumulate",
            _rules(WARNS, {
                CONVS_AND_FC: "M",
                "bn": "(1 + a)*x",
                OTHER_NORMS: "(4 + a)*x",
                ADAPTIVE_AVG: "x",
                "upsample resize": "y",
                f"relu {MOVES}": "0",
            }),
            {"global_avgpool": "x.mean([2, 3])"},
        ),
        Profile(
            "thop", "MAC", 1, "thop 0.1.1",
            _rules(WARNS, {
                "conv depthwise fc": "M",
                "deconv": "y*k*C/g",
                "bn layernorm instancenorm": "(2 + 2*a)*x",
                "prelu": "x",
                "avgpool upsample resize": "y",
                ADAPTIVE_AVG: "x + y",
                "softmax": "3*x - r",
                f"relu relu6 leaky_relu maxpool {ADAPTIVE_MAX} {SUMS} {MOVES}": "0",
            }),
        ),
        Profile(
            "torchinfo", "mult-add", 1, "torchinfo 1.8.0; weights and biases once for each position of the output",
            _rules("0", {
                "conv depthwise fc": "M + b",
                "deconv": "y*k*C/g + b",
                NORMS: "2*a*C*n",
                "prelu": "C*n",
                "scale": UNLISTED,
            }),
        ),
        Profile(
            "ptflops", "MAC", 1, "ptflops 0.7.5; what a module hook and a patched function both see counts twice",
            _rules(UNLISTED, {
                CONVS_AND_FC: "M + b",
                "bn groupnorm instancenorm": "(1 + a)*x",
                "layernorm": "x",
                f"relu prelu elu gelu {POOLS}": "2*x",
                "leaky_relu silu softmax": "x",
                "lrn": LRN_BY_AVERAGE,
                f"hardswish hardsigmoid sigmoid tanh {SUMS} {MOVES}": "0",
            }),
        ),
        Profile(
            "calflops", "FLOP", 2, "calflops 0.3.2, as DeepSpeed's profiler",
            _rules(UNLISTED, {
                "conv depthwise": "2*M + b",
                "fc": "2*M",
                "bn": "(1 + a)*x",
                OTHER_NORMS: "(4 + a)*x",
                f"relu leaky_relu prelu elu gelu silu {POOLS} softmax upsample resize": "x",
                "lrn": LRN_BY_AVERAGE,
                f"hardswish hardsigmoid sigmoid tanh {SUMS} {MOVES}": "0",
                "deconv": "2*x*k*floor(F/g/g) + b*F*q*n/(g*y)",
            }),
        ),
        Profile(
            "keras-tf", "FLOP", 2, "TensorFlow 2.21's profiler on a Keras model; grouped convolutions counted",
            _rules(UNLISTED, {
                "conv depthwise fc": "2*M + b",
                "deconv": "2*y*k*C/s + b",
                "bn": "2*x + (5 + a)*C",
                "maxpool avgpool": "y*k",
                ADAPTIVE_AVG: "x",
                "softmax": "5*x",
                SUMS: "y*(i - 1)",
                f"global_maxpool relu relu6 leaky_relu elu sigmoid tanh {MOVES} upsample resize": "0",
            }),
        ),
        Profile(
            "netscope", "MACC", 1, "dgschwend/netscope; additions, divisions and comparisons are counted apart",
            _rules(WARNS, {
                "conv depthwise fc": "M",
                "deconv": "y*k*C/s",
                "lrn": "x*size",
                "scale": "y",
                "mul": "x",
                f"{POOLS} bn relu softmax add {MOVES}": "0",
            }),
        ),
        Profile(
            "darknet", "FLOP", 2, "AlexeyAB/darknet's ops line, groups honoured; only convolutional and connected",
            _rules("0", {"conv depthwise fc": "2*M", "deconv": "0"}),
        ),
        Profile(
            "onnx-tool", "weighted", 1, "onnx-tool 1.0.1; exp, division and root weigh more than one",
            _rules(UNLISTED, {
                "conv depthwise fc": "M + b",
                "bn": "31*y",
                "maxpool avgpool": "y*k",
                "global_avgpool": "x + 4*y",
                "adaptive_avgpool adaptive_maxpool": "x",
                "lrn": "y*(37 + size)",
                "softmax": "36*y",
                "relu": "y",
                SUMS: "y*(i - 1)",
                f"{MOVES} upsample resize": "0",
                "deconv": "y*k*F/g + b",
            }),
        ),
    )
}  # fmt: skip

OTHER_VERSIONS = tuple(
    PROFILES[name]._replace(name=version, rules={**PROFILES[name].rules, "deconv": rule})
    for name, version, rule in (
        ("ptflops", "ptflops up to 0.7.4", "y*k*C/g + b"),
        ("ptflops", "ptflops' issue 149, a bias for each input position", "M + b*F*r/y"),
        ("thop", "ultralytics-thop from 2.0.16", "M"),
    )
)
"""Versions that count transposed convolutions in another way; a number may be theirs."""

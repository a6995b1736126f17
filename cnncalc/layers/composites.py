"""The kinds that contain other layers: residual, branches, sequence.

They have no arithmetic of their own: `network` expands them to their layers and a
merge. What they declare here gives their keys, their reference and their messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.layers.parameters import ACTIVATION, Parameter, Type

MERGES = ("add", "concat", "mul", "subtract", "divide", "maximum", "minimum", "average")
SHORTCUT_FIRST = ("concat", "subtract")
"""Merges that read the shortcut before the body."""

SHORTCUTS = ("identity", "project", "pad", "if_same")


class Composite(NamedTuple):
    """A kind that contains layers.

    Attributes:
        kind: the word for it in a spec.
        doc: its text in the reference; the first line is the summary.
        parameters: by name; the first is the one that `kind:` gives.
        followers: the parameters that add another layer after the merge.
        source: its publication.
    """

    kind: str
    doc: str
    parameters: Mapping[str, Parameter]
    followers: Mapping[str, Parameter]
    source: str = ""


RESIDUAL = Composite(
    "residual",
    """Layers with a shortcut around them.

The input goes through the body and through the shortcut; the two outputs are merged. Shortcuts:
    identity: the input itself; the shapes must match.
    project: if the shapes differ, a 1x1 convolution with the stride that makes the sizes equal, with
        the bias and norm that defaults: give conv, and without activation.
    pad: if the shapes differ, the input's values at that stride, and channels of zeros after those of
        the input (option A of He et al.; a maxpool of 1 and pad_channels).
    if_same: no shortcut if the shapes differ (MobileNetV2).
    a list of layers: these are the shortcut.

Shape: (C, *in) -> what merge makes of body and shortcut; concat puts the shortcut first, and subtract takes
    the body from it.
Weights: those of the body and the shortcut.
MACs: those of the body and the shortcut.""",
    {
        "body": Parameter(Type.LAYERS, "the layers that the shortcut goes around", required=True),
        "shortcut": Parameter(Type.SHORTCUT, "the path around the body", default="identity", words=SHORTCUTS),
        "merge": Parameter(Type.WORD, "how body and shortcut are joined", default="add", words=MERGES),
    },
    {"activation": ACTIVATION},
    "He et al. 2015, arXiv:1512.03385",
)

BRANCHES = Composite(
    "branches",
    """Several paths from one input, whose outputs are merged.

Each path is a list of layers; [] is the input itself.

Shape: (C, *in) -> what merge makes of the paths' outputs.
Weights: those of the paths.
MACs: those of the paths.""",
    {
        "paths": Parameter(Type.PATHS, "the paths", required=True),
        "merge": Parameter(Type.WORD, "how the paths are joined", default="concat", words=MERGES),
    },
    {"activation": ACTIVATION},
    "Szegedy et al. 2014, arXiv:1409.4842",
)

SEQUENCE = Composite(
    "sequence",
    """Layers one after another, under one name; useful with repeat.

Shape: that of the last layer.
Weights: those of its layers.
MACs: those of its layers.""",
    {"body": Parameter(Type.LAYERS, "the layers", required=True)},
    {},
)

COMPOSITES: dict[str, Composite] = {c.kind: c for c in (RESIDUAL, BRANCHES, SEQUENCE)}

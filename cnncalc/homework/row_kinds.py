"""Kinds of layers by the names of rows: `conv` for Conv_1 and CONV-2, `fc` for FC1 and Dense (Dense)."""

from __future__ import annotations

import re
from functools import cache

from cnncalc.layers import LAYERS
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.vocabulary import kind_words, resolved

OTHER_WORDS = {
    **dict.fromkeys(("convolutional", "convolve", "cnn"), "conv"),
    **dict.fromkeys(("pool", "pooling", "subsampling", "subsample", "downsampling", "downsample"), "pool"),
    **dict.fromkeys(("fully", "output", "out", "logits", "classifier", "affine", "densely"), "fc"),
    **dict.fromkeys(("max", "mp"), "maxpool"),
    **dict.fromkeys(("avg", "average", "mean"), "avgpool"),
    **dict.fromkeys(("activation", "nonlinearity", "activations"), "activation"),
    **dict.fromkeys(("norm", "normalization", "normalisation"), "norm"),
    **dict.fromkeys(("batchnorm", "batch", "batchnormalisation"), "bn"),
    **dict.fromkeys(("flat", "flattened", "unroll", "vectorize"), "flatten"),
    **dict.fromkeys(("drop",), "dropout"),
    **dict.fromkeys(
        ("faltung", "faltungsschicht", "faltungs", "convolución", "convolucional", "convolução", "卷积", "卷积层"),
        "conv",
    ),
    **dict.fromkeys(("池化", "池化层", "agrupación"), "pool"),
    **dict.fromkeys(("最大池化", "最大池化层"), "maxpool"),
    **dict.fromkeys(("平均池化", "平均池化层", "mittelwert", "moyenne", "promedio"), "avgpool"),
    **dict.fromkeys(("vollverbunden", "vollverbundene", "vollvernetzt", "vollvernetzte", "全连接", "全连接层"), "fc"),
    **dict.fromkeys(("entièrement", "complètement", "totalmente", "completamente", "输出层"), "fc"),
    **dict.fromkeys(("densa", "dichte", "ausgabeschicht", "sortie", "salida"), "fc"),
    **dict.fromkeys(
        ("展平", "展平层", "abflachung", "aplatissement", "aplatir", "aplanado", "aplanamiento"), "flatten"
    ),
    **dict.fromkeys(("parlots", "porlotes"), "bn"),
    **dict.fromkeys(("normalisierung", "normalización"), "norm"),
}
"""Words of people that are not the name of a kind; `pool`, `norm` and `activation` may be several kinds."""

LETTERS = {"c": "conv", "s": "pool", "p": "pool", "f": "fc"}
"""Kinds by the letter before a layer's number, as LeNet's authors name C1, S2 and F6."""

POOLED = ("pool", "maxpool", "avgpool")
"""The words that `kind_said` gives for pools."""

MISSED = ("conv", "depthwise", "deconv", "fc", *POOLED)
"""Kinds of rows that need a layer of the network each."""

CLASSES = ("softmax", "log_softmax", "sigmoid")
"""Activations that name the last fc layer of a network, too."""

NORMS = ("bn", "lrn", "layernorm", "groupnorm", "instancenorm")

NOT_LAYERS = ("input", "inputs", "image", "inputlayer", "inputimage", "inputdata", "data", "eingabe", "eingabebild",
              "eingang", "bild", "entrée", "entrada", "输入", "输入层", "输入图像")  # fmt: skip
OUTPUTS = ("output", "ausgabe", "ausgang", "sortie", "salida", "输出")
SUMS = ("total", "totals", "sum", "totalparams", "totalparameters", "totalparam", "overall", "alllayers", "params",
        "gesamt", "insgesamt", "summe", "somme", "suma", "总计", "合计", "总参数", "总数")  # fmt: skip


@cache
def kind_said(name: str) -> str:
    """The kind in a name, or a word for several kinds; empty if there is none."""
    if short := re.fullmatch(r"([cspf])[ _-]?\d{1,2}", name.strip().lower()):
        return LETTERS[short[1]]
    head, bracket, _ = name.partition("(")
    if bracket and (kind := kind_said(head)):
        return kind
    bare = re.sub(r"[123]-?d(?![a-z])", " ", name.lower())
    words = [
        word
        for word in re.findall(r"[^\W\d_]+", bare)
        if word not in ("layer", "the", "block", "stage", "couche", "capa")
    ]
    joined = ["".join(words), *("".join(words[start : start + 2]) for start in range(len(words))), *words]
    return next((kind for word in joined if (kind := _kind(word))), "")


def _kind(word: str) -> str:
    if word in OTHER_WORDS:
        return OTHER_WORDS[word]
    kind = resolved(word)[0] if len(word) > 1 and kind_words([word]) else ""
    return kind if kind in LAYERS else ""


def may_be(said: str, kind: str) -> bool:
    """Whether a word of `kind_said` can mean a kind of layer."""
    match said:
        case "pool":
            return kind.endswith("pool")
        case "activation":
            return kind in ACTIVATIONS
        case "norm":
            return kind in NORMS
        case "classes":
            return kind == "fc" or kind in ACTIVATIONS
        case "maxpool" | "avgpool":
            return kind.endswith(said)
    return said == kind


def plain_words(text: str) -> str:
    """A name with its letters only, as those of `NOT_LAYERS` and `SUMS`."""
    return re.sub(r"\W|_|\d", "", re.sub(r"[(\[].*", "", text.lower()))

"""Operations of torch's graphs and what they come to: small graphs, and the lines that each is imported as."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from importing.making import pt2, said

from cnncalc.api import analyze_source
from cnncalc.errors import SpecError
from cnncalc.importing.files import import_model
from cnncalc.language.source import Source

Nodes = Sequence[tuple[str, str, Mapping[str, Any]]]
Values = Mapping[str, Sequence[int]]

QKV: Nodes = [
    ("last", "permute.default", {"self": "x", "dims": [0, 2, 1]}),
    ("qkv", "linear.default", {"input": "last", "weight": "p_in", "bias": "p_in_b"}),
]
PROJECTED: Nodes = [
    ("turned", "transpose.int", {"self": "made", "dim0": 1, "dim1": 2}),
    ("joined", "reshape.default", {"self": "turned", "shape": [1, 4, 6]}),
    ("out", "linear.default", {"input": "joined", "weight": "p_out", "bias": "p_out_b"}),
    ("back", "permute.default", {"self": "out", "dims": [0, 2, 1]}),
]
SEQUENCE: Values = {
    "x": (1, 6, 4), "last": (1, 4, 6), "p_in": (18, 6), "p_in_b": (18,), "p_out": (6, 6), "p_out_b": (6,),
    "qkv": (1, 4, 18), "view": (1, 4, 3, 2, 3), "parts": (3, 1, 2, 4, 3), **dict.fromkeys("qkv", (1, 2, 4, 3)),
    "made": (1, 2, 4, 3), "turned": (1, 4, 2, 3), "joined": (1, 4, 6), "out": (1, 4, 6), "back": (1, 6, 4),
    "fused": (1, 4, 2, 9), "each": (1, 2, 4, 9), "keys": (1, 2, 3, 4), "scores": (1, 2, 4, 4), "scaled": (1, 2, 4, 4),
    "soft": (1, 2, 4, 4), "qs": (1, 2, 4, 3),
}  # fmt: skip
"""Positions of six channels as attention of two heads sees them."""

UNBOUND: Nodes = [
    *QKV,
    ("view", "reshape.default", {"self": "qkv", "shape": [1, 4, 3, 2, 3]}),
    ("parts", "permute.default", {"self": "view", "dims": [2, 0, 3, 1, 4]}),
    ("q k v", "unbind.int", {"self": "parts", "dim": 0}),
]
SPELT: Nodes = [
    *UNBOUND,
    ("qs", "mul.Tensor", {"self": "q", "other": 3**-0.5}),
    ("keys", "transpose.int", {"self": "k", "dim0": -2, "dim1": -1}),
    ("scores", "matmul.default", {"self": "qs", "other": "keys"}),
    ("soft", "softmax.int", {"self": "scores", "dim": -1}),
    ("made", "matmul.default", {"self": "soft", "other": "v"}),
]
SDPA = ("made", "scaled_dot_product_attention.default", {"query": "q", "key": "k", "value": "v"})

MAP: Values = {"x": (1, 8, 4, 4), **dict.fromkeys("abcdefg", (1, 8, 4, 4))}

# 4*6*6 + 4*6 params; 4*4*6*6 + 2*4*4*6 MACs
ATTENTION = (["- {name: out, attention: 2}"], 168, 768)

CASES: dict[str, tuple[Values, Nodes, str, tuple[list[str], int, int]]] = {
    "attention of timm: one dense layer, unbound": (SEQUENCE, [*UNBOUND, SDPA, *PROJECTED], "back", ATTENTION),
    "attention as products": (SEQUENCE, [*SPELT, *PROJECTED], "back", ATTENTION),
    "attention whose heads have queries, keys and values side by side": (
        SEQUENCE,
        [*QKV, ("fused", "view.default", {"self": "qkv", "size": [1, 4, 2, 9]}),
         ("each", "permute.default", {"self": "fused", "dims": [0, 2, 1, 3]}),
         ("q k v", "chunk.default", {"self": "each", "chunks": 3, "dim": -1}), SDPA, *PROJECTED],
        "back", ATTENTION,
    ),
    # 18*6 + 18 params; 4*18*6 + 2*4*4*3*2 MACs
    "attention that no dense layer follows is spelt": (
        SEQUENCE, [*SPELT, ("turned", "transpose.int", {"self": "made", "dim0": 1, "dim1": 2}),
                   ("joined", "reshape.default", {"self": "turned", "shape": [1, 4, 6]}),
                   ("back", "permute.default", {"self": "joined", "dims": [0, 2, 1]})],
        "back",
        (["- {name: qkv, fc: 18}", "- {slice: 0..6}", "- {name: qs, rescale: 0.5773502692}", "- {reshape: 2x3x4}",
          "- {name: permute_5, permute: [C, W, H]}", "- {from: qkv, slice: 6..12}", "- {reshape: 2x3x4}",
          "- {matmul: [permute_5, prev]}", "- {permute: [W, C, H]}", "- softmax",
          "- {name: permute_11, permute: [H, W, C]}", "- {from: qkv, slice: 12..18}", "- {reshape: 2x3x4}",
          "- {permute: [C, W, H]}", "- {name: made, matmul: [permute_11, prev]}", "- {permute: [C, W, H]}",
          "- {reshape: 6x4}"], 126, 624),
    ),
    "hardswish as core ATen has it": (
        MAP, [("a", "add.Tensor", {"self": "x", "other": 3}), ("b", "clamp.default", {"self": "a", "min": 0}),
              ("c", "clamp.default", {"self": "b", "max": 6}), ("d", "mul.Tensor", {"self": "x", "other": "c"}),
              ("e", "div.Tensor", {"self": "d", "other": 6})],
        "e", (["- {name: e, hardswish}"], 0, 0),
    ),
    "hardsigmoid as arithmetic": (
        MAP, [("a", "add.Tensor", {"self": "x", "other": 3.0}), ("b", "hardtanh.default", {"self": "a", "min_val": 0,
              "max_val": 6}), ("c", "div.Tensor", {"self": "b", "other": 6})],
        "c", (["- {name: c, hardsigmoid}"], 0, 0),
    ),
    "a factor, an offset and what is subtracted from a number": (
        MAP, [("a", "mul.Tensor", {"self": "x", "other": 2}), ("b", "rsub.Scalar", {"self": "a", "other": 1.5})],
        "b", (["- {name: a, rescale: 2}", "- {name: b, rescale: -1, offset: 1.5}"], 0, 0),
    ),
    "a gate that is expanded": (
        {**MAP, "g": (1, 8, 1, 1), "h": (1, 8, 4, 4)},
        [("g", "mean.dim", {"self": "x", "dim": [2, 3], "keepdim": True}), ("h", "expand_as.default",
         {"self": "g", "other": "x"}), ("a", "mul.Tensor", {"self": "x", "other": "h"})],
        "a", (["- {residual: [global_avgpool], merge: mul}"], 0, 0),
    ),
    "what a map of one pixel adds to all places": (
        {**MAP, "g": (1, 8, 1, 1)},
        [("g", "mean.dim", {"self": "x", "dim": [2, 3], "keepdim": True}), ("a", "add.Tensor", {"self": "x",
         "other": "g"})],
        "a", (["- {name: g, global_avgpool}", "- {rescale: -1}", "- {name: a, subtract: [input, prev]}"], 0, 0),
    ),
    "reflection": (
        {"x": (1, 8, 4, 4), "a": (1, 8, 6, 8)},
        [("a", "reflection_pad2d.default", {"self": "x", "padding": [2, 2, 1, 1]})],
        "a", (["- {name: a, zeropad: [[1, 1], [2, 2]], mode: reflect}"], 0, 0),
    ),
    "a pixel shuffle by views": (
        {"x": (1, 8, 4, 4), "a": (1, 2, 2, 2, 4, 4), "b": (1, 2, 4, 2, 4, 2), "c": (1, 2, 8, 8)},
        [("a", "view.default", {"self": "x", "size": [1, 2, 2, 2, 4, 4]}),
         ("b", "permute.default", {"self": "a", "dims": [0, 1, 4, 2, 5, 3]}),
         ("c", "reshape.default", {"self": "b", "shape": [1, 2, 8, 8]})],
        "c", (["- {depth_to_space: 2, order: CRD}"], 0, 0),
    ),
    # torch.export of F.local_response_norm(x, 5, alpha=5e-4, k=2): alpha is divided by the size
    "a local response norm": (
        {**MAP, "v": (1, 1, 8, 4, 4), "p": (1, 1, 12, 4, 4), "m": (1, 1, 8, 4, 4)},
        [("a", "mul.Tensor", {"self": "x", "other": "x"}), ("v", "view.default", {"self": "a",
          "size": [1, 1, 8, 4, -1]}), ("p", "pad.default", {"self": "v", "pad": [0, 0, 0, 0, 2, 2]}),
         ("m", "avg_pool3d.default", {"self": "p", "kernel_size": [5, 1, 1], "stride": [1, 1, 1]}),
         ("b", "squeeze.dim", {"self": "m", "dim": 1}), ("c", "mul.Tensor", {"self": "b", "other": 0.0005}),
         ("d", "add.Tensor", {"self": "c", "other": 2.0}), ("e", "pow.Tensor_Scalar", {"self": "d", "exponent": 0.75}),
         ("f", "div.Tensor", {"self": "x", "other": "e"})],
        "f", (["- {name: f, lrn}"], 0, 0),
    ),
    "a local response norm whose pool has the border": (
        {**MAP, "v": (1, 1, 8, 4, 4), "m": (1, 1, 8, 4, 4)},
        [("a", "pow.Tensor_Scalar", {"self": "x", "exponent": 2}), ("v", "unsqueeze.default", {"self": "a", "dim": 1}),
         ("m", "avg_pool3d.default", {"self": "v", "kernel_size": [3, 1, 1], "stride": [1], "padding": [1, 0, 0]}),
         ("b", "squeeze.dim", {"self": "m", "dim": 1}), ("c", "mul.Tensor", {"self": "b", "other": 0.3}),
         ("d", "add.Tensor", {"self": "c", "other": 1}), ("e", "pow.Tensor_Scalar", {"self": "d", "exponent": 0.5}),
         ("f", "div.Tensor", {"self": "x", "other": "e"})],
        "f", (["- {name: f, lrn: 3, alpha: 0.1, beta: 0.5, k: 1}"], 0, 0),
    ),
    "two maps on an axis of their own, summed over it": (
        {**MAP, "s": (1, 2, 8, 4, 4), "t": (1, 8, 4, 4)},
        [("a", "relu.default", {"self": "x"}), ("s", "stack.default", {"tensors": ["x", "a"], "dim": 1}),
         ("t", "sum.dim_IntList", {"self": "s", "dim": [1]})], "t",
        (["- {residual: [relu], merge: concat}",
          "- {name: t, branches: [[{slice: 0..8}], [{slice: 8..16}]], merge: add}"], 0, 0),
    ),
    "a shuffle of channels": (
        MAP, [("a", "channel_shuffle.default", {"self": "x", "groups": 2})], "a", (["- {name: a, shuffle: 2}"], 0, 0),
    ),
    "a factor and an offset for each channel": (
        {**MAP, "p_f": (8, 1, 1), "p_o": (8, 1, 1)},
        [("a", "mul.Tensor", {"self": "x", "other": "p_f"}), ("b", "add.Tensor", {"self": "a", "other": "p_o"})],
        "b", (["- {name: a, scale}"], 16, 0),
    ),
    # 9*2 + 1 and 9*3 + 1 params; 2*2*9*5 MACs
    "filters that see some maps each": (
        {"x": (1, 3, 4, 4), **dict.fromkeys(("a", "b", "c", "a2", "b2"), (1, 1, 4, 4)), "d": (1, 2, 4, 4),
         "p_1": (1, 2, 3, 3), "p_1b": (1,), "p_2": (1, 3, 3, 3), "p_2b": (1,),
         "e": (1, 1, 2, 2), "f": (1, 3, 4, 4), "g": (1, 1, 2, 2), "h": (1, 2, 2, 2)},
        [("a", "slice.Tensor", {"self": "x", "dim": 1, "start": 2, "end": 3}),
         ("b", "slice.Tensor", {"self": "x", "dim": 1, "start": 0, "end": 1}),
         ("d", "cat.default", {"tensors": ["a", "b"], "dim": 1}),
         ("e", "conv2d.default", {"input": "d", "weight": "p_1", "bias": "p_1b"}),
         ("c", "slice.Tensor", {"self": "x", "dim": 1, "start": 1, "end": 2}),
         ("a2", "slice.Tensor", {"self": "x", "dim": 1, "start": 0, "end": 1}),
         ("b2", "slice.Tensor", {"self": "x", "dim": 1, "start": 2, "end": 3}),
         ("f", "cat.default", {"tensors": ["a2", "c", "b2"], "dim": 1}),
         ("g", "conv2d.default", {"input": "f", "weight": "p_2", "bias": "p_2b"}),
         ("h", "cat.default", {"tensors": ["e", "g"], "dim": 1})],
        "h", (["- {name: h, conv: 2, kernel: 3, connections: [[2, 0], [0, 1, 2]]}"], 47, 180),
    ),
    # 16*4 + 16 + 4*16 + 4 params of layers on positions, each for 8 channels
    "a dense layer on positions": (
        {"x": (1, 8, 4), "p_1": (16, 4), "p_1b": (16,), "p_2": (4, 16), "p_2b": (4,), "a": (1, 8, 16), "b": (1, 8, 4)},
        [("a", "linear.default", {"input": "x", "weight": "p_1", "bias": "p_1b"}),
         ("b", "linear.default", {"input": "a", "weight": "p_2", "bias": "p_2b"})],
        "b", (["- {permute: [L, C]}", "- {name: a, fc: 16}", "- {name: b, fc: 4}", "- {permute: [L, C]}"], 148, 1024),
    ),
    # the weight 3*8, a gain and an offset of each filter
    "weight standardisation with a gain": (
        {"x": (1, 8, 4, 4), "p_w": (3, 8, 1, 1), "p_g": (3, 1, 1, 1), "p_b": (3,), "r": (1, 3, 8), "g": (3,),
         "n": (1, 3, 8), "w": (3, 8, 1, 1), "a": (1, 3, 4, 4)},
        [("r", "reshape.default", {"self": "p_w", "shape": [1, 3, -1]}), ("g", "view.default", {"self": "p_g",
          "size": [-1]}),
         ("n", "batch_norm.default", {"input": "r", "weight": "g", "bias": None, "running_mean": None}),
         ("w", "reshape_as.default", {"self": "n", "other": "p_w"}),
         ("a", "conv2d.default", {"input": "x", "weight": "w", "bias": "p_b"})],
        "a", (["- {conv: 3, kernel: 1, bias: false}", "- {scale}"], 30, 384),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "nodes", "output", "expected"), CASES.values(), ids=CASES)
def test_operations_come_to_lines(
    values: Values, nodes: Nodes, output: str, expected: tuple[list[str], int, int]
) -> None:
    text = import_model("net", pt2(values, nodes, output)).text
    totals = analyze_source(Source("net.yaml", text)).totals
    written = text.partition("layers:\n")[2].splitlines()
    lines = [line.partition(",   ")[0].rstrip("}") + "}" * line.startswith("- {") for line in written if line[0] == "-"]
    assert (lines, totals.params, totals.macs) == expected


@pytest.mark.parametrize(
    ("factor", "note"),
    [
        (3**-0.5, ""),  # heads of three values
        (0.4, "# scores are multiplied by 0.4, but here by 1/sqrt(head_size) (node out) "),
    ],
)
def test_attention_says_what_its_scores_are_multiplied_by(factor: float, note: str) -> None:
    scaled = [(name, target, {**given, **({"other": factor} if name == "qs" else {})}) for name, target, given in SPELT]
    text = import_model("net", pt2(SEQUENCE, [*scaled, *PROJECTED], "back")).text
    assert said(text) == f"{note}- {{name: out, attention: 2}} expect: {{params: 168}}"


SOFT: Nodes = [("soft", "softmax.int", {"self": "scaled", "dim": -1}),
               ("made", "matmul.default", {"self": "soft", "other": "v"})]  # fmt: skip
SCORES: Nodes = [
    ("keys", "transpose.int", {"self": "k", "dim0": -2, "dim1": -1}),
    ("scores", "matmul.default", {"self": "q", "other": "keys"}),
    ("scaled", "mul.Tensor", {"self": "scores", "other": 3**-0.5}),
]
GIVEN = {"query": "q", "key": "k", "value": "v"}
ATTENDED = "attention: 2} expect: {params: 168}"
MASKED = "# a mask or a computed bias that is added to the scores of attention is left out (node out) "

OF_SCORES: dict[str, tuple[Nodes, str, str, int]] = {
    "divided": (
        [*SCORES[:-1], ("scaled", "div.Tensor", {"self": "scores", "other": 3**0.5}), *SOFT],
        "- {name: out, ", ATTENDED, 768,
    ),
    "masked": (
        [*SCORES[:-1], ("unmasked", "mul.Tensor", {"self": "scores", "other": 3**-0.5}),
         ("scaled", "add.Tensor", {"self": "unmasked", "other": "b_mask"}), *SOFT], MASKED, ATTENDED, 768,
    ),
    "masked in one operation": ([(*SDPA[:2], {**GIVEN, "attn_mask": "b_mask"})], MASKED, ATTENDED, 768),
    "a factor in one operation": (
        [(*SDPA[:2], {**GIVEN, "scale": 0.25})], "# scores are multiplied by 0.25, but", ATTENDED, 768,
    ),
    "einsum": (
        [("scores", "einsum.default", {"equation": b"bhid,bhjd->bhij", "tensors": ["q", "k"]}), SCORES[-1], SOFT[0],
         ("made", "einsum.default", {"equation": b"bhij,bhjd->bhid", "tensors": ["soft", "v"]})],
        "- {name: out, ", ATTENDED, 768,
    ),
    "einsum of turned keys": (
        [SCORES[0], ("scores", "einsum.default", {"equation": b"bhid,bhdj->bhij", "tensors": ["q", "keys"]}),
         SCORES[-1], *SOFT], "- {name: out, ", ATTENDED, 768,
    ),
    "a view that changes nothing": (
        [*SCORES[:-1], ("view_2", "view.default", {"self": "scores", "size": [1, 2, 4, 4]}),
         ("scaled", "mul.Tensor", {"self": "view_2", "other": 3**-0.5}), *SOFT], "- {name: out, ", ATTENDED, 768,
    ),
    "over the queries": (
        [*SCORES, ("soft", "softmax.int", {"self": "scaled", "dim": -2}), SOFT[1]],
        "- {name: qkv, fc: 18}", "{permute: [H, C, W]} - {name: soft, softmax}", 768,
    ),
    # scores once, and the values twice: 2*4*4*3 and 2*4*8*3 beside 4*6*(18 + 6)
    "weights that are read twice": (
        [*SCORES, SOFT[0], ("twice", "cat.default", {"tensors": ["soft", "soft"], "dim": 3}),
         ("values", "cat.default", {"tensors": ["v", "v"], "dim": 2}),
         ("made", "matmul.default", {"self": "twice", "other": "values"})],
        "- {name: qkv, fc: 18}", "softmax", 864,
    ),
}  # fmt: skip
"""What becomes of queries, keys and values: how the import begins, what it has, and its MACs."""


@pytest.mark.parametrize(("nodes", "start", "part", "macs"), OF_SCORES.values(), ids=OF_SCORES)
def test_scores_of_attention(nodes: Nodes, start: str, part: str, macs: int) -> None:
    values = {**SEQUENCE, "b_mask": (1, 1, 4, 4), "view_2": (1, 2, 4, 4), "unmasked": (1, 2, 4, 4)}
    values |= {"twice": (1, 2, 4, 8), "values": (1, 2, 8, 3)}
    text = import_model("net", pt2(values, [*UNBOUND, *nodes, *PROJECTED], "back")).text
    assert said(text).startswith(start)
    assert part in said(text)
    assert analyze_source(Source("net.yaml", text)).totals.macs == macs


class One(NamedTuple):
    """A single operation `a` on `x`: what it is imported as, without the input and the shapes that are said."""

    target: str
    arguments: Mapping[str, Any]
    text: str
    x: Sequence[int] = (1, 8, 4, 4)
    out: Sequence[int] = ()
    weights: Values = {}


W8: Values = {"p_w": (8,)}
AFFINE: Values = {"p_w": (8,), "p_b": (8,)}
WEIGHTED = {"weight": "p_w", "bias": "p_b"}
SEQUENCED = {"hx": [], "params": ["p_1", "p_2", "p_3", "p_4"], "has_biases": True, "num_layers": 1, "batch_first": True}
"""Of a recurrent layer: two weights and two biases."""
TURNED = "- {permute: [L, C]} "

ONES = [
    # Limits, slopes and rates are torch's defaults if none is given: -1 to 1, 0.01, 1, 0.5, -1 for the last axis.
    One("hardtanh.default", {}, "- {name: a, hardtanh}"),
    One("hardtanh.default", {"min_val": -2.0, "max_val": 3.0},
        "defaults: hardtanh: {low: -2, high: 3} layers: - {name: a, hardtanh}"),
    One("clamp.default", {"min": 0, "max": 2}, "defaults: hardtanh: {low: 0, high: 2} layers: - {name: a, hardtanh}"),
    One("clamp_min.default", {"min": 0}, "- {name: a, relu}"),
    One("leaky_relu.default", {}, "- {name: a, leaky_relu}"),
    One("leaky_relu.default", {"negative_slope": 0.2},
        "defaults: leaky_relu: {slope: 0.2} layers: - {name: a, leaky_relu}"),
    One("elu.default", {}, "- {name: a, elu}"),
    One("elu.default", {"alpha": 0.5}, "defaults: elu: {alpha: 0.5} layers: - {name: a, elu}"),
    One("celu.default", {"alpha": 0.5}, "defaults: celu: {alpha: 0.5} layers: - {name: a, celu}"),
    # core ATen has no celu and no selu: 0.5*(exp(x/0.5) - 1), and the constants of selu's paper
    One("elu.default", {"alpha": 0.5, "scale": 1, "input_scale": 2.0},
        "defaults: celu: {alpha: 0.5} layers: - {name: a, celu}"),
    One("elu.default", {"alpha": 1.6732632423543772, "scale": 1.0507009873554805}, "- {name: a, selu}"),
    One("softplus.default", {"beta": 1}, "- {name: a, softplus}"),
    One("prelu.default", {"weight": "p_w"}, "- {name: a, prelu} expect: {params: 8}", weights=W8),
    One("prelu.default", {"weight": "p_w"},
        "defaults: prelu: {slopes: one} layers: - {name: a, prelu} expect: {params: 1}", weights={"p_w": (1,)}),
    One("prelu.default", {"weight": "p_w"}, "- {name: a, prelu} expect: {params: 1}", (1, 1, 4, 4),
        weights={"p_w": (1,)}),
    One("softmax.int", {"dim": 3}, "- {permute: [W, C, H]} - {name: a, softmax} - {permute: [H, W, C]}"),
    One("log_softmax.int", {"dim": 1}, "- {name: a, log_softmax}"),
    One("log_softmax.int", {}, "- {name: a, log_softmax}", (1, 8)),
    One("glu.default", {"dim": 1}, "- {name: a, glu}", out=(1, 4, 4, 4)),
    One("glu.default", {}, "- {name: a, glu}", (1, 8), (1, 4)),
    One("dropout.default", {}, "- {name: a, dropout}"),
    One("randn_like.default", {}, "- {name: a, noise}"),
    One("rand_like.default", {}, "- {name: a, noise: uniform}"),
    One("log.default", {}, "- {name: a, log}"),
    One("abs.default", {}, "- {name: a, abs}"),
    One("sqrt.default", {}, "- {name: a, power: 0.5}"),
    One("pow.Tensor_Scalar", {"exponent": 3}, "- {name: a, power: 3}"),
    One("reciprocal.default", {}, "- {name: a, power: -1}"),
    One("dropout.default", {"p": 0.3}, "- {name: a, dropout: 0.3}"),
    # eps is the step of 32-bit floats above 1 for rms_norm, else 1e-5; all of them are kinds' defaults but the first.
    One("rms_norm.default", {"normalized_shape": [8]},
        "defaults: rmsnorm: {scale: false, eps: 1.1920929e-7} layers: - {name: a, rmsnorm}", (1, 8)),
    One("rms_norm.default", {"normalized_shape": [8], "weight": "p_w", "eps": 1e-6},
        f"{TURNED}- {{name: a, rmsnorm}} {TURNED}expect: {{params: 8}}", (1, 4, 8), weights=W8),
    One("group_norm.default", {"num_groups": 2, **WEIGHTED}, "- {name: a, groupnorm: 2} expect: {params: 16}",
        weights=AFFINE),
    One("group_norm.default", {"num_groups": 4, "eps": 1e-6}, "- {name: a, groupnorm: 4, affine: false, eps: 1e-6}"),
    One("native_group_norm.default", {"group": 4, **WEIGHTED}, "- {name: a, groupnorm: 4} expect: {params: 16}",
        weights=AFFINE),
    # a factor without an offset, and the reverse
    One("group_norm.default", {"num_groups": 4, "weight": "p_w"},
        "- {name: a, groupnorm: 4, center: false} expect: {params: 8}", weights=W8),
    One("batch_norm.default", {"running_mean": "b_m", "bias": "p_w"},
        "defaults: bn: {scale: false} layers: - {name: a, bn} expect: {params: 8, buffers: 8}",
        weights={"b_m": (8,), **W8}),
    One("instance_norm.default", {"weight": "p_w"}, "defaults: instancenorm: {affine: true, center: false} "
        "layers: - {name: a, instancenorm} expect: {params: 8}", weights=W8),
    One("instance_norm.default", {}, "- {name: a, instancenorm}"),
    One("instance_norm.default", {**WEIGHTED, "eps": 1e-3}, "defaults: instancenorm: {affine: true, eps: 0.001} "
        "layers: - {name: a, instancenorm} expect: {params: 16}", weights=AFFINE),
    One("batch_norm.default", {"running_mean": "b_m", "eps": 1e-3},
        "defaults: bn: {affine: false, eps: 0.001} layers: - {name: a, bn} expect: {buffers: 8}",
        weights={"b_m": (8,)}),
    One("batch_norm.default", {"running_mean": None, **WEIGHTED},
        "# batch norm without running statistics is written as bn, which has them (node a) "
        "- {name: a, bn} expect: {params: 16}", weights=AFFINE),
    One("layer_norm.default", {"normalized_shape": [8, 4, 4], **WEIGHTED},
        "- {name: a, layernorm: 8x4x4} expect: {params: 256}", weights={"p_w": (8, 4, 4), "p_b": (8, 4, 4)}),
    # over 4*4 positions, as the channels of one axis: 2*16
    One("layer_norm.default", {"normalized_shape": [4, 4], **WEIGHTED},
        "- {permute: [H, W, C]} - {reshape: 16x8} - {name: a, layernorm} - {reshape: 4x4x8} - {permute: [W, C, H]} "
        "expect: {params: 32}", weights={"p_w": (4, 4), "p_b": (4, 4)}),
    One("rms_norm.default", {"normalized_shape": [8, 4, 4], "weight": "p_w", "eps": 1e-6},
        "- {name: a, rmsnorm: 8x4x4} expect: {params: 128}", weights={"p_w": (8, 4, 4)}),
    # a factor alone, or an offset: one value for each of 8 channels
    *(
        One(f"{word}.default", {**given, part: "p_w"},
            f"defaults: {kind}: {{{more}{left_out}: false}} layers: - {{name: a, "
            f"{kind}}} expect: {{params: 8{end}}}", (1, 8), weights={**W8, "b_m": (8,)})
        for word, given, kind, more, end in (
            ("layer_norm", {"normalized_shape": [8]}, "layernorm", "", ""),
            ("batch_norm", {"running_mean": "b_m"}, "bn", "", ", buffers: 8"),
            ("instance_norm", {}, "instancenorm", "affine: true, ", ""),
            ("instance_norm", {"running_mean": "b_m", "use_input_stats": False}, "bn", "", ", buffers: 8"),
        )
        for part, left_out in (("weight", "center"), ("bias", "scale"))
    ),
    One("group_norm.default", {"num_groups": 2, "weight": "p_w"},
        "- {name: a, groupnorm: 2, center: false} expect: {params: 8}", weights=W8),
    One("layer_norm.default", {"normalized_shape": [8], "eps": 1e-6},
        "defaults: layernorm: {affine: false, eps: 1e-6} layers: - {name: a, layernorm}", (1, 8)),
    One("layer_norm.default", {"normalized_shape": [8], "weight": "p_w"},
        "defaults: layernorm: {center: false} layers: - {name: a, layernorm} expect: {params: 8}", (1, 8), weights=W8),
    # torch divides alpha by the size: 0.004/4, and its default 1e-4/2; beta is 0.75 and k 1 if not given
    One("local_response_norm.default", {"size": 4, "alpha": 4e-3, "beta": 0.5, "k": 2.0},
        "- {name: a, lrn: 4, alpha: 0.001, beta: 0.5}"),
    One("local_response_norm.default", {"size": 2}, "- {name: a, lrn: 2, alpha: 5e-5, k: 1}"),
    One("max_pool2d.default", {"kernel_size": [2, 2], "ceil_mode": True}, "- {name: a, maxpool: 2, rounding: ceil}",
        out=(1, 8, 2, 2)),
    One("max_pool2d.default", {"kernel_size": [2, 2], "stride": [1], "padding": [1], "dilation": [2, 2]},
        "- {name: a, maxpool: 2, stride: 1, padding: 1, dilation: 2}"),
    One("avg_pool2d.default", {"kernel_size": [3, 3], "stride": [1, 1], "padding": [1, 1], "count_include_pad": False},
        "- {name: a, avgpool: 3, stride: 1, padding: 1, count_padding: false}"),
    One("avg_pool2d.default", {"kernel_size": [2, 1], "padding": [1, 0]},
        "- {name: a, avgpool: 2x1, padding: [[1, 1], [0, 0]]}", out=(1, 8, 3, 4)),
    One("adaptive_avg_pool2d.default", {"output_size": [2, 3]}, "- {name: a, adaptive_avgpool: 2x3}", out=(1, 8, 2, 3)),
    One("adaptive_max_pool2d.default", {"output_size": [2, 2]}, "- {name: a, adaptive_maxpool: 2}", out=(1, 8, 2, 2)),
    One("amax.default", {"dim": [2, 3], "keepdim": True}, "- {name: a, global_maxpool}", out=(1, 8, 1, 1)),
    One("amax.default", {"dim": [2, 3]}, "- {name: a, global_maxpool} - flatten", out=(1, 8)),
    One("mean.dim", {"dim": [1]}, f"{TURNED}- {{name: a, global_avgpool}} - flatten", (1, 8, 4), (1, 4)),
    # 4*4 places
    One("sum.dim_IntList", {"dim": [2, 3]}, "- global_avgpool - flatten - {rescale: 16}", out=(1, 8)),
    One("sum.dim_IntList", {"dim": [2, 3], "keepdim": True}, "- global_avgpool - {rescale: 16}", out=(1, 8, 1, 1)),
    # 4 gates of 2 units that read 3 values and 2 units, with two offsets: 4*2*(3 + 2 + 2); and so on
    One("lstm.input", SEQUENCED,
        f"{TURNED}- {{name: a, lstm: 2, steps: all, biases: 2}} {TURNED}expect: {{params: 56}}",
        (1, 5, 3), (1, 5, 2), {"p_1": (8, 3), "p_2": (8, 2), "p_3": (8,), "p_4": (8,)}),
    One("gru.input", SEQUENCED, f"{TURNED}- {{name: a, gru: 2, steps: all}} {TURNED}expect: {{params: 42}}",
        (1, 5, 3), (1, 5, 2), {"p_1": (6, 3), "p_2": (6, 2), "p_3": (6,), "p_4": (6,)}),
    One("gru.input", SEQUENCED | {"has_biases": False, "bidirectional": True},
        f"{TURNED}- {{name: a, gru: 2, bidirectional: true, steps: all, biases: 0}} {TURNED}expect: {{params: 60}}",
        (1, 5, 3), (1, 5, 4), {"p_1": (6, 3), "p_2": (6, 2), "p_3": (6, 3), "p_4": (6, 2)}),
    *(
        One(f"rnn_{word}.input", SEQUENCED,
            f"{TURNED}- {{name: a, rnn: 2, steps: all, biases: 2{end}}} {TURNED}expect: {{params: 14}}",
            (1, 5, 3), (1, 5, 2), {"p_1": (2, 3), "p_2": (2, 2), "p_3": (2,), "p_4": (2,)})
        for word, end in (("tanh", ""), ("relu", ", nonlinearity: relu"))
    ),
    One("embedding.default", {"weight": "p_w"}, f"- {{name: a, embedding: 9, size: 3}} {TURNED}expect: {{params: 27}}",
        (1, 5), (1, 5, 3), {"p_w": (9, 3)}),
    One("cat.default", {"tensors": ["p_w", "x"], "dim": 1},
        f"{TURNED}- {{name: a, tokens}} {TURNED}expect: {{params: 8}}", (1, 4, 8), (1, 5, 8), {"p_w": (1, 1, 8)}),
    *(
        One("addcmul.default", {"self": "p_b", f"tensor{one}": "x", f"tensor{3 - one}": "p_w"},
            f"{TURNED}- {{name: a, scale}} {TURNED}expect: {{params: 16}}", (1, 4, 8), weights=AFFINE)
        for one in (1, 2)
    ),
    One("narrow.default", {"dim": 1, "start": 2, "length": 3}, "- {name: a, slice: 2..5}", out=(1, 3, 4, 4)),
    One("narrow.default", {"dim": -1, "start": 1, "length": 2}, "- {name: a, slice, W: 1..3}", out=(1, 8, 4, 2)),
    One("slice.Tensor", {"dim": 1, "start": -3}, "- {name: a, slice: 5..8}", out=(1, 3, 4, 4)),
    One("slice.Tensor", {"dim": 2, "start": 0, "end": -1}, "- {name: a, slice, H: 0..3}", out=(1, 8, 3, 4)),
    One("select.int", {"dim": 2, "index": -1}, "- {name: a, slice, H: 3..4} - {flatten: spatial}", out=(1, 8, 4)),
    One("select.int", {"dim": 1, "index": 3}, "- {name: a, slice: 3..4} - {reshape: 4x4}", out=(1, 4, 4)),
    One("pixel_shuffle.default", {"upscale_factor": 2}, "- {name: a, depth_to_space: 2, order: CRD}", out=(1, 2, 8, 8)),
    One("pixel_unshuffle.default", {"downscale_factor": 2}, "- {name: a, space_to_depth: 2, order: CRD}",
        out=(1, 32, 2, 2)),
    One("upsample_nearest2d.vec", {}, "- {name: a, upsample: 2}", out=(1, 8, 8, 8)),
    One("upsample_bilinear2d.vec", {"align_corners": True},
        "- {name: a, resize: [8, 12], mode: bilinear, align_corners: true}", out=(1, 8, 8, 12)),
    One("upsample_bicubic2d.vec", {"align_corners": False}, "- {name: a, resize: [6, 6], mode: bicubic}",
        out=(1, 8, 6, 6)),
    One("pad.default", {"pad": [1, 2]}, "- {name: a, zeropad: [[0, 0], [1, 2]]}", out=(1, 8, 4, 7)),
    One("constant_pad_nd.default", {"pad": [0, 0, 1, 1], "value": 0}, "- {name: a, zeropad: [[1, 1], [0, 0]]}",
        out=(1, 8, 6, 4)),
    One("replication_pad1d.default", {"padding": [1, 2]}, "- {name: a, zeropad: [[1, 2]], mode: replicate}", (1, 8, 4),
        (1, 8, 7)),
    # 8*6*3*3 + 6; of two groups 8*3*3; of four 8*2*3*3 + 8
    One("conv_transpose2d.input", {**WEIGHTED, "stride": [2, 2], "padding": [1, 1], "output_padding": [1, 1]},
        "- {name: a, deconv: 6, kernel: 3, stride: 2, padding: 1, output_padding: 1} expect: {params: 438}",
        out=(1, 6, 8, 8), weights={"p_w": (8, 6, 3, 3), "p_b": (6,)}),
    One("conv_transpose1d.default", {"weight": "p_w"}, "- {name: a, deconv: 6, kernel: 3, bias: false} "
        "expect: {params: 144}", (1, 8, 4), (1, 6, 6), {"p_w": (8, 6, 3)}),
    One("convolution.default", {"weight": "p_w", "stride": [2], "transposed": True, "groups": 2},
        "- {name: a, deconv: 6, kernel: 3, stride: 2, groups: 2, bias: false} expect: {params: 72}",
        (1, 8, 4), (1, 6, 9), {"p_w": (8, 3, 3)}),
    One("convolution.default", {**WEIGHTED, "padding": [2, 2], "dilation": [2, 2], "transposed": False, "groups": 4},
        "- {name: a, conv: 8, kernel: 3, padding: half, dilation: 2, groups: 4} expect: {params: 152}",
        weights={"p_w": (8, 2, 3, 3), "p_b": (8,)}),
    One("addmm.default", {"self": "p_b", "mat1": "x", "mat2": "p_w"}, "- {name: a, fc: 5} expect: {params: 45}", (1, 8),
        (1, 5), {"p_w": (8, 5), "p_b": (5,)}),
    One("mm.default", {"mat2": "p_w"}, "- {name: a, fc: 5, bias: false} expect: {params: 40}", (1, 8), (1, 5),
        {"p_w": (8, 5)}),
    One("neg.default", {}, "- {name: a, rescale: -1}"),
    One("sub.Tensor", {"other": 2}, "- {name: a, rescale: 1, offset: -2}"),
    One("add.Tensor", {"other": 3, "alpha": 2}, "- {name: a, rescale: 1, offset: 6}"),
]  # fmt: skip


@pytest.mark.parametrize("one", ONES, ids=[f"{one.target} {number}" for number, one in enumerate(ONES)])
def test_one_operation_comes_to_a_line_with_its_settings(one: One) -> None:
    # What it reads has the first of these names, unless the arguments name it.
    given = one.arguments if "x" in str(one.arguments.values()) else {"self": "x", "input": "x", **one.arguments}
    values = {"x": one.x, "a": one.out or one.x, **one.weights}
    assert said(import_model("net", pt2(values, [("a", one.target, given)], "a")).text) == one.text


REFUSED: dict[str, tuple[Values, Nodes, str]] = {
    "a weight for other channels": (
        {"x": (1, 8), "p_w": (4, 6), "a": (1, 4)}, [("a", "linear.default", {"input": "x", "weight": "p_w"})],
        "net:1:1: node a: the weight 4x6 is for 6 channels, but 8 enter (unreadable)",
    ),
    "a dense layer on rows that were moved round": (
        {"x": (1, 8, 4, 4), "p_w": (4, 4), "r": (1, 8, 4, 4), "a": (1, 8, 4, 4)},
        [("r", "roll.default", {"self": "x", "shifts": [1], "dims": [2]}),
         ("a", "linear.default", {"input": "r", "weight": "p_w"})],
        "net:1:1: cnncalc has no kind for linear.default ×1 (node a) (unreadable)",
    ),
    "a kernel that is not learned": (
        {"x": (1, 8, 4, 4), "b_w": (8, 1, 3, 3), "a": (1, 8, 2, 2)},
        [("a", "conv2d.default", {"input": "x", "weight": "b_w", "groups": 8})],
        "net:1:1: cnncalc has no kind for conv2d.default with a weight that is not learned ×1 (node a) (unreadable)",
    ),
    **{
        f"{target} {arguments}": (
            {"x": (1, 8), "a": (1, 8), "p_w": (8, 8), "p_b": (8,)}, [("a", target, {"self": "x", **arguments})],
            f"net:1:1: cnncalc has no kind for {target} ×1 (node a) (unreadable)",
        )
        for target, arguments in (
            ("clamp_max.default", {"max": 6}), ("sub.Tensor", {"other": "x", "alpha": 2}),
            ("addmm.default", {"self": "p_b", "mat1": "x", "mat2": "p_w", "beta": 2}),
            ("addmm.default", {"self": "p_b", "mat1": "x", "mat2": "p_w", "alpha": 2}),
            ("addcmul.default", {"self": "p_b", "tensor1": "x", "tensor2": "p_w", "value": 2}),
            ("slice.Tensor", {"dim": 1, "step": 2}), ("constant_pad_nd.default", {"pad": [1, 1], "value": 1}),
            ("glu.default", {"dim": 0}),
            ("softplus.default", {"beta": 2}), ("elu.default", {"alpha": 1.0, "scale": 2.0}),
            ("rsub.Scalar", {"other": 1, "alpha": 2}), ("div.Tensor_mode", {"other": 2, "rounding_mode": b"floor"}),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("values", "nodes", "message"), REFUSED.values(), ids=REFUSED)
def test_operations_that_are_refused(values: Values, nodes: Nodes, message: str) -> None:
    with pytest.raises(SpecError) as refused:
        import_model("net", pt2(values, nodes, "a"))
    assert refused.value.lines() == [message]

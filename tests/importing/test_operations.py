"""Operations of torch's graphs and what they come to: small graphs, and the lines that each is imported as."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from importing.making import pt2

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


REFUSED: dict[str, tuple[Values, Nodes, str]] = {
    "a weight for other channels": (
        {"x": (1, 8), "p_w": (4, 6), "a": (1, 4)}, [("a", "linear.default", {"input": "x", "weight": "p_w"})],
        "net:1:1: node a: the weight 4x6 is for 6 channels, but 8 enter (unreadable)",
    ),
    "a kernel that is not learned": (
        {"x": (1, 8, 4, 4), "b_w": (8, 1, 3, 3), "a": (1, 8, 2, 2)},
        [("a", "conv2d.default", {"input": "x", "weight": "b_w", "groups": 8})],
        "net:1:1: cnncalc has no kind for conv2d.default with a weight that is not learned ×1 (node a) (unreadable)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "nodes", "message"), REFUSED.values(), ids=REFUSED)
def test_operations_that_are_refused(values: Values, nodes: Nodes, message: str) -> None:
    with pytest.raises(SpecError) as refused:
        import_model("net", pt2(values, nodes, "a"))
    assert refused.value.lines() == [message]

"""The weights of a model file: a run of the imported spec with them gives what the file's own framework computes."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from importing.making import archive, pt2, said
from running import Run

from cnncalc.api import run as run_network
from cnncalc.errors import ExecutionError
from cnncalc.importing.files import ImportedModel, import_model
from cnncalc.importing.weights import imported_weights

CHANCE = np.random.default_rng(7)

ONNX_WEIGHTS: dict[str, tuple[int, ...]] = {
    "conv": (8, 3, 3, 3), "bias": (8,), "gamma": (8,), "beta": (8,), "mean": (8,), "var": (8,), "slopes": (8, 1, 1),
    "same": (8, 8, 1, 1), "other": (8, 8, 1, 1), "deep": (16, 1, 3, 3), "up": (16, 3, 2, 2), "up_bias": (6,),
    "factor": (6, 1, 1), "matrix": (864, 5), "offset": (5,), "turned": (5, 4), "gemm_bias": (4,), "last": (3, 4),
}  # fmt: skip


def onnx_with_weights() -> bytes:
    """A small file with every way in which a matrix is stored, and two branches that differ in their weights only."""
    from onnx import TensorProto, helper, numpy_helper

    node = helper.make_node
    nodes = [
        node("Conv", ["x", "conv", "bias"], ["c"], "c", pads=[1, 1, 1, 1]),
        node("BatchNormalization", ["c", "gamma", "beta", "mean", "var"], ["n"], "n"),
        node("PRelu", ["n", "slopes"], ["p"], "p"),
        node("Conv", ["p", "same"], ["left"], "left"),
        node("Conv", ["p", "other"], ["right"], "right"),
        node("Concat", ["right", "left"], ["both"], "both", axis=1),
        node("Conv", ["both", "deep"], ["d"], "d", group=16),
        node("ConvTranspose", ["d", "up", "up_bias"], ["u"], "u", group=2, strides=[2, 2]),
        node("Mul", ["u", "factor"], ["s"], "s"),
        node("Flatten", ["s"], ["f"], "f"),
        node("MatMul", ["f", "matrix"], ["m"], "m"),
        node("Add", ["m", "offset"], ["o"], "o"),
        node("Gemm", ["o", "turned", "gemm_bias"], ["g"], "g"),
        node("Transpose", ["last"], ["again"], "again", perm=[1, 0]),
        node("MatMul", ["g", "again"], ["y"], "y"),
    ]
    values = {name: (CHANCE.random(dims, np.float32) + 0.1) * 0.5 for name, dims in ONNX_WEIGHTS.items()}
    tensors = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])
    graph = helper.make_graph(nodes, "net", [x], [y], tensors)
    content: bytes = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString()
    return content


def test_a_run_of_an_onnx_file_gives_what_onnx_runtime_computes(run: Run, folder: Path) -> None:
    runtime = pytest.importorskip("onnxruntime")
    content, x = onnx_with_weights(), CHANCE.random((3, 8, 8), np.float32)
    (folder / "net.onnx").write_bytes(content)
    np.save(folder / "x.npy", x)
    (expected,) = runtime.InferenceSession(content).run(None, {"x": x[None]})
    (folder / "net.yaml").write_text(run("import", "net.onnx", "--weights-out", "w.npz").stdout, "utf-8")
    given = ("--input", "x.npy", "--weights", "w.npz", "--output", "y.npy")
    assert run("run", "net.yaml", *given).exit_code == 0
    np.testing.assert_allclose(np.load(folder / "y.npy"), expected[0], rtol=1e-5)


DENSE: tuple[dict[str, tuple[int, ...]], list[Any]] = (
    {"p_fc": (2, 3), "x": (1, 3), "fc": (1, 2)},
    [("fc", "linear.default", {"input": "x", "weight": "p_fc"})],
)
"""A fully connected layer of 3 values to 2."""


def pt2_with_weights(dtype: int, content: bytes, strides: Sequence[int], offset: int = 0) -> bytes:
    """The same with its kernel, stored so."""
    graph = pt2(*DENSE, "fc")
    meta = {"dtype": dtype, "sizes": _whole(2, 3), "strides": _whole(*strides), "storage_offset": {"as_int": offset}}
    table = {"config": {"p_fc": {"path_name": "weight_0", "use_pickle": False, "tensor_meta": meta}}}
    file = BytesIO(graph)
    with ZipFile(file, "a") as archive_:
        archive_.writestr("net/data/weights/model_weights_config.json", json.dumps(table))
        archive_.writestr("net/data/weights/weight_0", content)
    return file.getvalue()


def _whole(*numbers: int) -> list[dict[str, int]]:
    return [{"as_int": n} for n in numbers]


STORED: dict[str, tuple[int, Any, tuple[int, int], int]] = {
    "row by row": (7, np.array([1, 2, 3, 4, 5, 6], "<f4"), (3, 1), 0),
    "column by column": (7, np.array([1, 4, 2, 5, 3, 6], "<f4"), (1, 2), 0),
    "a part of a storage": (8, np.array([0, 1, 2, 3, 0, 4, 5, 6], "<f8"), (4, 1), 1),
    "float16": (6, np.array([1, 2, 3, 4, 5, 6], "<f2"), (3, 1), 0),
    # 1.0 is 0x3f80 as bfloat16, 2.0 0x4000, 3.0 0x4040, 4.0 0x4080, 5.0 0x40a0, 6.0 0x40c0
    "bfloat16": (13, np.array([0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0x40C0], "<u2"), (3, 1), 0),
}


def imported(content: bytes) -> ImportedModel:
    return import_model("net", content)


@pytest.mark.parametrize(("dtype", "values", "strides", "offset"), STORED.values(), ids=STORED)
def test_a_tensor_of_torch_is_read(dtype: int, values: Any, strides: tuple[int, int], offset: int) -> None:
    arrays = imported_weights(imported(pt2_with_weights(dtype, values.tobytes(), strides, offset)))
    assert {name: array.tolist() for name, array in arrays.items()} == {"fc/weight": [[1, 2, 3], [4, 5, 6]]}


DARKNET = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\n{}\nsize=1\nactivation=linear\n"
NORMED = "batch_normalize=1\nfilters=3"

WITHOUT: dict[str, tuple[bytes, str]] = {
    "a storage that is too short": (
        pt2_with_weights(7, b"\0" * 20, (3, 1)), "p_fc: 2x3 with strides [3, 1] is not in its 20 bytes"
    ),
    "half of a number": (
        pt2_with_weights(7, b"\0" * 23, (3, 1)), "p_fc: 2x3 with strides [3, 1] is not in its 23 bytes"
    ),
    "a type that is no number": (
        pt2_with_weights(10, b"\0" * 48, (3, 1)), "net: p_fc has values of a type that is not read"
    ),
    "no weights": (
        pt2(*DENSE, "fc"),
        "net: no weights are in this .pt2, or only as a pickle, which could run code",
    ),
    "a format without weights": (
        DARKNET.format("filters=3").encode(),
        "net: no values are found for conv/weight, conv/bias",
    ),
    "as many as are named": (
        DARKNET.format(NORMED).encode(),
        "net: no values are found for conv/weight, conv/bn/weight, conv/bn/bias, conv/bn/running_mean, "
        "conv/bn/running_var",
    ),
    "more than are named": (
        (DARKNET.format(NORMED) + DARKNET.format("filters=2").partition("3\n")[2]).encode(),
        "net: no values are found for conv1/weight, conv1/bn/weight, conv1/bn/bias, conv1/bn/running_mean, "
        "conv1/bn/running_var and 2 more",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), WITHOUT.values(), ids=WITHOUT)
def test_weights_that_cannot_be_had_are_told(content: bytes, message: str) -> None:
    with pytest.raises(ExecutionError) as refused:
        imported_weights(imported(content))
    assert str(refused.value) == message


def test_weights_may_be_in_another_file_under_the_names_of_the_model(folder: Path) -> None:
    model = imported(pt2(*DENSE, "fc"))
    np.savez(folder / "other.npz", p_fc=np.array([[1, 2, 3], [4, 5, 6]], np.float32))
    weights = imported_weights(model, str(folder / "other.npz"))
    assert np.asarray(run_network(text=model.text, input=[1, 1, 1], weights=weights)).tolist() == [6, 15]


KERAS = [
    {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 2, 2, 2]}},
    {"class_name": "Conv2D", "config": {"name": "one", "filters": 2, "kernel_size": [1, 1], "use_bias": False}},
    {"class_name": "DepthwiseConv2D", "config": {"name": "two", "kernel_size": [1, 2], "depth_multiplier": 2}},
    {"class_name": "Flatten", "config": {"name": "flat"}},
    {"class_name": "Dropout", "config": {"name": "drop", "rate": 0.5}},
    {"class_name": "Activation", "config": {"name": "relu", "activation": "relu"}},
    {"class_name": "Dense", "config": {"name": "fc", "units": 1, "use_bias": False}},
]


def test_keras_orders_of_axes_are_those_of_the_layers(folder: Path) -> None:
    h5py = pytest.importorskip("h5py")
    file = BytesIO()
    with h5py.File(file, "w") as kept:
        kept["layers/conv2d/vars/0"] = np.array([1, 2, 3, 4], np.float32).reshape(1, 1, 2, 2)  # HWIO
        kept["layers/depthwise_conv2d/vars/0"] = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)  # HWIM
        kept["layers/depthwise_conv2d/vars/1"] = np.zeros(4, np.float32)
        kept["layers/dense/vars/0"] = np.arange(8, dtype=np.float32).reshape(8, 1)  # a row for each H, W, C
    config = json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": KERAS}})
    model = imported(archive({"config.json": config, "model.weights.h5": file.getvalue()}))
    weights = imported_weights(model)
    assert weights["one/weight"].reshape(2, 2).tolist() == [[1, 3], [2, 4]]
    # The filters of the first channel have 0, 4 and 1, 5 from left to right.
    assert weights["two/weight"].reshape(4, 2).tolist() == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert weights["fc/weight"].tolist() == [[0, 4, 1, 5, 2, 6, 3, 7]]


SEPARABLE = [
    {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 1, 1, 2]}},
    {"class_name": "SeparableConv2D", "config": {"name": "a", "filters": 3, "kernel_size": [1, 1],
     "depth_multiplier": 2, "use_bias": False}},
]  # fmt: skip


def test_a_separable_layer_of_keras_has_both_of_its_kernels() -> None:
    h5py = pytest.importorskip("h5py")
    file = BytesIO()
    with h5py.File(file, "w") as kept:
        kept["layers/separable_conv2d/vars/0"] = np.array([1, 2, 3, 4], np.float32).reshape(1, 1, 2, 2)  # HWIM
        kept["layers/separable_conv2d/vars/1"] = np.arange(12, dtype=np.float32).reshape(1, 1, 4, 3)  # HWIO
    config = json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": SEPARABLE}})
    model = imported(archive({"config.json": config, "model.weights.h5": file.getvalue()}))
    # Inputs of 10 and 100 are 10, 20, 300, 400 after the first; its sums with columns 0, 3, 6, 9 and so on.
    output = run_network(text=model.text, input=[[[10, 100]]], weights=imported_weights(model))
    assert np.asarray(output).ravel().tolist() == [5_460, 6_190, 6_920]


SEQUENCE = (1, 3, 4)
ATTENTION = pt2(
    {
        "p_token": (1, 1, 4), "p_places": (1, 4, 4), "p_in": (12, 4), "p_in_bias": (12,), "p_out": (4, 4),
        "p_out_bias": (4,),
        "p_fc": (2, 4), "p_fc_bias": (2,), "x": (1, 4, 3), **dict.fromkeys(("cat", "placed", "back", "sum"), (1, 4, 4)),
        "last": SEQUENCE, "qkv": (1, 4, 12), "view": (1, 2, 4, 2), "scores": (1, 2, 4, 2), "joined": (1, 4, 4),
        "first": (1, 4), "turned": (4, 2), "expand": (1, 1, 4), "fc": (1, 2),
    },
    [
        ("last", "permute.default", {"self": "x", "dims": [0, 2, 1]}),
        ("expand", "expand.default", {"self": "p_token", "size": [1, -1, -1]}),
        ("cat", "cat.default", {"tensors": ["expand", "last"], "dim": 1}),
        ("placed", "add.Tensor", {"self": "cat", "other": "p_places"}),
        ("qkv", "linear.default", {"input": "placed", "weight": "p_in", "bias": "p_in_bias"}),
        ("view", "view.default", {"self": "qkv", "size": [1, 2, 4, 2]}),
        ("scores", "scaled_dot_product_attention.default", {"query": "view", "key": "view", "value": "view"}),
        ("joined", "reshape.default", {"self": "scores", "shape": [1, 4, 4]}),
        ("back", "linear.default", {"input": "joined", "weight": "p_out", "bias": "p_out_bias"}),
        ("sum", "add.Tensor", {"self": "back", "other": "placed"}),
        ("first", "select.int", {"self": "sum", "dim": 1, "index": 0}),
        ("turned", "permute.default", {"self": "p_fc", "dims": [1, 0]}),
        ("fc", "addmm.default", {"self": "p_fc_bias", "mat1": "first", "mat2": "turned"}),
    ],
    "fc",
    dict.fromkeys(("qkv", "view", "scores", "joined", "back"), ("attn", "torch.nn.modules.MultiheadAttention")),
)  # fmt: skip
"""A class token, offsets for positions, attention of two heads as its module has it, and a decomposed classifier."""


def test_attention_of_a_module_is_one_layer_with_its_weights(folder: Path) -> None:
    model = imported(ATTENTION)
    lines = [line.split(",   ")[0] for line in model.text.splitlines() if line.startswith("- ")]
    assert lines == [
        "- {name: cat, tokens}",
        "- {name: placed, positions}",
        "- {residual: [{attention: 2}]}",
        "- {name: first, slice, L: 0..1}",
        "- flatten",
        "- {name: fc, fc: 2",
    ]
    stored: dict[str, Any] = {
        "p_in": np.arange(48).reshape(12, 4),
        "p_in_bias": np.arange(12),
        "p_fc": np.arange(8).reshape(2, 4),
    }
    others: dict[str, tuple[int, ...]] = {
        "p_token": (1, 1, 4),
        "p_places": (1, 4, 4),
        "p_out": (4, 4),
        "p_out_bias": (4,),
        "p_fc_bias": (2,),
    }
    stored |= {name: np.zeros(dims) for name, dims in others.items()}
    np.savez(folder / "w.npz", **stored)
    weights = imported_weights(model, str(folder / "w.npz"))
    # Rows 0 to 3 are for queries, 4 to 7 for keys, 8 to 11 for values.
    keys = next(array for name, array in weights.items() if name.endswith("/k_weight"))
    assert keys.tolist() == [[16, 17, 18, 19], [20, 21, 22, 23], [24, 25, 26, 27], [28, 29, 30, 31]]
    assert next(array for name, array in weights.items() if name.endswith("/v_bias")).tolist() == [8, 9, 10, 11]
    assert weights["fc/weight"].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]


NEIGHBOURS: list[Any] = [
    ("view", "view.default", {"self": "x", "size": [1, 2, 2, 2, 2, 3]}),
    ("parts", "permute.default", {"self": "view", "dims": [0, 2, 4, 5, 3, 1]}),
    ("last", "reshape.default", {"self": "parts", "shape": [1, 2, 2, 12]}),
]
"""Blocks of 2x3 of a map of two channels joined as timm's Swin does it: first those below one another."""


@pytest.mark.parametrize(
    ("nodes", "lines", "weight"),
    [
        (
            [("n", "layer_norm.default", {"input": "last", "normalized_shape": [12], "weight": "p_n"}),
             ("y", "linear.default", {"input": "n", "weight": "p_w"})],
            "- {space_to_depth: 2x3} - {name: n, layernorm} - {name: y, conv: 1, kernel: 1, bias: false}",
            # the two channels of each block: of three columns of two rows, row by row
            [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11],
        ),
        (
            [("n", "permute.default", {"self": "last", "dims": [0, 3, 1, 2]}),
             ("y", "conv2d.default", {"input": "n", "weight": "p_w"})],
            "- {space_to_depth: 2x3} - {depth_to_space: 2x3} - {permute: [C, W, H]} - {space_to_depth: 3x2} "
            "- {permute: [C, W, H]} - {name: y, conv: 1, kernel: 1, bias: false}",
            list(range(12)),
        ),
        (
            [("flat", "reshape.default", {"self": "first", "shape": [1, 48]}),
             ("y", "linear.default", {"input": "flat", "weight": "p_flat"})],
            "- {space_to_depth: 2x3} - {depth_to_space: 2x3} - {permute: [C, W, H]} - {space_to_depth: 3x2} "
            "- {permute: [C, W, H]} - flatten - {name: y, fc: 1, bias: false}",
            list(range(48)),
        ),
    ],
)  # fmt: skip
def test_neighbours_below_one_another_have_their_weights(
    folder: Path, nodes: list[Any], lines: str, weight: list[int]
) -> None:
    dims = {"x": (1, 2, 4, 6), "view": (1, 2, 2, 2, 2, 3), "parts": (1, 2, 2, 3, 2, 2), "last": (1, 2, 2, 12)}
    dims |= {"first": (1, 12, 2, 2), "n": (1, 2, 2, 12), "p_n": (12,), "flat": (1, 48), "p_flat": (1, 48)}
    dims["p_w"] = (1, 12, 1, 1) if "conv2d" in str(nodes) else (1, 12)
    first: list[Any] = [("first", "permute.default", {"self": "last", "dims": [0, 3, 1, 2]})]
    model = imported(pt2(dims, [*NEIGHBOURS, *(first if "first" in str(nodes) else []), *nodes], "y"))
    np.savez(folder / "w.npz", p_n=np.arange(12), p_w=np.arange(12), p_flat=np.arange(48))
    assert lines in said(model.text)
    weights = imported_weights(model, str(folder / "w.npz"))
    assert [one.ravel().tolist() for one in weights.values()] == [weight] * len(weights)


def test_a_weight_of_another_size_is_refused(folder: Path) -> None:
    norm = ("n", "layer_norm.default", {"input": "last", "normalized_shape": [12], "weight": "p_n"})
    dims = {"x": (1, 2, 4, 6), "view": (1, 2, 2, 2, 2, 3), "parts": (1, 2, 2, 3, 2, 2), "last": (1, 2, 2, 12)}
    model = imported(pt2({**dims, "p_n": (12,), "n": (1, 2, 2, 12)}, [*NEIGHBOURS, norm], "n"))
    np.savez(folder / "w.npz", p_n=np.arange(24))
    with pytest.raises(ExecutionError, match="p_n: 24 in the file, but the layer takes 12"):
        imported_weights(model, str(folder / "w.npz"))


def test_a_recurrent_layer_of_torch_has_its_weights_by_layer_and_direction(folder: Path) -> None:
    gates = {"p_ih": (8, 3), "p_hh": (8, 2), "p_ih_b": (8, 3), "p_hh_b": (8, 2)}
    arguments = {
        "input": "x", "hx": ["zero", "zero"], "params": list(gates), "has_biases": False, "num_layers": 1,
        "bidirectional": True, "batch_first": True,
    }  # fmt: skip
    nodes: list[Any] = [("zero", "zeros.default", {"size": [2, 1, 2]}), ("y", "lstm.input", arguments)]
    model = imported(pt2({**gates, "x": (1, 5, 3), "zero": (2, 1, 2), "y": (1, 5, 4)}, nodes, "y"))
    assert model.text.endswith("""\
input: {C: 5, L: 3}
layers:
- {permute: [L, C]}
- {name: y, lstm: 2, bidirectional: true, steps: all, biases: 0}
- {permute: [L, C]}
expect: {params: 80}
""")
    stored: dict[str, Any] = {name: np.full(dims, number) for number, (name, dims) in enumerate(gates.items())}
    np.savez(folder / "w.npz", **stored)
    weights = imported_weights(model, str(folder / "w.npz"))
    values = {name: float(array.max()) for name, array in weights.items()}
    assert values == {
        "y/weight_ih_l0": 0, "y/weight_hh_l0": 1, "y/weight_ih_l0_reverse": 2, "y/weight_hh_l0_reverse": 3
    }  # fmt: skip

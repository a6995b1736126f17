"""The JSON document of `show`, version 1: its keys, its types, and what they add up to."""

import json
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import pytest
from bundled import ONE_OF_EACH
from running import Output

from cnncalc.figures import CLAIMABLE

ARCHITECTURES = Path(__file__).parents[2] / "architectures"

# Keys are added within a version of the document, never changed.
DOCUMENT_KEYS = [
    "cnncalc", "name", "family", "layout", "inputs", "outputs", "profile", "unit", "batch", "dtype", "complete",
    "layers", "totals", "outputs_shapes",
]  # fmt: skip
LAYER_KEYS = ["path", "row", "kind", "line", "settings", "inputs", "input_shapes", "output_shape", "weights"]
"""Those of a layer beside its figures."""

SUMMED_KEYS = [
    "params", "buffers", "macs", "flops", "elements", "connections", "weights_memory", "output_memory",
]  # fmt: skip
OPERATIONS = ["mac", "add", "mul", "div", "cmp", "exp", "sqrt"]


def is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def is_shape(value: object) -> bool:
    return type(value) is list and bool(value) and all(type(size) is int and size >= 1 for size in value)


def is_setting(value: object) -> bool:
    """A number, a flag, a word, or lists of them; nothing else, and no empty one."""
    if type(value) is list:
        return all(map(is_setting, value))
    return type(value) in (int, float, bool, str) and value != ""


def is_ops(value: object) -> bool:
    """Numbers of operations, only those that occur, in their order."""
    if type(value) is not dict or not all(map(is_count, value.values())) or 0 in value.values():
        return False
    return list(value) == [operation for operation in OPERATIONS if operation in value]


def is_view(layer: dict[str, Any], rank: int) -> bool:
    """Receptive field, jump and start: a number for each axis, or only the first for the whole input."""
    field, jump, start = (layer[key] for key in ("receptive_field", "jump", "start"))
    if type(field) is not list or len(field) != rank or not all(type(size) is int and size >= 1 for size in field):
        return False
    if jump is None or start is None:
        return jump is start
    steps = all(type(step) in (int, float) and step > 0 for step in jump)
    return len(jump) == len(start) == rank and steps and all(type(place) is int for place in start)


def check_layer(layer: dict[str, Any], known: set[str]) -> None:
    assert [key for key in layer if key not in CLAIMABLE] == LAYER_KEYS
    assert all(type(layer[key]) is str and layer[key] for key in ("path", "row", "kind"))
    assert layer["path"] == layer["row"] or layer["path"].startswith((f"{layer['row']}/", f"{layer['row']}."))
    assert type(layer["line"]) is int
    assert layer["line"] >= 1
    assert all(type(name) is str for name in layer["settings"])
    assert all(map(is_setting, layer["settings"].values()))
    assert known.issuperset(layer["inputs"])
    assert len(layer["inputs"]) == len(layer["input_shapes"]) >= 1
    assert all(map(is_shape, [*layer["input_shapes"], layer["output_shape"], *layer["weights"].values()]))
    assert all(is_count(layer[key]) for key in SUMMED_KEYS)
    assert is_ops(layer["ops"])
    assert layer["ops"].get("mac", 0) == layer["macs"] <= layer["connections"]
    assert layer["weights_memory"] == 4 * (layer["params"] + layer["buffers"])
    assert layer["output_memory"] == 4 * layer["elements"]
    assert type(layer["intensity"]) is float
    assert layer["params"] + layer["buffers"] == sum(map(prod, layer["weights"].values()))
    assert layer["flops"] == 2 * layer["macs"]


def check_document(document: dict[str, Any]) -> None:
    assert list(document) == DOCUMENT_KEYS
    assert (document["cnncalc"], document["profile"], document["unit"]) == (1, "cnncalc", "FLOP")
    assert document["dtype"] == "fp32"
    assert type(document["cnncalc"]) is int
    assert document["layout"] in ("CHW", "HWC")
    assert type(document["batch"]) is int
    assert document["complete"] is True
    assert all(map(is_shape, document["inputs"].values()))
    assert document["outputs"] == list(document["outputs_shapes"])
    assert all(map(is_shape, document["outputs_shapes"].values()))
    known, shapes = set(document["inputs"]), dict(document["inputs"])
    for layer in document["layers"]:
        check_layer(layer, known)
        (entered,) = document["inputs"].values()
        assert is_view(layer, len(entered) - 1)
        assert layer["path"] not in known
        assert layer["input_shapes"] == [shapes[path] for path in layer["inputs"]]
        assert layer["elements"] == prod(layer["output_shape"]) * document["batch"]
        known.add(layer["path"])
        shapes[layer["path"]] = layer["output_shape"]
    assert document["totals"].keys() <= CLAIMABLE.keys()
    totals = document["totals"]
    for figure in SUMMED_KEYS:
        assert is_count(totals[figure])
        assert totals[figure] == sum(layer[figure] for layer in document["layers"])
    assert is_ops(totals["ops"])
    for operation in OPERATIONS:
        counted = sum(layer["ops"].get(operation, 0) for layer in document["layers"])
        assert totals["ops"].get(operation, 0) == counted
    assert type(totals["intensity"]) is float
    assert (
        0
        < totals["peak_memory"]
        <= totals["output_memory"] + 4 * document["batch"] * sum(map(prod, document["inputs"].values()))
    )
    # sgd keeps a gradient beside each learned value, and every output
    assert totals["training_memory"] == totals["weights_memory"] + 4 * totals["params"] + totals["output_memory"]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_document_has_the_keys_and_types_of_version_1(output: Output, name: str) -> None:
    document = json.loads(output("show", name, "--format", "json"))
    check_document(document)
    assert document["layers"]


@pytest.mark.parametrize("batch", [1, 7])
def test_document_holds_for_a_batch(output: Output, batch: int) -> None:
    document = json.loads(output("show", "lenet5", "--format", "json", "--batch", str(batch)))
    check_document(document)
    assert document["batch"] == batch
    # LeNet-5: 60,000 params whatever the batch; 325,680 MACs for each input
    assert (document["totals"]["params"], document["totals"]["macs"]) == (60_000, 325_680 * batch)


def change(document: dict[str, Any], *path: str | int, to: object) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(document))
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return changed


@pytest.mark.parametrize(
    ("path", "to"),
    [
        pytest.param(("layers", 0, "params"), 155, id="params that the weights do not have"),
        pytest.param(("layers", 0, "params"), 156.0, id="a count that is a float"),
        pytest.param(("layers", 0, "macs"), "117600", id="a count that is text"),
        pytest.param(("layers", 0, "output_shape"), [6, 28, 27], id="a shape that the next layer does not read"),
        pytest.param(("layers", 0, "row"), "C2", id="another row"),
        pytest.param(("layers", 2, "inputs"), ["C9"], id="an input that is not there"),
        pytest.param(("layers", 0, "settings", "bias"), None, id="a setting without value"),
        pytest.param(("totals", "macs"), 325_681, id="a total that is no sum"),
        pytest.param(("complete",), 1, id="a flag that is a number"),
        pytest.param(("more",), 1, id="a key that is not documented"),
    ],
)
def test_a_wrong_document_would_be_noticed(output: Output, path: tuple[str | int, ...], to: object) -> None:
    document = json.loads(output("show", "lenet5", "--format", "json"))
    check_document(document)
    with pytest.raises(AssertionError):
        check_document(change(document, *path, to=to))


def test_conv1_of_alexnet_is_the_layer_of_the_design(output: Output) -> None:
    layers = json.loads(output("show", "alexnet", "--format", "json"))["layers"]
    line = next(
        number
        for number, text in enumerate((ARCHITECTURES / "alexnet.yaml").read_text("utf-8").splitlines(), start=1)
        if text.startswith("- {name: conv1,")
    )
    expected = {
        "path": "conv1",
        "row": "conv1",
        "kind": "conv",
        "line": line,
        "settings": {
            "filters": 96,
            "kernel": [11, 11],
            "stride": [4, 4],
            "padding": [[0, 0], [0, 0]],
            "dilation": [1, 1],
            "groups": 1,
            "bias": True,
            "padding_mode": "zeros",
        },
        "inputs": ["input"],
        "input_shapes": [[3, 227, 227]],
        "output_shape": [96, 55, 55],
        "elements": 290_400,
        "weights": {"weight": [96, 3, 11, 11], "bias": [96]},
        "params": 34_944,
        "buffers": 0,
        "macs": 105_415_200,
        "flops": 210_830_400,
        "connections": 105_705_600,  # and 290,400 biases
        "ops": {"mac": 105_415_200, "add": 290_400},
        "weights_memory": 139_776,
        "output_memory": 1_161_600,
        "intensity": pytest.approx(210_830_400 / (4 * (154_587 + 34_944 + 290_400))),  # 3*227*227 = 154,587
        "receptive_field": [11, 11],
        "jump": [4, 4],
        "start": [0, 0],
    }
    found = {key: value for key, value in layers[0].items() if key in expected}
    assert (found, list(found)) == (expected, list(expected))
    assert (layers[1]["path"], layers[1]["row"], layers[1]["kind"]) == ("conv1/relu", "conv1", "relu")


def test_top_of_alexnets_document_is_that_of_the_design(output: Output) -> None:
    document = json.loads(output("show", "alexnet", "--format", "json"))
    del document["layers"]
    document["totals"] = dict(islice(document["totals"].items(), 5))
    assert document == {
        "cnncalc": 1,
        "name": "AlexNet (two towers)",
        "family": "AlexNet",
        "layout": "CHW",
        "inputs": {"input": [3, 227, 227]},
        "outputs": ["softmax"],
        "profile": "cnncalc",
        "unit": "FLOP",
        "batch": 1,
        "dtype": "fp32",
        "complete": True,
        # elements: conv1, its relu and lrn 3*290,400; 69,984; 3*186,624; 43,264; 4*64,896; 2*43,264; 2*9,216;
        # 6*4,096; 2*1,000
        "totals": {
            "params": 60_965_224,
            "buffers": 0,
            "macs": 724_406_816,
            "flops": 1_448_813_632,
            "elements": 871_200 + 69_984 + 559_872 + 43_264 + 259_584 + 86_528 + 18_432 + 24_576 + 2_000,
        },
        "outputs_shapes": {"softmax": [1000]},
    }


def test_shapes_are_in_the_specs_layout_and_weights_are_not(output: Output) -> None:
    document = json.loads(output("show", "mnist_keras", "--format", "json"))
    conv = document["layers"][0]
    assert (document["layout"], document["inputs"]) == ("HWC", {"input": [28, 28, 1]})
    assert (conv["input_shapes"], conv["output_shape"]) == ([[28, 28, 1]], [26, 26, 32])
    assert conv["weights"] == {"weight": [32, 1, 3, 3], "bias": [32]}


def test_padding_words_are_given_in_numbers(output: Output) -> None:
    document = json.loads(output("show", "alexnet_two_branches", "--format", "json"))
    # same at 224, kernel 11, stride 4: (56 - 1)*4 + 11 - 224 = 7, the smaller half first
    assert document["layers"][0]["settings"]["padding"] == [[3, 4], [3, 4]]


def test_row_of_a_layer_is_a_row_of_the_table(output: Output) -> None:
    layers = json.loads(output("show", "resnet50", "--format", "json"))["layers"]
    table = output("show", "resnet50", "--columns", "layer", "--format", "csv").splitlines()[1:]
    assert list(dict.fromkeys(layer["row"] for layer in layers)) == table


def test_lenets_connections_are_given_as_they_are_written(output: Output) -> None:
    layers = json.loads(output("show", "lenet5", "--format", "json"))["layers"]
    (c3,) = (layer for layer in layers if layer["path"] == "C3")
    # LeCun et al. 1998, Table I: six filters see 3 maps, nine see 4, one sees all 6
    assert [len(maps) for maps in c3["settings"]["connections"]] == [3] * 6 + [4] * 9 + [6]
    assert c3["weights"] == {"weight": [60, 5, 5], "bias": [16]}
    assert "connections" not in layers[0]["settings"]


def test_several_specs_are_json_lines_of_the_same_documents(output: Output) -> None:
    lines = output("show", "alexnet", "lenet5", "--format", "json").splitlines()
    assert len(lines) == 2
    for line, name in zip(lines, ["alexnet", "lenet5"], strict=True):
        assert json.loads(line) == json.loads(output("show", name, "--format", "json"))
        check_document(json.loads(line))


def test_document_is_readable_with_a_line_for_each_layer(output: Output) -> None:
    text = output("show", "lenet5", "--format", "json")
    layers = json.loads(text)["layers"]
    assert text.endswith("}\n")
    assert sum(line.startswith('    {"path": ') for line in text.splitlines()) == len(layers)

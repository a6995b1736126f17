"""Blocks, repeats and shortcuts are found again, and nothing is lost by it."""

import re

import pytest
from bundled import NAMES, ONE_OF_EACH
from importing.making import pt2

from cnncalc.analysis.analyze import analyze_network
from cnncalc.importing.entries import entries_of
from cnncalc.importing.files import import_text
from cnncalc.importing.flat import flat_document
from cnncalc.importing.folding.fold import folded_document
from cnncalc.importing.folding.same import is_same_network, paired
from cnncalc.importing.model import ModelGraph, ModelNode
from cnncalc.importing.passes import simplified
from cnncalc.importing.writing import document_text
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_bundled
from cnncalc.network.build import build_network
from cnncalc.rewriting.format import format_spec

UNDOING = ("segnet",)
"""Architectures with a layer that copies the settings of another: no model file has one."""


def flattened(name: str) -> ModelGraph:
    """A bundled architecture as a model file would have it: its layers with their edges, and nothing else."""
    network = build_network(read_spec(read_bundled(name)))
    shapes = {
        node.path: layer.output for node, layer in zip(network.nodes, analyze_network(network).layers, strict=True)
    }
    nodes = tuple(
        ModelNode(node.path, node.layer.kind, vars(node.layer), tuple(node.inputs), shapes[node.path])
        for node in network.nodes
    )
    return ModelGraph(name, "test", network.inputs, nodes, tuple(network.outputs.values()), layout=network.layout)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ONE_OF_EACH else pytest.mark.slow)
        for name in NAMES
        if name not in UNDOING
    ],
)
def test_a_bundled_architecture_comes_back(name: str) -> None:
    graph = simplified(flattened(name))
    layers = entries_of(graph)
    flat, folded = document_text(flat_document(graph, layers)), document_text(folded_document(graph, layers))
    for text in (flat, folded):
        assert is_same_network(graph, text)
        assert format_spec(Source("spec.yaml", text)) == text
    assert folded.count("\n") <= flat.count("\n")


def test_resnet_50_comes_back_as_its_paper_has_it() -> None:
    graph = simplified(flattened("resnet50"))
    text = document_text(folded_document(graph, entries_of(graph)))
    assert text == RESNET_50


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("mobilenet_v2", "inverted_residual"),
        ("convnext_tiny", "separable_residual"),
        ("xception", "separable_residual"),
    ],
)
def test_a_block_is_inverted_if_a_pixel_widens_it_before_its_depthwise_conv(name: str, block: str) -> None:
    graph = simplified(flattened(name))
    assert f"\n  {block}" in document_text(folded_document(graph, entries_of(graph)))


RESNET_50 = """\
# Imported from a test file.

name: resnet50
input: {C: 3, H: 224, W: 224}
defaults:
  conv: {padding: half, bias: false, norm: bn, activation: relu}
blocks:
  bottleneck(c, stride=1):
  - residual:
    - {conv: c, kernel: 1}
    - {conv: c, kernel: 3, stride: stride}
    - {conv: 4*c, kernel: 1, activation: none}
    shortcut: project
    activation: relu
layers:
- {conv: 64, kernel: 7, stride: 2}
- {maxpool: 3, stride: 2, padding: 1}
- {bottleneck: 64, repeat: 3}
- {bottleneck: 128, repeat: 4, first: {stride: 2}}
- {bottleneck: 256, repeat: 6, first: {stride: 2}}
- {bottleneck: 512, repeat: 3, first: {stride: 2}}
- global_avgpool
- flatten
- {fc: 1000}
"""


def torch_file(name: str) -> bytes:
    """A bundled residual network as torch.export writes it."""
    graph = flattened(name)
    dims = {word: (1, *shape.sizes()) for word, shape in graph.inputs.items()}
    values: dict[str, tuple[int, ...]] = {"x": dims["input"]}
    names, nodes = {"input": "x"}, list[tuple[str, str, dict[str, object]]]()
    for number, node in enumerate(graph.nodes):
        own, read, settings = f"n{number}", [names[value] for value in node.inputs], node.settings
        before = values[read[0]]
        assert node.shape is not None
        values[own] = (1, *node.shape.sizes())
        weight = {"weight": f"p_{own}", "bias": None}
        arguments: dict[str, object] = {"self": read[0]}
        match node.kind:
            case "conv":
                target, kernel = "conv2d.default", settings["kernel"]
                values[f"p_{own}"] = (settings["filters"], before[1], *kernel)
                padding = [(k - 1) // 2 for k in kernel]
                arguments = {"input": read[0], **weight, "stride": list(settings["stride"]), "padding": padding}
            case "bn":
                target = "batch_norm.default"
                kept = {"weight": "p_", "bias": "p_b", "running_mean": "b_m", "running_var": "b_v"}
                values |= {f"{start}{own}": before[1:2] for start in kept.values()}
                arguments = {"input": read[0], **{word: f"{start}{own}" for word, start in kept.items()}}
            case "maxpool":
                target = "max_pool2d.default"
                arguments |= {"kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1]}
            case "global_avgpool":
                target, arguments = "adaptive_avg_pool2d.default", {"self": read[0], "output_size": [1, 1]}
            case "flatten":
                target, arguments = "flatten.using_ints", {"self": read[0], "start_dim": 1}
            case "fc":
                target = "linear.default"
                values |= {f"p_{own}": (settings["features"], before[1]), f"p_b{own}": (settings["features"],)}
                arguments = {"input": read[0], "weight": f"p_{own}", "bias": f"p_b{own}"}
            case "add":
                target, arguments = "add.Tensor", {"self": read[0], "other": read[1]}
            case _:
                target = "relu.default"
        names[node.name] = own
        nodes.append((own, target, arguments))
    return pt2(values, nodes, names[graph.outputs[0]])


def lines(text: str) -> list[str]:
    """The lines of blocks and layers, without what a file calls them and without claims."""
    inside = text.partition("\nblocks:\n")[2].partition("\nexpect:")[0].splitlines()
    plain = [re.sub(r"name: \w+, |, +out: [\dx]+", "", line) for line in inside]
    return [re.sub(r"{(\w+)}$", r"\1", line) for line in plain]


def test_a_resnet_50_of_torch_export_has_the_lines_of_its_spec() -> None:
    assert lines(import_text("net.pt2", torch_file("resnet50"))) == lines(RESNET_50)


def test_a_resnet_50_of_onnx_has_the_lines_of_its_spec_without_norms() -> None:
    pytest.importorskip("onnx")
    from cnncalc.formats.exporters.onnx import onnx_model

    text = RESNET_50.replace(" bias: false, norm: bn,", "")
    model = onnx_model(analyze_network(build_network(read_spec(Source("spec.yaml", text)))))
    for weight in list(model.graph.input)[1:]:
        dims = [one.dim_value for one in weight.type.tensor_type.shape.dim]
        model.graph.initializer.add(name=weight.name, dims=dims, data_type=1)
    assert lines(import_text("net.onnx", model.SerializeToString())) == lines(text)


def test_what_a_file_calls_its_modules_names_blocks_and_rows() -> None:
    values = {
        **{f"p_{i}{j}": (8, 8, 3, 3) for i in range(3) for j in range(2)},
        "x": (1, 8, 4, 4),
        **{f"{name}{i}": (1, 8, 4, 4) for name in "abcd" for i in range(3)},
    }
    nodes: list[tuple[str, str, dict[str, object]]] = []
    for i, source in enumerate(("x", "d0", "d1")):
        convolution = {"bias": None, "padding": [1, 1]}
        nodes += [
            (f"a{i}", "conv2d.default", {"input": source, "weight": f"p_{i}0", **convolution}),
            (f"b{i}", "relu.default", {"self": f"a{i}"}),
            (f"c{i}", "conv2d.default", {"input": f"b{i}", "weight": f"p_{i}1", **convolution}),
            (f"d{i}", "add.Tensor", {"self": f"c{i}", "other": source}),
        ]
    modules = {f"{name}{i}": (f"body.{i}", "BasicUnit") for name in "abcd" for i in range(3)}
    assert import_text("net", pt2(values, nodes, "d2", modules)) == UNITS


UNITS = """\
# Imported from a torch.export file.

input: {C: 8, H: 4, W: 4}
defaults:
  conv: {padding: half, bias: false}
blocks:
  basic_unit:
  - {residual: [{conv: 8, kernel: 3, activation: relu}, {conv: 8, kernel: 3}]}
layers:
- {name: body, basic_unit, repeat: 3,                                  out: 8x4x4}
expect: {params: 3456}
"""


def test_nodes_are_paired_with_those_of_a_network_whose_numbers_are_others() -> None:
    """Of eight additions, each of a value and of a part of it: numbers do not say which is which.

    The input is an output as well.
    """
    rows = "".join(f"  - {{residual: [{{rescale: {factor}}}]}}\n" for factor in range(2, 10))
    network = build_network(read_spec(Source("x", f"input: 3x4x4\nlayers:\n{rows}")))
    nodes = tuple(
        ModelNode(node.path, kind, {"factor": 0.5} if kind == "rescale" else {}, tuple(node.inputs), None)
        for node in network.nodes
        for kind in [node.layer.kind]
    )
    graph = ModelGraph("x", "test", network.inputs, nodes, ("input", *network.outputs.values()))
    pairs = paired(graph, network)
    assert [pairs[node.path].path for node in network.nodes] == [node.path for node in network.nodes]

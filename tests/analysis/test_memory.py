"""Memory: the most values alive at once, against a simulation that knows no bookkeeping."""

import pytest

import cnncalc
from cnncalc.analysis.memory import peak_elements
from cnncalc.analysis.report import Report
from cnncalc.layers import LAYERS

IN_PLACE = ("relu", "dropout", "bn", "scale", "rescale", "identity")
"""As the README says, with a scale by numbers that are given, and what does nothing."""


def test_only_these_kinds_work_in_place() -> None:
    assert {kind for kind, layer in LAYERS.items() if layer.in_place} == {*IN_PLACE}


def simulated_peak(report: Report) -> int:
    """The most values alive at any step, computed again at each step from the values that are still read.

    Each value is in a buffer; a layer in place takes over the buffer of its input if no later layer
    reads that and it is not an output of the network.
    """
    nodes, outputs = report.network.nodes, set(report.network.outputs.values())

    def is_read(path: str, from_step: int) -> bool:
        return path in outputs or any(path in node.inputs for node in nodes[from_step:])

    buffer_of = {name: name for name in report.network.inputs}
    most = sum(report.shapes[name].elements for name in buffer_of)
    for step, node in enumerate(nodes):
        takes_over = node.layer.kind in IN_PLACE and not is_read(node.inputs[0], step + 1)
        buffer_of[node.path] = buffer_of[node.inputs[0]] if takes_over else node.path
        alive = {buffer_of[path] for path in buffer_of if path == node.path or is_read(path, step)}
        most = max(most, sum(report.shapes[buffer].elements for buffer in alive))
    return most


def peak(layers: str, shape: str = "2x4x4", **more: object) -> int:
    """The peak of a network in values, for one input."""
    report = cnncalc.analyze(text=f"{{input: {shape}, layers: [{layers}]}}", **more)  # type: ignore[arg-type]
    found = peak_elements(report.network, report.shapes)
    assert found == simulated_peak(report)
    return found


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        # a value of 2*4*4 is 32
        pytest.param("{conv: 3, kernel: 1}, {conv: 5, kernel: 1}, {conv: 1, kernel: 1}", 48 + 80, id="a chain"),
        pytest.param("{conv: 4, kernel: 1}, relu, relu, dropout", 32 + 64, id="in place"),
        pytest.param("relu", 32, id="in place on the input"),
        pytest.param("{relu: , repeat: 0}", 32, id="the input alone"),
        pytest.param("sigmoid", 64, id="sigmoid is not in place"),
        pytest.param("{conv: 4, kernel: 1, norm: bn, activation: relu}", 96, id="norm and activation in place"),
        pytest.param("{residual: [relu, {conv: 2, kernel: 1}]}", 96, id="a relu of what is read later is not in place"),
        pytest.param("{residual: [{conv: 2, kernel: 1}, relu]}", 96, id="skip, sum and what is added"),
        # a 16 and b 160 alive while c 16 is made from b; a is kept for the concat
        pytest.param(
            "{name: a, conv: 1, kernel: 1}, {name: b, conv: 10, kernel: 1}, {name: c, conv: 1, kernel: 1}, "
            "{concat: [a, c]}", 16 + 160 + 16, id="a long skip stays alive",
        ),
    ],
)  # fmt: skip
def test_the_peak_of_a_small_network(layers: str, expected: int) -> None:
    assert peak(layers) == expected


def test_the_networks_outputs_stay_alive() -> None:
    layers = "{name: a, conv: 2, kernel: 1}, {name: b, dropout: 0.5}, {name: c, conv: 2, kernel: 1}"
    assert peak(layers) == 64
    text = f"{{input: 2x4x4, layers: [{layers}], outputs: [a, c]}}"
    report = cnncalc.analyze(text=text)
    # dropout reads a, an output, so that it needs its own 32; a, b and c while c is made
    assert peak_elements(report.network, report.shapes) == simulated_peak(report) == 96


def test_a_unet_keeps_its_skip() -> None:
    layers = (
        "{name: enc, conv: 4, kernel: 3, padding: 1}, {maxpool: 2}, {name: low, conv: 8, kernel: 3, padding: 1}, "
        "{name: up, deconv: 4, kernel: 2, stride: 2}, {name: joined, concat: [enc, up]}, {conv: 1, kernel: 1}"
    )
    # 8x8: enc 256, pool 64, low 128, up 256, joined 512; at the concat enc, up and joined
    assert peak(layers, "1x8x8") == 256 + 256 + 512


def test_an_unpooling_keeps_what_entered_the_pool() -> None:
    layers = "{name: c, conv: 4, kernel: 3, padding: 1}, {name: p, maxpool: 2}, {name: s, sigmoid: }, {unpool: p}"
    # 8x8: c 256, p 64, s 64, the unpooled 256; at the end c, s and that
    assert peak(layers, "1x8x8") == 256 + 64 + 256


@pytest.mark.parametrize("name", [
    "alexnet", "resnet18", "resnet50", "googlenet", "unet", "mobilenet_v2", "lenet5", "segnet",
])  # fmt: skip
def test_the_peak_of_a_bundled_network_is_the_simulations(name: str) -> None:
    report = cnncalc.analyze(name)
    assert peak_elements(report.network, report.shapes) == simulated_peak(report)


def test_alexnets_peak_is_its_first_lrn() -> None:
    assert cnncalc.analyze("alexnet").totals.peak_memory == 2 * 290_400 * 4


FC = "{input: 10, layers: [{name: hidden, fc: 20}, bn, {fc: 5}]}"
# params 10*20 + 20 + 40 + 20*5 + 5 = 365; buffers 40; outputs 20 + 20 + 5 = 45; peak 10 + 20


def test_memory_in_each_number_format() -> None:
    for dtype, size in {"fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}.items():
        totals = cnncalc.analyze(text=FC, dtype=dtype).totals
        assert (totals.weights_memory, totals.output_memory, totals.peak_memory) == (405 * size, 45 * size, 30 * size)


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        ("sgd", 4 * (405 + 365 + 45)),  # weights and buffers, gradients, outputs
        ("momentum", 4 * (405 + 2 * 365 + 45)),
        ("adam", 4 * (405 + 3 * 365 + 45)),
    ],
)
def test_memory_for_training(optimizer: str, expected: int) -> None:
    assert cnncalc.analyze(text=FC, optimizer=optimizer).totals.training_memory == expected


def test_a_batch_multiplies_activations_and_not_weights() -> None:
    totals = cnncalc.analyze(text=FC, batch=16).totals
    assert (totals.weights_memory, totals.output_memory, totals.peak_memory) == (1_620, 16 * 180, 16 * 120)
    assert totals.training_memory == 4 * (405 + 365) + 16 * 180


def test_a_row_has_its_own_memory() -> None:
    row = cnncalc.analyze(text=FC, batch=2)["hidden"]
    assert (row.weights_memory, row.output_memory) == (4 * 220, 2 * 4 * 20)

"""`verify_layers` and `cnncalc.verify`: verdicts, mismatches, and what cannot be executed."""

import pickle
from collections.abc import Iterable
from typing import Any

import pytest
from bundled import every_architecture, small_report
from hypothesis import given
from hypothesis import strategies as st
from networks import one_layer

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.execution_memory import execution_memory
from cnncalc.errors import OutOfMemory, ShapeError
from cnncalc.executor import FUNCTIONS
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.layers.convolution import Conv
from cnncalc.layers.linear import FullyConnected
from cnncalc.shapes import Shape
from cnncalc.verification.receptive_field import Sighting, chosen_pixels, field_verdicts, look, summed
from cnncalc.verification.verdicts import Fields, Mismatch
from cnncalc.verification.verify import verified, verify_layers


def seen_fields(report: cnncalc.Report, sightings: Iterable[Sighting]) -> Fields:
    return summed(field_verdicts(report, sightings))


TWO_CONVS = "{input: 3x8x8, layers: [{conv: 4, kernel: 3}, {conv: 2, kernel: 3}]}"


@every_architecture
def test_every_architecture_is_as_claimed(name: str) -> None:
    report = small_report(name)
    verdicts = list(verify_layers(report))
    assert [mismatch for verdict in verdicts for mismatch in verdict.mismatches] == []
    assert len(verdicts) == len(report.layers)
    assert sum(verdict.macs for verdict in verdicts) == report.totals.macs
    assert sum(verdict.values_used for verdict in verdicts) == report.totals.params + report.totals.buffers


@pytest.mark.parametrize("name", ["lenet5", "alexnet_cifar", "squeezenet1_0", "mnist_keras"])
def test_receptive_fields_are_as_claimed(name: str) -> None:
    report = small_report(name)
    pixels = chosen_pixels(report)
    assert len(pixels) >= 4
    fields = seen_fields(report, look(report, pixels))
    assert fields.mismatches == ()
    assert fields.confirmed + fields.undecided == len(report.layers)
    assert fields.confirmed >= 4


def test_verify_from_python_gives_a_list_of_mismatches() -> None:
    assert cnncalc.verify("alexnet_cifar") == []
    assert cnncalc.verify(text=TWO_CONVS, input="3x9x7", seed=5, receptive_field=True) == []


def test_a_mismatch_says_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conv, "macs", lambda self, x: 7)
    mismatches = cnncalc.verify(text=TWO_CONVS)
    # 4*6*6 values of 3*3*3; 2*4*4 values of 3*3*4
    assert mismatches == [Mismatch("conv1", "macs", "7", "3,888"), Mismatch("conv2", "macs", "7", "1,152")]
    assert str(mismatches[0]) == "conv1: macs claimed 7, executed 3,888"
    assert pickle.loads(pickle.dumps(mismatches)) == mismatches


def test_a_mismatch_names_shapes_and_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conv, "output_shape", lambda self, x: Shape(self.filters, (9, 9)))
    monkeypatch.setattr(FullyConnected, "weight_shapes", lambda self, x: {})
    text = "{layout: HWC, input: 8x8x3, layers: [{conv: 4, kernel: 3}, flatten, {fc: 5}]}"
    mismatches = cnncalc.verify(text=text)
    assert [str(mismatch) for mismatch in mismatches] == [
        "conv: output claimed 9x9x4, executed 6x6x4",
        "flatten: output claimed 324, executed 144",
        "fc: weights claimed none, executed bias 5, weight 5x144",
        "fc: macs claimed 1,620, executed 720",
    ]


def test_what_cannot_be_executed_is_a_mismatch_and_so_is_all_behind_it() -> None:
    # made by hand: build_network would refuse a window larger than the input
    network = one_layer(make(Conv, 2, filters=4, kernel=3), Shape(3, (8, 8)))
    report = analyze_network(network)
    smaller = report.network._replace(inputs={"a": Shape(3, (2, 2))})
    (verdict,) = verify_layers(type(report)(network=smaller, layers=report.layers, shapes=report.shapes))
    (mismatch,) = verdict.mismatches
    assert (mismatch.path, mismatch.figure, mismatch.claim) == ("conv", "execution", "4x6x6")
    assert mismatch.observation.startswith("conv: conv cannot be executed on 3x2x2: ")
    assert (verdict.shape, verdict.macs, dict(verdict.weights)) == (None, 0, {})


def test_what_comes_after_a_failure_is_not_called_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    report = cnncalc.analyze(text=TWO_CONVS)
    smaller = report.network._replace(inputs={"input": Shape(3, (2, 2))})
    broken = type(report)(network=smaller, layers=report.layers, shapes=report.shapes)
    observations = [verdict.mismatches[0].observation for verdict in verify_layers(broken)]
    assert len(observations) == 2
    assert observations[1] == "nothing, as a layer before it failed"


def test_a_network_that_cannot_fit_is_refused_before_anything_is_allocated() -> None:
    text = "{input: 1x1000000x1000000, layers: [{conv: 10, kernel: 1}]}"
    # 10^12 values, 10 times as many, and the input again
    message = r"^executing the network needs 48,000\.0 GB of memory, and this process may use .* GB; a smaller input"
    with pytest.raises(cnncalc.ExecutionError, match=message):
        cnncalc.verify(text=text)


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param("{conv: 1000000000000, kernel: 1}", id="weights"),
        pytest.param(
            "{maxpool: 1x1000000, padding: [[0, 0], [500000, 500000]], stride: 1x1000000}, {zeropad: 9000000}",
            id="outputs",
        ),
        pytest.param("{conv: 1, kernel: 1, stride: 100000000, padding: 1000000000}", id="padding"),
    ],
)
def test_what_a_layer_needs_beside_its_output_is_refused_as_well(layer: str) -> None:
    with pytest.raises(cnncalc.ExecutionError, match="^executing the network needs .* GB of memory"):
        cnncalc.verify(text=f"{{input: 3x8x8, layers: [{layer}]}}")


@pytest.mark.parametrize("options", [{}, {"batch": 100}, {"dtype": "int8"}], ids=["default", "batch", "dtype"])
def test_memory_is_that_of_one_input_in_fp32_whatever_the_report_is_for(options: dict[str, Any]) -> None:
    # 3*8*8 + 4*6*6 = 336 values, 4*3*3*3 + 4 weights and the input again, of 4 bytes each
    assert execution_memory(cnncalc.analyze(text=TWO_CONVS, **options)) == (336 + 112 + 192) * 4


def test_memory_that_is_just_enough_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.executor.memory.available_memory", lambda: 640 * 4)
    assert cnncalc.verify(text=TWO_CONVS) == []
    monkeypatch.setattr("cnncalc.executor.memory.available_memory", lambda: 640 * 4 - 1)
    with pytest.raises(cnncalc.ExecutionError):
        cnncalc.verify(text=TWO_CONVS)


def test_the_scores_of_attention_count() -> None:
    # 2 heads score 50 x 50 positions, three copies while they are computed; queries, keys, values and what they give
    # are 50 x 4 each. 50 x 4 values enter and leave; 4 matrices of 4 x 4 and 4 offsets of 4.
    report = cnncalc.analyze(text="{input: {C: 4, L: 50}, layers: [{attention: 2}]}")
    assert execution_memory(report) == (3 * 2 * 2500 + 4 * 200 + 2 * 200 + 80) * 4


def test_kept_weights_and_further_inputs_need_memory() -> None:
    # 5 entering, 2 leaving values at once; 12 params; 2 more inputs with their outputs
    report = cnncalc.analyze(text="input: {C: 5}\nlayers:\n- {fc: 2}\n")
    assert execution_memory(report, inputs=3, weights_kept=True) == (5 + 2 + 2 * 7 + 12) * 4


def test_too_little_memory_contradicts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object) -> None:
        raise MemoryError("Unable to allocate 9 GiB")

    monkeypatch.setitem(FUNCTIONS, "conv", full)
    with pytest.raises(OutOfMemory, match="^conv1: .* memory to execute it: Unable to allocate 9 GiB$"):
        cnncalc.verify(text=TWO_CONVS)


def test_equal_seeds_verify_with_equal_values() -> None:
    report = cnncalc.analyze(text=TWO_CONVS)
    assert list(verify_layers(report, seed=1)) == list(verify_layers(report, seed=1))


TWO_INPUTS = """
inputs: {left: 3x9x9, right: 1x9x9}
layers:
- {name: one, from: left, conv: 2, kernel: 3, padding: 1}
- {name: other, from: right, conv: 2, kernel: 5, padding: 2}
- {name: both, add: [one, other]}
outputs: [both, one]
"""


def test_fields_are_looked_at_from_every_input() -> None:
    report = cnncalc.analyze(text=TWO_INPUTS)
    pixels = chosen_pixels(report)
    assert {pixel.input for pixel in pixels} == {"left", "right"}
    assert seen_fields(report, look(report, pixels)) == Fields((), confirmed=6, undecided=0)


def test_an_input_that_a_value_does_not_see_must_not_reach_it() -> None:
    report = cnncalc.analyze(text=TWO_INPUTS)
    clean, *sightings = look(report, chosen_pixels(report))
    other = {"left": "right", "right": "left"}
    crossed = [s._replace(pixel=s.pixel._replace(input=other[s.pixel.input])) for s in sightings if s.pixel]
    assert {(m.path, m.claim, m.observation) for m in seen_fields(report, [clean, *crossed]).mismatches} >= {
        ("one", "nothing of right", "pixel (4, 4)"),
        ("other", "nothing of left", "pixel (4, 4)"),
    }


def test_the_whole_input_is_no_claim_that_a_pixel_could_contradict() -> None:
    text = "{input: 3x8x8, layers: [{conv: 4, kernel: 3, stride: 2}, global_avgpool, flatten, {fc: 2}]}"
    report = cnncalc.analyze(text=text)
    sightings = list(look(report, chosen_pixels(report)))
    assert [set(sighting.reached) for sighting in sightings] == [{"conv"}, {"conv"}, {"conv"}]  # one without NaN
    assert seen_fields(report, sightings) == Fields((), confirmed=1, undecided=3)


@pytest.mark.parametrize(
    "layers",
    [
        pytest.param("{branches: [[], [{conv: 4, kernel: 3, padding: 1}]]}, {slice: 0..4}", id="slice"),
        pytest.param("{crop: 4}, {avgpool: 5, rounding: ceil}", id="a window past a crop"),
        pytest.param("{conv: 6, kernel: 1}, {mul: [prev, prev], repeat: 12}, {conv: 2, kernel: 1}", id="overflow"),
        pytest.param(
            "{maxpool: 1, stride: 7, rounding: ceil_caffe}, {conv: 2, kernel: 1, repeat: 2}",
            id="empty",
        ),
    ],
)
def test_a_right_spec_raises_no_false_alarm(layers: str) -> None:
    assert cnncalc.verify(text=f"{{input: 4x9x13, layers: [{layers}]}}", receptive_field=True) == []


def test_a_vector_from_one_of_two_inputs_is_looked_at_as_well() -> None:
    text = """
    inputs: {image: 1x8x8, other: 1x8x8}
    layers:
    - {flatten: , from: image}
    - {name: score, fc: 3}
    - {name: map, conv: 2, kernel: 3, from: other}
    outputs: [score, map]
    """
    report = cnncalc.analyze(text=text)
    fields = seen_fields(report, look(report, chosen_pixels(report)))
    assert fields.mismatches == ()
    # flatten and score see nothing of other, map nothing of image, and map its own input
    assert fields.confirmed == 4


def test_what_no_pixel_can_decide_is_not_called_confirmed() -> None:
    # a field of 9 pixels on 9: every output in the middle reaches over the border
    report = cnncalc.analyze(text="{input: 2x9x9, layers: [{conv: 2, kernel: 9, padding: 4}]}")
    assert seen_fields(report, look(report, chosen_pixels(report))) == Fields((), confirmed=0, undecided=1)


def fields_of(layers: str, input_: str = "2x9x9") -> Fields | None:
    return verified(cnncalc.analyze(text=f"{{input: {input_}, layers: [{layers}]}}"), receptive_field=True).fields


@pytest.mark.parametrize(
    ("layers", "confirmed", "undecided"),
    [
        pytest.param("{conv: 2, kernel: 9, padding: 4}", 1, 0, id="as wide as the map"),
        pytest.param("{conv: 2, kernel: 13, padding: 6}", 1, 0, id="wider than the map"),
        pytest.param("{conv: 2, kernel: 15x1, padding: same, stride: 2}", 1, 0, id="wider on one axis"),
        pytest.param("{maxpool: 2}, {conv: 2, kernel: 9, padding: same}, relu", 3, 0, id="after a stride"),
        pytest.param("{conv: 2, kernel: 9, padding: 4}, global_avgpool", 1, 1, id="the whole input is never decided"),
        pytest.param("{conv: 2, kernel: 9, padding: 4}, {reshape: 9x18}", 1, 1, id="what takes one size only"),
    ],
)
def test_a_field_wider_than_the_map_is_decided_by_a_larger_input(layers: str, confirmed: int, undecided: int) -> None:
    assert fields_of(layers) == Fields((), confirmed, undecided)


def test_a_larger_input_that_does_not_fit_into_memory_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # 2*9*9 values, twice; what is padded, 2*17*17, and 2*2*9*9 weights with 2 offsets: 4 bytes each are enough for it
    monkeypatch.setattr("cnncalc.executor.memory.available_memory", lambda: (324 + 162 + 578 + 326) * 4)
    assert fields_of("{conv: 2, kernel: 9, padding: 4}") == Fields((), confirmed=0, undecided=1)


def test_from_python_values_are_compared_with_another_program_too() -> None:
    assert cnncalc.verify(text=TWO_CONVS, against="onnxruntime") == []


@pytest.mark.parametrize("seed", [-1, "a", True, 1.0], ids=["negative", "text", "a flag", "a float"])
def test_a_seed_is_a_whole_number(seed: Any) -> None:
    with pytest.raises(cnncalc.OverrideError, match="^seed is .*; a whole number of 0 or more is expected$"):
        cnncalc.verify(text=TWO_CONVS, seed=seed)


def settings_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of a window kind, small enough that many fit."""
    small = st.integers(1, 4)
    pairs = st.tuples(st.integers(0, 2), st.integers(0, 2))
    padding = st.one_of(
        st.integers(0, 2), st.tuples(pairs, pairs), st.sampled_from(["same", "same_lower", "half", "valid"])
    )
    sizes = {"kernel": st.tuples(small, small), "stride": st.tuples(small, small), "padding": padding}
    own: dict[str, dict[str, Any]] = {
        "conv": {"filters": st.just(4), "groups": st.sampled_from([1, 2]), "dilation": small},
        "depthwise": {"multiplier": st.integers(1, 2), "dilation": small},
        "deconv": {
            "filters": st.just(4),
            "groups": st.sampled_from([1, 2]),
            "dilation": small,
            "output_padding": st.integers(0, 2),
        },
        "maxpool": {"dilation": small, "rounding": st.sampled_from(["floor", "ceil", "ceil_caffe"])},
        "avgpool": {"rounding": st.sampled_from(["floor", "ceil", "ceil_caffe"]), "count_padding": st.booleans()},
    }
    return st.fixed_dictionaries(sizes | own[kind])


@given(
    st.sampled_from(["conv", "depthwise", "deconv", "maxpool", "avgpool"]).flatmap(
        lambda kind: st.tuples(st.just(kind), settings_of(kind))
    ),
    st.integers(1, 12),
    st.integers(1, 12),
)
def test_every_window_that_fits_is_as_claimed(chosen: tuple[str, dict[str, Any]], height: int, width: int) -> None:
    kind, settings = chosen
    try:
        report = analyze_network(one_layer(make(LAYERS[kind], 2, **settings), Shape(2, (height, width))))
    except ShapeError:
        return
    assert [verdict.mismatches for verdict in verify_layers(report)] == [()]
    assert seen_fields(report, look(report, chosen_pixels(report))).mismatches == ()

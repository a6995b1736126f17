"""Variants: other numbers, the same for the same seed, and every size whole."""

import pytest

import cnncalc
from cnncalc.errors import NoVariant, OverrideError
from cnncalc.homework.variants import Variant, Variants
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_source
from cnncalc.network.model import Network


def variants(spec: str) -> Variants:
    source = Source("net.yaml", spec) if "\n" in spec else read_source(spec)
    return Variants(read_spec(source))


def remainders(network: Network) -> list[int]:
    """What each stride of a network leaves over; with SAME padding it divides the size itself."""
    shapes = dict(network.inputs)
    found: list[int] = []
    for node in network.nodes:
        inputs = [shapes[path] for path in node.inputs]
        same = getattr(node.layer, "padding", None) in ("same", "same_lower")
        windows = node.layer.windows(*inputs) if hasattr(node.layer, "windows") else ()
        found += [window.size % window.stride if same else window.remainder for window in windows]
        shapes[node.path] = node.layer.output_shape(*inputs)
    return found


SOME = [
    "alexnet", "alexnet_keras_flowers", "alexnet_two_branches", "lenet5", "m5", "mnasnet1_0", "mobilenet_v1",
    "mobilenet_v2", "mobilenet_v3_small", "nin_cifar10", "regnet_x_400mf", "resnet50", "se_resnet50", "segnet",
    "shufflenet_v2_x1_0", "squeezenet1_0", "vgg16", "wavenet_dilated",
]  # fmt: skip


@pytest.mark.parametrize("name", SOME)
def test_a_variant_has_whole_sizes(name: str) -> None:
    found = remainders(variants(name).network(Variant(7)))
    assert found
    assert not any(found)


@pytest.mark.parametrize("name", [name for name in SOME if name != "wavenet_dilated"])
def test_with_remainders_some_sizes_of_a_variant_are_not_whole(name: str) -> None:
    assert any(remainders(variants(name).network(Variant(7, remainders=True))))


def test_a_network_without_strides_has_variants_with_and_without_remainders() -> None:
    made = variants("wavenet_dilated")
    assert made.network(Variant(7, remainders=True)) == made.network(Variant(7))


def test_the_same_seed_gives_the_same_numbers_in_every_version() -> None:
    # What sheets that are handed out say must be what `grade` makes again: these numbers never change.
    network = variants("alexnet").network(Variant(7))
    assert network.inputs["input"].text() == "3x289x289"
    filters = [getattr(node.layer, "filters", None) for node in network.nodes if node.layer.kind == "conv"]
    assert filters == [96, 384, 384, 384, 384]


def test_different_seeds_give_different_numbers() -> None:
    made = variants("alexnet")
    shown = {(n.inputs["input"], n.nodes[0].layer) for n in (made.network(Variant(seed)) for seed in range(10))}
    assert len(shown) > 8


def test_a_variant_is_another_network_of_the_same_rows() -> None:
    original, other = cnncalc.analyze("resnet18").network, variants("resnet18").network(Variant(1))
    assert [row.path for row in other.rows] == [row.path for row in original.rows]
    assert [node.path for node in other.nodes] == [node.path for node in original.nodes]
    assert other.inputs != original.inputs


def test_claims_are_left_out_because_they_were_for_the_old_numbers() -> None:
    assert variants("alexnet").network(Variant(1)).claims == ()


def test_a_padding_of_half_the_kernel_stays_one() -> None:
    spec = "input: 3x32x32\nlayers:\n- {conv: 8, kernel: 5, padding: 2}\n- {conv: 8, kernel: 3, padding: 1}\n"
    for seed in range(20):
        for node in variants(spec).network(Variant(seed)).nodes:
            settings = vars(node.layer)
            assert settings["padding"] == ((settings["kernel"][0] // 2,) * 2,) * 2


SHORTCUT = """\
input: 16x32x32
layers:
- {conv: 16, kernel: 3, padding: 1}
- residual: [{conv: 16, kernel: 3, padding: 1}]
"""


def test_equal_filters_stay_equal_so_that_shortcuts_fit() -> None:
    for seed in range(20):
        nodes = variants(SHORTCUT).network(Variant(seed)).nodes
        assert len({vars(node.layer)["filters"] for node in nodes if node.layer.kind == "conv"}) == 1


def test_no_variant_is_an_error_with_advice() -> None:
    spec = "input: 3x32x32\nlayers:\n- {crop: 32}\n- {maxpool: 2, stride: 5, padding: 0}\n"  # (32 - 2)/5 and (32 - 3)/5
    message = "net.yaml: no variant has whole sizes everywhere; with remainders allowed (--allow-remainders)"
    with pytest.raises(NoVariant) as caught:
        variants(spec.replace("stride: 5", "stride: 7")).network(Variant(1))
    assert str(caught.value).startswith(message)


def test_a_search_for_a_variant_comes_to_an_end() -> None:
    # The pool's stride of 7 leaves 3 or 4 of 8,000 pixels after its first window, whatever the size of the input is.
    lines = "- {conv: 4, kernel: 1}\n" * 20
    spec = f"input: {{C: 3, L: 8000}}\nlayers:\n{lines}- {{crop: 8000}}\n- {{maxpool: 2, stride: 7}}\n"
    with pytest.raises(NoVariant):
        variants(spec).network(Variant(1))


@pytest.mark.parametrize(
    "spec",
    ["input: {C: 784}\nlayers:\n- {fc: 10}\n", "inputs: {a: 3x8x8, b: 3x8x8}\nlayers:\n- {add: [a, b]}\n"],
    ids=["a vector", "two inputs"],
)
def test_variants_are_for_one_input_with_axes(spec: str) -> None:
    with pytest.raises(OverrideError, match="^variants are made for networks with one input that has spatial axes$"):
        variants(spec)


@pytest.mark.parametrize("seed", range(3, 7))
def test_pools_and_deconvolutions_stay_a_pair(seed: int) -> None:
    network = variants("unet").network(Variant(seed))
    kernels = {node.layer.kernel for node in network.nodes if node.layer.kind in ("maxpool", "deconv")}  # type: ignore[attr-defined]
    assert kernels == {(2, 2)}


@pytest.mark.parametrize("seed", range(4))
def test_a_map_that_is_higher_than_wide_stays_so(seed: int) -> None:
    spec = "input: {C: 3, H: 64, W: 48}\nlayers: [{conv: 16, kernel: 3, stride: 2, padding: 1}, {maxpool: 2}]\n"
    ((height, width),) = (shape.spatial for shape in variants(spec).network(Variant(seed)).inputs.values())
    assert height - width in (16, 32)  # as it was, or on the grid of 32

"""What makes the difference between profiles, and what a number is."""

from fractions import Fraction

import pytest
from bundled import ONE_OF_EACH, text_of
from networks import EXAMPLE_NET, MNIST_NET

import cnncalc
from cnncalc.analysis.reconcile import Part, Tally, reconcile
from cnncalc.explaining.ways import identify
from cnncalc.language.claims import COUNT_UNITS, quantity

TORCHVISION_ALEXNET = text_of("alexnet_torchvision")
PYTORCHCV_ALEXNET = TORCHVISION_ALEXNET.replace("- {adaptive_avgpool: 6}\n", "")  # osmr's AlexNet-b has none


def tally_of(spec: str, profile: str) -> Tally:
    (tally,) = (tally for tally in reconcile(cnncalc.analyze(spec)) if tally.profile.name == profile)
    return tally


@pytest.mark.parametrize("spec", ONE_OF_EACH)
def test_the_parts_add_up_to_what_the_report_counts(spec: str) -> None:
    for tally in reconcile(cnncalc.analyze(spec)):
        assert tally.difference == sum(part.amount for part in tally.parts)
        report = cnncalc.analyze(spec, profile=tally.profile.name)
        assert (tally.total, not tally.unknown) == (report.totals.flops, report.complete)


def test_torchinfo_counts_bias_additions() -> None:
    # conv 290,400 + 186,624 + 64,896 + 64,896 + 43,264 outputs and fc 4096 + 4096 + 1000
    assert tally_of("alexnet", "torchinfo").parts == (Part(("conv", "fc"), "b", False, 659_272),)


def test_kinds_with_one_rule_are_one_part_and_the_unknown_are_named() -> None:
    tally = tally_of("alexnet", "ptflops")
    assert tally.parts[1].kinds == ("relu", "maxpool")
    assert tally_of("alexnet", "fvcore").unknown == {
        "the tool has no rule: it counts 0 and says so": ("lrn", "maxpool", "softmax")
    }


def test_a_rule_in_place_of_the_macs_says_how_much_it_differs() -> None:
    # thop multiplies the outputs of a transposed convolution, of which there are 4 for each input at stride 2.
    (part,) = tally_of("unet", "thop").parts
    assert (part.kinds, part.rule, part.instead) == (("deconv",), "y*k*C/g", True)
    assert part.amount == 3 * 5_631_377_408


def found(text: str, number: str) -> list[str]:
    return explained(cnncalc.analyze(text=text) if "\n" in text else cnncalc.analyze(text), number)


def explained(report: cnncalc.Report, number: str) -> list[str]:
    value, tolerance = quantity(number, COUNT_UNITS)
    return [way.what for way in identify(report, Fraction(value), tolerance)[0]]


PUBLISHED = {
    # Figures as the tools or their pages print them (same_network_many_tools.csv names the pages).
    "torchsummaryX on MNIST-Net": (MNIST_NET, "480500", "macs, thop (MACs); fvcore (flops); netscope (MACCs)"),
    # 1,048,320 + 2,248,960 + 112,350 + 3,570 for a batch of 7, in torchinfo's test output
    "torchinfo on 7 MNIST images": (MNIST_NET, "3413200", "batch 7: torchinfo (mult-adds)"),
    "torchinfo on 7 MNIST images, as printed": (MNIST_NET, "3.41M", "batch 7: torchinfo (mult-adds)"),
    "torchstat's Flops": (EXAMPLE_NET, "95998220", "MACs + bias additions of conv"),
    "torchstat's MAdd": (
        EXAMPLE_NET, "190578940", "2·MACs minus 1 for each fc output (n products need n − 1 additions)",
    ),
    "torchvision's AlexNet": (TORCHVISION_ALEXNET, "714M", "macs (MACs); netscope (MACCs)"),
    "flopth on AlexNet": (
        TORCHVISION_ALEXNET, "715.553M", "MACs + bias additions of conv + activation inputs + pooling inputs",
    ),
    "ptflops on AlexNet": (TORCHVISION_ALEXNET, "0.72G", "ptflops (MACs)"),
    "ptflops' aten backend on AlexNet": (TORCHVISION_ALEXNET, "0.71G", "macs (MACs); netscope (MACCs)"),
    "calflops' FLOPs on AlexNet": (
        TORCHVISION_ALEXNET, "4.2892G", "three times (forward and backward pass): calflops (FLOPs)",
    ),
    "calflops' MACs on AlexNet": (
        TORCHVISION_ALEXNET, "2.1426G", "three times (forward and backward pass): macs (MACs); netscope (MACCs)",
    ),
    "pytorchcv on AlexNet-b": (PYTORCHCV_ALEXNET, "714.83M", "half: keras-tf (FLOPs)"),
    "torchvision's ResNet-50": ("resnet50", "4.089G", "macs (MACs); netscope (MACCs)"),
    "timm on ResNet-50": ("resnet50", "4.11G", "fvcore (flops)"),
    "pycls on ResNet-50": ("resnet50", "4089185256", "MACs + bias additions"),
    "ptflops on ResNet-50": ("resnet50", "4.13G", "ptflops (MACs)"),
    "Open Model Zoo's params of ResNet-50": ("resnet50", "25530472", "params with batch norm folded into conv and fc"),
    "torchvision's VGG-16": ("vgg16", "15.47G", "macs (MACs); fvcore (flops); netscope (MACCs)"),
    "Google's receptive_field on VGG-16": (
        "vgg16", "30.71G", "2·MACs of the convolutions only + bias additions of conv",
    ),
    "darknet's Total BFLOPS of VGG-16": (
        "vgg16", "30.699G", "2·MACs of the convolutions only + cells of pooling windows",
    ),
    "darknet's ops line of VGG-16": ("vgg16", "30940528640", "cnncalc, torch, darknet (FLOPs)"),
    "Open Model Zoo's VGG-16": ("vgg16", "30.974G", "calflops (FLOPs)"),
    "pytorchcv on VGG-16": ("vgg16", "15480.10M", "half: 2·MACs + activation inputs + cells of pooling windows"),
    "AlexNet without its groups": ("alexnet", "1.135G", "MACs with the groups forgotten"),
    "VGG-16 in MobileNet's paper": ("vgg16", "15.3G", "MACs of the convolutions only"),
    "AlexNet's parameters": ("alexnet", "60.97M", "params, not operations"),
    "Keras's Total params of ResNet-50": (
        "resnet50", "25610152", "params + buffers, not operations (Keras's Total params)",  # 25,557,032 + 53,120
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_numbers_are_explained(case: str) -> None:
    spec, number, what = PUBLISHED[case]
    assert what in found(spec, number)


@pytest.mark.parametrize(
    ("spec", "number", "what"),
    [
        ("alexnet", "724406816", "macs (MACs); fvcore (flops)"),
        ("alexnet", "60965224", "params, not operations"),
        ("resnet50", "4.11G", "fvcore (flops)"),
    ],
)
def test_the_most_plausible_explanation_comes_first(spec: str, number: str, what: str) -> None:
    assert found(spec, number)[0] == what


@pytest.mark.parametrize("number", ["714000000", "714M"])
def test_round_digits_are_taken_for_a_rounded_number(number: str) -> None:
    assert "macs (MACs); netscope (MACCs)" in found(TORCHVISION_ALEXNET, number)


@pytest.mark.parametrize(("spec", "number"), [(TORCHVISION_ALEXNET, "0.77G"), ("vgg16", "15.61G"), ("alexnet", "7")])
def test_a_number_that_nothing_gives_gets_the_nearest_instead(spec: str, number: str) -> None:
    report = cnncalc.analyze(text=spec) if "\n" in spec else cnncalc.analyze(spec)
    value, tolerance = quantity(number, COUNT_UNITS)
    fitting, nearest = identify(report, Fraction(value), tolerance)
    assert fitting == ()
    assert len(nearest) == 3
    distances = [way.distance(Fraction(value)) for way in nearest]
    assert distances == sorted(distances)


def test_a_rounded_number_says_nothing_about_a_large_batch() -> None:
    assert not any(what.startswith("batch") for what in found("alexnet", "464G"))  # 640 or 641 times 724,406,816
    assert "batch 640: macs (MACs); fvcore (flops)" in found("alexnet", str(640 * 724_406_816))


@pytest.mark.parametrize(
    ("number", "what"),
    [
        # sovrasov/flops-counter.pytorch#149: 192 + 16, and after its fix 48 + 4.
        ("208", "torchinfo (mult-adds); ptflops up to 0.7.4 (MACs)"),
        ("52", "ptflops' issue 149, a bias for each input position (MACs)"),
        ("192", "thop (MACs)"),
        ("48", "macs, ultralytics-thop from 2.0.16 (MACs); fvcore (flops); netscope (MACCs)"),
    ],
)
def test_a_number_may_be_that_of_another_version(number: str, what: str) -> None:
    assert found("input: 3x2x2\nlayers:\n- {deconv: 1, kernel: 2, stride: 2}\n", number)[0] == what


def test_a_layer_whose_groups_are_no_number_has_one() -> None:
    # 4 channels of 4 positions become 16 values; torchinfo counts the weights and biases of fc, 16*2 + 2 = 34.
    spec = "input: 4x2x2\nlayers:\n- {space_to_depth: 2}\n- flatten\n- {fc: 2}\n"
    assert found(spec, "34")[0].startswith("torchinfo (mult-adds)")

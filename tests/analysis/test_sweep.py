"""Sweeps, and the smallest valid input against what torchvision publishes."""

import pytest

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.choices import read_swept
from cnncalc.analysis.sweep import Smallest, run_sweep, smallest_inputs, sweep_smallest
from cnncalc.errors import SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source, read_bundled
from cnncalc.network.build import build_network


def spec(layers: str, shape: str = "{C: 3, H: 32, W: 32}") -> Spec:
    return read_spec(Source("net.yaml", f"input: {shape}\nvars: {{width: 1}}\nlayers: {layers}\n"))


EVEN_ONLY = "[{residual: [{maxpool: 2}, {upsample: 2}]}]"
"""Halved and doubled again, a map of odd size is one short of its shortcut."""


def test_every_variant_has_the_figures_of_its_own_network() -> None:
    read = read_spec(read_bundled("mobilenet_v2"))
    swept = read_swept(read, ["160,224"], ["width=0.5,1.0"], ["1,8"])
    variants = list(run_sweep(read, swept))
    assert [variant.labels for variant in variants] == [
        (size, width, batch) for size in ("160x160", "224x224") for width in ("0.5", "1.0") for batch in ("1", "8")
    ]
    alone = analyze_network(build_network(read, inputs=["3x160x160"], variables={"width": "0.5"}), batch=8)
    assert variants[1].totals == alone.totals.values()
    assert variants[1].outputs == alone.output_shapes
    torchvision = variants[-2].totals  # width 1.0, 224, batch 1
    assert torchvision is not None
    assert torchvision["params"] == 3_504_872  # torchvision 0.28
    turned = {variant.labels: variant.totals for variant in run_sweep(read, swept[::-1])}
    assert turned["8", "0.5", "160x160"] == alone.totals.values()


def test_variants_are_the_same_however_many_processes_make_them() -> None:
    read = read_spec(read_bundled("mobilenet_v2"))
    swept = read_swept(read, ["1,224"], ["width=0.5,0.501,1.0"], ["1,8"])
    alone, shared = ([*run_sweep(read, swept, ["params"], jobs)] for jobs in (1, 3))
    assert shared == alone
    # torchvision 0.28 for a width of 0.5 and 1; at 0.501 every round_to(c*width, 8) is that of 0.5
    params = [one.totals["params"] for one in alone if one.totals and one.labels[0] == "224x224"]
    assert params == [1_968_680, 1_968_680, 1_968_680, 1_968_680, 3_504_872, 3_504_872]


def test_a_line_that_one_variant_leaves_out_is_planned_for_all() -> None:
    read = read_spec(
        Source(
            "net.yaml", "input: 3x8x8\nvars: {n: 1}\nlayers: [{conv: 4, kernel: 1, repeat: n}, {conv: 8*n, kernel: 3}]"
        )
    )
    variants = list(run_sweep(read, read_swept(read, ["2,8"], ["n=0,1,2"], [])))
    assert [(one.labels, one.totals and one.totals["params"], one.problems) for one in variants] == [
        (("2x2", "0"), None, ("line 3: filters is 0; at least 1 is expected",)),
        (("2x2", "1"), None, ("line 3: conv: window 3 is larger than the input 2",)),
        (("2x2", "2"), None, ("line 3: conv: window 3 is larger than the input 2",)),
        (("8x8", "0"), None, ("line 3: filters is 0; at least 1 is expected",)),
        (("8x8", "1"), 312, ()),  # 3·4 + 4, and 4·9·8 + 8
        (("8x8", "2"), 628, ()),  # 3·4 + 4, 4·4 + 4, and 4·9·16 + 16
    ]


def test_an_invalid_variant_is_a_row_with_its_reason() -> None:
    read = spec("[{conv: 8*width, kernel: 5}]")
    variants = list(run_sweep(read, read_swept(read, ["4,5"], ["width=0.3,1"], [])))
    assert [(variant.labels, variant.totals is not None, variant.problems) for variant in variants] == [
        (("4x4", "0.3"), False, ("line 3: '8*width' is 2.4, not a whole number (use // 1 to round down)",)),
        (("4x4", "1"), False, ("line 3: conv: window 5 is larger than the input 4",)),
        (("5x5", "0.3"), False, ("line 3: '8*width' is 2.4, not a whole number (use // 1 to round down)",)),
        (("5x5", "1"), True, ()),
    ]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        # min_size of torchvision 0.28's weights
        ("densenet121", 29),
        ("vgg16", 32),  # its adaptive pooling comes after the fifth pool, which is what fails; a spec's fc adapts
        ("mobilenet_v2", 1),
        ("efficientnet_b0", 1),
        ("resnet18", 1),
        ("resnet50", 1),
        # Both pool 3/2 with ceil, and the window may hang over a map of 2: ceil((2 - 3)/2) + 1 = 1.
        ("googlenet", 15),  # 15 -> 8 -> 4 -> 2 -> 1
        ("squeezenet1_0", 21),  # 21 -> 8 -> 4 -> 2 -> 1
    ],
)
def test_the_smallest_input_is_torchvisions(name: str, size: int) -> None:
    assert smallest_inputs(read_spec(read_bundled(name)), {}, 64) == (Smallest(("H", "W"), size, size),)


@pytest.mark.parametrize("name", ["googlenet", "squeezenet1_0", "vgg16", "lenet5"])
def test_no_smaller_input_is_valid(name: str) -> None:
    read = read_spec(read_bundled(name))
    (found,) = smallest_inputs(read, {}, 256)
    assert found.size is not None
    for size in range(1, found.size):
        with pytest.raises(SpecError):
            build_network(read, inputs=[f"H={size}", f"W={size}"])
    build_network(read, inputs=[f"H={found.size}", f"W={found.size}"])


def test_validity_may_come_and_go_with_the_size() -> None:
    read = spec(EVEN_ONLY)
    assert smallest_inputs(read, {}, 64) == (Smallest(("H", "W"), 2, 2),)
    variants = run_sweep(read, read_swept(read, ["1..6"], [], []))
    assert [variant.totals is not None for variant in variants] == [False, True, False, True, False, True]


@pytest.mark.parametrize(
    ("layers", "shape", "expected"),
    [
        pytest.param("[{conv: 4, kernel: 5}]", "{C: 1, L: 100}", (Smallest(("L",), 5, 5),), id="the length in 1-D"),
        pytest.param(
            "[{conv: 4, kernel: 3x5x5}]", "{C: 1, D: 9, H: 9, W: 9}",
            (Smallest(("H", "W"), 5, 5), Smallest(("D",), 3, 3)), id="in 3-D the depth too, by itself",
        ),
        pytest.param("[{fc: 4}]", "{C: 9}", (Smallest(("C",), 1, 1),), id="a vector of any length"),
        pytest.param(
            "[{maxpool: 2}, {conv: 4, kernel: 999}]", "{C: 1, H: 9, W: 9}",
            (Smallest(("H", "W"), 1998, 1998),), id="past the limit what the window needs",  # 2*999
        ),
        pytest.param("[{conv: 4, kernel: 999}]", "{C: 1, L: 9}", (Smallest(("L",), 999, 999),), id="an odd window"),
        pytest.param(
            "[{conv: 1, kernel: 3}, {concat: [input, prev]}]", "{C: 1, H: 9, W: 9}",
            (Smallest(("H", "W"), None, 64),), id="none if the maps never fit together",  # n and n - 2
        ),
    ],
)  # fmt: skip
def test_the_axes_of_the_smallest_input(layers: str, shape: str, expected: tuple[Smallest, ...]) -> None:
    assert smallest_inputs(spec(layers, shape), {}, 64) == expected


def test_the_smallest_input_may_depend_on_a_variable() -> None:
    read = spec("[{conv: 4, kernel: 3*width}]")
    swept = read_swept(read, [], ["width=1,3,30"], ["1,2"])
    assert [(variant.labels, variant.problems) for variant in sweep_smallest(read, swept, 64)] == [
        (("3x3x3", "1", "1"), ()),
        (("3x3x3", "1", "2"), ()),
        (("3x9x9", "3", "1"), ()),
        (("3x9x9", "3", "2"), ()),
        (("3x90x90", "30", "1"), ()),  # past 64, but it is what the window needs
        (("3x90x90", "30", "2"), ()),
    ]


def test_a_spec_that_is_wrong_at_every_size_is_not_searched() -> None:
    with pytest.raises(SpecError, match="unknown layer kind 'rellu'"):
        smallest_inputs(spec("[rellu]"), {}, 10**9)


def test_a_variable_with_which_no_size_fits_is_a_row_that_says_so() -> None:
    read = spec("[{conv: 1, kernel: width}, {concat: [input, prev]}]")
    variants = sweep_smallest(read, read_swept(read, [], ["width=1,3"], []), 64)
    assert [(variant.labels, variant.problems) for variant in variants] == [
        (("3x1x1", "1"), ()),
        (("", "3"), ("no HxW up to 64 is valid",)),
    ]

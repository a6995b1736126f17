"""Claims: what is written, how exactly it is meant, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.language.model import Claim

LAYERS = "input: 3x8x8\nlayers:\n- {name: a, relu: }\n"


def claims_of(expect: str) -> tuple[Claim, ...]:
    """The claims of a spec with this `expect:`."""
    return cnncalc.analyze(text=f"{LAYERS}expect: {expect}\n").network.claims


def only_claim(expect: str) -> Claim:
    """The one claim of a spec with this `expect:`."""
    (claim,) = claims_of(expect)
    return claim


def problems_of(text: str) -> list[str]:
    """What is wrong in a text, without the name of the file."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=text)
    return [line.removeprefix("<text>:") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    ("written", "value", "tolerance"),
    [
        ("62378344", 62_378_344, 0),
        ("0", 0, 0),
        ("1_000_000", 1_000_000, 0),
        ("'1,000,000'", 1_000_000, 0),
        ("'62,378,344'", 62_378_344, 0),
        ("'1,000K'", 1_000_000, 500),
        ("60.97M", 60_970_000, 5_000),
        ("1.14G", 1_140_000_000, 5_000_000),
        ("62M", 62_000_000, 500_000),
        ("62.0M", 62_000_000, 50_000),
        ("0.386G", 386_000_000, 500_000),
        ("5K", 5_000, 500),
        ("5.000K", 5_000, Fraction(1, 2)),
        ("5.0000K", 5_000, Fraction(1, 20)),
        ("1.5T", 1_500_000_000_000, 50_000_000_000),
        ("60.97 M", 60_970_000, 5_000),
        ("2.5", Fraction(5, 2), Fraction(1, 20)),
        ("0.0001M", 100, 50),
        ("1000000000000000000", 10**18, 0),
    ],
)
def test_a_number_is_true_to_the_digits_written(written: str, value: int, tolerance: int | Fraction) -> None:
    claim = only_claim(f"{{macs: {written}}}")
    assert (claim.value, claim.tolerance, claim.bound, claim.layer) == (value, tolerance, "exact", "")


@pytest.mark.parametrize(
    ("written", "value", "tolerance"),
    [
        ("300MB", 300_000_000, 500_000),
        ("1KB", 1_000, 500),
        ("1KiB", 1_024, 512),
        ("1.5MiB", 1_572_864, Fraction(104_857_6, 20)),
        ("2GB", 2_000_000_000, 500_000_000),
        ("1GiB", 2**30, 2**29),
        ("1TB", 10**12, 10**12 // 2),
        ("1TiB", 2**40, 2**39),
        ("12345", 12_345, 0),
        ("12B", 12, Fraction(1, 2)),
    ],
)
def test_bytes_have_units_of_1000_and_1024(written: str, value: int, tolerance: int | Fraction) -> None:
    claim = only_claim(f"{{peak_memory: {written}}}")
    assert (claim.value, claim.tolerance) == (value, tolerance)


@pytest.mark.parametrize("figure", ["weights_memory", "output_memory", "peak_memory", "training_memory"])
def test_a_memory_takes_bytes(figure: str) -> None:
    assert only_claim(f"{{{figure}: 1KB}}").value == 1_000


@pytest.mark.parametrize(
    "figure", ["elements", "params", "buffers", "macs", "flops", "ops", "connections", "intensity"]
)
def test_a_count_takes_thousands(figure: str) -> None:
    assert only_claim(f"{{{figure}: 1K}}").value == 1_000


@pytest.mark.parametrize(
    ("figure", "written", "value"),
    [
        ("out", "96x55x55", (96, 55, 55)),
        ("out", "96×55×55", (96, 55, 55)),
        ("out", "1000", (1000,)),
        ("out", "[96, 55, 55]", (96, 55, 55)),
        ("out", "3x16x112x112", (3, 16, 112, 112)),
        ("receptive_field", "11", (11,)),
        ("receptive_field", "11x7", (11, 7)),
        ("jump", "[4, 4]", (4, 4)),
        ("start", "-5", (-5,)),
        ("start", "[-5, 3]", (-5, 3)),
        ("start", "-5x-3", (-5, -3)),
    ],
)
def test_a_shape_is_written_as_everywhere(figure: str, written: str, value: tuple[int, ...]) -> None:
    claim = only_claim(f"{{{figure}: {written}}}")
    assert claim.value == value
    assert claim.tolerance == 0


def test_bounds_are_the_words_max_and_min() -> None:
    claims = claims_of("{peak_memory: {max: 300MB}, params: {min: 1K, max: 2000}}")
    assert [vars_of(claim)[1:] for claim in claims] == [
        ("peak_memory", "", "max", 300_000_000, 0),
        ("params", "", "min", 1_000, 0),
        ("params", "", "max", 2_000, 0),
    ]


def test_claims_have_one_vocabulary_on_the_line_and_at_the_end() -> None:
    on_line = cnncalc.analyze(
        text="input: 3x8x8\nlayers:\n- {name: a, relu: , out: 3x8x8, params: {max: 1K}}\n"
    ).network.claims
    at_end = claims_of("{layers: {a: {out: 3x8x8, params: {max: 1K}}}}")
    assert [vars_of(claim)[1:] for claim in on_line] == [
        ("out", "a", "exact", (3, 8, 8), 0),
        ("params", "a", "max", 1_000, 0),
    ]
    assert [vars_of(claim)[1:] for claim in on_line] == [vars_of(claim)[1:] for claim in at_end]


def vars_of(claim: Claim) -> tuple[object, ...]:
    """The fields of a claim, its place first."""
    return (claim.at, claim.figure, claim.layer, claim.bound, claim.value, claim.tolerance)


def test_a_claim_knows_where_it_stands() -> None:
    claim = only_claim("{macs: 7}")
    assert (claim.at.line, claim.at.column, claim.at.text) == (3, 15, "7")


def test_a_list_stands_where_it_begins() -> None:
    claim = only_claim("{out: [1, 2]}")
    assert (claim.at.line, claim.at.column) == (3, 14)


def test_a_claim_can_be_about_a_copy_or_a_layer_inside() -> None:
    text = (
        "input: 3x8x8\nlayers:\n- {name: stage, residual: [relu], repeat: 2}\n"
        "expect: {layers: {stage: {params: 0}, stage.2: {params: 1}, stage.2/relu: {params: 2}}}\n"
    )
    assert [(c.layer, c.value) for c in cnncalc.analyze(text=text).network.claims] == [
        ("stage", 0),
        ("stage.2", 1),
        ("stage.2/relu", 2),
    ]


def test_a_claim_inside_a_block_is_made_at_every_use() -> None:
    text = "input: 3x8x8\nblocks:\n  b: [{relu: , params: 0}]\nlayers: [b, b]\n"
    assert [c.layer for c in cnncalc.analyze(text=text).network.claims] == ["b1/relu", "b2/relu"]


# `expect: {conv1: ...}` must reach the layer of that very name.
def test_a_claim_goes_to_the_layer_of_exactly_this_name() -> None:
    text = "input: 3x8x8\nlayers:\n- {name: a, conv: 8, kernel: 1}\n- {name: a1, conv: 4, kernel: 1}\n"
    assert cnncalc.analyze(text=text)["a1"].output_shape == (4, 8, 8)


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ("{params: [62,378,344]}",
         "4:18: params: [62, 378, 344] is a list in YAML, not a number; write 62378344 or '62,378,344' (claim)"),
        ("{params: [1_000]}", "4:18: params: [1_000] is a list in YAML, not a number; write 1_000 or '1_000' (claim)"),
        ("{params: 62,378}",
         "4:21: ',378' is read as a new key; write a number without commas, with _ or in quotes (claim)"),
        ("{params: '1,00'}", "4:18: params: '1,00' has its commas in odd places; write 100 (claim)"),
        ("{params: '1000,000'}", "4:18: params: '1000,000' has its commas in odd places; write 1000000 (claim)"),
        ("{params: '1,000,'}", "4:18: params: '1,000,' has its commas in odd places; write 1000 (claim)"),
        ("{params: 1__0}", "4:18: params: '1__0' is not a whole number (claim)"),
        ("{params: 1.5.5}", "4:18: params: '1.5.5' is not a number; write it as 62378344, 62.4M or {max: 65M} (claim)"),
        ("{params: ١}", "4:18: params: '١' is not a number; write it as 62378344, 62.4M or {max: 65M} (claim)"),
        ("{params: 5MM}", "4:18: params: 'MM' is not a unit here; use K, M, G, T (claim)"),
        ("{params: {max: {max: 5}}}", "4:24: params: a number is expected, as 62378344, 62.4M or {max: 65M} (claim)"),
        ("{macs: 1e9}", "4:16: macs: '1e9' is not a number; write it as 62378344, 62.4M or {max: 65M} (claim)"),
        ("{out: 3x8x8x8x8}", "4:15: out: a shape is expected, as 96x55x55 or [96, 55, 55] (claim)"),
        ("{start: 1.5}", "4:17: start: '1.5' is not a whole number (claim)"),
        ("{peak_memory: 5M}",
         "4:23: peak_memory: 'M' is not a unit here; use B, KB, KiB, MB, MiB, GB, GiB, TB, TiB (claim)"),
    ],
    ids=lambda value: value if value.startswith("{") else "",
)  # fmt: skip
def test_what_is_no_claim_is_refused_with_the_explanation(expect: str, problem: str) -> None:
    assert problems_of(f"{LAYERS}expect: {expect}\n") == [problem]


def test_a_claim_that_says_nothing_is_refused() -> None:
    assert problems_of(f"{LAYERS}expect: {{params: {{}}}}\n")


@given(st.integers(0, 10**9), st.integers(0, 6), st.sampled_from(["", "K", "M", "G", "T"]))
@settings(deadline=None, max_examples=60, derandomize=False)
def test_a_claim_is_the_number_with_half_a_unit_of_its_last_digit(digits: int, decimals: int, unit: str) -> None:
    scale = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}[unit]
    text = str(digits).rjust(decimals + 1, "0")
    written = f"{text[:-decimals]}.{text[-decimals:]}{unit}" if decimals else f"{text}{unit}"
    if written.startswith("0") and not written.startswith("0.") and written[1:2].isdigit():
        return
    claim = only_claim(f"{{macs: {written}}}")
    exact = not unit and not decimals
    assert claim.value == Fraction(digits, 10**decimals) * scale
    assert claim.tolerance == (0 if exact else Fraction(scale, 2 * 10**decimals))

"""One spec and all that is said about it: problems, claims, limits, expectations, what is unknown, lint."""

import pickle

import pytest

from cnncalc.check.configuration import read_limit
from cnncalc.check.engine import check_source
from cnncalc.check.expectations import Key, read_key
from cnncalc.check.findings import Finding
from cnncalc.check.results import Checked
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.settings import Overrides, Settings
from cnncalc.errors import ConfigurationError, SpecError
from cnncalc.language.source import Source

pytestmark = pytest.mark.usefixtures("planted_rules")

NET = """\
name: Net
input: 3x8x8
blocks:
  seven: [{conv: 7, kernel: 1}]
layers:
- {name: first, conv: 4, kernel: 3, params: 112}
- {seven, repeat: 2}
- flatten
- {fc: 10, out: 11}
expect: {macs: {max: 1M}}
"""
# first 3*3*3*4 + 4 = 112 params; seven 4*7 + 7 = 35 and 7*7 + 7 = 56; fc 7*6*6*10 + 10 = 2530; 2733 in all.
# macs: 36*108 = 3888; 36*28 = 1008; 36*49 = 1764; 2520; 9180 in all.


def check(text: str, **settings: object) -> Checked:
    settings.setdefault("rules", chosen_rules())
    return check_source(Source("net.yaml", text), Settings(**settings))  # type: ignore[arg-type]


def findings(text: str, **settings: object) -> list[Finding]:
    return [located.finding for located in check(text, **settings).findings]


def lines(text: str, **settings: object) -> list[str]:
    return [f"{f.line}:{f.column} {f.severity}: {f.message} ({f.rule})" for f in findings(text, **settings)]


def test_a_spec_has_its_failed_claims_and_lint_sorted_by_place() -> None:
    # What is said about both copies of the block's line is one finding, with the first of them.
    assert lines(NET) == [
        "4:12 warning: seven.1/conv: 7 filters, as [x](y) | `z` <b> & 100 %: a, b (in seven.1/conv and 1 more layer) "
        "(seven-filters)",
        "9:17 error: fc: out: 11 claimed, 10 found (claim)",
    ]


def test_a_lint_finding_covers_the_word_that_its_layer_begins_with() -> None:
    finding = findings("input: 3x8x8\nlayers:\n- {name: x, conv: 7, kernel: 1}\n")[0]
    assert (finding.line, finding.column, finding.length, finding.layer) == (3, 13, 4, "x")


def test_a_remark_about_the_whole_spec_stands_in_its_first_line() -> None:
    assert lines("input: 3x8x8\nlayers: [relu]\n", rules=chosen_rules(["no-source"])) == [
        "1:1 note: the spec names no source (no-source)"
    ]


def test_a_wrong_spec_has_its_problems_and_nothing_else() -> None:
    text = "input: 3x8x8\nlayers:\n- {conv: 7, kernel: 99, out: 1}\n- {conv: 7, kernel: 3, kernal: 3}\n"
    limits = (read_limit("max-params", "1"),)
    checked = check(text, limits=limits, strict=True)
    assert [located.finding.rule for located in checked.findings] == ["shape", "unknown-parameter"]
    assert not checked.complete
    assert checked.claims == 0


def test_claims_are_counted() -> None:
    assert check(NET).claims == 3
    assert check(NET, rules=frozenset({"seven-filters"})).claims == 0


def test_a_claim_that_cannot_be_compared_says_why() -> None:
    text = "input: 3x8x8\nlayers: [relu]\nexpect: {layers: {relu: {peak_memory: 1}}}\n"
    assert lines(text) == [
        "3:39 error: relu: peak_memory: 1 claimed, but it is a figure of the whole network, not of a layer (claim)"
    ]


def test_a_failed_claim_covers_its_value_with_its_quotes() -> None:
    text = 'input: 3x8x8\nlayers: [relu]\nexpect: {params: "1,000"}\n'
    (located,) = check(text).findings
    start = located.finding.column - 1
    assert located.excerpt[start : start + located.finding.length] == '"1,000"'


def test_the_first_hundred_failed_claims_are_explained() -> None:
    text = "input: 3x8x8\nlayers:\n" + "- {conv: 3, kernel: 1, params: 9}\n" * 150
    found = findings(text)
    reason = "; params = K_h·K_w·C_in·filters + filters = 1·1·3·3 + 3 = 12; 9 is the count without the biases"
    assert [finding.message.endswith(reason) for finding in found] == [True] * 100 + [False] * 50


class TestLimits:
    """Budgets for the totals of every spec."""

    def over(self, option: str, value: str) -> list[str]:
        return lines(NET, limits=(read_limit(option, value),), rules=frozenset({"budget"}))

    @pytest.mark.parametrize(
        ("option", "value", "place", "message"),
        [
            # At the line that contributes most.
            ("max-params", "2.7K", "9:3", "params: at most 2.7K allowed, 2,733 found; fc alone has 2,530"),
            ("max-params", "2732", "9:3", "params: at most 2732 allowed, 2,733 found; fc alone has 2,530"),
            ("max-macs", "9000", "6:3", "macs: at most 9000 allowed, 9,180 found; first alone has 3,888"),
            # first 4*6*6 = 144, seven twice 7*36 = 252, flatten 252, fc 10.
            ("max-elements", "909", "7:3", "elements: at most 909 allowed, 910 found; seven alone has 504"),
            ("max-flops", "18K", "6:3", "flops: at most 18K allowed, 18,360 found; first alone has 7,776"),
            (
                "max-weights-memory", "9KB", "9:3",
                "weights_memory: at most 9KB allowed, 10,932 B found; fc alone has 10,120 B",
            ),
            (
                "max-output-memory", "3KB", "7:3",
                "output_memory: at most 3KB allowed, 3,640 B found; seven alone has 2,016 B",
            ),
            # 3x8x8 and 4x6x6 are held by the first layer, 4x6x6 and 7x6x6 by the first copy, by the second twice
            # 7x6x6, which are 2 * 252 * 4 bytes.
            (
                "max-peak-memory", "2KB", "7:3",
                "peak_memory: at most 2KB allowed, 2,016 B found; most is held while seven runs",
            ),
            # Weights and gradients 2 * 10,932, outputs 3,640; no line can be blamed, so that it is the first layer.
            ("max-training-memory", "25KB", "6:3", "training_memory: at most 25KB allowed, 25,504 B found"),
            # macs, and a bias for each of 144 + 252 + 252 + 10 outputs.
            ("max-connections", "9837", "6:3", "connections: at most 9837 allowed, 9,838 found; first alone has 4,032"),
            # 2 * macs and as many additions as biases.
            ("max-ops", "19017", "6:3", "ops: at most 19017 allowed, 19,018 found; first alone has 7,920"),
        ],
    )  # fmt: skip
    def test_what_is_over_has_its_unit_and_place(self, option: str, value: str, place: str, message: str) -> None:
        assert self.over(option, value) == [f"{place} error: {message} (budget)"]

    def test_a_limit_that_is_met_exactly_is_kept(self) -> None:
        assert self.over("max-params", "2733") == []

    def test_a_total_that_is_not_known_is_no_success(self) -> None:
        text = "input: 3x8x8\nlayers: [{maxpool: 2}]\n"
        (line,) = lines(text, limits=(read_limit("max-flops", "1G"),), overrides=Overrides(profile="fvcore"))
        assert line.startswith("2:10 error: flops: at most 1G allowed, but under fvcore it is not known")

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("", r"^max-params: '' is not a number; write it as 62378344, 62\.4M or 62,400,000$"),
            ("-1", "^max-params: '-1' is not a number"),
            ("5MB", "^max-params: 'MB' is not a unit here; use K, M, G, T$"),
            ("5e6", "^max-params: '5e6' is not a number"),
        ],
    )
    def test_what_is_no_limit_is_told(self, value: str, message: str) -> None:
        with pytest.raises(ConfigurationError, match=message):
            read_limit("max-params", value)


class TestExpectations:
    """Claims in a file of their own."""

    def key(self, text: str) -> Key:
        return read_key(Source("key.yaml", text))

    def test_they_are_found_in_that_file_with_the_name_of_the_spec(self) -> None:
        key = self.key("# the answers\nparams: 2734\nlayers:\n  fc: {out: 10, macs: 2521}\n")
        checked = check(NET, key=key, rules=chosen_rules([], ["claim", "seven-filters"]))
        assert [(located.file, located.finding.line, located.finding.column) for located in checked.findings] == [
            ("key.yaml", 2, 9),
            ("key.yaml", 4, 23),
        ]
        assert [located.finding.message for located in checked.findings] == [
            "net.yaml: params: 2734 claimed, 2,733 found",
            "net.yaml: fc: macs: 2521 claimed, 2,520 found; macs = C_in·features = 252·10 = 2,520",
        ]
        assert {located.finding.rule for located in checked.findings} == {"expect"}
        assert checked.findings[0].excerpt == "params: 2734"
        assert checked.claims == 3

    def test_the_word_expect_may_stand_above_them(self) -> None:
        (claim,) = self.key("expect:\n  params: 1\n").claims
        assert (claim.figure, claim.value, claim.at.line, claim.at.column) == ("params", 1, 1, 10)

    def test_a_layer_that_is_not_there_is_told(self) -> None:
        key = self.key("layers: {fc9: {out: 10}}\n")
        (line,) = lines(NET, key=key, rules=frozenset({"expect"}))
        assert line == "1:21 error: net.yaml: fc9: out: 10 claimed, but there is no layer 'fc9' (expect)"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("parms: 1\n", "key.yaml:1:1: there is no figure 'parms'; did you mean 'params'? (claim)"),
            ("- params\n", "key.yaml:1:1: expect: needs figures with their values, as {params: 60965224} (claim)"),
            (
                "",
                "key.yaml:1:1: there are no claims; write them as in an expect: block, a line for each: "
                "'params: 62378344' (claim)",
            ),
            ("params: 1\nparams: 2\n", "key.yaml:2:1: duplicate key 'params' (first on line 1) (duplicate-key)"),
        ],
    )
    def test_a_wrong_file_has_its_problems(self, text: str, message: str) -> None:
        with pytest.raises(SpecError) as caught:
            self.key(text)
        assert caught.value.lines() == [message]


def test_an_unknown_figure_is_an_error_where_it_is_asked_for() -> None:
    text = "input: 3x8x8\nlayers: [{maxpool: 2}]\n"
    overrides = Overrides(profile="fvcore")
    assert lines(text, overrides=overrides) == []
    (line,) = lines(text, overrides=overrides, strict=True)
    assert line.startswith("1:1 error: flops of maxpool under fvcore: ")
    assert line.endswith(" (incomplete)")


def test_figures_are_those_that_are_asked_for() -> None:
    text = "input: 3x8x8\nvars: {n: 4}\nlayers: [{conv: n, kernel: 1}]\nexpect: {params: 32, macs: 1025}\n"
    # 3*8 + 8 = 32 params; 2 inputs of 4x4, 16*3*8 = 384 macs each.
    overrides = Overrides(inputs=("3x4x4",), variables={"n": "8"}, batch=2)
    assert lines(text, overrides=overrides) == ["4:28 error: macs: 1025 claimed, 768 found (claim)"]


def test_what_does_not_fit_the_spec_is_a_finding_and_no_crash() -> None:
    (line,) = lines(NET, overrides=Overrides(variables={"width": "1"}))
    assert line.startswith("1:1 error: net.yaml has no variable 'width'")
    assert line.endswith(" (override)")


def test_settings_can_be_sent_to_another_process() -> None:
    settings = Settings(rules=chosen_rules(), limits=(read_limit("max-params", "1K"),), overrides=Overrides(batch=2))
    sent = pickle.loads(pickle.dumps(settings))
    source = Source("net.yaml", NET)
    assert check_source(source, sent) == check_source(source, settings)
    assert len(check_source(source, sent).findings) == 3

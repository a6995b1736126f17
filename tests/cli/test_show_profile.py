"""`cnncalc show --profile`: another tool's count in the table and in JSON."""

import csv
import io
import json

from click.testing import CliRunner, Result

from cnncalc.cli.main import cli


def show(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["show", *arguments])


def test_the_column_and_the_caption_name_the_unit_and_the_tool() -> None:
    printed = show("alexnet", "--profile", "calflops").stdout
    assert "FLOPs (calflops)" in printed.splitlines()[1]
    assert "1,452,566,384" in printed
    assert " FLOPs (calflops): calflops 0.3.2, as DeepSpeed's profiler\n" in printed
    assert "2 · MACs" not in printed


def test_a_lower_bound_is_printed_as_one_with_its_reason() -> None:
    printed = show("resnet18", "--profile", "fvcore").stdout
    assert "≥ 1,819,065,856" in printed
    assert " ≥: flops of maxpool, add under fvcore: the tool has no rule: it counts 0 and says so\n" in printed


def test_json_has_the_profile_its_unit_and_null_for_what_is_unknown() -> None:
    document = json.loads(show("resnet18", "--profile", "fvcore", "--format", "json").stdout)
    assert (document["profile"], document["unit"], document["complete"]) == ("fvcore", "flop", False)
    assert document["incomplete"] == [
        "flops of maxpool, add under fvcore: the tool has no rule: it counts 0 and says so"
    ]
    assert {layer["kind"] for layer in document["layers"] if layer["flops"] is None} == {"maxpool", "add"}
    assert document["totals"]["flops"] == sum(layer["flops"] or 0 for layer in document["layers"]) == 1_819_065_856


def test_csv_marks_lower_bounds_in_ascii() -> None:
    rows = list(csv.DictReader(io.StringIO(show("resnet18", "--profile", "fvcore", "--format", "csv").stdout)))
    assert [row["flops"] for row in rows][:2] == ["119619584", ">=0"]  # 64·112·112·(147 + 2 for bn)


def test_on_a_narrow_terminal_the_profile_is_the_last_figure_to_go() -> None:
    ran = CliRunner().invoke(cli, ["show", "resnet18", "--profile", "thop"], env={"COLUMNS": "60"})
    assert "MACs (thop)" in ran.stdout.splitlines()[1]


def test_strict_says_what_is_unknown() -> None:
    ran = show("resnet18", "--profile", "fvcore", "--strict")
    assert ran.stderr == (
        "resnet18: flops of maxpool, add under fvcore: the tool has no rule: it counts 0 and says so\n"
    )


def test_an_unknown_profile_is_a_usage_error_with_a_suggestion() -> None:
    ran = show("resnet18", "--profile", "thp")
    assert ran.exit_code == 2
    assert "Error: there is no counting profile 'thp'; did you mean 'thop'?" in ran.stderr

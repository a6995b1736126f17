"""The rules' records: what `--list-rules` and `--explain-rule` print, and the ids that configurations name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnncalc.check.rules
from cnncalc.check.findings import SEVERITIES, Rule
from cnncalc.check.rules import ALL, RULES

# The ids and severities that users rely on: a change here breaks the configuration of somebody's build.
SEVERITY = {
    "activation-after-output": "warning",
    "asymmetric-same": "note",
    "bias-before-norm": "note",
    "channel-mismatch-in-residual": "note",
    "checkerboard": "warning",
    "constant-output": "error",
    "dead-pixels": "warning",
    "double-activation": "warning",
    "dropout-before-norm": "warning",
    "framework-differs": "note",
    "groups-not-depthwise-friendly": "note",
    "half-of-even-kernel": "warning",
    "hidden-softmax": "warning",
    "huge-fc": "note",
    "name-shadows-kind": "warning",
    "no-activation-between": "warning",
    "padding-beyond-kernel": "warning",
    "partial-window": "warning",
    "receptive-field-exceeds-input": "note",
    "receptive-field-too-small": "note",
    "tiny-map": "warning",
    "unclaimed": "note",
    "unreachable-output": "error",
    "unused-definition": "warning",
    "unused-layer": "error",
}


def test_ids_and_severities_are_these_sorted_and_each_once() -> None:
    assert [(rule.id, rule.severity) for rule in ALL] == list(SEVERITY.items())
    assert list(RULES) == sorted(SEVERITY)


def test_only_unclaimed_is_off_by_default() -> None:
    assert [rule.id for rule in ALL if not rule.by_default] == ["unclaimed"]


def test_every_module_of_the_folder_is_a_rule_with_its_name() -> None:
    folder = Path(cnncalc.check.rules.__file__).parent
    modules = sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__")
    assert [rule.id.replace("-", "_") for rule in ALL] == modules


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_a_record_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.severity in SEVERITIES
    assert re.fullmatch(r"[A-Z`][^\n]*\.", rule.summary)
    assert len(rule.summary) <= 120
    assert re.fullmatch(r"[A-Z`][^\n]{200,900}\.", rule.reason)
    assert "  " not in rule.reason + rule.summary
    assert rule.bad.endswith("\n")
    assert rule.good.endswith("\n")
    assert rule.bad != rule.good

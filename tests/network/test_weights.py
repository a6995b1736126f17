"""Lines that use the weights of others, and weights that are not trained."""

from pathlib import Path

import numpy as np
from running import Run

import cnncalc

TWO_TOWERS = (Path(__file__).parents[1] / "language/good/shared_weights.yaml").read_text("utf-8")

RETINA_HEADS = """\
inputs: {p3: 4x8x8, p4: 4x4x4}
blocks:
  head(c): [{conv: c, kernel: 3, padding: 1, repeat: 2, shared: true}, {conv: 9, kernel: 1}]
layers:
- {name: first, from: p3, head: 4}
- {name: second, from: p4, head: 4, weights: first}
- {name: third, from: p4, head: 4, weights: second}
"""


def test_weights_are_counted_once_and_every_use_multiplies() -> None:
    report = cnncalc.analyze(text=TWO_TOWERS)
    # A tower: conv 4*3*9 + 4, bn 2*4, conv 4*4*9 + 4; then 4*4 + 4 for three convs together.
    assert (report["left"].params, report["right"].params, report["conv"].params) == (268, 0, 20)
    assert (report.totals.params, report.totals.buffers, report.totals.trainable) == (288, 8, 288 - 148)
    # Twice 4*7*7*27 + 4*5*5*36, and three times 4*5*5*4.
    assert report.totals.macs == 2 * (5292 + 3600) + 3 * 400
    assert report.totals.weights_memory == 4 * 296
    # Gradients and two values of Adam for what is trained; outputs 2*(3*196 + 100) + 4*100.
    trained = cnncalc.analyze(text=TWO_TOWERS, optimizer="adam").totals.training_memory
    assert trained == 4 * (296 + 3 * 140 + 2 * (3 * 196 + 100) + 400)


def test_weights_may_be_those_of_a_line_that_has_them_from_another() -> None:
    report = cnncalc.analyze(text=RETINA_HEADS)
    assert report.totals.params == 4 * 4 * 9 + 4 + 4 * 9 + 9  # one head, its repeated conv counted once
    assert {layer.node.weights for layer in report["third"].layers} == {"first/conv1.1", "first/conv2"}
    assert not cnncalc.verify(text=RETINA_HEADS)


def test_a_run_uses_the_same_values() -> None:
    x = np.random.default_rng(0).random((3, 9, 9), np.float32)
    text = TWO_TOWERS.replace("add: [left, right]", "relu") + "outputs: [left, right]\n"
    outputs = cnncalc.run(text=text, input={"a": x, "b": x}, seed=3)
    assert isinstance(outputs, dict)
    assert np.array_equal(outputs["left"], outputs["right"])
    assert np.ptp(outputs["left"]) > 0.1


def test_an_inner_line_says_last_whether_it_is_frozen() -> None:
    body = "{conv: 2, kernel: 1}, {conv: 2, kernel: 1, frozen: false, norm: bn}"
    text = f"defaults: {{bn: {{frozen: true}}}}\ninput: 2x4x4\nlayers:\n- {{frozen: true, sequence: [{body}]}}\n- bn\n"
    report = cnncalc.analyze(text=text)
    # conv 6 frozen, conv 6 and its norm 4 not, the last norm 4 by default.
    assert [layer.trainable for layer in report.layers] == [0, 6, 4, 0]


def test_sharing_is_a_difference_and_stands_on_worksheets(run: Run, tmp_path: Path) -> None:
    conv = "conv: 3, kernel: 3, padding: 1"
    lines = f"input: 3x9x9\nlayers:\n- {{name: a, {conv}}}\n- relu\n- {{{conv}END}}\n"
    own, shared = tmp_path / "own.yaml", tmp_path / "shared.yaml"
    own.write_text(lines.replace("END", ""), encoding="utf-8")
    shared.write_text(lines.replace("END", ", weights: a"), encoding="utf-8")
    result = run("diff", str(own), str(shared), "--exit-code")
    assert result.exit_code == 1
    assert "weights its own → a" in result.stdout
    assert 'padding 1, weights of a",3x9x9,0' in run("worksheet", str(shared), "--key").stdout
    total = run("verify", str(shared)).stdout.splitlines()[-3].split()
    assert total == ["total", "84", "13,122"]  # 3*3*3*3 + 3 once, and twice 3*81*27

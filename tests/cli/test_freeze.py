"""`cnncalc freeze`: the block, the file, and what is refused."""

import re
from pathlib import Path

import pytest
from running import Run

# stem 4*27 + 4 = 112 and 8 of bn; body twice 4*4 + 4 = 20; fc 144*2 + 2 = 290: 450
# MACs 3,888 + 2*576 + 288 = 5,328
EXPECT = "expect: {params: 450, buffers: 8, macs: 5328, out: 2}\n"


def test_the_block_is_ready_to_paste(run: Run) -> None:
    result = run("freeze", "net.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (0, EXPECT, "")
    pasted = Path("net.yaml").read_text("utf-8") + result.stdout
    assert run("freeze", "-", stdin=pasted).stdout == EXPECT


def test_rows_and_figures_are_chosen(run: Run) -> None:
    result = run("freeze", "net.yaml", "--layers", "--figures", "params,elements")
    assert (
        result.stdout
        == """\
expect:
  params: 450
  elements: 1010
  layers:
    stem: {elements: 144, params: 120}
    body: {elements: 144, params: 40}
    flatten: {elements: 144}
    fc: {elements: 2, params: 290}
"""
    )  # 2*144 of stem, 4*144 of body, 2*144 ... of relu; 144 of flatten; 2


def test_of_all_figures_the_totals_come_first(run: Run) -> None:
    lines = run("freeze", "net.yaml", "--figures", "all").stdout.splitlines()
    words = [line.split(":")[0].strip() for line in lines]
    assert (words[:4], words[-2:]) == (["expect", "params", "trainable", "buffers"], ["elements", "out"])


def test_write_puts_it_into_the_file(run: Run, folder: Path) -> None:
    path = folder / "net.yaml"
    before = path.read_bytes()
    result = run("freeze", "net.yaml", "--write")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "net.yaml: frozen\n", "")
    assert path.read_bytes() == before + EXPECT.encode()
    assert run("freeze", "net.yaml", "--write").stdout == "net.yaml: claims all of it already\n"


def test_a_claim_that_does_not_hold_needs_force(run: Run, folder: Path) -> None:
    path = folder / "net.yaml"
    text = path.read_text("utf-8") + "expect: {params: 449, macs: 5.3K, peak_memory: {max: 1MB}}  # note\n"
    path.write_text(text, encoding="utf-8")
    result = run("freeze", "net.yaml", "--write")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "net.yaml:11:18: params is 450 today, not 449; --force replaces the claim\n"
    assert path.read_text("utf-8") == text
    assert run("freeze", "net.yaml", "--write", "--force").exit_code == 0
    new = "expect: {params: 450, buffers: 8, macs: 5.3K, peak_memory: {max: 1MB}, out: 2}  # note\n"
    assert path.read_text("utf-8").splitlines(keepends=True)[-1] == new


def test_rows_whose_number_may_change_are_told(run: Run) -> None:
    text = "input: 3x8x8\nlayers:\n- {conv: 4, kernel: 1}\n- {name: b2, conv: 4, kernel: 1}\n- relu\n"
    result = run("freeze", "-", "--layers", stdin=text)
    why = "numbers of their kind, which change with a line of that kind added above"
    assert result.stderr == f"note: conv1: {why}; give these lines a name: to keep the claims with them\n"
    assert run("freeze", "-", stdin=text).stderr == ""


def test_a_wrong_spec_is_not_frozen(run: Run, problems_of_wrong: str) -> None:
    result = run("freeze", "wrong.yaml", "--write")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", problems_of_wrong)


def test_a_figure_that_there_is_not_is_told(run: Run) -> None:
    result = run("freeze", "net.yaml", "--figures", "jump")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "net.yaml: the network as a whole has no jump that a claim could say\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.yaml", "--force"], "--force is for --write"),
        (["-", "--write"], "standard input cannot be written to; name a file"),
        (["alexnet", "--write"], "'alexnet' is a bundled architecture; freeze --write changes your own files only"),
        (["net.yaml", "--figures", "speed"], "no figure 'speed'; choose from all, out, elements, params"),
        (["nowhere.yaml"], "there is no file 'nowhere.yaml'"),
    ],
)
def test_wrong_arguments(run: Run, arguments: list[str], message: str) -> None:
    result = run("freeze", *arguments, stdin="input: 3x8x8\nlayers: [relu]\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


OPEN = "input: {C: 3, H: null, W: null}\nlayers: [{conv: 4,  kernel: 3}, global_avgpool, flatten, {fc: 2}]\n"


def test_sizes_that_are_left_open_are_no_obstacle(run: Run, folder: Path) -> None:
    # 4*27 + 4 + 4*2 + 2 = 122; macs depend on H and W
    assert run("freeze", "-", stdin=OPEN).stdout == "expect: {params: 122, out: 2}\n"
    (folder / "open.yaml").write_text(OPEN, encoding="utf-8")
    result = run("freeze", "open.yaml", "--figures", "macs")
    assert "has no macs that a claim could say: that needs H, W" in result.stderr
    assert run("freeze", "open.yaml", "--write").exit_code == 0
    assert run("fmt", "open.yaml").exit_code == 0
    assert "[{conv: 4, kernel: 3}, global_avgpool" in (folder / "open.yaml").read_text("utf-8")
    # 8 x 8 outputs of 4 and 8 filters of 27 values, then 4*2 and 8*2
    sized = run(
        "diff", "open.yaml", "-", "--input", "H=10", "--input", "W=10", stdin=OPEN.replace("conv: 4", "conv: 8")
    )
    assert re.search(r"MACs +6,920 +13,840", sized.stdout)
    assert run("diff", "open.yaml", "-", stdin=OPEN).exit_code == 1

"""`cnncalc explain`."""

import re
from pathlib import Path

import pytest
from running import Run

CONV1 = """\
conv1   conv 96 filters, 11×11, stride 4, padding 0, on 3×227×227
  height  ⌊(H + 2P − K)/S⌋ + 1 = ⌊(227 + 2·0 − 11)/4⌋ + 1 = 216/4 + 1 = 54 + 1 = 55   exact: nothing is left over
  width   the same, 55
  out     96×55×55 = 290,400 values
  params  K_h·K_w·C_in·filters + filters = 11·11·3·96 + 96 = 34,944
  macs    out·K_h·K_w·C_in = 290,400·11·11·3 = 105,415,200
  flops   2·macs = 2·105,415,200 = 210,830,400
  source  Dumoulin & Visin 2016, arXiv:1603.07285
"""

FIELD = """\
  width                    the same, 55
  height, receptive field  r_in + (E − 1)·j_in = 1 + (11 − 1)·1 = 11
  height, jump             j_in·S = 1·4 = 4
  height, start            start_in − P·j_in = 0 − 0·1 = 0
  width, receptive field   the same, 11
"""

# As wide as a terminal: equations fold before their signs, never inside a number.
FOLDED = """\
  height  ⌊(H + 2P − K)/S⌋ + 1 = ⌊(224 + 2·2 − 11)/4⌋ + 1 = ⌊54.25⌋ + 1 = 54 + 1
          = 55   remainder 1: the last value of the padding is never read; no
          input is lost; exact with input 223 or 227
"""


def headings(text: str) -> list[str]:
    """The layers that a text explains."""
    blocks = text.split("\nSymbols\n")[0].strip().split("\n\n")
    return [block.split()[0] for block in blocks]


def lines_of(text: str, layer: str) -> dict[str, str]:
    """The arithmetic of one layer by its label."""
    (block,) = (block for block in text.split("\n\n") if block.startswith(f"{layer}   "))
    return dict(re.split(r"  +", line.strip(), maxsplit=1) for line in block.splitlines()[1:])


def test_the_arithmetic_of_a_layer_is_that_of_the_design(run: Run) -> None:
    result = run("explain", "alexnet", "conv1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(CONV1)
    assert (
        run("explain", "alexnet", "conv1", "--figures", "receptive_field")
        .stdout.partition("left over\n")[2]
        .startswith(FIELD)
    )


def test_a_terminal_folds_equations_before_their_signs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert FOLDED in run("explain", "alexnet_one_tower", "conv1").stdout


def test_a_row_is_explained_with_what_follows_it(run: Run) -> None:
    assert headings(run("explain", "alexnet", "conv1").stdout) == ["conv1", "conv1/relu"]
    assert headings(run("explain", "alexnet", "conv1/relu").stdout) == ["conv1/relu"]


def test_all_layers_are_explained_by_default(run: Run) -> None:
    # the 17 rows of alexnet.yaml and seven relu: five after a conv, two after an fc
    assert len(headings(run("explain", "alexnet").stdout)) == 17 + 7


@pytest.mark.parametrize(
    ("names", "layers"),
    [
        (["conv2.1"], 12),  # three convs with bn, two of them with relu, a projection with bn, add, relu
        (["conv2.2"], 10),
        (["conv2"], 32),
        (["conv2.1/residual/shortcut"], 2),
        (["conv2", "conv2.1", "conv2.1/residual/add"], 32),
        (["fc", "conv1"], 4),
    ],
    ids=["the first copy", "another copy", "a repeated block", "a projection", "named twice", "in the network's order"],
)
def test_a_block_or_copy_means_everything_in_it_once(run: Run, names: list[str], layers: int) -> None:
    found = headings(run("explain", "resnet50", *names).stdout)
    assert len(found) == layers
    assert len(set(found)) == layers


def test_a_row_without_layers_has_nothing_to_explain(run: Run, folder: Path) -> None:
    (folder / "x.yaml").write_text("input: 3x8x8\nlayers: [{name: a, relu: , repeat: 0}, tanh]\n", encoding="utf-8")
    result = run("explain", "x.yaml", "a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a: no layer is here, so there is nothing to explain" in result.stderr
    assert headings(run("explain", "x.yaml", "a", "tanh").stdout) == ["tanh"]


def test_layers_are_in_the_order_of_the_network(run: Run) -> None:
    assert headings(run("explain", "resnet50", "fc", "conv1").stdout) == ["conv1", "conv1/bn", "conv1/relu", "fc"]


@pytest.mark.parametrize(
    ("spec", "layer", "axis", "line"),
    [
        (
            # Write-up C, as in tests/seeds.csv: (224 - 11 + 2*2)/4 + 1 = 55.25
            "alexnet_one_tower",
            "conv1",
            "height",
            "⌊(H + 2P − K)/S⌋ + 1 = ⌊(224 + 2·2 − 11)/4⌋ + 1 = ⌊54.25⌋ + 1 = 54 + 1 = 55   "
            "remainder 1: the last value of the padding is never read; no input is lost; exact with input 223 or 227",
        ),
        (
            # 31 = 125//4: the 125th step is not read
            "m5",
            "maxpool4",
            "length",
            "⌊(L + 2P − K)/S⌋ + 1 = ⌊(125 + 2·0 − 4)/4⌋ + 1 = ⌊30.25⌋ + 1 = 30 + 1 = 31   "
            "remainder 1: the last value of the axis is never read; exact with input 124 or 128",
        ),
        (
            "alexnet",
            "pool5",
            "height",
            "⌊(H + 2P − K)/S⌋ + 1 = ⌊(13 + 2·0 − 3)/2⌋ + 1 = 10/2 + 1 = 5 + 1 = 6   exact: nothing is left over",
        ),
    ],
    ids=["a tutorial's 55.25", "one dimension", "exact"],
)
def test_what_the_division_leaves_over_is_said(run: Run, spec: str, layer: str, axis: str, line: str) -> None:
    assert lines_of(run("explain", spec, layer).stdout, layer)[axis] == line


@pytest.mark.parametrize(
    ("settings", "label", "line"),
    [
        ("stride: 2, padding: same", "height, total cropping", "K − S = 4 − 2 = 2   1 before, 1 after"),
        ("stride: 2, padding: same, output_padding: 1", "height, total cropping",
         "2·⌊K/2⌋ − A = 2·⌊4/2⌋ − 1 = 2·2 − 1 = 3   1 before, 2 after; A: output_padding"),
        ("stride: 2, padding: 1", "height", "(H − 1)·S − 2P + K = (5 − 1)·2 − 2·1 + 4 = 10"),
        ("stride: 4, padding: valid", "height", "(H − 1)·S − 2P + K = (5 − 1)·4 − 2·0 + 4 = 20"),
        ("stride: 5, padding: valid", "height",
         "H·S = 5·5 = 25   TensorFlow's valid: the output is extended to one stride for each value"),
    ],
    ids=["same", "same and output_padding", "a number", "windows that touch", "windows with gaps"],
)  # fmt: skip
def test_what_a_deconv_crops_is_said(run: Run, folder: Path, settings: str, label: str, line: str) -> None:
    text = f"{{input: 3x5x5, layers: [{{deconv: 4, kernel: 4, {settings}}}]}}"
    (folder / "up.yaml").write_text(text, encoding="utf-8")
    written = lines_of(run("explain", "up.yaml").stdout, "deconv")
    assert next(iter(written)) == label
    assert written[label] == line


def test_groups_are_in_the_arithmetic(run: Run) -> None:
    written = lines_of(run("explain", "alexnet", "conv2").stdout, "conv2")
    assert written["params"] == "K_h·K_w·(C_in/groups)·filters + filters = 5·5·(96/2)·256 + 256 = 307,456"
    assert written["macs"].startswith("out·K_h·K_w·(C_in/groups) = 186,624·5·5·(96/2) = 223,948,800")


def test_bn_shows_what_is_learned_and_what_is_stored(run: Run) -> None:
    written = lines_of(run("explain", "alexnet_keras_flowers", "bn1").stdout, "bn1")
    assert written["params"] == "2C = 2·96 = 192   a factor and an offset for each channel"
    assert written["buffers"] == "2C = 2·96 = 192   running mean and variance, stored but not learned"


def test_a_layer_without_macs_says_why(run: Run) -> None:
    written = lines_of(run("explain", "alexnet", "pool1").stdout, "pool1")
    assert written["macs"] == "0   maxpool is not counted, by definition"


def test_lenets_sparse_connections_are_in_the_arithmetic(run: Run) -> None:
    written = lines_of(run("explain", "lenet5", "C3").stdout, "C3")
    assert written["params"] == "K_h·K_w·links + filters = 5·5·60 + 16 = 1,516"  # LeCun et al. 1998, Table I: 60 links


def test_batch_is_a_step_of_its_own(run: Run) -> None:
    written = lines_of(run("explain", "net.yaml", "fc", "--batch", "8").stdout, "fc")
    assert written["macs of one input"] == "C_in·features = 144·2 = 288"
    assert written["macs"] == "per_input·batch = 288·8 = 2,304"
    assert written["flops"] == "2·macs = 2·2,304 = 4,608"
    assert written["params"] == "C_in·features + features = 144·2 + 2 = 290"
    assert written["out"] == "2×8 = 16 values"


def test_another_input_and_variable_change_the_arithmetic(run: Run) -> None:
    text = run("explain", "net.yaml", "stem", "--input", "3x10x12", "--set", "width=6").stdout
    assert text.startswith("stem   conv 6 filters, 3×3, stride 1, padding 0, on 3×10×12\n")
    assert lines_of(text, "stem")["out"] == "6×8×10 = 480 values"


def test_shapes_are_in_the_specs_layout(run: Run) -> None:
    text = run("explain", "mnist_keras", "conv1").stdout
    assert text.startswith("conv1   conv 32 filters, 3×3, stride 1, padding 0, on 28×28×1\n")
    assert lines_of(text, "conv1")["out"] == "26×26×32 = 21,632 values"


def test_markdown_is_a_list_for_each_layer(run: Run) -> None:
    text = run("explain", "alexnet", "conv1", "--format", "markdown").stdout
    assert text.startswith("**conv1**: conv 96 filters, 11×11, stride 4, padding 0, on 3×227×227\n\n- height: ⌊")
    assert r"- params: K\_h·K\_w·C\_in·filters + filters = 11·11·3·96 + 96 = 34,944" in text.splitlines()


def test_latex_is_aligned_equations(run: Run) -> None:
    text = run("explain", "alexnet", "conv1", "--format", "latex").stdout
    assert r"\usepackage{amsmath}" in text
    assert r"\left\lfloor \frac{227 + 2 \cdot 0 - 11}{4}\right\rfloor + 1 = \frac{216}{4} + 1 = 54 + 1 = 55" in text
    assert "34{,}944" in text


@pytest.mark.parametrize("format_", ["text", "markdown", "latex"])
def test_every_format_names_the_source_of_the_rule(run: Run, format_: str) -> None:
    assert "Dumoulin" in run("explain", "alexnet", "conv1", "--format", format_).stdout


@pytest.mark.parametrize(
    ("spec", "layer"),
    [("alexnet", "conv2"), ("unet", "dec4"), ("m5", "conv1"), ("lenet5", "C3"), ("alexnet", "flatten")],
)
def test_every_letter_of_a_formula_is_explained(run: Run, spec: str, layer: str) -> None:
    text = run("explain", spec, layer).stdout
    blocks, _, legend = text.partition("\nSymbols\n")
    explained = {line.split()[0] for line in legend.splitlines()}
    formulas = re.findall(r"^  \w.*?  +(\S.*?) = .* = ", blocks, re.M)
    letters = {name for formula in formulas for name in re.findall(r"\b[A-Z](?:_\w+)?\b", formula)}
    assert letters
    assert letters <= explained


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("conv11", "did you mean 'conv1'?"),
        ("nothing", "the rows are conv1, lrn1, pool1, conv2, lrn2"),
        ("", "the rows"),
    ],
    ids=["a near one", "a far one", "an empty one"],
)
def test_an_unknown_layer_is_a_usage_error(run: Run, name: str, hint: str) -> None:
    result = run("explain", "alexnet", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"there is no layer '{name}'; {hint}" in result.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("lrn", "lrn 5, on 4×4×4"),
        ("{groupnorm: 2}", "groupnorm 2 groups, on 4×4×4"),
        ("{reshape: 8x2x4}", "reshape 8×2×4, on 4×4×4"),
        ("{concat: [input, prev]}", "concat, on 4×4×4 and 4×4×4"),
        ("{conv: 8, kernel: 1, bias: false}", "conv 8 filters, 1×1, stride 1, padding 0, no bias, on 4×4×4"),
    ],
    ids=["lrn", "groupnorm", "reshape", "concat", "conv"],
)
def test_the_heading_is_a_sentence(run: Run, folder: Path, line: str, words: str) -> None:
    (folder / "one.yaml").write_text(f"input: 4x4x4\nlayers:\n- relu\n- {line}\n", encoding="utf-8")
    last = run("explain", "one.yaml").stdout.split("\n\nSymbols")[0].split("\n\n")[-1]
    assert last.splitlines()[0].partition("   ")[2] == words


def test_flops_of_another_tool_say_whose_they_are(run: Run) -> None:
    shown = run("explain", "lenet5", "C1", "--profile", "thop").stdout  # 28*28*6*25, without the bias
    assert "  flops   117,600   as thop counts; 'cnncalc reconcile --rules' has its rule\n" in shown

"""`cnncalc run` as a user runs it."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from archives import save_npz
from click.testing import Result
from PIL import Image
from running import Run

HAND = """\
name: Convolution by hand
input: 1x4x4
layers:
- {conv: 1, kernel: 2, bias: false}
"""

CLASSES = """\
name: Three classes
input: 3x2x2
vars: {classes: 3}
layers:
- global_avgpool
- flatten
- {fc: classes}
"""

TWO = """\
inputs: {left: 2, right: 2}
layers:
- {name: sum, add: [left, right]}
- {name: cut, relu: }
outputs: [sum, cut]
"""

NOTE_OF_SEED = "note: the input is drawn at random from seed 0\nnote: the weights are drawn at random from seed 0\n"


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Specs with inputs and weights in the current folder."""
    for name, text in (("hand", HAND), ("classes", CLASSES), ("two", TWO)):
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    np.save("image.npy", [[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]])
    save_npz("kernel.npz", {"conv/weight": np.array([[[[0.1, 0.2], [0.3, 0.4]]]])})
    # each channel is the same everywhere, so that its mean is it
    np.save("colour.npy", np.array([1, 2, 3]).reshape(3, 1, 1) * np.ones((1, 2, 2)))
    save_npz("classes.npz", {"fc/weight": np.diag([1, 10, 100]), "fc/bias": np.array([0, 0, -50])})
    Path("names.txt").write_text("cat\ndog\nfox\n", encoding="utf-8")
    np.save("two.npy", [1, -2])


def ok(result: Result, stderr: str = "") -> str:
    """What a command printed that ended well."""
    assert (result.exit_code, result.stderr) == (0, stderr)
    return result.stdout


def refusal(result: Result, status: int = 1) -> str:
    """Why a command ended with this status, on one line."""
    assert (result.exit_code, result.stdout) == (status, "")
    text = result.stderr if status == 1 else result.stderr.partition("Error: ")[2]
    return " ".join(text.split())


EXPLAINED = """\
conv   conv 1 filter, 2×2, stride 1, padding 0, no bias, on 1×4×4
  window     rows 0 to 1, columns 0 to 1
  [0, 0, 0]  1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 = 1.8
conv: 1×3×3, from 0.8 to 2, mean 1.51111
  1.8  1.3  1.6
  0.9  2.0  1.9
  1.6  1.7  0.8

"""


def test_the_products_behind_a_value_are_shown(run: Run) -> None:
    given = ("run", "hand.yaml", *IMAGE, *WEIGHTS, "--explain")
    title, text = ok(run(*given, "conv")).split("\n", 1)
    assert text.startswith(EXPLAINED)
    # every layer, after the input
    of_all = ok(run(*given))
    assert "input: 1×4×4, from 0 to 3, mean 1.375\n  1  2  0  1\n" in of_all
    assert EXPLAINED in of_all
    # the middle: 1*0.1 + 2*0.2 + 1*0.3 + 3*0.4 = 2 is the largest
    middle = "[0, 1, 1]  1·0.1 + 2·0.2 + 1·0.3 + 3·0.4 = 2\n"
    assert middle in ok(run(*given, "conv@0,1,1"))
    assert middle in ok(run(*given, "conv@max"))
    document = json.loads(ok(run(*given, "conv", "--format", "json")))
    assert document["explained"][0]["steps"][-1]["arithmetic"] == "1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 = 1.8"
    assert document["explained"][0]["value"] == pytest.approx(1.8, abs=1e-6)
    csv = ok(run(*given, "conv", "--format", "csv")).splitlines()
    assert csv[-1].startswith('conv,"[0, 0, 0]","[0, 0, 0]",1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 = 1.8,1.8')


def test_places_are_in_the_specs_layout_and_of_a_batch_those_of_the_first_input(run: Run) -> None:
    Path("hwc.yaml").write_text("{layout: HWC, input: 2x1x3, layers: [relu]}", encoding="utf-8")
    np.save("two.npy", np.arange(12).reshape(2, 2, 1, 3))
    result = run("run", "hwc.yaml", "--input", "two.npy", "--explain", "relu@1,0,2")
    # the last value of the first input
    assert "  [1, 0, 2]  max(0, 5) = 5\n" in result.stdout
    assert result.stderr == "note: explained are values of the first of 2 inputs\n"


def test_a_long_map_is_cut_off(run: Run) -> None:
    # a line on the range, and two lines for each of 60 channels: 121, of which 25 are shown
    Path("long.yaml").write_text("{input: 60x1x1, layers: [relu]}", encoding="utf-8")
    text = run("run", "long.yaml", "--seed", "0", "--explain", "relu").stdout.partition("\n\n")[0]
    assert text.splitlines()[-1] == "  … 96 more lines; --format json has every value"


def test_a_value_of_an_lstm_has_its_gates(run: Run) -> None:
    Path("lstm.yaml").write_text("{input: 2x3, layers: [{lstm: 2}]}", encoding="utf-8")
    lines = run("run", "lstm.yaml", "--seed", "0", "--explain").stdout.partition("\nlstm ")[2].splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["gates", "cell", "[0]"]


@pytest.mark.parametrize(
    ("layer", "weights", "said"),
    [
        ("exponential", (), "exponential: the output of exponential holds inf at [0, 0, 0]"),  # e^1000 in float64, too
        ("{conv: 1, kernel: 1, bias: false}", ("weight=1e36",), "conv: the output of conv holds inf at [0, 0, 0]"),
        ("bn", ("weight=1", "bias=0", "running_mean=0", "running_var=-1"), "(is a running_var below 0?)"),
    ],
)
def test_what_is_explained_is_a_number(run: Run, layer: str, weights: tuple[str, ...], said: str) -> None:
    Path("one.yaml").write_text(f"{{input: 1x1x1, layers: [{layer}]}}", encoding="utf-8")
    name = said.partition(":")[0] if layer != "bn" else layer
    given = [word for one in weights for word in ("--set-weight", f"{name}/{one}")]
    assert said in refusal(run("run", "one.yaml", "--input", "1000", *given, "--explain"))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("con", "there is no layer 'con'; did you mean 'conv'?"),
        ("conv@0,3,0", "--explain conv@0,3,0: the output of conv is 1x3x3; its places C,H,W are from 0,0,0 to 0,2,2"),
        ("conv@0,0", "--explain conv@0,0: the output of conv is 1x3x3; write its place C,H,W as conv@0,0,0, or "
         "conv@max"),
        ("conv@-1,0,0", "--explain conv@-1,0,0: the output of conv is 1x3x3; write its place C,H,W as conv@0,0,0, or "
         "conv@max"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_exist(run: Run, asked: str, message: str) -> None:
    assert refusal(run("run", "hand.yaml", *IMAGE, *WEIGHTS, "--explain", asked), 2) == message


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("1 2 0 1; 3 1 2", "the input, row 2: 3 values; the first row has 4"),
        ("1 2 0 1; 3 1 2 x", "the input, row 2, value 4: 'x' is not a number"),
        ("1,5 2; 3 4", "the input, row 1, value 1: '1,5' is not a number; write 1.5"),
        ("image.csv", "image.csv, line 2, value 2: 'x' is not a number"),
        ("comma.csv", "comma.csv, line 1, value 1: '1,5' is not a number; write 1.5"),
        ("1 2; 3 4", "the input is 1x2x2, but the network's input is 1x4x4; give the shape 1x2x2 (--shape) to run the "
         "network on this size"),
        ("[[1, 2], [3]]", "the input: the lists are not equally long, or a bracket or a number is wrong; write rows as "
         "'1 2 3; 4 5 6', or nested lists as '[[1, 2, 3], [4, 5, 6]]'"),
        ("[[[[[[[1]]]]]]]", "the input: more than 6 nested brackets"),
        ("1 2; 3 4;; 5 6", "the input: the matrices have 2, 1 rows; as many are expected in each"),
        ("1e99 0 0 0; 0 0 0 0; 0 0 0 0; 0 0 0 0", "the input holds 1e+99 at [0, 0, 0]; float32 cannot hold it"),
        ("1,,2", "the input, row 1, value 2: a number is missing"),
        ("-", "standard input is not text: invalid start byte at byte 0"),
    ],
)  # fmt: skip
def test_numbers_by_hand_that_are_no_input(run: Run, image: str, message: str) -> None:
    Path("image.csv").write_text("1,2\n3,x\n", encoding="utf-8")
    Path("comma.csv").write_text("1,5;2,5\n3;4\n", encoding="utf-8")
    assert refusal(run("run", "hand.yaml", "--input", image, "--seed", "0", stdin=b"\xff")) == message


def test_a_matrix_is_a_channel_in_either_layout(run: Run) -> None:
    # each channel is the same everywhere, and so its mean: 1 and 5
    for layout, shape in (("CHW", "2x1x2"), ("HWC", "1x2x2")):
        text = f"{{layout: {layout}, input: {shape}, layers: [global_avgpool, flatten]}}"
        Path("means.yaml").write_text(text, encoding="utf-8")
        printed = ok(run("run", "means.yaml", "--input", "1 1;; 5 5"))
        assert [line.split() for line in printed.splitlines()[-2:]] == [["1", "5"], ["0", "1"]]


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ("conv/weight=1 2 3", "conv/weight is 1x1x3, but the tensor is 1x1x2x2: write a matrix of 2x2 or one number "
         "for all"),
        ("con/weight=1", "--set-weight con/weight=1: 'con/weight' is not a tensor; did you mean "
         "'conv/weight'?"),
        ("conv/weight", "--set-weight conv/weight: write NAME=NUMBERS, as conv1/bias=0"),
    ],
)  # fmt: skip
def test_weights_by_hand_that_do_not_fit(run: Run, weight: str, message: str) -> None:
    assert refusal(run("run", "hand.yaml", "--input", "image.npy", "--set-weight", weight)) == message


def test_a_tensor_is_written_as_its_matrices(run: Run) -> None:
    Path("two.yaml").write_text("{input: 1x2x2, layers: [{conv: 2, kernel: 2, bias: false}]}", encoding="utf-8")
    given = ("--input", "1 2; 3 4", "--set-weight", "conv/weight=1 0; 0 0;; 0 0; 0 1")  # the first pixel, the last
    assert ok(run("run", "two.yaml", *given)).splitlines()[1] == "conv: 2×1×1, from 1 to 4, mean 2.5"


@pytest.mark.parametrize(
    "image",
    [
        "image.npy", "image.csv", "-", "1 2 0 1; 3 1 2 2; 0 1 3 1; 2 2 1 0", "1,2,0,1;3,1,2,2;0,1,3,1;2,2,1,0",
        "[[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]]", "[1 2 0 1; 3 1 2 2; 0 1 3 1; 2 2 1 0]",
        "[[1. 2. 0. 1.]\n [3. 1. 2. 2.]\n [0. 1. 3. 1.]\n [2. 2. 1. 0.]]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("weights", [["--weights", "kernel.npz"], ["--set-weight", "conv/weight=0.1 0.2; 0.3 0.4"]])
def test_the_worked_example_gives_its_nine_values(run: Run, image: str, weights: list[str]) -> None:
    # seeds A; tests/executor/test_run.py has the arithmetic. The mean is 13.6/9.
    rows = "1,2,0,1\n3,1,2,2\n0,1,3,1\n2,2,1,0\n"
    Path("image.csv").write_text(rows, encoding="utf-8")
    assert ok(run("run", "hand.yaml", "--input", image, *weights, stdin=rows)) == (
        "Convolution by hand · input 1×4×4\n"
        "conv: 1×3×3, from 0.8 to 2, mean 1.51111\n"
        "  1.8  1.3  1.6\n"
        "  0.9  2.0  1.9\n"
        "  1.6  1.7  0.8\n"
    )


def test_a_vector_prints_its_largest_values_with_their_names(run: Run) -> None:
    # the means are 1, 2, 3; so 1, 20 and 300 - 50
    arguments = ("run", "classes.yaml", "--input", "colour.npy", "--weights", "classes.npz")
    assert ok(run(*arguments, "--labels", "names.txt", "--top", "2")) == (
        "Three classes · input 3×2×2\n"
        "fc: the 2 largest of 3 values\n"
        "index  value  name\n"
        "──────────────────\n"
        "    2    250  fox\n"
        "    1     20  dog\n"
    )


def test_mean_and_std_are_applied_to_arrays_too(run: Run) -> None:
    arguments = ("--input", "colour.npy", "--weights", "classes.npz", "--mean", "1,2,2.5", "--std", "0.5")
    # (1 - 1)/0.5 = 0, (2 - 2)/0.5 = 0, (3 - 2.5)/0.5 = 1; so 0, 0 and 100 - 50
    document = json.loads(ok(run("run", "classes.yaml", *arguments, "--format", "json")))
    assert document["outputs"]["fc"]["results"][0]["values"] == [0, 0, 50]


def test_an_image_is_scaled_with_a_note_and_its_values_are_from_0_to_1(run: Run) -> None:
    Image.new("RGB", (6, 4), (255, 51, 0)).save("photo.png")
    arguments = ("run", "classes.yaml", "--input", "photo.png", "--weights", "classes.npz", "--format", "json")
    note = "note: photo.png is 4x6: scaled to cover 2x2, and its centre kept\n"
    document = json.loads(ok(run(*arguments), note))
    # 1, 0.2 and 0 in; so 1, 10 * 0.2 and -50
    assert document["outputs"]["fc"]["results"][0]["values"] == [1, 2, -50]


def test_a_batch_is_run_input_by_input_and_written_as_one_array(run: Run) -> None:
    colour = np.load("colour.npy")
    np.save("batch.npy", [colour, 2 * colour])
    arguments = ("run", "classes.yaml", "--input", "batch.npy", "--weights", "classes.npz", "--top", "1")
    assert ok(run(*arguments, "--output", "out.npy")).splitlines()[1:] == [
        "fc: the largest of 3 values for each input",
        "input  index  value",
        "───────────────────",
        "    0      2    250",
        "    1      2    550",
    ]
    assert np.load("out.npy").tolist() == [[1, 20, 250], [2, 40, 550]]
    assert sorted(path.name for path in Path().glob("out*")) == ["out.npy"]


def test_several_inputs_are_named_and_several_outputs_written_by_name(run: Run) -> None:
    np.save("other.npy", [3, 1])
    ok(run("run", "two.yaml", "--input", "left=two.npy", "--input", "right=other.npy", "--output", "out.npz"))
    with np.load("out.npz") as outputs:
        assert {name: array.tolist() for name, array in outputs.items()} == {"sum": [4, -1], "cut": [4, 0]}


def test_a_network_without_weights_needs_none(run: Run) -> None:
    Path("pool.yaml").write_text("{input: 1x4x4, layers: [{maxpool: 4}]}", encoding="utf-8")
    assert "from 3 to 3" in ok(run("run", "pool.yaml", "--input", "image.npy"))


def test_a_seed_draws_input_and_weights_with_a_note(run: Run) -> None:
    first = ok(run("run", "net.yaml", "--seed", "0"), NOTE_OF_SEED)
    assert first == ok(run("run", "net.yaml", "--seed", "0"), NOTE_OF_SEED)
    assert first.splitlines()[0] == "Small net · input 3×8×8"
    note = "note: the weights are drawn at random from seed 1\n"
    ok(run("run", "hand.yaml", "--input", "image.npy", "--seed", "1"), note)


def test_saved_weights_are_a_template_that_gives_the_same_again(run: Run) -> None:
    note = "note: the weights are drawn at random from seed 7\n"
    np.save("x.npy", np.ones((3, 8, 8)))
    drawn = ok(run("run", "net.yaml", "--input", "x.npy", "--seed", "7", "--save-weights", "w.npz"), note)
    assert ok(run("run", "net.yaml", "--input", "x.npy", "--weights", "w.npz")) == drawn
    with np.load("w.npz") as weights:
        assert {name: array.shape for name, array in weights.items()} == {
            "stem/weight": (4, 3, 3, 3), "stem/bias": (4,),
            "stem/bn/weight": (4,), "stem/bn/bias": (4,), "stem/bn/running_mean": (4,), "stem/bn/running_var": (4,),
            "body.1/conv/weight": (4, 4, 1, 1), "body.1/conv/bias": (4,),
            "body.2/conv/weight": (4, 4, 1, 1), "body.2/conv/bias": (4,),
            "fc/weight": (2, 144), "fc/bias": (2,),
        }  # fmt: skip


def test_another_shape_and_other_variables_change_the_network(run: Run) -> None:
    np.save("large.npy", np.ones((3, 5, 5)))
    arguments = ("run", "classes.yaml", "--input", "large.npy", "--weights", "four.npz", "--shape", "3x5x5")
    save_npz("four.npz", {"fc/weight": np.ones((4, 3)), "fc/bias": np.zeros(4)})
    assert "fc: 4 values, largest first" in ok(run(*arguments, "--set", "classes=4"))


def test_tensors_that_no_layer_uses_are_noted(run: Run) -> None:
    with np.load("kernel.npz") as kernel:
        np.savez("more.npz", head=np.zeros(2), **kernel)
    note = "note: no layer uses the tensors head\n"
    ok(run("run", "hand.yaml", "--input", "image.npy", "--weights", "more.npz"), note)


WEIGHTS = ("--weights", "kernel.npz")
IMAGE = ("--input", "image.npy", *WEIGHTS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hand.yaml", "--input", "two.npy", *WEIGHTS), "two.npy is 2, but the network's input is 1x4x4 (or Nx1x4x4"),
        (("hand.yaml", "--input", "names.txt", *WEIGHTS), "names.txt: an input is an array (.npy), numbers as "
         "text (.csv, .tsv) or an image (.png, "),
        (("hand.yaml", "--input", "nan.npy", *WEIGHTS), "nan.npy holds nan at [0, 0, 0]; finite numbers are expected"),
        (("hand.yaml", "--input", "image.npy", "--weights", "names.txt"), "names.txt: weights are read from .npz and"),
        (("classes.yaml", "--input", "colour.npy", "--weights", "classes.npz", "--labels", "two.txt"),
         "two.txt has 2 lines, but fc has 3 values to name"),
        (("wrong.yaml", *IMAGE), "wrong.yaml:3:24: conv has no parameter 'kernal'"),
    ],
    ids=["another shape", "neither array nor image", "not a number", "other weights", "too few names", "the spec"],
)  # fmt: skip
def test_input_that_is_wrong_has_exit_status_1(run: Run, arguments: tuple[str, ...], message: str) -> None:
    np.save("nan.npy", np.full((1, 4, 4), np.nan))
    Path("two.txt").write_text("a\nb", encoding="utf-8")
    assert refusal(run("run", *arguments)).startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("hand.yaml",), "give --input FILE, an array (.npy), numbers (.csv) or an image, or the numbers as --input "
         "'1 2; 3 4'; or --seed N to draw one at random"),
        (("hand.yaml", "--input", "image.npy"),
         "give --weights FILE (.npz or .safetensors), --set-weight, or --seed N to draw them at random; the tensors "
         "are named LAYER/WEIGHT, as 'cnncalc show SPEC --format json' lists them: conv1/weight"),
        (("hand.yaml", *IMAGE, "--seed", "0"), "--seed has nothing to draw: input and weights are given; leave it out"),
        (("hand.yaml", "--input", "1x8x8", *WEIGHTS),
         "--input 1x8x8: there is no file '1x8x8'; --input is the data here, and --shape 1x8x8 gives it another shape"),
        (("hand.yaml", "--input", "no.npy", *WEIGHTS), "--input no.npy: there is no file 'no.npy'"),
        (("hand.yaml", "--input", "folder.npy", *WEIGHTS), "--input folder.npy: 'folder.npy' is a folder"),
        (("hand.yaml", *IMAGE, "--input", "input=image.npy"),
         "--input input=image.npy: there is a file for input already, image.npy"),
        (("two.yaml", "--input", "two.npy"), "--input two.npy: there are several inputs; write left=two.npy"),
        (("two.yaml", "--input", "rigth=two.npy"),
         "--input rigth=two.npy: there is no input 'rigth'; did you mean 'right'?"),
        (("two.yaml", "--input", "x=two.npy"), "there is no input 'x'; the inputs are left, right"),
        (("two.yaml", "--input", "left=two.npy"), "--input right=FILE is missing; the inputs are left, right"),
        (("hand.yaml", "--input", "image.npy", "--weights", "no.npz"), "File 'no.npz' does not exist."),
        (("hand.yaml", *IMAGE, "--mean", "1,2"),
         "mean has 2 numbers; one is expected, or one for each channel: 1"),
        (("hand.yaml", *IMAGE, "--mean", "a"), "'a' is not a list of numbers, as 0.5,0.4,0.4"),
        (("hand.yaml", *IMAGE, "--mean", "nan"), "'nan' is not a list of numbers, as 0.5,0.4,0.4"),
        (("hand.yaml", *IMAGE, "--std", "0"), "'0' is not a list of numbers above 0, as 0.5,0.4,0.4"),
        (("hand.yaml", *IMAGE, "--shape", "4"), "input 4: 1 given, but the spec's input 1x4x4 has 3 sizes"),
        (("hand.yaml", *IMAGE, "--set", "a=1"), "hand.yaml has no variable 'a'; it has none"),
        (("hand.yaml", *IMAGE, "--labels", "names.txt"),
         "--labels names the values of a vector, and no output of the network is one"),
        (("hand.yaml", *IMAGE, "--output", "out.txt"), "--output out.txt: a .npy or .npz file is expected"),
        (("hand.yaml", *IMAGE, "--output", "no/out.npy"), "--output no/out.npy: there is no folder 'no'"),
        (("hand.yaml", *IMAGE, "--output", "image.npy"),
         "--output image.npy: the file exists; --force writes over it"),
        (("hand.yaml", *IMAGE, "--output", "folder.npy", "--force"),
         "--output folder.npy: this is a folder; name a file in it"),
        (("two.yaml", "--seed", "0", "--output", "out.npy"),
         "--output out.npy: the network has several outputs; give a .npz file"),
        (("hand.yaml", *IMAGE, "--save-weights", "w.npz"),
         "--save-weights writes what --seed draws; give --seed, and not --weights"),
        (("hand.yaml", "--seed", "0", "--save-weights", "w.npy"), "--save-weights w.npy: a .npz file is expected"),
        (("hand.yaml", "--seed", "0", "--save-weights", "kernel.npz"), "the file exists; --force writes over it"),
        (("hand.yaml", "--seed", "-1"), "-1 is not in the range x>=0"),
        (("nothing.yaml", "--seed", "0"), "there is no file 'nothing.yaml'"),
        (("--seed", "0"), "Missing argument 'SPEC'."),
        (("--explain", "hand.yaml", "--seed", "0"),
         "Missing argument 'SPEC': --explain took 'hand.yaml' for a layer; alone it is the last word, after SPEC"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_has_exit_status_2(run: Run, arguments: tuple[str, ...], message: str) -> None:
    Path("folder.npy").mkdir()
    before = sorted(os.listdir())
    assert message in refusal(run("run", *arguments), 2)
    assert sorted(os.listdir()) == before


def test_force_writes_over_a_file(run: Run) -> None:
    ok(run("run", "hand.yaml", *IMAGE, "--output", "image.npy", "--force"))
    assert np.load("image.npy").shape == (1, 3, 3)


def test_a_missing_extra_has_exit_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("photo.png").touch()
    monkeypatch.setitem(sys.modules, "PIL", None)
    message = "Error: the package Pillow is not installed; install it with: pip install 'cnncalc[images]'"
    assert refusal(run("run", "classes.yaml", "--input", "photo.png", "--weights", "classes.npz")) == message


def test_two_results_are_not_written_to_one_file(run: Run) -> None:
    result = run("run", "hand.yaml", "--seed", "0", "--output", "o.npz", "--save-weights", "./o.npz")
    assert refusal(result, 2) == "--output and --save-weights both name o.npz; write them to two files"
    assert not Path("o.npz").exists()

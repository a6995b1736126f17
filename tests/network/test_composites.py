"""residual, branches and sequence: what they read, what they join, in which order."""

import pytest
from networks import problems_of

import cnncalc


def edges(layers: str, head: str = "input: 4x8x8\n") -> list[tuple[str, tuple[str, ...]]]:
    """Path and inputs of every layer."""
    return [(node.path, node.inputs) for node in cnncalc.analyze(text=f"{head}layers:\n{layers}").network.nodes]


def test_a_residual_adds_its_input() -> None:
    assert edges("- {residual: [relu, tanh]}\n") == [
        ("residual/relu", ("input",)),
        ("residual/tanh", ("residual/relu",)),
        ("residual/add", ("residual/tanh", "input")),
    ]


def test_a_residual_that_concatenates_puts_its_input_first() -> None:
    assert edges("- {residual: [relu], merge: concat}\n")[-1] == ("residual/concat", ("input", "residual/relu"))
    # DnCNN takes the noise from the image: Zhang et al. 2016, arXiv:1608.03981
    assert edges("- {residual: [relu], merge: subtract}\n")[-1] == ("residual/subtract", ("input", "residual/relu"))


def test_an_activation_comes_behind_the_merge() -> None:
    assert edges("- {residual: [relu6], activation: relu}\n")[-1] == ("residual/relu", ("residual/add",))
    assert edges("- {branches: [[], [relu6]], activation: relu}\n")[-1] == ("branches/relu", ("branches/concat",))


def test_a_list_of_layers_is_the_shortcut() -> None:
    assert edges("- {residual: [relu], shortcut: [tanh, elu]}\n") == [
        ("residual/relu", ("input",)),
        ("residual/shortcut/tanh", ("input",)),
        ("residual/shortcut/elu", ("residual/shortcut/tanh",)),
        ("residual/add", ("residual/relu", "residual/shortcut/elu")),
    ]


def test_an_empty_list_is_the_identity() -> None:
    assert edges("- {residual: [relu], shortcut: []}\n")[-1] == ("residual/add", ("residual/relu", "input"))


def test_a_dropped_shortcut_leaves_the_body() -> None:
    assert edges("- {residual: [{maxpool: 2}], shortcut: if_same}\n- relu\n") == [
        ("residual/maxpool", ("input",)),
        ("relu", ("residual/maxpool",)),
    ]


def test_a_dropped_shortcut_leaves_the_activation() -> None:
    assert edges("- {residual: [{maxpool: 2}], shortcut: if_same, activation: relu}\n") == [
        ("residual/maxpool", ("input",)),
        ("residual/relu", ("residual/maxpool",)),
    ]


def test_a_projection_is_only_where_the_shape_changes() -> None:
    assert edges("- {residual: [relu], shortcut: project}\n")[-1] == ("residual/add", ("residual/relu", "input"))
    assert edges("- {residual: [{conv: 5, kernel: 1}], shortcut: project}\n")[1:] == [
        ("residual/shortcut", ("input",)),
        ("residual/add", ("residual/conv", "residual/shortcut")),
    ]


@pytest.mark.parametrize(
    ("head", "body", "stride", "params"),
    [
        ("input: 4x8x8\n", "{conv: 6, kernel: 3, stride: 2, padding: 1}", (2, 2), 30),  # 4*6 + 6
        ("input: 4x7x7\n", "{conv: 6, kernel: 3, stride: 2, padding: 1}", (2, 2), 30),
        ("input: 4x9x8\n", "{conv: 4, kernel: 1, stride: [3, 1]}", (3, 1), 20),
        ("input: {C: 4, L: 20}\n", "{conv: 4, kernel: 1, stride: 5}", (5,), 20),
        ("input: 4x8x8\ndefaults: {conv: {bias: false}}\n", "{conv: 6, kernel: 1}", (1, 1), 24),
        ("input: 4x8x8\ndefaults: {conv: {norm: bn}}\n", "{conv: 6, kernel: 1}", (1, 1), 42),  # 30 + bn of 6
        ("input: 4x8x8\ndefaults: {conv: {activation: prelu, padding: 2, groups: 2}}\n", "{conv: 6, kernel: 5}", (1, 1),
         30),
    ],
)  # fmt: skip
def test_a_projection_has_the_stride_of_the_sizes_and_the_norm_of_the_defaults(
    head: str, body: str, stride: tuple[int, ...], params: int
) -> None:
    report = cnncalc.analyze(text=f"{head}layers:\n- {{residual: [{body}], shortcut: project}}\n")
    row = report["residual/shortcut"]
    assert row.layers[0].layer.stride == stride  # type: ignore[attr-defined]
    assert row.layers[0].layer.kernel == (1,) * len(stride)  # type: ignore[attr-defined]
    assert row.params == params


@pytest.mark.parametrize("body", ["{conv: 4, kernel: 3}", "{upsample: 2}", "{conv: 4, kernel: 2, stride: 1}"])
def test_a_projection_that_no_stride_gives_is_refused(body: str) -> None:
    (problem,) = problems_of(f"input: 4x8x8\nlayers:\n- {{residual: [{body}], shortcut: project}}\n")
    assert problem.startswith("3:4: residual: no 1x1 convolution turns 4x8x8 into ")
    assert problem.endswith("; write the shortcut as a list of layers")


def test_a_padded_shortcut_is_only_where_the_shape_changes() -> None:
    assert edges("- {residual: [relu], shortcut: pad}\n")[-1] == ("residual/add", ("residual/relu", "input"))


@pytest.mark.parametrize(
    ("head", "body", "shortcut"),
    [
        ("input: 4x8x8\n", "{conv: 6, kernel: 3, stride: 2, padding: 1}", ["maxpool 2x2", "pad_channels 2"]),
        ("input: 4x7x7\n", "{conv: 6, kernel: 3, stride: 2, padding: 1}", ["maxpool 2x2", "pad_channels 2"]),
        ("input: 4x9x8\n", "{conv: 4, kernel: 1, stride: [3, 1]}", ["maxpool 3x1"]),
        ("input: {C: 4, L: 20}\n", "{conv: 9, kernel: 1, stride: 5}", ["maxpool 5", "pad_channels 5"]),
        ("input: 4x8x8\n", "{conv: 5, kernel: 1}", ["pad_channels 1"]),
        ("input: 10\n", "{fc: 12}", ["pad_channels 2"]),
        (
            "input: 4x8x8\ndefaults: {maxpool: {padding: 1}, conv: {norm: bn}}\n",
            "{conv: 4, kernel: 2, stride: 2}",
            ["maxpool 2x2"],
        ),
    ],
)
def test_a_padded_shortcut_takes_every_nth_value_and_adds_channels(head: str, body: str, shortcut: list[str]) -> None:
    report = cnncalc.analyze(text=f"{head}layers:\n- {{residual: [{body}], shortcut: pad}}\n")
    found = []
    for layer in report["residual/shortcut"].layers:
        settings = vars(layer.layer)
        if layer.kind == "maxpool":
            assert set(settings["kernel"]) == {1}
            assert {n for pair in settings["padding"] for n in pair} == {0}
            found.append(f"maxpool {'x'.join(map(str, settings['stride']))}")
        else:
            before, after = settings["zeros"]
            assert before == 0
            found.append(f"{layer.kind} {after}")
    assert found == shortcut
    assert report["residual/shortcut"].params == 0


def test_the_layers_of_a_padded_shortcut_have_paths_of_their_own() -> None:
    assert edges("- {residual: [{conv: 5, kernel: 2, stride: 2}], shortcut: pad, activation: relu}\n")[1:] == [
        ("residual/shortcut/maxpool", ("input",)),
        ("residual/shortcut/pad_channels", ("residual/shortcut/maxpool",)),
        ("residual/add", ("residual/conv", "residual/shortcut/pad_channels")),
        ("residual/relu", ("residual/add",)),
    ]


def test_branches_read_one_input_and_join_in_order() -> None:
    assert edges("- tanh\n- {branches: [[relu], [], [elu, gelu]]}\n")[1:] == [
        ("branches/1/relu", ("tanh",)),
        ("branches/3/elu", ("tanh",)),
        ("branches/3/gelu", ("branches/3/elu",)),
        ("branches/concat", ("branches/1/relu", "tanh", "branches/3/gelu")),
    ]


@pytest.mark.parametrize("merge", ["add", "concat", "mul", "subtract", "maximum", "minimum", "average"])
def test_branches_merge_as_told(merge: str) -> None:
    assert edges(f"- {{branches: [[], [relu]], merge: {merge}}}\n")[-1] == (
        f"branches/{merge}",
        ("input", "branches/2/relu"),
    )


def test_a_path_can_read_another_layer() -> None:
    assert edges("- {name: a, tanh: }\n- relu\n- {branches: [[], [{elu: , from: a}]]}\n")[-1] == (
        "branches/concat",
        ("relu", "branches/2/elu"),
    )


def test_a_sequence_only_groups() -> None:
    assert edges("- {sequence: [relu, {sequence: [tanh]}]}\n- elu\n") == [
        ("sequence/relu", ("input",)),
        ("sequence/sequence/tanh", ("sequence/relu",)),
        ("elu", ("sequence/sequence/tanh",)),
    ]


def test_a_follower_whose_path_is_taken_gets_a_number() -> None:
    layers = "- {residual: [{name: relu6, sequence: [tanh]}], activation: relu6}\n"
    assert edges(layers)[-1] == ("residual/relu6_2", ("residual/add",))


def test_copies_follow_one_another_inside_and_outside() -> None:
    assert edges("- {residual: [{relu: , repeat: 2}], repeat: 2}\n") == [
        ("residual.1/relu.1", ("input",)),
        ("residual.1/relu.2", ("residual.1/relu.1",)),
        ("residual.1/add", ("residual.1/relu.2", "input")),
        ("residual.2/relu.1", ("residual.1/add",)),
        ("residual.2/relu.2", ("residual.2/relu.1",)),
        ("residual.2/add", ("residual.2/relu.2", "residual.1/add")),
    ]


def test_the_first_copy_can_have_another_merge() -> None:
    assert edges("- {residual: [relu], repeat: 2, first: {merge: concat}}\n") == [
        ("residual.1/relu", ("input",)),
        ("residual.1/concat", ("input", "residual.1/relu")),
        ("residual.2/relu", ("residual.1/concat",)),
        ("residual.2/add", ("residual.2/relu", "residual.1/concat")),
    ]


# body, paths and shortcut are parameters too: what `first:` gives of them is used.
@pytest.mark.parametrize(
    ("line", "first_copy"),
    [
        ("{residual: [relu], repeat: 2, first: {body: [tanh]}}", ["residual.1/tanh", "residual.1/add"]),
        ("{sequence: [relu], repeat: 2, first: {body: [tanh]}}", ["sequence.1/tanh"]),
        ("{branches: [[relu]], repeat: 2, first: {paths: [[tanh], []]}}", ["branches.1/1/tanh", "branches.1/concat"]),
        ("{residual: [relu], repeat: 2, first: {shortcut: [tanh]}}",
         ["residual.1/relu", "residual.1/shortcut/tanh", "residual.1/add"]),
        ("{residual: [relu], shortcut: [tanh], repeat: 2, first: {shortcut: identity}}",
         ["residual.1/relu", "residual.1/add"]),
    ],
)  # fmt: skip
def test_the_first_copy_can_have_another_list(line: str, first_copy: list[str]) -> None:
    assert [path for path, _ in edges(f"- {line}\n") if ".1" in path] == first_copy


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "{residual: [{conv: 5, kernel: 1}]}",
            "3:4: residual: the body gives 5x8x8 but its input is 4x8x8; make them equal, "
            "or write 'shortcut: project', 'shortcut: if_same' or a list of layers",
        ),
        (
            "{residual: [relu], shortcut: [{maxpool: 2}]}",
            "3:4: add: the inputs 4x8x8 and 4x4x4 must have the same shape",
        ),
        (
            "{residual: [{maxpool: 2}], merge: concat}",
            "3:4: concat: the maps of 4x8x8 and 4x4x4 differ in size, "
            "and concat joins channels only; crop or pad the maps; "
            "'align: center' of concat crops the larger",
        ),
        ("{branches: [[], [{conv: 5, kernel: 1}]], merge: add}",
         "3:4: add: the inputs 4x8x8 and 5x8x8 must have the same shape"),
        ("{sequence: [relu], merge: add}", "3:22: sequence has no parameter 'merge'; it has body"),
        ("{residual: [relu], kernel: 3}",
         "3:22: residual has no parameter 'kernel'; it has body, shortcut, merge, activation"),
    ],
)  # fmt: skip
def test_a_composite_that_cannot_be_is_one_problem(line: str, problem: str) -> None:
    assert problems_of(f"input: 4x8x8\nlayers:\n- {line}\n") == [problem]


def test_a_wrong_norm_in_the_defaults_is_one_problem_of_a_projection_too() -> None:
    head = "input: 4x8x8\ndefaults: {conv: {norm: bnn}}\n"
    layers = "layers:\n- {residual: [{conv: 8, kernel: 1, norm: none}], shortcut: project}\n"
    assert problems_of(head + layers) == ["2:25: norm has no value 'bnn'; did you mean 'bn'?"]


# A claim or `report[...]` finds a row by its path: no two rows may have one.
@pytest.mark.parametrize(
    "layers",
    [
        "- {residual: [{name: shortcut, sequence: [relu]}], shortcut: [tanh]}\n",
        "- {residual: [{name: shortcut, sequence: [relu]}, {conv: 8, kernel: 1}], shortcut: project}\n",
        "- {residual: [{name: add, sequence: [relu]}]}\n",
        "- {residual: [{name: tanh, sequence: [relu]}], activation: tanh}\n",
    ],
)
def test_no_two_rows_have_one_path(layers: str) -> None:
    rows = cnncalc.analyze(text=f"input: 4x8x8\nlayers:\n{layers}").network.rows[0].children
    paths = [row.path for row in rows]
    assert len(set(paths)) == len(paths), paths

"""Explanations of words, completions, places of names, and renaming."""

import pytest
from bundled import every_architecture, text_of
from editing.texts import NET, changed, marked, opened

from cnncalc.editing.completion import completions
from cnncalc.editing.hover import hover
from cnncalc.editing.names import occurrences
from cnncalc.editing.places import TextPlace
from cnncalc.editing.rename import definition, references, rename, renamed_range
from cnncalc.errors import RewritingError


@pytest.mark.parametrize(
    ("written", "here", "said"),
    [
        ("conv: width", "c¦onv: width", "Convolution (cross-correlation"),
        ("stride: 2", "str¦ide: 2", "stride: distance between windows; whole number"),
        ("conv: width", "conv: wi¦dth", "`width` = 8"),
        ("width: 8", "width: ¦8", ""),
        ("2*c", "2*¦c", "- body/conv: 8\n- pair2/conv: 16"),  # c is 4, then width
        ("name: stem", "name: st¦em", "K\\_h·K\\_w·C\\_in·filters + filters = 3·3·3·8 + 8 = 224"),
        ("pair: 4", "pa¦ir: 4", "block `pair(c, k=3)`: 2 uses\n\n- body: c = 4, k = 3\n- pair2: c = 8, k = 1"),
        ("pair(c", "pa¦ir(c", "2 uses"),
        ("relu\n", "re¦lu\n", "relu"),
        ("kernel: k}", "kernel: ¦k}", "- body/conv: 3\n- pair2/conv: 1"),
        ("layers:", "lay¦ers:", ""),
        ("- flatten", "- {name: no¦ne, flatten, repeat: 0}", ""),  # there is no layer of it
    ],
)
def test_hover(written: str, here: str, said: str) -> None:
    found = hover(*marked(NET.replace(written, here, 1)))
    assert said in (found.text if found else "")
    assert bool(said) == (found is not None)


def test_hover_on_a_line_of_a_block_explains_its_first_use() -> None:
    found = hover(*marked(NET.replace("- {conv: 2*c, kernel: k}", "- ¦{conv: 2*c, kernel: k}", 1)))
    assert found is not None
    assert found.text.endswith("the first of 2 uses")
    assert "3·3·8·8 + 8 = 584" in found.text


def test_hover_of_a_broken_text_knows_the_lines_that_did_not_change() -> None:
    good = opened(NET)
    broken = opened(NET.replace("input:", "\n\ninput:").replace("- flatten", "- flatten: ["), good)
    found = hover(broken, TextPlace(10, 12))
    assert found is None  # everything from the first change to the last is another text
    broken = opened(NET.replace("- flatten", "- flatten: ["), good)
    found = hover(broken, TextPlace(7, 10))
    assert found is not None
    assert "**stem**" in found.text
    assert found.range.start.line == 7


@pytest.mark.parametrize(
    ("line", "first", "missing"),
    [
        ("- ¦", ["pair", "conv", "deconv"], "kernel"),
        ("- {conv: 8, ¦", ["kernel", "stride", "padding"], "filters"),
        ("- {conv: 8, ¦, stride: 2}", ["kernel", "padding", "dilation"], "stride"),
        ("- {conv2d: 8, kernel_size: 3, ¦}", ["stride", "padding", "dilation"], "kernel"),
        ("- {conv: 8, padding: ¦", ["valid", "same", "same_lower"], "conv"),
        ("- {conv: 8, norm: ¦", ["none", "bn", "layernorm"], "conv"),
        ("- {conv: ¦", ["in", "width"], "stem"),
        ("- {from: ¦", ["up", "body", "stem"], "width"),
        ("- {concat: [up, ¦", ["up", "body", "stem"], "width"),
        ("- {pair: 4, ¦", ["c", "k", "name"], "conv"),
        ("- {pair: 4, repeat: 2, first: {¦", ["c", "k"], "name"),
        ("- conv: 8\n  ¦", ["kernel", "stride", "padding"], "filters"),
        ("- {residual: [¦", ["pair", "conv", "deconv"], "kernel"),
        ("- {bn, affine: ¦", ["true", "false"], "bn"),
        ("out¦", ["cnncalc", "name", "source"], "conv"),
        ("outputs: [¦", ["up", "body", "stem"], "conv"),
        ("expect: {¦", ["out", "elements", "params"], "conv"),
    ],
)
def test_completion(line: str, first: list[str], missing: str) -> None:
    words = [one.label for one in completions(*marked(NET + line))]
    assert words[: len(first)] == first
    assert missing not in words


def test_completion_in_a_block_knows_its_parameters() -> None:
    edited, place = marked(NET.replace("- relu", "- {conv: ¦}"))
    assert [one.label for one in completions(edited, place)] == ["c", "k", "in", "width"]


def test_a_parameter_says_its_default() -> None:
    words = {one.label: one for one in completions(*marked(NET + "- {maxpool: 2, ¦"))}
    assert (words["padding"].detail, words["padding"].text) == ("default 0", "padding: ")
    assert words["stride"].detail == "default kernel"


@pytest.mark.parametrize(
    ("written", "here", "name", "places"),
    [
        ("width: 8", "wi¦dth: 8", "w", [(1, 7), (7, 21), (9, 10)]),
        ("pair: 4", "pai¦r: 4", "two", [(3, 2), (8, 15), (9, 3)]),
        ("2*c", "2*¦c", "ch", [(3, 7), (4, 13)]),
        ("from: body", "from: bo¦dy", "trunk", [(8, 9), (10, 19)]),
        ("input", "in¦put", "x", []),
    ],
)
def test_names(written: str, here: str, name: str, places: list[tuple[int, int]]) -> None:
    edited, place = marked(NET.replace(written, here, 1))
    found = references(edited, place)
    assert [range_.start for range_ in found] == places
    if not places:
        assert (definition(edited, place), rename(edited, place, name)) == (None, [])
        return
    first = definition(edited, place)
    assert first == found[0]
    assert references(edited, place, definition=False) == found[1:]
    assert renamed_range(edited, place) in found
    renamed = opened(changed(NET, rename(edited, place, name)))
    assert renamed.report is not None
    assert [layer.output_shape for layer in renamed.report] == [layer.output_shape for layer in edited.report or ()]


@pytest.mark.parametrize(
    ("written", "here", "name", "reason"),
    [
        ("2*c", "2*wi¦dth", "c", "means something else"),
        ("width: 8", "wi¦dth: 8", "1", "cannot be used here"),
        ("pair: 4", "pai¦r: 4", "conv", "has the name of a kind"),
        ("name: stem", "name: st¦em", "body", "is used twice"),
        ("name: stem", "name: st¦em", "a: b", "letters, digits, _ and -"),
        ("- flatten", "- flat¦ten", "x", ""),
        ("name: stem, ", "name: st¦em, kernl: 3, ", "x", "the spec has problems"),
    ],
)
def test_a_name_that_would_change_the_network_is_refused(written: str, here: str, name: str, reason: str) -> None:
    edited, place = marked(NET.replace(written, here, 1))
    if not reason:
        assert rename(edited, place, name) == []
        return
    with pytest.raises(RewritingError) as caught:
        rename(edited, place, name)
    assert reason in str(caught.value)


@every_architecture
def test_every_name_of_an_architecture_can_be_another(name: str) -> None:
    edited = opened(text_of(name))
    assert edited.tree is not None
    assert edited.spec is not None
    found = {one.defined for one in occurrences(edited.tree, edited.spec)}
    for offset in found:
        place = TextPlace(edited.tree.line(offset), edited.tree.column(offset))
        assert len(rename(edited, place, "other_9")) == len(references(edited, place))

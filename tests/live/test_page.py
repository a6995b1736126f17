"""The live page in a browser: what a reader sees and can do."""

import json
import re
from collections.abc import Iterator

import pytest
from browser.page import Page
from live.serving import Live, served

pytestmark = pytest.mark.slow

# 6·(25 + 1) = 156 params; 10·(6·12·12 + 1) = 8,650
TEXT = """\
name: Small
input: 1x28x28
vars: {width: 6}
layers:
- {conv: width, kernel: 5, activation: relu}
- {maxpool: 2}
- flatten
- {fc: 10}
"""


TWO = "import torch.nn as nn\n" + "".join(
    f"class {name}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    f"        self.c = nn.Conv2d(3, {count}, 3)\n    def forward(self, x):\n        return self.c(x)\n"
    for name, count in (("A", 4), ("B", 5))
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(TEXT) as found:
        yield found


@pytest.fixture
def live(page: Page, address: str) -> Live:
    opened = Live(page)
    opened.open(address)
    return opened


def test_what_is_typed_changes_table_and_figure(live: Live) -> None:
    assert live.run("rows()[3]") == ["fc", "fc 10", "10", "8,650", "8,640", "17,280"]
    assert "8,806" in live.run("totals()")
    live.run("cursor('fc: 10', true)")
    live.run("until(() => totals().includes('86,656'))", keys=["0"])  # 100·865 + 156
    live.run("until(() => figure().includes('fc 100'))")
    assert live.run("all('.hint').map((hint) => hint.textContent)") == [
        "6×24×24 · 156", "6×12×12", "864", "100 · 86,500",
    ]  # fmt: skip
    assert live.run("$('.lens').textContent").startswith("86.66K params · 172.8K MACs · ")


def test_a_broken_text_keeps_the_last_figures_until_it_is_mended(live: Live) -> None:
    live.run("change('maxpool', 'maxpol')")
    live.run("until(() => $('#state').textContent.startsWith('1 error: line 6, column 4;'))")
    live.run("until(() => $('#problems button')?.textContent === '6:4')")  # the findings come after the state
    assert live.run("$('#old').hidden") is False
    assert "8,806" in live.run("totals()")
    assert "maxpool" in live.run("figure()")
    live.run("all('#problems button').at(-1).click()")  # write 'maxpool'
    live.run("until(() => $('#old').hidden && $('#state').textContent === 'nothing found')")
    assert live.run("text()") == TEXT


def test_sliders_change_the_text(live: Live) -> None:
    take = "const slider = document.querySelectorAll('#sliders input[type=range]')[{}]; slider.value = {}; "
    move = "slider.dispatchEvent(new Event('input'))"
    live.run(f"(() => {{ {take.format(1, 32)} {move} }})()")
    live.run(f"(() => {{ {take.format(0, 8)} {move} }})()")
    live.run("until(() => $('#table caption').textContent === 'Small · input 1×32×32')")
    assert live.run("text()") == TEXT.replace("28x28", "32x32").replace("width: 6", "width: 8")
    live.run("until(() => rows()[0][2] === '8×28×28')")


def test_the_figure_follows_a_slider_that_is_moved(live: Live) -> None:
    figures = """(async () => {
      const [slider, seen] = [$("#sliders input[type=range]"), new Set()];
      for (let step = 0; step < 2000 && seen.size < 4; step += 1) {  // faster than one is answered
        slider.value = 7 + (step % 17);
        slider.dispatchEvent(new Event("input"));
        await new Promise((done) => setTimeout(done, 4));
        seen.add(/conv (\\d+)/.exec(figure())[1]);
      }
      return seen.size;
    })()"""
    assert live.run(figures) == 4


def test_rows_unfold_and_lead_to_their_lines(live: Live) -> None:
    live.run("$('#table button.fold').click()")
    assert live.run("until(() => rows().length === 6 && rows().map((row) => row[0]))") == [
        "conv", "conv", "relu", "maxpool", "flatten", "fc",
    ]  # fmt: skip
    live.run("document.querySelectorAll('#table button.name')[5].click()")
    assert live.run("view().state.doc.lineAt(view().state.selection.main.head).number") == 8
    assert live.run("[$('#table tr.here th').textContent, document.activeElement.className]") == ["fc", "cm-content"]
    box = "$('#figure').shadowRoot.querySelector('[data-layer=maxpool]')"
    live.run(f"{box}.dispatchEvent(new Event('click', {{ bubbles: true }}))")
    assert live.run("view().state.doc.lineAt(view().state.selection.main.head).number") == 6


def test_the_keyboard_alone_does(live: Live) -> None:
    focus = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
    assert live.run(focus, keys=["Tab"]) == "open"
    assert live.run(focus, keys=["Tab"] * 5) == "cm-content"
    outline = "getComputedStyle(document.querySelector('#editor'), '::after').borderTopWidth"
    assert live.run(outline) == "2px"
    assert live.run("text()", keys=["Control+End", "Tab"]) == TEXT + "  "
    assert live.run("text()", keys=["Backspace"]) == TEXT
    assert live.run(focus, keys=["Escape", "Tab"]) == "splitter"
    assert live.run("$('#splitter').ariaValueNow", keys=["ArrowLeft"]) == "48"
    assert live.run(focus, keys=["Tab"] * 7) == "fold"
    assert live.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    live.run("until(() => rows().length === 6 && document.activeElement.ariaExpanded === 'true')", keys=["Enter"])


def test_what_a_screen_reader_finds(live: Live) -> None:
    tree = live.tree("body")
    assert '- table "Small · input 1×28×28":' in tree
    assert '- columnheader "params"' in tree
    assert '- rowheader "parts of conv conv"' in tree
    assert "- status: nothing found" in tree
    assert '- textbox "the spec, in YAML"' in tree
    assert '- slider "width"' in tree
    assert '- img "Small · input 1×28×28"' in tree


def test_words_are_completed_and_names_renamed(live: Live) -> None:
    live.run("cursor('maxpool: 2', true)")
    live.run("until(() => $('.cm-tooltip-autocomplete li[aria-selected]'))", keys=[*", str"])
    live.run("new Promise((done) => setTimeout(done, 150))")  # before that Enter is a line break
    assert live.run("until(() => text().includes('stride: 1') && text())", keys=["Enter", "1"]) == TEXT.replace(
        "maxpool: 2", "maxpool: 2, stride: 1"
    )
    live.run("(cursor('width, kernel'), until(() => totals().includes('31,906')))")  # 10·(6·23·23 + 1) + 156
    live.run("until(() => $('#dialog').open)", keys=["F2"])
    live.run("until(() => !$('#dialog').open)", keys=[*"wide", "Enter"])
    assert "vars: {wide: 6}" in live.run("text()")
    assert "conv: wide, kernel" in live.run("text()")


def test_what_stands_at_the_cursor_is_explained_without_a_mouse(live: Live) -> None:
    live.run("cursor('width, kernel')")
    assert live.run("until(() => $('#dialog').open && $('.explained code').textContent)", keys=["F1"]) == "width"
    assert live.run("[$('.explained').textContent, $('#dialog').open]") == ["width = 6", True]
    assert live.run("[$('#dialog').open, document.activeElement.className]", keys=["Escape"]) == [False, "cm-content"]


def test_one_column_on_a_small_screen(live: Live, address: str) -> None:
    live.open(address, width=390, height=844)
    box = "(selector) => $(selector).getBoundingClientRect()"
    assert live.run("document.documentElement.scrollWidth", width=390, height=844) <= 390
    assert live.run(f"(({box})('#table').top >= ({box})('#editor').bottom)", width=390, height=844)
    assert live.run(f"(({box})('#editor').width)", width=390, height=844) == 390
    assert live.run(f"(({box})('#table').top < ({box})('#editor').bottom)", width=1280)


def test_dark_pages_are_dark(live: Live) -> None:
    colours = "['body', '.cm-editor', '#tools button'].map((one) => getComputedStyle($(one)).backgroundColor)"
    assert live.run(colours) == ["rgb(255, 255, 255)"] * 3
    assert live.run(colours, dark=True) == ["rgb(20, 23, 26)", "rgb(20, 23, 26)", "rgb(31, 37, 42)"]


def dropped(name: str, content: str) -> str:
    """The script that drops a file on the editor."""
    return f"""(() => {{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([{json.dumps(content)}], {json.dumps(name)}));
      $(".cm-content").dispatchEvent(new DragEvent("drop", {{ dataTransfer, bubbles: true, cancelable: true }}));
    }})()"""


def test_a_dropped_model_file_is_imported(live: Live) -> None:
    net = "[net]\nheight=8\nwidth=8\nchannels=3\n[convolutional]\nfilters=4\nsize=3\nstride=1\nactivation=linear\n"
    live.run(dropped("tiny.cfg", net))
    live.run("until(() => totals().includes('112'))")  # 4·(27 + 1)
    assert "conv: 4, kernel: 3" in live.run("text()")
    assert live.run("$('#file').textContent") == "net.yaml"  # the file that is edited
    assert live.run("text()", keys=["Control+z"]) == TEXT


@pytest.mark.parametrize(
    ("size", "unreadable", "message"),
    [
        (7_000_001, "", "vgg.onnx is larger than 7 MB; 'cnncalc import FILE > net.yaml' reads models of any size"),
        (1, "File.prototype.arrayBuffer = async () => { throw new Error() };",
         "vgg.onnx cannot be read; drop one file, and no folder"),
    ],
)  # fmt: skip
def test_a_drop_that_cannot_be_read_says_why(live: Live, size: int, unreadable: str, message: str) -> None:
    sent = "window.cnncalc.ask = ({ ask }) => { throw new Error(ask) };"  # nothing is sent
    drop = dropped("vgg.onnx", "").replace('[""]', f"[new Uint8Array({size})]")
    live.run(f"(() => {{ {sent} {unreadable} {drop}; }})()")
    live.run(f"until(() => $('#notice span').textContent === {json.dumps(message)}, 3)")


def test_of_several_models_one_is_chosen_and_what_is_none_is_refused(live: Live) -> None:
    live.run(dropped("notes.txt", "nothing"))
    refused = "notes.txt:1:1: no model is recognised in this file (unreadable)"
    live.run(f"until(() => $('#notice span').textContent === {json.dumps(refused)})")
    live.run(dropped("two.py", TWO))
    live.run("until(() => $('#dialog').open && all('.choices button').length === 2)")
    live.run("all('.choices button')[1].click()")
    assert "is not in the source" in live.run("until(() => $('#input-size') && $('#dialog').textContent)")
    live.run("until(() => !$('#dialog').open)", keys=[*"3x8x8", "Enter"])
    assert "conv: 5, kernel: 3" in live.run("text()")


def test_a_bundled_architecture_is_opened(live: Live) -> None:
    late = "async (about) => { await new Promise((done) => setTimeout(done, 500)); return ask(about); }"
    live.run(f"(() => {{ const {{ ask }} = window.cnncalc; window.cnncalc.ask = {late}; $('#open').click(); }})()")
    live.run("until(() => $('#table caption').textContent.startsWith('LeNet-5 '))", keys=[*"lenet5", "Enter"])
    assert live.run("$('#file').textContent") == "net.yaml"


def test_a_link_has_the_whole_text(live: Live) -> None:
    live.run("$('#share').click()")
    link = live.run("until(() => $('#link')?.value)")
    assert re.fullmatch(r"#spec=[\w-]{100,250}", link)
    assert live.run(f"import('./share.js').then((share) => share.textOf('{link}'))") == TEXT
    live.run("$('#dialog-close').click()")


def test_what_is_downloaded(live: Live) -> None:
    saved = """new Promise((done) => {
      URL.createObjectURL = (blob) => { blob.text().then(done); return "#"; };
      all("#downloads button").find((one) => one.textContent === "WHAT").click(); })"""
    assert live.run(saved.replace("WHAT", "the spec")) == TEXT
    assert live.run(saved.replace("WHAT", "the figure, as SVG")).startswith("<svg ")
    assert "nn.Conv2d(1, 6, 5)" in live.run(saved.replace("WHAT", "for pytorch"))


def test_what_strangers_write_is_text(page: Page) -> None:
    name = "<img src=x onerror=document.title=1>"
    text = TEXT.replace("name: Small", f'name: "{name}"').replace("conv: width", 'name: "a", conv: width')
    with served(text) as address:
        live = Live(page)
        live.open(address)
        assert live.run("$('#table caption').textContent").startswith(name)
        assert name in live.run("figure()")
        said = json.dumps(f"{name} `{name}` **{name}**")
        made = f"import('./markdown.js').then(({{ markdown }}) => markdown({said}))"
        assert live.run(f"{made}.then((made) => made.textContent)") == f"{name} {name} {name}"
        assert live.run(f"{made}.then((made) => made.querySelector('img'))") is None
        assert live.run("[$('img[src]'), $('#figure').shadowRoot.querySelector('img'), document.title]") == [
            None, None, "net.yaml · cnncalc",
        ]  # fmt: skip


def test_five_thousand_lines_stay_usable(page: Page) -> None:
    text = "input: 3x64x64\nlayers:\n" + "- {conv: 16, kernel: 3, padding: 1}\n" * 5000
    with served(text) as address:
        live = Live(page)
        page.show(address=address)
        live.run("until(() => $('#part').textContent === 'rows 1 to 500 of 5,000', 40)")
        assert live.run("$('#figure-note').textContent || until(() => $('#figure-note').textContent)") == (
            "5,000 rows are not drawn here; 'cnncalc draw' draws them"
        )
        assert live.run("document.querySelectorAll('.hint').length") < 300
        typed = live.run("(cursor('padding: 1}', true), performance.now())")
        live.run("text().length", keys=["Backspace", "}"])
        assert live.run("performance.now()") - typed < 3000
        live.run("view().dispatch({ selection: { anchor: view().state.doc.length }, scrollIntoView: true })")
        live.run("until(() => all('.hint').some((hint) => hint.textContent === '16×64×64 · 2,320'), 40)")
        live.run("until(() => $('#part').textContent === 'rows 4,501 to 5,000 of 5,000', 40)")  # those of the cursor
        live.run("$('#rows-before').click()")
        live.run("until(() => $('#part').textContent === 'rows 4,001 to 4,500 of 5,000', 40)")


def test_ends_of_lines_stay_as_they_are(page: Page) -> None:
    with served(TEXT.replace("\n", "\r\n")) as address:
        live = Live(page)
        live.open(address)
        live.run("cursor('fc: 10', true)")
        live.run("until(() => totals().includes('86,656'))", keys=["0"])
        live.run("cursor('width')")
        assert live.run("text()", keys=["Enter"]) == (
            TEXT.replace("fc: 10", "fc: 100").replace("{width", "{\n  width").replace("\n", "\r\n")
        )

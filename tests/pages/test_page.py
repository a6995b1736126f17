"""`cnncalc report`: what is in the page, before a browser shows it."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bundled import ONE_OF_EACH, report_of
from every import for_every
from running import Run

from cnncalc.pages.page import report_page
from cnncalc.render.summary import Summarized

EMPTY = {"meta", "link", "br"}


class Read(HTMLParser):
    """A page: its tags and attributes, the text in each kind of tag, and what is not closed as it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._open += [] if tag in EMPTY else [tag]

    def handle_endtag(self, tag: str) -> None:
        if self._open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts.setdefault(tag, []).append(data)


def page_of(*names: str) -> str:
    return report_page([Summarized(name, report_of(name)) for name in names])


@for_every(ONE_OF_EACH)
def test_every_page_is_well_formed_and_asks_for_nothing(name: str) -> None:
    page = Read(page_of(name))
    assert page.wrong == []
    led = [value for attribute, value in page.attributes if attribute in ("src", "href", "action", "data", "srcset")]
    assert led == ["data:,"]
    assert [name for name, _ in page.attributes if name == "style" or name.startswith("on")] == []
    assert page.tags.count("svg") >= 2  # of a vector no receptive field


def test_its_own_rule_lets_in_its_own_style_and_script_only() -> None:
    page = Read(page_of("lenet5"))
    (rule,) = (value for _, value in page.attributes if value.startswith("default-src"))
    named = {
        kind: f"sha256-{b64encode(sha256(''.join(page.texts[kind]).encode()).digest()).decode()}"
        for kind in ("style", "script")
    }
    assert rule == (
        f"default-src 'none'; img-src data:; style-src '{named['style']}'; script-src '{named['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


HOSTILE = """\
name: "</script><script>alert(1)</script></title><img src=x onerror=alert(2)>"
source: '<b>bold</b> &amp; "quoted" <!-- '
notes: "<iframe src='http://example.invalid'></iframe>"
input: 3x8x8
layers:
- {conv: 4, kernel: 3, out: 4x6x6}
"""


def test_what_a_spec_wrote_stays_text(run: Run, folder: Path) -> None:
    (folder / "hostile.yaml").write_text(HOSTILE, "utf-8")
    (folder / "harmless.yaml").write_text(re.sub("[<>&]", "_", HOSTILE), "utf-8")
    hostile, harmless = (Read(run("report", f"{name}.yaml").stdout) for name in ("hostile", "harmless"))
    assert hostile.tags == harmless.tags
    assert [name for name, _ in hostile.attributes] == [name for name, _ in harmless.attributes]
    assert hostile.texts["title"][0] == "</script><script>alert(1)</script></title><img src=x onerror=alert(2)>"
    assert '<b>bold</b> &amp; "quoted" <!--' in hostile.texts["p"]


def test_a_figure_has_its_arithmetic_and_a_row_the_sum_of_its_parts() -> None:
    said = Read(page_of("resnet50")).texts["dd"]
    # 7·7·3·64 weights, a factor and an offset for each of 64 channels
    assert {"K_h·K_w·C_in·filters = 7·7·3·64 = 9,408", "9,408 (conv1) + 128 (conv1/bn) = 9,536"} <= {*said}
    # conv4: 256·1024 + 9·256² + 1024·256 and norms; the first copy has 512 channels to read, and a projection
    of_conv4 = "1,512,448 (conv4.1) + 1,117,184 (conv4.2) + 1,117,184 (conv4.3)"
    assert [text for text in said if text.startswith(of_conv4)] == [
        f"{of_conv4} + 1,117,184 (conv4.4) + 1,117,184 (conv4.5) + 1,117,184 (conv4.6) = 7,098,368"
    ]
    assert "out·bytes = 802,816·4 = 3,211,264" in said


def test_memory_and_receptive_field_have_a_bar_for_each_layer() -> None:
    _, memory, field = re.findall(r"<svg.*?</svg>", page_of("lenet5"), re.DOTALL)
    layers = len(report_of("lenet5").layers)
    assert (memory.count("data-layer"), field.count("data-layer")) == (layers, layers)
    # 6 maps of 28·28 and those of the tanh after them, with 4 bytes for each value
    assert "most at C1/tanh: 37,632 B in fp32, batch 1" in memory


def test_claims_have_their_state(run: Run, folder: Path) -> None:
    spec = "input: 3x8x8\nexpect: {params: 112, macs: 5}\nlayers: [{conv: 4, kernel: 3}]\n"
    (folder / "claims.yaml").write_text(spec, "utf-8")
    cells = Read(run("report", "claims.yaml").stdout).texts["td"]
    assert [cell for cell in cells if cell[0] in "✓✗"] == ["✓ yes", "✗ no"]


def test_several_specs_are_compared_and_come_one_after_another(run: Run) -> None:
    page = Read(run("report", "alexnet", "lenet5").stdout)
    assert page.texts["h1"] == ["2 networks"]
    assert page.texts["h2"] == ["AlexNet (two towers)", "LeNet-5"]
    assert page.texts["a"] == page.texts["h2"]
    assert "-99.9 %" in page.texts["td"]  # 60,000 of 60,965,224 params


def test_resnet50_is_small(run: Run) -> None:
    assert len(run("report", "resnet50").stdout.encode()) < 600_000


def test_the_page_is_a_file_and_the_specs_that_are_right_are_in_it(run: Run, folder: Path) -> None:
    (folder / "wrong.yaml").write_text("input: 3x8x8\nlayers: [{conv: 0}]\n", "utf-8")
    result = run("report", "net.yaml", "wrong.yaml", "-o", "net.html")
    assert (result.exit_code, result.stdout) == (1, "written to net.html\n")
    assert "wrong.yaml:2:17: " in result.stderr
    assert "<h1>Small net</h1>" in (folder / "net.html").read_text("utf-8")
    assert "the file exists; --force writes over it" in run("report", "net.yaml", "-o", "net.html").stderr
    assert run("report", "net.yaml", "-o", "net.html", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.yaml", "-o", "net.pdf"], "--output net.pdf: a .html or .htm file is expected"),
        (["net.yaml", "-o", "no/net.html"], "--output no/net.html: there is no folder 'no'"),
        (["-", "-"], "standard input can be read only once"),
    ],
)
def test_what_cannot_be_written_is_refused(run: Run, arguments: list[str], message: str) -> None:
    result = run("report", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())

r"""Tables as they come: in pages, LaTeX, printed summaries, pasted text and workbooks."""

import zipfile
from pathlib import Path

import pytest
from homework.marked import exercise, marked, not_right

from cnncalc.errors import SheetError
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import read_sheet

HTML = """<html><![x[ <td> ]]><!-- <td> --><p>student: Ada</p><table>
<tr><th>Layer</th><th>Output shape</th><th># params</th></tr>
<tr><td>Conv1</td><td>26&times;26&times;32</td><td>320</td></tr><tr><td>Pool<td>13x13x32<td>0
<tr><td>Conv2<td>11x11x64<td>18,496<tr><td>Pool2<td>5x5x64<td>0<tr><td>FC<td>128<td>204,928<tr><td>FC2<td>10<td>1,290
</table><table><tr><td>a</td><td>b</td></tr></table></html>"""

LATEX = r"""\documentclass{article}
\begin{document}
\begin{tabular}{l|cr}
\toprule
\textbf{Layer} & Output size & \# params \\ \midrule
Conv1 & $26\times26\times32$ & 320 \\
MaxPool1 & $13 \times 13 \times 32$ & 0 \\ \hline
Conv2 & $11\times 11\times 64$ & 18{,}496 \\ % a remark
MaxPool2 & $5\times5\times64$ & 0 \\
Dense & 128 & 204\,928 \\
Dense & 10 & 1290 \\ \bottomrule
\end{tabular}
\end{document}"""

KERAS = """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d (Conv2D)             (None, 26, 26, 32)        320

 max_pooling2d (MaxPooling2D  (None, 13, 13, 32)       0
 )
 conv2d_1 (Conv2D)           (None, 11, 11, 64)        18496
 max_pooling2d_1 (MaxPooling  (None, 5, 5, 64)         0
 flatten (Flatten)           (None, 1600)              0
 dense (Dense)               (None, 128)               204928
 dropout (Dropout)           (None, 128)               0
 dense_1 (Dense)             (None, 10)                1290
=================================================================
Total params: 225,034
Trainable params: 225,034
"""

KERAS_3 = """
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)          ┃ Output Shape       ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ conv2d (Conv2D)       │ (None, 26, 26, 32) │     320 │
├───────────────────────┼────────────────────┼─────────┤
│ max_pooling2d         │ (None, 13, 13, 32) │       0 │
│ (MaxPooling2D)        │                    │         │
│ conv2d_1 (Conv2D)     │ (None, 11, 11, 64) │  18,496 │
│ max_pooling2d_1       │ (None, 5, 5, 64)   │       0 │
│ dense (Dense)         │ (None, 128)        │ 204,928 │
│ dense_1 (Dense)       │ (None, 10)         │   1,290 │
└───────────────────────┴────────────────────┴─────────┘
 Total params: 225,034 (879.04 KB)
"""

TORCHINFO = """
==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Net                                      [1, 10]                   --
├─Sequential: 1-1                        [1, 64, 5, 5]             --
│    └─Conv2d: 2-1                       [1, 32, 26, 26]           320
│    └─ReLU: 2-2                         [1, 32, 26, 26]           --
│    └─MaxPool2d: 2-3                    [1, 32, 13, 13]           --
│    └─Conv2d: 2-4                       [1, 64, 11, 11]           18,496
│    └─MaxPool2d: 2-5                    [1, 64, 5, 5]             --
├─Linear: 1-2                            [1, 128]                  204,928
├─Linear: 1-3                            [1, 10]                   1,290
==========================================================================================
Total params: 225,034
"""

PASTED = """Layer          Output         Params
Conv           26 x 26 x 32      320
Pool           13 x 13 x 32
Conv           11 x 11 x 64   18,496
Pool             5 x 5 x 64
FC                      128  204,928
FC                       10    1,290
"""

TEXTS = {"sheet.html": HTML, "sheet.tex": LATEX, "keras.txt": KERAS, "keras3.txt": KERAS_3, "torchinfo.txt": TORCHINFO,
         "pasted.txt": PASTED}  # fmt: skip


@pytest.mark.parametrize("file", TEXTS)
def test_a_right_table_in_every_format_has_full_points(file: str) -> None:
    found = marked(TEXTS[file], "mnist_keras", file=file)
    assert not_right(found) == {}
    assert len(found.marks) >= 10


def test_a_workbook_is_read_with_its_formulas(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["Layer", "Output", "Params"], ["Conv1", "26x26x32", "=3*3*1*32+32"], ["Pool1", "13x13x32", 0],
        ["Conv2", "11x11x64", "=3*3*32*64+64"], ["Pool2", "5x5x64", 0], ["FC1", 128, 204928],
        ["FC2", 10, "=(C5+128)*B7"],
        ["Total", "", "=SUM(C2:C6)+1290"],
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "sheet.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(SheetError, match=r"broken.xlsx:1:1: is not a workbook that can be read"):
        read_sheet(str(tmp_path / "broken.xlsx"))
    found = mark_sheet(exercise("mnist_keras"), read_sheet(str(tmp_path / "sheet.xlsx")))
    assert not_right(found) == {"dense2 params": "wrong: bias-forgotten"}  # 128*10, which the cell's formula says


def _workbook(path: Path, old: bytes = b"", new: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> str:
    """A workbook in which something is replaced."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Layer", "Params"], ["Conv1", 320], ["Conv2", 18496]):
        book.active.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(old, new) if old else part)
    return str(path)


@pytest.mark.parametrize("stated", [b"A1", b"A1:B2", b"A1:XFD1048576"])
def test_what_a_workbook_states_of_its_size_is_not_believed(tmp_path: Path, stated: bytes) -> None:
    rows = read_sheet(_workbook(tmp_path / "a.xlsx", b'ref="A1:B3"', b'ref="' + stated + b'"')).rows
    assert [row.name for row in rows] == ["Conv1", "Conv2"]


@pytest.mark.parametrize(
    ("old", "new", "method", "message"),
    [
        (b"", b"", zipfile.ZIP_BZIP2, "it is packed in a way that is not read"),  # Python would unpack it whole
        (b"<sheets>", b"<sheets>" + b"<sheet />" * 200, zipfile.ZIP_DEFLATED, "it has 201 sheets; at most 200 are"),
        (b"</sheetData>", b"<row/>" * 1_500_000 + b"</sheetData>", zipfile.ZIP_DEFLATED, "it has more cells than any"),
        (b"<v>320</v>", b"<f>1</f>" * 1_000 + b"<f>" + b"+1" * 1_000 + b"</f>", zipfile.ZIP_DEFLATED,
         "its formulas are longer than those of any sheet"),  # 1,001 * 2,000 signs
        (b"<worksheet ", b"<!DOCTYPE x><worksheet ", zipfile.ZIP_DEFLATED, "it has a DOCTYPE"),
        (b"</worksheet>", b"</worksheet>" + b" " * 50_000_000, zipfile.ZIP_DEFLATED, "more than 50 MB when it is"),
        (b"Conv1", b"x" * 3_000_000, zipfile.ZIP_DEFLATED, "more than 2 MB of text"),
    ],
)  # fmt: skip
def test_a_workbook_that_would_take_long_is_refused(
    tmp_path: Path, old: bytes, new: bytes, method: int, message: str
) -> None:
    path = _workbook(tmp_path / "a.xlsx", old, new, method)
    with pytest.raises(SheetError, match=rf"a.xlsx:1:1: is not a workbook that can be read: {message}"):
        read_sheet(path)

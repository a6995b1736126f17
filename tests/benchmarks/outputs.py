"""What two commits print for some 3,000 commands, and every difference: a net under a refactoring.

    python tests/benchmarks/outputs.py OLD [NEW] [--only REGEX] [--keep DIR]

OLD and NEW are commits; NEW is the working tree by default. Each runs all commands in one process, the two beside
each other, in a folder that is the same before every command. Commands, options, formats, columns, kinds and rules
are read from OLD's click tree and reports, so that new ones are covered without an edit here; what only NEW has runs
too and is named, but there is nothing to compare. Equal differences are shown once. The exit status is 1 if there
are any. --keep writes a file for each command to DIR/old and DIR/new, for `diff -r`. What OLD says is remembered in
the folder cnncalc-outputs of the system's temporary one. Target: a minute on two cores.
"""

import argparse
import base64
import csv
import difflib
import hashlib
import importlib
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from click.testing import CliRunner

SECONDS = 60
"""What one command may take."""

SMALL = """name: Small net
input: {C: 3, H: 8, W: 8}
vars: {width: 4}
blocks:
  pair(c): [{conv: c, kernel: 1}, relu]
layers:
- {name: stem, conv: width, kernel: 3, norm: bn}
- {name: body, pair: 4, repeat: 2}
- flatten
- {fc: 2}
"""
MINE = """name: Mine
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1}
- {maxpool: 2}
- flatten
- {fc: 10}
"""
PLANTED = """name: Planted
input: {C: 4, H: 33, W: 29}
layers:
- {name: a, conv: 8, kernel: 5x3, stride: 2, padding: 2, norm: bn, activation: relu}
- {name: b, conv: 12, kernel: 3, groups: 2, dilation: 2, padding: 1}
- {name: c, maxpool: 3, stride: 2, rounding: ceil}
- {name: d, conv: 12, kernel: 3, groups: 12, padding: half, bias: false}
- {name: e, deconv: 6, kernel: 4, stride: 2, padding: 1}
- {name: f, residual: [{conv: 6, kernel: 1}, bn]}
- {name: g, branches: [[{conv: 5, kernel: 1}], [{avgpool: 3, stride: 1, padding: 1}]]}
- {name: h, avgpool: 2, padding: 1}
- {name: i, flatten: }
- {name: j, fc: 20, activation: relu}
- {name: k, fc: 10, bias: false}
"""
ADA = "student;Ada\nlayer;out;params\nconv;8x30x30;216\nmaxpool;8x15x15;0\nflatten;1800;0\nfc;10;18010\n"
RIGHT = "layer;out;params\nconv;8x32x32;224\nmaxpool;8x16x16;0\nflatten;2048;0\nfc;10;20490\n"

FILES: dict[str, str | bytes] = {
    "net.yaml": SMALL, "mine.yaml": MINE, "planted.yaml": PLANTED,
    "wrong.yaml": "input: 3x8x8\nlayers:\n- {conv: 4, kernel: 3, kernal: 3}\n- rellu\n",
    "new.yaml": SMALL.replace("4}", "6}", 1).replace("relu", "gelu").replace("- fl", "- dropout\n- fl"),
    "odd.yaml": "layers:\n- {kernel_size: 3, conv2d: 4}  # the first\n- {relu: , out: 4x6x6, name: r}\ninput: 3x8x8\n",
    "claims.yaml": MINE + "expect: {params: 20706, macs: {max: 1K}, layers: {conv: {out: 8x32x3, params: 216}}}\n",
    "hand.yaml": "name: By hand\ninput: 1x4x4\nlayers:\n- {conv: 1, kernel: 2, bias: false}\n",
    "classes.yaml": "input: 3x2x2\nvars: {classes: 3}\nlayers:\n- global_avgpool\n- flatten\n- {fc: classes}\n",
    "two.yaml": "{inputs: {left: 2, right: 2}, layers: [{name: s, add: [left, right]}, relu], outputs: [s, relu]}\n",
    "huge.yaml": "{input: 3x8x8, layers: [{conv: 1000000000000, kernel: 1}]}\n",
    "long.yaml": "{input: 3x8x8, layers: [{conv: 3, kernel: 1, repeat: 2001, out: 8x8x8}]}\n",
    "key.yml": "expect:\n  params: 163290\n  layers:\n    stem: {out: 16x30x30}\n", "bad_key.yml": "parms: 1\n",
    "models/claim.yaml": "name: A wrong claim\ninput: 3x32x32\nlayers:\n"
    "- {name: stem, conv: 16, kernel: 3, padding: half, params: 432}\n- flatten\n- {fc: 10}\n",
    "models/lint.yaml": "input: 3x32x32\nlayers:\n- {conv: 8, kernel: 4, padding: half}\n- {conv: 7, kernel: 3}\n"
    "- {conv: 7, kernel: 3}  # cnncalc: ignore[no-activation-between]\n",
    "models/shape.yaml": "input: 3x8x8\nlayers:\n- {conv: 8, kernel: 3}\n- {conv: 8, kernel: 9}\n",
    "models/wide/budget.yaml": "input: 3x32x32\nlayers: [{conv: 8, kernel: 3, norm: bn}, flatten, {fc: 1000}]\n"
    "expect: {params: 7201240}\n",
    "models/compose.yaml": "services:\n  web: {image: x}\n", "empty/README.md": "no spec\n",
    "configured/pyproject.toml": '[tool.cnncalc]\nmax-params = "5M"\nfail-on = "never"\nexclude = ["a*.yaml"]\n',
    "configured/a.yaml": "input: 3x8x8\nlayers: [rellu]\n",
    "configured/b.yaml": "layers: [{conv: 8, kernel: 4, padding: half}, flatten, {fc: 1000000}]\ninput: 3x8x8\n",
    "configured/0.toml": 'select = ["all"]\nfail-on = "note"\nstrict = true\n[per-file-ignores]\n"b*" = ["huge-fc"]\n',
    "configured/1.toml": "strict = 1\n", "configured/2.toml": 'selct = ["claim"]\n', "configured/4.toml": "[[\n",
    "configured/3.toml": 'select = ["clam"]\nmax-params = "many"\n', "bad_baseline.json": "[]",
    "stale.json": '{"cnncalc":1,"findings": [{"file": "a.yaml", "rule": "claim", "fingerprint": "0", "message": ""}]}',
    "hostile/nested.yaml": "[" * 60_000, "hostile/layers.yaml": "input: 3x8x8\nlayers: " + "{a: " * 3_000,
    "hostile/utf16.yaml": SMALL.encode("utf-16"), "hostile/latin.yaml": b"name: caf\xe9\n" + SMALL.encode(),
    "hostile/nul.yaml": "input: 3x8x8\0\nlayers: [relu]\n", "hostile/empty.yaml": "",
    "hostile/digits.yaml": f"input: 3x8x8\nlayers: [{{conv: {'9' * 5_000}, kernel: 1}}]\n",
    "hostile/markup.yaml": 'name: "[bold]&<b> `x` | $_{}"\ninput: 3x8x8\nlayers: [{name: "a-b", relu: }]\n',
    "hostile/problems.yaml": "input: 3x8x8\nlayers:\n" + "- rellu\n" * 1_100,
    "windows.yaml": "\ufeff" + SMALL.replace("\n", "\r\n"),
    "scheme.yaml": "follows: 0\nconv.out: 3\n", "list.yaml": "- 1\n",
    "roster.csv": "id;name\nal;Ada Lovelace\nat;Alan Turing\n", "names.csv": "name\nÉmile Борель\n../x\nAda\nada\n",
    "bad1.csv": "id,name\nal,Ada\nal,Alan\n", "bad2.csv": "id,name,room\nal,Ada,1\n,,2\n", "bad3.csv": "id,name\n",
    "ada.csv": ADA, "class/ada.csv": ADA.encode("utf-16"), "class/alan.csv": RIGHT,
    "class/grace.md": "student: G\\_H\n\n|layer|out|params|\n|---|:--:|--:|\n| conv | 8x32x32 | 1 |\n\nA | 1 | 2\n",
    "class/worked.csv": "layer,params,working\nconv,216,3*3*3*8 = 216\nfc,20480,10*2048 = 20481\nflatten,0,0 + = \n",
    "class/answers.yaml": "student: Zoë\nanswers: {conv: {out: 8x32x32, params: 225}, fc: {out: [10], params: 2K}}\n",
    "class/answers.json": '{"answers": {"conv": {"out": [8, 32, 32], "params": 224}, "fc": {"params": -1}}}',
    "class/formula.csv": RIGHT.replace("20490", "=C2*3").replace("2048;0", "#REF!;many"),
    "class/commas.csv": "layer,out,params\nconv,8,32,32,224\n",
    "class/odd.csv": "layer;out;remark;out\nconv1;8x32x32;easy;1x1x1\n;8x16x16\nconv7;1x1x1;?\nfc;9;\nfc;8;\n",
    "class/german.csv": '"Layer";"Output shape";"Param #"\r\n"Conv";"(8, 32, 32)";"2.24"\r\n"FC";"10";"20.490"\r\n',
    "class/renamed.csv": RIGHT.replace("conv", "A").replace("maxpool", "B").replace("flatten", "C").replace("fc", "D"),
    "class/claims.yaml": MINE.replace("padding: 1}", "padding: 1, out: 8x32x32, params: 216}"),
    "class/other.csv": "worksheet;vgg16\n" + ADA, "class/seed1.csv": "seed;abc\n" + RIGHT,
    "class/seed2.csv": "seed;3\n" + RIGHT, "class/depth.csv": "depth;0\n" + RIGHT, "class/broken.csv": "no;table\n",
    "class/excel.csv": b"PK\x03\x04", "cut.npz": b"PK\x03\x04", "names.txt": "cat\ndog\nfox\n", "two.txt": "a\nb",
    "photo.png": base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAF0lEQVR42mP4b8zAkHyCAU"
        "hxQSiR5BMAS+sHNnCAX18AAAAASUVORK5CYII="),
}  # fmt: skip
UNCHANGED = (".git", "good", "bad", "hostile", "rule_good", "rule_bad", "rule_edges", "kind_specs", "planted")
"""Folders in which no command writes."""

BASES = {
    "show": "net.yaml", "explain": "net.yaml", "list": "lenet", "layers": "conv", "reconcile": "net.yaml",
    "calc": "3x32x32 'conv 8 3 p1 bn relu, pool 3 /2, flatten, fc 10'", "solve": "--input 113 --output 56",
    "sweep": "net.yaml", "verify": "net.yaml", "run": "hand.yaml --input image.npy --weights kernel.npz",
    "check": "models net.yaml", "diff": "net.yaml new.yaml", "freeze": "net.yaml", "fmt": "odd.yaml net.yaml",
    "worksheet": "mine.yaml", "grade": "ada.csv --spec mine.yaml",
}  # fmt: skip
"""Arguments for each command, to which every one of its options is added in turn."""

VALUES = {
    "--depth": "1,2,3,0", "--input": "3x10x12,H=16,3x2x2,1x4,3x8x8x8,0,H=0,Q=3,8..32/8", "--batch": "8,0,1..3",
    "--set": "width=6,width=a,widht=2,width,width=-1,width=2..4", "--figures": "all,parms", "--columns": "all,colour",
    "--profile": "thop,fvcore,thopp", "--ask": "all,colour", "--find": "450,5.3K,10.6K,7,many,0,1.8KiB",
    "--year": "1998,1980..1998,2016..2014", "--family": "LeNet,resnets", "--seed": "0,3,-1", "--students": "roster.csv",
    "--min-params": "1K,5m", "--max-params": "60K,0", "--min-macs": "1M", "--max-macs": "1G", "--scheme": "follows=0.5",
    "--kernel": "3,0", "--stride": "2", "--padding": "1,same,half,1+2,valid", "--output-padding": "1", "--top": "2",
    "--max-kernel": "3", "--max-stride": "2", "--max-padding": "0", "--limit": "3", "--output": "out/x.md,out.npy",
    "--mean": "0.5,nan", "--std": "2,0", "--shape": "1x4x4,4", "--labels": "names.txt,two.txt", "--dilation": "2",
    "-o": "x.md", "--weights": "names.txt,cut.npz", "--save-weights": "w.npz", "--expect": "key.yml,bad_key.yml,no.yml",
    "--select": "all,default,claim,clam", "--ignore": "all,claim,shape", "--exclude": "models/wide,*.yaml",
    "--baseline": "known.json,stale.json,bad_baseline.json", "--jobs": "1,2,0", "--config": "configured/0.toml",
    "--git": "HEAD", "--max-weights-memory": "1MB,5M", "--spec": "planted.yaml,nowhere,wrong.yaml",
}  # fmt: skip
"""Values for an option of this name without choices, good and bad; 'nonsense' is tried with all."""

SAMPLES = {
    "count": ("2", "4", "0"), "size": ("3", "1x2", "0"), "padding": ("1", "same", "causal", "[[0, 1], [2, 1]]"),
    "flag": ("true", "false"), "real": ("0.5",), "range": ("0..3",), "pair": ("[1, 2]",), "shape": ("2x12x64", "7"),
    "layer": ("p", "q"), "inputs": ("[prev, p]",), "layers": ("[{conv: 8, kernel: 1}, bn]", "[{conv: 4, kernel: 1}]"),
    "paths": ("[[{conv: 8, kernel: 1}], []]",), "shortcut": ("project", "if_same"), "links": ("[[0, 1], [2]]",),
}  # fmt: skip
"""Values for a parameter of a kind, by its type; the first one if it is required."""

SETS = {
    "zoo": "alexnet,alexnet_keras_flowers,alexnet_two_tower,resnet50,m5,c3d,unet,googlenet,mobilenet_v2,lenet5,"
    "yolov2_voc,dcgan_generator,convnext_tiny,segnet,shufflenet_v2_x0_5",
    "local": "planted.yaml,net.yaml,good/branches.yaml,good/several_inputs.yaml,good/three_dimensions.yaml,"
    "good/channels_last.yaml,good/one_dimension.yaml,good/a_vector.yaml",
    "api": 'cnncalc.analyze("alexnet"),cnncalc.analyze("good/branches.yaml"),cnncalc.analyze("wrong.yaml")',
}
"""Words for many; a commit has more: kinds, rules, profiles, all_zoo, and `show --format` for what can be chosen."""

COMMANDS = """
{nosuch,shwo alexnet,--version}
show {,nowhere,alexnt,./alexnet,models,--nosuch,- -}
show {net.yaml wrong.yaml lenet5,alexnet - < new.yaml} --format {show --format}
show {local} {--columns all,--units human,--expand,--batch 4 --dtype fp16 --columns all}
show {zoo} {,--format json}
show {alexnet,resnet50,m5} --format {show --format} {,--units human --depth 2,--expand}
show {alexnet,good/branches.yaml} --profile {profiles}
show {resnet18,alexnet} --profile {fvcore,thop} --strict --columns layer,flops
show {good} --format json
show {bad,hostile}
show - < hostile/{nested,utf16,latin,nul,empty}.yaml
show {kind_specs_at_once} {--columns all,--format json}
show mobilenet_v2 --set width=1.4 --set classes=10 --optimizer {show --optimizer} --columns all --format json
COLUMNS={120,40} show {alexnet,resnet50} --columns all
explain {zoo}
explain {zoo,local} --figures all --format {explain --format}
explain {good,kind_specs} --figures all
explain alexnet conv1 --figures {explain --figures} --format {explain --format}
explain alexnet {conv9,conv,conv1/relu,input,total}
explain {resnet50 conv3.1 fc,net.yaml body --batch 8 --profile thop,wrong.yaml}
list
list --check
list --format json --columns all
list lenet --format {list --format} --columns all --units {exact,human}
list {--check resnet --format csv,--check 'no such network',--family ResNet --max-macs 4G --year 2014..2016}
layers {kinds,parallel,lstm,convolve,conv2d,Pool} {,--format json}
layers --format {layers --format}
reconcile --rules --format {reconcile --format}
reconcile {alexnet,resnet50,unet,local} --format {reconcile --format}
reconcile alexnet --find {60965224,714188480,61.1M,1.43G,724M,62378344,233MiB,650000,12345,243860896,62367776}
reconcile resnet50 --find {4.11G,3.9G,25.6M,97.8MB,25583592} --format {reconcile --format}
reconcile {wrong.yaml,- < mine.yaml}
calc {32x32x3,784,1x16000,3x8x8x8} {relu,'conv 4 3 p1 bn','fc 5'} --format {calc --format}
calc 3x32x32 'conv 8 3, rellu'
calc 3x32x32 {'conv','conv 8 3 q1','conv 8 99','conv 8 3 bias=maybe','pool 3 /0','','fc 3 flatten'}
calc 3x227x227 'conv 96 11x11 /4 relu, lrn, pool 3 /2, conv 256 5 p2 g2' {,--explain --format {calc --format}}
calc 32x32x3 'conv 8 3 phalf bias=false' --layout HWC --columns {show --columns}
solve --input {13,32} --output {1,7} --format {solve --format}
solve --input 224 --output 55 {--kernel 11,--all,--exact,--limit 3,--kernel 11 --stride 4 --padding 0}
solve --output {55,57} --kernel {11,2} --stride {4,2} --padding 2 --format {solve --format}
solve --deconv --input 28 --output 56 --format {solve --format}
solve {--input 5,--output 55,--output 55 --input 9 --output-padding 1,--output 9 --input 5 --deconv --rounding ceil}
solve {--input 300 --output 1 --exact,--input 1000 --output 3 --stride 9 --dilation 2}
sweep vgg16 --input {16..64/16,31..32,0,3x5,160..100,1..10001,H=32..64/8} --format {sweep --format}
sweep mobilenet_v2 --set width=0.5,0.75,1.0 --input 160,224 --batch 1,8 --columns {all,macs,layer}
sweep net.yaml --set width=2..6/2 --columns {sweep --columns}
sweep {unet --smallest,good/branches.yaml --smallest,vgg16 --smallest --input 5,vgg61,wrong.yaml}
verify {lenet5,planted.yaml,good/branches.yaml,good/three_dimensions.yaml} {--receptive-field,--expand,--format json}
verify {,net.yaml lenet5 wrong.yaml --summary,net.yaml lenet5 --format json,huge.yaml,--all net.yaml,- < mine.yaml}
verify {planted.yaml,good/three_dimensions.yaml} --against onnxruntime --format {verify --format}
run {local} --seed 1 --format {run --format}
run classes.yaml --weights classes.npz --labels names.txt --input {colour,batch}.npy --format {run --format}
run classes.yaml --weights classes.npz --input photo.png
run classes.yaml --input large.npy --weights four.npz --shape 3x5x5 --set classes=4
run two.yaml --input {two.npy,left=two.npy,left=two.npy --input right=two.npy --output out.npz,rigth=two.npy,x=two.npy}
run hand.yaml --input image.npy {--weights more.npz,--weights classes.npz,--seed 1,--weights no.npz}
run hand.yaml --input {two.npy,names.txt,nan.npy,1x8x8,no.npy} --weights kernel.npz
run hand.yaml --seed 0 {--output o.npz --save-weights ./o.npz,--save-weights w.npy,--save-weights kernel.npz}
run hand.yaml --input image.npy --weights kernel.npz --output {image.npy,image.npy --force,out.txt,no/out.npy,empty}
run net.yaml --seed 7 --save-weights w.npz && run net.yaml --input x.npy --weights w.npz
run {hand.yaml,huge.yaml --seed 0,nothing.yaml --seed 0,wrong.yaml --seed 0}
check {,models,models/**/*.yaml,empty,missing.yaml,*.yml,models/compose.yaml,mine.yaml net.yaml missing.yaml,class}
check bad --jobs 1 --format {check --format}
check {good_at_once} --select all --format text --fail-on note
check {rule_bad} --select all --format text
check rule_edges --select all --jobs 1 --format {check --format}
check --explain-rule {rules}
check --list-rules --format {check --format}
check {all_zoo} --select all --format concise --jobs 2
check models --format {check --format} --max-params 5M --expect key.yml --select all
check {claims.yaml,class/claims.yaml,- < models/shape.yaml} --format {check --format}
check {models/compose.yaml models/lint.yaml --skip-others,resnet18 --profile fvcore --strict,lenet5 --set a=1}
check models --max-{elements,params,buffers,macs,flops,ops,connections,peak-memory,training-memory} 1
check models --baseline known.json --write-baseline && check models --baseline known.json --format {check --format}
cd configured && check . && check . --max-params 1 --fail-on error && check a.yaml && fmt --check . && fmt .
cd configured && check . --config {0,1,2,3,4,5}.toml
GITHUB_STEP_SUMMARY={summary.md,missing/summary.md} check models --format github
diff {vgg16 resnet50,alexnet alexnet_one_tower,resnet18 resnet34,planted.yaml two.yaml} --format {diff --format}
diff net.yaml {net.yaml --exit-code,wrong.yaml,nowhere,- < new.yaml,} --format {diff --format}
diff --git {HEAD,HEAD~1,nosuch,--help} changed.yaml --format {diff --format}
diff --git HEAD {new.yaml,missing.yaml,alexnet,models/lint.yaml net.yaml} --exit-code
freeze {zoo,local,good} --layers --figures all
freeze net.yaml --layers --figures {freeze --figures}
freeze claims.yaml {--write,--write --force,--layers,--figures out}
freeze {net.yaml,mine.yaml,odd.yaml,two.yaml,windows.yaml,wrong.yaml,alexnet} --write --layers
freeze - {--write,} < mine.yaml
fmt {good} --check --diff
fmt bad --check
fmt {models,models/comp*,alexnet,empty,missing.yaml,wrong.yaml odd.yaml,odd.yaml --diff --check,*.yaml,- < odd.yaml}
fmt {hostile/nul.yaml,hostile/latin.yaml,windows.yaml}
worksheet {zoo,local} --ask all --key
worksheet planted.yaml --format {worksheet --format} --ask all --working {--key,--seed 1,--seed 2 --key,--depth 1}
worksheet mine.yaml --key --ask {worksheet --ask}
worksheet mine.yaml --seed {1,2,3} --key {--allow-remainders,--delimiter semicolon,--ask macs}
worksheet {vgg16,mnist_keras,lenet5,resnet50,wrong.yaml} --seed 7
worksheet mine.yaml --format {worksheet --format} -o out/sheet
worksheet mine.yaml --students {roster,names,bad1,bad2,bad3,nobody}.csv -o sheets
worksheet mine.yaml --students roster.csv -o in --key && grade in --spec mine.yaml --students roster.csv --summary
worksheet mine.yaml {-o ada.csv,-o ada.csv --force,--allow-remainders,--seed 1 --input 9,--delimiter tab --format yaml}
worksheet lenet5 --key -o lenet.csv && grade lenet.csv
grade {,nobody.csv,empty,ada.csv,long.yaml,class/claims.yaml,class/other.csv,--mistakes --format json}
grade {class,- < ada.csv} --spec mine.yaml {--require-seed,--summary --students roster.csv,--ask params}
grade {sheets} --spec mine.yaml {,--format json,--feedback hint}
grade {planted} --spec planted.yaml --feedback answer
grade class --spec mine.yaml --feedback {grade --feedback} --format {grade --format}
grade class --spec mine.yaml --format gradescope -o results --visibility {grade --visibility}
grade class --spec mine.yaml -o marked && grade class --spec mine.yaml -o marked
grade ada.csv --spec mine.yaml --scheme {folows=1,conv9.out=3,follows,list.yaml,scheme.yaml,conv.out=0}
grade ada.csv --spec mine.yaml --scheme params=2,params=3
guide {topics}
$ cnncalc show alexnet > /dev/full
$ cnncalc explain resnet50 --figures all | head -2
$ cnncalc show net.yaml >&-
$ COLUMNS=120 cnncalc {show resnet50,check --help}
$ PYTHONIOENCODING=ascii cnncalc show net.yaml
$ FORCE_COLOR=1 cnncalc {show net.yaml,check models}
>>> {api}.totals
>>> [[layer.path, layer.output_shape, layer.params, layer.macs, layer.flops] for layer in {api}.layers]
>>> {api}._repr_html_()
>>> cnncalc.analyze("net.yaml", input=(3, 9, 9), set={"width": 2}, batch=4, dtype="fp16", profile="thop").totals
>>> [cnncalc.__all__, cnncalc.verify("net.yaml", seed=3), cnncalc.run("hand.yaml", seed=0)]
>>> cnncalc.run("hand.yaml", input=[[[1, 2], [3, 4]]], seed=0)
"""
"""A line is a command, or one for each of {one,another} and of a set; `< FILE` is its input. After $ it is a line of
bash, with processes; after >>> an expression of Python."""


def write_inputs(folder: Path, trees: list[Path]) -> None:
    """Write what every command starts with: the files above, arrays, specs of the commits' tests, and a history."""
    files = dict(FILES)
    for path in (path for tree in trees for path in sorted(tree.glob("tests/**/*.*"))):  # the newer text stays
        rule = "rule_" if "rules" in path.parts else ""
        if path.suffix == ".yaml" and path.parent.name in ("bad", "good"):
            place = "hostile" if path.stem.startswith("too_many") else rule + path.parent.name  # a second each
            files[f"{place}/{path.name}"] = path.read_bytes()
        elif path.parent.name == "edges":
            specs = re.findall(r"^\{(?:.|\n(?![#>\n]))*", path.read_text("utf-8"), re.M)
            files |= {f"rule_edges/{path.stem}{number}.yaml": spec + "\n" for number, spec in enumerate(specs)}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    image, colour = np.arange(16.0).reshape(4, 4), np.arange(1.0, 4).reshape(3, 1, 1) * np.ones((1, 2, 2))
    arrays = {"image": image, "two": np.array([1.0, -2]), "colour": colour, "batch": np.stack([colour, 2 * colour]),
              "nan": np.full((1, 4, 4), np.nan), "large": np.ones((3, 5, 5)), "x": np.ones((3, 8, 8))}  # fmt: skip
    for name, array in arrays.items():
        np.save(folder / name, array)
    kernel: dict[str, Any] = {"conv/weight": np.array([[[[0.1, 0.2], [0.3, 0.4]]]])}
    classes: dict[str, Any] = {"fc/weight": np.diag([1.0, 10, 100]), "fc/bias": np.array([0, 0, -50.0])}
    four: dict[str, Any] = {"fc/weight": np.ones((4, 3)), "fc/bias": np.zeros(4)}
    for name, weights in (("kernel", kernel), ("more", kernel | {"head": image}), ("classes", classes), ("four", four)):
        np.savez(folder / name, **weights)
    git = ["git", "-c", "user.name=a", "-c", "user.email=b"]
    for text in (SMALL, SMALL.replace("width: 4", "width: 5")):
        (folder / "changed.yaml").write_text(text, encoding="utf-8")
        for command in ("init -q", "add changed.yaml models", "commit -qm."):
            subprocess.run([*git, *command.split()], cwd=folder, check=True)
    (folder / "changed.yaml").write_text(SMALL.replace("relu", "gelu"), encoding="utf-8")


class Slow(BaseException):
    """A command takes too long; no `except Exception` of it stops this."""


def too_slow(*_: object) -> None:
    """End what runs."""
    raise Slow


class Commit:
    """The command line of a commit, in this process, in a folder that is the same before every command."""

    def __init__(self, tree: Path, inputs: Path) -> None:
        module = importlib.import_module("cnncalc.cli.main")
        assert Path(module.__file__ or "").is_relative_to(tree), f"{module.__file__} is not of this commit"
        self.tree, self.inputs, self.folder = tree, inputs, tree.with_name(tree.name + "_folder")
        self.group = next(value for value in vars(module).values() if isinstance(value, click.Group))
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(inputs, self.folder)
        self.state = self.look()

    def look(self) -> dict[str, tuple[int, int]]:
        """Every folder and file that a command may change, with the time and size of a file."""
        found: dict[str, tuple[int, int]] = {}
        for path, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in UNCHANGED]
            found |= {os.path.relpath(os.path.join(path, name), self.folder): (0, 0) for name in folders}
            for name in names:
                status = os.stat(os.path.join(path, name))
                found[os.path.relpath(os.path.join(path, name), self.folder)] = (status.st_mtime_ns, status.st_size)
        return found

    def changes(self) -> str:
        """What a command has written or removed, which is undone."""
        said, after = "", self.look()
        changed = sorted(name for name in self.state.keys() | after.keys() if self.state.get(name) != after.get(name))
        for name in changed:
            said += f"written: {name}\n{content(self.folder / name)}\n"
        for name in reversed(changed):
            path = self.folder / name
            if name in self.state:
                shutil.copy2(self.inputs / name, path)
            else:
                path.rmdir() if path.is_dir() else path.unlink()
        return said

    def run(self, line: str) -> str:
        """All that a command comes to: what it prints and what it writes."""
        os.chdir(self.folder)
        signal.alarm(SECONDS)
        try:
            if line.startswith("$ "):
                said = self.processes(line[2:])
            elif line.startswith(">>> "):
                said = self.value(line[4:])
            else:
                said = "".join(map(self.command, line.split(" && ")))
        except Slow:
            said = f"longer than {SECONDS} s"
        signal.alarm(0)
        said += self.changes()
        return said.replace(str(self.folder), "FOLDER").replace(str(self.tree), "TREE")

    def command(self, line: str) -> str:
        """One of several commands that follow on another."""
        words, _, source = re.sub(r" < (\S+)(.*)", r"\2 < \1", line).partition(" < ")
        environment = dict(re.findall(r"(?:^|(?<= ))([A-Z_]{4,})=(\S+) ", words))
        arguments = shlex.split(words)[len(environment) :]
        if arguments[:1] == ["cd"]:
            os.chdir(arguments[1])
            return ""
        stdin = Path(source).read_bytes() if source else b""
        done = CliRunner(env=environment).invoke(self.group, arguments, input=stdin, prog_name="cnncalc")
        crash = None if isinstance(done.exception, SystemExit) else done.exception
        error = done.stderr + (f"CRASH {type(crash).__name__}: {crash}\n" if crash else "")
        return transcript(done.exit_code, done.stdout, error)

    def processes(self, line: str) -> str:
        """A line of bash, for which cnncalc is a command."""
        script = f'set -o pipefail; cnncalc() {{ "{sys.executable}" -P -m cnncalc "$@"; }}; {line}'
        done = subprocess.run(["bash", "-c", script], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        return transcript(done.returncode, done.stdout.decode(), done.stderr.decode())

    def value(self, line: str) -> str:
        """What a Python expression gives, as JSON."""
        try:
            value = eval(line, {"cnncalc": importlib.import_module("cnncalc")})
        except Exception as error:
            return transcript(1, "", f"{type(error).__name__}: {error}")
        return transcript(0, json.dumps(value, default=plain, indent=1, ensure_ascii=False), "")

    def document(self, *arguments: str) -> Any:
        """What a command prints as JSON; nothing if it fails, which the commands themselves show."""
        done = CliRunner().invoke(self.group, [*arguments, "--format", "json"])
        return [] if done.exit_code else json.loads(done.stdout)


def transcript(status: int, stdout: str, stderr: str) -> str:
    """What a command says, as one text; each stream has its own sign in front of every line."""
    said = f"exit status {status}\n"
    for sign, text in ((" ", stdout), ("!", stderr)):
        said += "".join(f"{sign} {line}\n" for line in text.split("\n")) if text else ""
    return said


def content(path: Path) -> str:
    """The text of a file; the digest of a file that is not text."""
    data = path.read_bytes() if path.is_file() else b"(a folder)" if path.is_dir() else b"(removed)"
    try:
        return data.decode()
    except UnicodeDecodeError:
        return f"{len(data)} bytes, {hashlib.sha256(data).hexdigest()}"


def plain(value: Any) -> object:
    """A record as a mapping, an array as lists; anything else as it is written."""
    if hasattr(value, "tolist"):
        return value.tolist()
    names = getattr(value, "_fields", ()) or getattr(value, "__dataclass_fields__", ())
    return {name: getattr(value, name) for name in names} or str(value)


def options_of(group: click.Command, path: str = "") -> Iterator[tuple[str, list[click.Option]]]:
    """Every command with its options; the group itself has no name."""
    yield path, [parameter for parameter in group.params if isinstance(parameter, click.Option)]
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            yield from options_of(group.get_command(context, name) or group, f"{path} {name}".strip())


def offered(option: click.Option) -> list[str]:
    """The values of an option that are known: its choices, or those that its help lists."""
    if isinstance(option.type, click.Choice):
        return list(option.type.choices)
    listed = re.search(r"some of (.+?)\.", " ".join((option.help or "").split()))
    return listed[1].split(", ") if listed else []


def every_option(group: click.Command) -> Iterator[str]:
    """Every command with its help and with each of its options in turn."""
    for path, options in options_of(group):
        base = f"{path} {BASES.get(path, '')}".strip()
        yield from (f"{path} --help".strip(), base)
        for option in options:
            name = max(option.opts, key=len)
            if name == "--watch":
                continue  # goes on until somebody interrupts
            chosen = offered(option) if isinstance(option.type, click.Choice) else VALUES.get(name, "1").split(",")
            values = [""] if option.is_flag else [*chosen, "nonsense"]
            yield from (f"{base} {name} {value}".strip() for value in values)


def expanded(line: str, sets: dict[str, list[str]]) -> Iterator[str]:
    """A line for each alternative in braces, the innermost first."""
    found = re.search(r"\{([^{}\"]*)\}", line)
    if not found:
        yield " ".join(line.split()) if line[0] not in "$>" else line
        return
    for word in found[1].split(","):
        for value in sets.get(word, [word]):
            yield from expanded(line[: found.start()] + value + line[found.end() :], sets)


def kind_specs(kinds: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """A spec for every kind and for each of its parameters, some of them wrong, with its file."""
    for kind in kinds:
        parameters = kind["parameters"].items()
        needed = {name: SAMPLES.get(what["type"], "1")[0] for name, what in parameters if what["required"]}
        each = [{name: v} for name, what in parameters for v in what.get("words", SAMPLES.get(what["type"], "1"))[:4]]
        for number, given in enumerate(({}, {}, {}, *each)):
            written = "".join(f", {name}: {value}" for name, value in (needed | given).items())
            shape = ("8x12x16", "8x12", "8x6x6x6")[number if number < 3 else 0]
            text = f"input: {shape}\nlayers:\n- {{name: p, maxpool: 1}}\n- {{{kind['kind']}: {written}}}\n"
            yield f"kind_specs/{kind['kind']}{number}.yaml", text


def planted_sheets(commit: Commit) -> Iterator[tuple[str, str]]:
    """Sheets that follow from one wrong parameter each, and sheets with numbers that are off, with their files."""

    def key(text: str) -> str:
        printed = CliRunner().invoke(commit.group, "worksheet - --key --ask all", input=text).stdout
        return printed[printed.find("layer,") :]

    for number, found in enumerate(re.finditer(r", (\w+): (\w+)", PLANTED)):
        yield f"planted/{number}_no_{found[1]}.csv", key(PLANTED[: found.start()] + PLANTED[found.end() :])
        yield f"planted/{number}_more_{found[1]}.csv", key(PLANTED[: found.end()] + "0" + PLANTED[found.end() :])
    head, *rows = csv.reader(io.StringIO(key(PLANTED)))
    for number in range(12):
        out = io.StringIO()
        csv.writer(out).writerows([head, *(row[:3] + [off(cell, row[1], number) for cell in row[3:]] for row in rows)])
        yield f"planted/off{number}.csv", out.getvalue()


def off(cell: str, operation: str, number: int) -> str:
    """A cell that is wrong by one of the numbers of its row."""
    numbers = [*map(int, re.findall(r"\d+", operation)), 2, 3, 4]
    by, right = numbers[number // 4 % len(numbers)], int(cell) if cell.isdigit() else 0
    return str([right * by, right // by, right + by, abs(right - by)][number % 4]) if right else cell


def prepare(tree: Path, inputs: Path, *, write: bool) -> list[str]:
    """The commands of a commit; if asked for, the inputs that are made from its reports are added to the others."""
    commit = Commit(tree, inputs)
    os.chdir(inputs)
    kinds = commit.document("layers")
    for name, text in (*kind_specs(kinds), *planted_sheets(commit)) if write else ():
        (inputs / name).parent.mkdir(exist_ok=True)
        (inputs / name).write_text(text, encoding="utf-8")
    sets = {name: words.split(",") for name, words in SETS.items()} | {"kinds": [kind["kind"] for kind in kinds]}
    for name in (*UNCHANGED[1:], "class"):
        sets[name] = sorted(f"{name}/{path.name}" for path in (inputs / name).glob("*"))
        sets[f"{name}_at_once"] = [" ".join(sets[name])]
    sets |= {"sheets": sets.pop("class"), "topics": [path.stem for path in sorted(tree.glob("cnncalc/guide/*.md"))]}
    sets["rules"] = [rule["id"] for rule in commit.document("check", "--list-rules")]
    sets["profiles"] = [profile["profile"] for profile in commit.document("reconcile", "--rules")]
    sets["all_zoo"] = [" ".join(found["name"] for found in commit.document("list"))]
    for path, options in options_of(commit.group):
        sets |= {f"{path} {max(option.opts, key=len)}": offered(option) for option in options}
    lines = (line for text in COMMANDS.strip().splitlines() for line in expanded(text, sets))
    return list(dict.fromkeys((*every_option(commit.group), *lines)))


def work(tree: Path, inputs: Path, commands: list[str]) -> dict[str, str]:
    """What each command comes to."""
    signal.signal(signal.SIGALRM, too_slow)
    commit = Commit(tree, inputs)
    return {line: commit.run(line) for line in commands}


def enter(tree: str) -> None:
    """Import the package of this folder, here and in the processes that are started here."""
    sys.path.insert(0, tree)
    os.environ["PYTHONPATH"] = tree


def process(tree: Path) -> ProcessPoolExecutor:
    """A process for the package of this folder."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=enter, initargs=(str(tree),))


def check_out(commit: str | None, folder: Path) -> Path:
    """A folder with the files of a commit; with those of the working tree for None."""
    git = ["git", "-C", str(Path(__file__).parents[2])]
    if not commit:  # a tree of all files that are not ignored, by an index of its own
        os.environ["GIT_INDEX_FILE"] = str(folder.with_suffix(".index"))
        subprocess.run([*git, "add", "-A", ":/"], check=True)
        commit = subprocess.check_output([*git, "write-tree"], text=True).strip()
        del os.environ["GIT_INDEX_FILE"]
    folder.mkdir()
    archive = subprocess.run([*git, "archive", commit], check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", folder], check=True, input=archive)
    return folder


def digest(*folders: Path) -> str:
    """What the outputs follow from: the files of these folders, this script, Python and the libraries."""
    versions = [sys.version, *(metadata.version(name) for name in ("click", "rich", "PyYAML", "numpy"))]
    found = hashlib.sha256(Path(__file__).read_bytes() + repr(versions).encode())
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if path.is_file() and not {".git", "__pycache__"} & set(path.parts):
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def difference(old: str, new: str) -> list[str]:
    """The lines that differ, a long one cut at its commas; no more than can be read."""
    one, other = (
        [part for line in text.split("\n") for part in (re.split(r"(?<=, )", line) if len(line) > 200 else [line])]
        for text in (old, new)
    )
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shown = difflib.unified_diff(one[start : start + 300], other[start : start + 300], n=0, lineterm="")
    lines = [line[:200] for line in list(shown)[2:] if not line.startswith("@@")]
    return lines[:12] + [f"... {len(lines) - 12} lines more"] * (len(lines) > 12)


def show_differences(old: dict[str, str], new: dict[str, str]) -> int:
    """Print every difference, equal ones once, and return in how many commands there is one."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for line in (line for line in old if old[line] != new[line]):
        groups.setdefault(tuple(difference(old[line], new[line])), []).append(line)
    for lines, commands in groups.items():
        more = f"   and {len(commands) - 1} more: {'; '.join(commands[1:5])}" if len(commands) > 1 else ""
        print(f"\n{commands[0]:.200}{more:.300}", *lines, sep="\n    ")
    return sum(map(len, groups.values()))


def keep(folder: Path, found: dict[str, str]) -> None:
    """Write a file for each command."""
    folder.mkdir(parents=True, exist_ok=True)
    for line, said in found.items():
        name = re.sub(r"[^\w.=-]+", "_", line)[:80] + "_" + hashlib.sha256(line.encode()).hexdigest()[:6]
        (folder / name).write_text(f"{line}\n{said}", encoding="utf-8")


def main() -> None:
    """Run both commits and print how they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?")
    parser.add_argument("--only", default="", metavar="REGEX", help="the commands in which this is found")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write what every command says")
    options = parser.parse_args()
    began, memory = time.perf_counter(), Path(tempfile.gettempdir(), "cnncalc-outputs")
    memory.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        fixed = {"COLUMNS": "80", "HOME": temporary, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                 "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1",
                 "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip
        os.environ.clear()
        os.environ.update(fixed)
        trees = [check_out(options.old, Path(temporary, "old")), check_out(options.new, Path(temporary, "new"))]
        inputs = Path(temporary, "inputs")
        write_inputs(inputs, trees)
        with process(trees[0]) as old, process(trees[1]) as new:
            commands = old.submit(prepare, trees[0], inputs, write=True).result()
            wanted = [line for line in commands if re.search(options.only, line)]
            known = memory / f"{digest(trees[0], inputs)}.json"
            before = None if known.exists() else old.submit(work, trees[0], inputs, wanted)
            every = new.submit(prepare, trees[1], inputs, write=False).result()
            added = [line for line in every if line not in set(commands) and re.search(options.only, line)]
            says = new.submit(work, trees[1], inputs, wanted + added).result()
            said = before.result() if before else json.loads(known.read_text("utf-8"))
    if before and not options.only:
        known.write_text(json.dumps(said), encoding="utf-8")
    said = {line: said[line] for line in wanted}
    if options.keep:
        keep(options.keep / "old", said)
        keep(options.keep / "new", says)
    count = show_differences(said, says)
    crashes = [line for line in says if "! CRASH " in says[line]]
    for what, lines in (("crash at NEW", crashes), ("are at NEW only", added)):
        if lines:
            print(f"\n{len(lines)} {what}: {'; '.join(lines):.2000}")
    print(f"\n{len(said)} commands, {count} with a difference; {time.perf_counter() - began:.0f} s")
    sys.exit(bool(count))


if __name__ == "__main__":
    main()

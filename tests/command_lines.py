"""Command lines at random: options and values for every command, from the tree of click."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import click
import numpy as np
from archives import save_npz
from click.testing import CliRunner

from cnncalc.cli.main import COMMANDS, cli
from cnncalc.errors import CnnCalcError

NET = (
    "input: 3x8x8\nvars: {k: 3}\nlayers:\n- {name: c1, conv: 4, kernel: k, params: 112}\n- relu\n- flatten\n- {fc: 2}\n"
)
FILES = {
    "net.yaml": NET,
    "other.yaml": "input: [3, 8, 8]\nblocks: {'b(n)': [{residual: [{conv: n, kernel: 1}]}]}\nlayers: [{b: 3}, relu]\n",
    "wrong.yaml": "input: 3x8x8\nlayers: [rellu, {conv: 4, kernel: 99}]\n",
    "open.yaml": "input: 3xHxW\nlayers: [{conv: 4, kernel: 3}, global_avgpool, {fc: 2}]\n",
    "sheet.csv": "layer;out;params\nc1;4x6x6;112\nrelu;4x6x6;0\nflatten;144;0\nfc;2;291\n",
    "roster.csv": "id,name\n1,Ada\n2,Bob\n",
    "text.md": "4 filters of 3x3 on 3x8x8: (8 - 3)/1 + 1 = 6, and 4*(27 + 1) = 112 parameters.\n",
    "net.py": "from torch import nn\nnet = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(144, 2))\n",
    "settings.toml": "max-params = '5M'\nignore = ['unclaimed']\n",
    "empty.txt": "",
}
WORDS = (
    "net.yaml", "net.yaml", "net.yaml", "other.yaml", "wrong.yaml", "open.yaml", "sheet.csv", "roster.csv", "text.md",
    "net.py", "net.py@3x8x8", "settings.toml", "empty.txt", "weights.npz", "lenet5", "c1", "conv", "relu", "k=5", "k",
    "k=2,3", "H=9", "3x9x9", "8x8x3", "9", "1..9/2", "0", "-1", "1e9", "99999999999999999999", "112", "5M", "all",
    "params", "params,macs", "out,params", "claim", "x.svg", "x.json", "x.csv", "x.yaml", "x.py", "x.onnx", "out", ".",
    "", " ", "-", "--", "nowhere.yaml", "a\nb", "\x1b[31m", "\x07", "\u202e", "\udcff", "::error::x", "*.yaml",
    "[", "**", "conv 8 k3 | relu", "relu, fc 10", "x" * 3000, "1/0", "nan", "H=", "=", "=1", "NAME=VALUE",
)  # fmt: skip


@cache
def folder() -> Path:
    """A folder with the files that command lines name; one for each process."""
    made = Path(mkdtemp(prefix="command-lines-"))
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    save_npz(str(made / "weights.npz"), {"c1/weight": np.ones((4, 3, 3, 3)), "c1/bias": np.ones(4)})
    return made


def command_line(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A command with some of its arguments and options, as JSON; now and then with a word that is none of them."""
    name = chance.choice([name for commands in COMMANDS.values() for name in commands if name != "edit"])  # without end
    command = cli.get_command(click.Context(cli), name)
    assert command
    words = [name]
    for parameter in command.params:
        if "--all" in parameter.opts or "--watch" in parameter.opts:
            continue  # every architecture, which takes minutes; without end
        if isinstance(parameter, click.Argument):
            words += [_value(chance, parameter) for _ in range(chance.choice((1, 1, 1, 1, 2, 0)))]
        elif chance.random() < 1.5 / len(command.params):
            flag = isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)
            words += [chance.choice(parameter.opts), *([] if flag else [_value(chance, parameter)])]
    if chance.random() < 0.05:
        words.insert(chance.randrange(len(words) + 1), chance.choice(WORDS))
    return json.dumps(words).encode()


def _value(chance: Random, parameter: click.Parameter) -> str:
    match parameter.type:
        case click.Choice(choices=choices) if chance.random() < 0.9:
            return str(chance.choice([*choices]))
        case click.types.IntParamType() if chance.random() < 0.9:
            return str(chance.choice((0, 1, 2, 3, 7, 64, 1000, 10**6, -1)))
    if parameter.name in ("spec", "old", "new", "paths") and chance.random() < 0.6:
        return chance.choice(("net.yaml", "other.yaml", "open.yaml", "lenet5"))
    return chance.choice(WORDS)


def run(chance: Random, content: bytes) -> object:
    """What a command line prints.

    Raises:
        CnnCalcError: it fails with a message.
    """
    os.chdir(folder())
    result = CliRunner().invoke(cli, json.loads(content), input="")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        raise CnnCalcError(result.output)
    return result.output

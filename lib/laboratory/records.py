"""Recorded runs: a file of rows with a check, how it is read, and the weights that are kept beside it."""

import csv
import zlib
from typing import NamedTuple

import numpy as np

from lib import gru, lstm, readout, relatives, rnn, train

CELLS = {  # by their names in the records
    "RNN": rnn,
    "ReLU RNN": relatives.relu_rnn,
    "LSTM": lstm,
    "coupled LSTM": relatives.coupled,
    "peephole LSTM": relatives.peephole,
    "LSTM of 1997": relatives.lstm1997,
    "GRU": gru,
    "GRU reset after": relatives.reset_after,
    "minimal gated unit": relatives.mgu,
    "minGRU": relatives.mingru,
    "minLSTM": relatives.minlstm,
    "free minLSTM": relatives.free_minlstm,
    "signed minGRU": relatives.signed_mingru,
    "two-layer minGRU": relatives.two_mingru,
}
STARTS = {  # what they add to a cell's `init_params`
    "uniform": dict(recurrent="uniform"),
    "orthogonal": dict(recurrent="orthogonal"),
    "identity": {},
    "forget bias 0": dict(forget_bias=0.0),
    "forget bias 1": dict(forget_bias=1.0),
    "forget bias 3": dict(forget_bias=3.0),
    "chrono": dict(longest="steps"),  # as many as a sequence of the task has
    "update bias 0": dict(update_bias=0.0),
    "update bias -2": dict(update_bias=-2.0),
    "orthogonal W_h": dict(recurrent="orthogonal", inputs="uniform"),  # and nothing else
    "forget bias 2": dict(forget_bias=2.0),
    "biases 2, -2": dict(forget_bias=2.0, input_bias=-2.0),  # forget and input
    "biases 3, -3": dict(forget_bias=3.0, input_bias=-3.0),
    "chrono 50": dict(longest=50),  # whatever the task
    "chrono 20": dict(longest=20),
    "chrono, ten times": dict(longest="ten times"),
    "as it was": {},
    "uniform, Glorot W_x": dict(recurrent="uniform", inputs="glorot"),
    "update bias 2": dict(update_bias=2.0),
    "orthogonal W_h, update bias -2": dict(
        update_bias=-2.0, recurrent="orthogonal", inputs="uniform"
    ),
    "biases 1, -1": dict(forget_bias=1.0, input_bias=-1.0),
    "chrono forget": dict(longest="steps", half="forget"),  # the input bias is 0
    "chrono input": dict(longest="steps", half="input"),  # the forget bias is 1
}


class Run(NamedTuple):
    """What decides a recorded run: the first columns of every file of experiments/results."""

    task: str  # of `TASKS`
    size: int  # of the task
    cell: str  # as "LSTM"
    start: str  # of its weights and biases, as "forget bias 1"
    hold: str  # its control, as "i constant" (see `CONTROLS`), or none; gates alone are held at 1
    hidden_size: int
    seed: int
    learning_rate: float
    limit: int  # training steps at most
    batch: int  # sequences a step
    part: str  # "validation" to choose a rate, "test" for the result


class Row(NamedTuple):
    """What a recorded run came to: the other columns."""

    score: float  # nan where training overflowed
    baseline: float  # what a trivial answer scores
    lower: bool  # whether a lower score is the better one
    steps: int
    improving: bool
    parameters: int  # of the cell, without the read-out
    seconds: float  # of one processor
    versions: str


def read(path):
    """The records at `path`, a csv file in the shape of one row a run -> {Run: Row}.

    A last line that is not whole is left out. Raises FileNotFoundError where there is no file,
    ValueError for columns that do not begin with those of Run and Row, and, where the last column is
    `check`, for a row that was changed, lost or doubled by hand.
    """
    wide = len(Run._fields)
    end = wide + len(Row._fields)
    return {typed(Run, line[:wide]): typed(Row, line[wide:end]) for line in lines(path)[1:]}


def read_more(path):
    """What the records at `path` (a csv file) hold beyond Run and Row -> {Run: {column: text}}. Errors as in `read`."""
    wide, end = len(Run._fields), len(Run._fields + Row._fields)
    first, *rest = lines(path)
    names = first[end:]
    return {typed(Run, line[:wide]): dict(zip(names, line[end:], strict=True)) for line in rest}


def lines(path):
    """The lines of a file of records, as lists of texts, its checks looked at and taken off."""
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    found = list(csv.reader(text[: text.rfind("\n") + 1].splitlines())) or [[]]
    columns = Run._fields + Row._fields
    if tuple(found[0][: len(columns)]) != columns:
        raise ValueError(f"{path}: expected the columns of Run and Row, got {tuple(found[0])}")
    if found[0][-1] != "check":
        return found
    seen, mark = set(), ""
    for number, line in enumerate(found):
        run = tuple(line[: len(Run._fields)])
        mark, told = check(mark, line[:-1]) if number else "check", line[-1]
        if mark != told or run in seen:
            raise ValueError(f"{path}: line {number + 1}, or one above it, was changed by hand")
        seen.add(run)
    return [line[:-1] for line in found]


def check(before, texts):
    """The check of a row: its texts and the check of the row above, summed to 8 digits (CRC-32)."""
    return f"{zlib.crc32(','.join([before, *texts]).encode()):08x}"


def store(folder, run, model):
    """Keep a run's trained weights as folder/NAME.npz, float32; `stored` gives them back. Errors: none of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {f"cell_{name}": part for name, part in model.params._asdict().items()}
    parts |= {f"readout_{name}": part for name, part in model.readout._asdict().items()}
    parts = {name: part.astype(np.float32) for name, part in parts.items()}
    np.savez(folder / file_of(run), **parts)


def stored(folder, run):
    """The trained train.Model of a Run of which `store` kept the weights, shapes as the cell's.

    `folder` is a Path, as experiments/results/weights. Raises FileNotFoundError where none were kept.
    """
    cell = CELLS[run.cell]
    with np.load(folder / file_of(run)) as file:
        params = cell.Params(*(file[f"cell_{name}"] for name in cell.Params._fields))
        read_out = readout.Params(*(file[f"readout_{name}"] for name in readout.Params._fields))
    return train.Model(cell, params, read_out)


def file_of(run):
    """The name of the file with a run's weights: the columns that decide it."""
    return "_".join(str(value).replace(" ", "-") or "free" for value in run[:8]) + ".npz"


def typed(kind, texts):
    """A Run or a Row from the texts of its columns."""
    texts = zip(kind.__annotations__.values(), texts, strict=True)
    return kind(*(text == "True" if column is bool else column(text) for column, text in texts))

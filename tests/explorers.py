"""One explorer of every kind, as a cell would make it; the one that shows a trained model gets one."""

from functools import cache

import numpy as np

from lib import live, lstm, tasks, train

KINDS = live.__all__


@cache
def hello_model(cell=lstm):
    """A small model that spells hello."""
    start = train.init_model(cell, np.random.default_rng(0), 4, 8, 4)
    return train.fit(start, tasks.hello(), steps=150, learning_rate=2e-2).model


def made(kind, **start):
    needed = [hello_model()] if kind == "hello_lesions" else []
    return getattr(live, kind)(*needed, **start)


def sliders(lab):
    """[(name of the value, its slider)]; what is chosen by a word has none."""
    names = [name for name, value in lab.values.items() if not isinstance(value, str)]
    return list(zip(names, lab.box.children[1].children, strict=True))

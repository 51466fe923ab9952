"""One explorer of every kind, as a cell would make it; the one that shows a trained model gets one."""

import json
from functools import cache

import numpy as np

from lib import gru, live, lstm, tasks, train
from lib.live import join, sphinx, static

KINDS = live.__all__
OF_THE_BOOK = [  # (the notebook, the kind, where it starts); a model that is shown has these gates
    ("intro", "lstm_step", {}),
    ("chapters/01_rnn_recap", "fading_memory", {}),
    ("chapters/01_rnn_recap", "orbit", {"radius": 0.9}),
    ("chapters/02_lstm_gates", "lstm_step", {}),
    ("chapters/02_lstm_gates", "write_keep_read", {}),
    ("chapters/02_lstm_gates", "weights_to_gates", {}),
    ("chapters/02_lstm_gates", "half_life", {"f": 0.9}),
    ("chapters/02_lstm_gates", "hello_lesions", {"gate": "f"}),
    ("chapters/03_backprop_cell_state", "step_back", {}),
    ("chapters/03_backprop_cell_state", "gradient_highway", {}),
    ("chapters/04_gru", "gru_step", {"z": 0.73, "r": 0.26, "h_prev": 0.7, "p": -1.64, "w": 1.4}),
    ("chapters/04_gru", "hello_lesions", {"gate": "z"}),
    ("chapters/04_gru", "budget", {}),
]


@cache
def hello_model(cell=lstm):
    """A small model that spells hello."""
    start = train.init_model(cell, np.random.default_rng(0), 4, 8, 4)
    return train.fit(start, tasks.hello(), steps=150, learning_rate=2e-2).model


def made(kind, **start):
    cell = gru if start.get("gate") in ("z", "r", "n", "−n") else lstm
    needed = [hello_model(cell)] if kind == "hello_lesions" else []
    return getattr(live, kind)(*needed, **start)


def sliders(lab):
    """[(name of the value, its slider)]; what is chosen by a word has none."""
    names = [name for name, value in lab.values.items() if not isinstance(value, str)]
    return list(zip(names, lab.box.children[1].children, strict=True))


def page_of(browser, labs):
    """A page with these explorers, as a build would write it, without one."""
    import ipywidgets

    state = json.loads(json.dumps(ipywidgets.Widget.get_manager_state(drop_defaults=False)))
    state, script, sheets = sphinx.taken_apart(state)
    state = json.dumps(state).replace("</", r"<\/")
    views = "".join(
        f'{sphinx.OPEN}<script type="{sphinx.VIEW}">{json.dumps({"model_id": lab.box.model_id})}</script>{sphinx.CLOSE}'
        for lab in labs
    )
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(
        f"<style>{''.join(sheets.values())}</style>"
        f'<script type="{sphinx.STATE}">{state}</script>'
        f"<script>{script}</script><script>{join.classic('page.js')}</script>{views}"
    )
    assert page.locator(".live-stands").count() == len(labs)
    return page


def draw_once():
    """From here on all explorers have one picture, that of the first: for a page whose pictures nothing looks at."""
    draw, drawn = static.pictures, []

    def pictures(kind, values, data=None):
        drawn[:] = drawn or [draw(kind, values, data)]
        return drawn[0]

    static.pictures = pictures

"""Every explorer of the book, and one of every kind from another start, on one page: looked at, pressed, asked.

A slider's value is known by what is written at it: `at` gives {symbol: value}, the symbol being the one of its label.
"""

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from explorers import OF_THE_BOOK, made, page_of, sliders

from lib import live, lstm, train

AT_RANDOM, DRAWN = (
    70,
    5,
)  # settings of each explorer, and how many of them are looked at with their drawings

# Text with its symbols and numbers marked, see words.py.
MARKED = """
const color = (node) => ([...node.classList].find((name) => name.startsWith('live-in-')) || '').slice(8);
const marked = (node) => {
  if (node.nodeType === 3) return node.data;
  const inner = [...node.childNodes].map(marked).join('');
  if (node.tagName === 'VAR') return `⟨${color(node)}|${inner}⟩`;
  if (node.classList.contains('live-num') && color(node)) return `⟦${color(node)}|${inner}⟧`;
  const cells = (row) => [...row.cells].map(marked).join(', ');
  if (node.tagName === 'TABLE') return `[${[...node.rows].map(cells).join('; ')}]`;
  const raised = node.getAttribute('font-size') ? (Number(node.getAttribute('dy')) > 0 ? 'SUB' : 'SUP') : node.tagName;
  return { SUB: `_{${inner}}`, SUP: `^{${inner}}` }[raised] || inner;
};
const text = (node) => marked(node).replace(/\\s+/g, ' ').trim();
const view = document.querySelectorAll('.live-view')[place];
const all = (where, look) => [...view.querySelectorAll(where)].map(look);
const sliders = [...view.querySelectorAll('input[type="range"]')];
const put = async ({ values, choice }) => {
  if (!values) return;
  sliders.forEach((slider, k) => { slider.value = values[k]; slider.dispatchEvent(new Event('input')); });
  if (choice !== null) view.querySelectorAll('.live-choice button')[choice].click();
  await settled();
};
const settled = () => new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
const now = () => ({
  values: sliders.map((slider) => Number(slider.value)),
  chosen: all('.live-choice [aria-pressed="true"]', text),
  pressed: all('.live-bar:not(.live-choice) [aria-pressed="true"]', text),
});
"""
FRAME = f"""
(place) => {{ {MARKED}
  return {{
    labels: all('.live-control', (node) => [text(node.querySelector('label')), [...node.classList].find((name) =>
      /^live-\\w+$/.test(name) && name !== 'live-control').slice(5)]),
    question: text(view.querySelector('.live-predict p')),
    presets: all('.live-bar:not(.live-choice) button', text), gates: all('.live-choice button', text),
  }};
}}
"""
LOOK = f"""
async ([place, settings]) => {{ {MARKED}
  const drawn = (svg) => [...svg.querySelectorAll('path, line, circle, rect, text, svg')].map((node) => {{
    const part = {{ tag: node.tagName, ...Object.fromEntries([...node.attributes].map((a) => [a.name, a.value])) }};
    if (node.tagName !== 'text') return part;
    const {{ x, y, width, height }} = node.getBBox();
    return {{ ...part, words: node.textContent, marked: text(node), box: [x, y, x + width, y + height] }};
  }});
  const found = [];
  for (const setting of settings) {{
    await put(setting);
    found.push({{
      ...now(), sentence: text(view.querySelector('.live-sentence')),
      equation: [...view.querySelector('.live-equation').children].map((line) =>
        line.rows ? [...line.rows].map((row) => [...row.cells].map(text)) : text(line)),
      beside: all('.live-picture p', text),
      drawings: setting.drawn ? all('.live-picture svg[role="img"]', drawn) : null,
      spoken: all('.live-picture svg[role="img"]', (node) => node.getAttribute('aria-label')),
    }});
  }}
  return found;
}}
"""
PRESS = f"""
async ([place, from, button]) => {{ {MARKED}
  await put(from);
  const before = now();
  all('.live-bar:not(.live-choice) button', (node) => node)[button].click();
  await settled();
  return before;
}}
"""
ANSWER = f"""
async ([place, from, answers]) => {{ {MARKED}
  const told = [];
  await put(from);
  for (const typed of answers) {{
    view.querySelector('input[type="text"]').value = typed;
    view.querySelector('.live-answer button').click();
    await settled();
    told.push(text(view.querySelector('.live-told')));
  }}
  return {{ told, ...now() }};
}}
"""

# Explorers: the book's, and one of every kind from a start of its own.

ELSEWHERE = {
    "fading_memory": dict(w=1.2, gap=3, pulse=0.4),
    "lstm_step": dict(f=0.35, i=0.6, o=0.45, g=0.7, c_prev=-1.3),
    "half_life": dict(b_f=5.5),
    "weights_to_gates": dict(
        x=-1.6, h=-0.4, i=(1, 2, 0.5), f=(0.5, -3, 3), o=(3.5, -1, -1), g=(-2, 1, -1.5)
    ),
    "gradient_highway": dict(f=0.98, w=1.5, gap=12),
    "orbit": dict(radius=1.33, angle=6, strength=0.05),
    "step_back": dict(back=10, f=0.31, i=0.44, o=0.73, g=0.62, o_1=0.8, w=1.6),
    "gru_step": dict(z=0.8, r=0.1, h_prev=-0.6, p=0.9, w=-1.7),
    "write_keep_read": dict(write=7, read=20, i=0.1, f=0.99, o=0.3),
    "budget": dict(D=100, H=7),
    "hello_lesions": dict(gate="o", at=0.4, unit=3, step=2),
}
LABS = {}
for _, kind, start in OF_THE_BOOK:  # an explorer that stands twice in the book is asked once
    shown_as = "lesions_of_gru" if start.get("gate") == "z" else kind
    assert LABS.setdefault(f"{shown_as}-book", (kind, start)) == (kind, start)
NAMES_OF_THE_BOOK = list(LABS)
LABS |= {f"{kind}-elsewhere": (kind, start) for kind, start in ELSEWHERE.items()}
NAMES = list(LABS)


@cache
def labs():
    every = {name: made(kind, **start) for name, (kind, start) in LABS.items()}
    untrained = train.init_model(lstm, np.random.default_rng(1), 4, 8, 4)
    every["hello_lesions-elsewhere"] = live.hello_lesions(untrained, **ELSEWHERE["hello_lesions"])
    return every


class Setting(NamedTuple):
    """One explorer as it stands: its sliders' values by what is written at them, and what is seen."""

    lab: object
    labels: list  # [(what is written, color)]
    at: dict  # {symbol, or all that is written: value}
    seen: dict
    every: tuple = ()  # (f, w, T) of all settings, where these are its sliders: computed at once


class Visit:
    """One page with all of them. Each is looked at once, in all its settings and at its presets, before it is asked."""

    def __init__(self, browser):
        self.page = page_of(browser, labs().values())
        self.frames = {name: self.page.evaluate(FRAME, place) for place, name in enumerate(NAMES)}
        self.look, self.pressed = cache(self.look), cache(self.pressed)

    def looked(self, name, settings):
        found = self.page.evaluate(LOOK, [NAMES.index(name), settings])
        return [setting_of(name, self.frames[name], one) for one in found]

    def look(self, name):
        """Its settings: the start, then what `settings_of` says."""
        start, *others = self.looked(name, list(settings_of(labs()[name])))
        return [started(start), *others]

    def pressed(self, name):
        """{button of the bar: [(before, after)]}, pressed from two settings."""
        pressed = {}
        for k, button in enumerate(self.frames[name]["presets"]):
            pressed[button] = []
            for setting in self.somewhere(name):
                before = self.page.evaluate(PRESS, [NAMES.index(name), self.put(name, setting), k])
                (after,) = self.looked(name, [AS_IT_STANDS])
                pressed[button].append((setting_of(name, self.frames[name], before), after))
        return pressed

    def all(self, name):
        """The settings and the presets."""
        every = [
            *self.look(name),
            *(pairs[0][1] for button, pairs in self.pressed(name).items() if button != "Reset"),
        ]
        roads = ()
        if labs()[name].kind == "gradient_highway":
            roads = tuple(tuple(setting.at[symbol] for symbol in "fwT") for setting in every)
        return [setting._replace(every=roads) for setting in every]

    def somewhere(self, name):
        return self.look(name)[-2:]

    def answer(self, name, start, typed):
        """Answers given at this setting, one after the other -> what is told to each, and the setting after."""
        found = self.page.evaluate(ANSWER, [NAMES.index(name), self.put(name, start), typed])
        return found["told"], setting_of(name, self.frames[name], found)

    def put(self, name, start):
        gates = self.frames[name]["gates"]
        return {
            "values": start.seen["values"],
            "choice": gates.index(start.at["gate"]) if gates else None,
        }


def setting_of(name, frame, found):
    labels = [tuple(label) for label in frame["labels"]]
    at = {
        symbol_of(text)[0]: value for (text, _), value in zip(labels, found["values"], strict=True)
    }
    assert len(at) == len(labels), f"two sliders with one name: {labels}"
    if frame["gates"]:
        (at["gate"],) = found["chosen"]
    return Setting(labs()[name], labels, at, found)


def started(setting):
    """The same with the values of the start, which may be between two of a slider's steps."""
    at = dict(setting.at)
    for (name, control), (symbol, shown) in zip(
        sliders(setting.lab), setting.at.items(), strict=False
    ):
        at[symbol] = setting.lab.start[name]
        assert abs(at[symbol] - shown) < 0.5001 * control.step
    return setting._replace(at=at)


AS_IT_STANDS = {"values": None, "choice": None, "drawn": True}


def settings_of(lab):
    """The start; every slider alone at its ends and between; corners; and places at random."""
    rng = np.random.default_rng([ord(letter) for letter in str(lab)])
    controls = [control for _, control in sliders(lab)]
    start = [lab.start[name] for name, _ in sliders(lab)]
    gates = list(gates_of(lab))
    chosen = gates.index(lab.start["gate"]) if gates else None

    def setting(values, choice=chosen, drawn=False):
        return {"values": [round(float(v), 6) for v in values], "choice": choice, "drawn": drawn}

    def between(control):
        steps = round((control.max - control.min) / control.step)
        return control.min + control.step * int(rng.integers(steps + 1))

    yield AS_IT_STANDS
    for k, control in enumerate(controls):
        for value in (control.min, control.max, between(control), between(control)):
            yield setting([*start[:k], value, *start[k + 1 :]])
    for choice in range(len(gates)):
        yield setting(start, choice)
    for drawn in range(AT_RANDOM):
        values = [between(control) for control in controls]
        for k, control in enumerate(controls):
            if rng.random() < 0.2:
                ends = [control.min, control.max, min(max(0, control.min), control.max)]
                values[k] = ends[rng.integers(3)]
            if drawn % 2 and rng.random() < 0.5:  # near the start an explorer has most to say
                values[k] = start[k]
        choice = int(rng.integers(len(gates))) if gates else None
        yield setting(values, choice, drawn < DRAWN)


def gates_of(lab):
    cell = (lab.data or {}).get("cell")
    return {"lstm": ["none", *"fiog", "−g"], "gru": ["none", *"zrn", "−n"]}.get(cell, [])


def kind_of(name):
    return LABS[name][0]


# Labels. Some name no symbol: all that they say is then the name of the value.

PLAIN = {"wires walked back", "value it is held at", "unit, 0: all", "step t, 0: all"}
PLAIN |= {f"{gate} {when}" for gate in "io" for when in ("opens at step", "otherwise")} | {
    "f otherwise"
}


def symbol_of(label):
    """The symbol at the start of a label, and what follows it; all of a label that names no symbol."""
    if label in PLAIN:
        return label, ""
    letter, index, words = re.fullmatch(r"(\w)(?:_\{([^}]*)\})?(?: (.*))?", label).groups()
    return letter + (f"_{index}" if index else ""), words or ""

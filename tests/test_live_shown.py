"""What an explorer shows equals `lib`: at random settings every number, word, bar and curve is read off the page.

A reader sees the equation line with its operands, the sentence, the labels, the places of curves, dots and bars by
their axes, and what is told to an answer. Each is compared with what the library computes in Python; the page is the
page's own reader with the explorers' own code, without a build.
"""

import json
import re

import numpy as np
import pytest
from explorers import KINDS, hello_model, made, page_of

from lib import gradients, gru, live, lstm, rnn, tasks, train
from lib.activations import sigmoid
from lib.live import join, runs
from lib.losses import softmax

SETTINGS = 120  # of each explorer, beside the corners that are drawn among them
RARE = {  # and what hardly any of them meets
    "step_back": [
        [8, 0.69, 0.829, 0.856, -0.952, 0.525, 0],
        [10, 0, 0.829, 0.856, -0.952, 0, 1],
        [10, 0.69, 0.829, 0.856, -0.952, 0, 1],
        [10, 0, 0.829, 0.856, -0.952, 0.525, 1],
        [10, 0.69, 0.829, 0.856, -0.952, 0.525, 1],
        [10, 0.69, 0.2, 0.1, 0.9, 1, 2],
    ],
    "write_keep_read": [[5, 20, 0.6, 0.5, 0]],
    "orbit": [
        [1.5, 56, 0.5],
        [0.95, 30, 0],
        [1.5, 9, 0],
        [1.5, 171, 0],
        [1.33, 6, 0],
        [1.5, 9, 0.1],
    ],
}
DIAGRAMS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (join.HERE / "diagrams").glob("*.json")
}

# Sets the sliders of one explorer, again and again -> what it shows each time. A number of the equation is marked with
# its letter, ⟦f|0.90⟧, and a power with ^.
LOOK = """
async ([place, settings]) => {
  const view = document.querySelectorAll('.live-view')[place], found = [];
  const sliders = [...view.querySelectorAll('input[type="range"]')];
  const words = (node) => {
    const copy = node.cloneNode(true);
    for (const up of copy.querySelectorAll('sup')) up.prepend('^');
    for (const number of copy.querySelectorAll('.live-num')) {
      const letter = [...number.classList].find((name) => name.startsWith('live-in-')).slice(8);
      number.replaceChildren(`⟦${letter}|${number.textContent}⟧`);
    }
    return copy.textContent.replace(/\\s+/g, ' ').trim();
  };
  const drawn = (svg) => [...svg.querySelectorAll('path, line, circle, rect, text, svg')].map((node) =>
    ({ tag: node.tagName, words: node.tagName === 'svg' ? '' : node.textContent,
       ...Object.fromEntries([...node.attributes].map((a) => [a.name, a.value])) }));
  const all = (place, look) => [...view.querySelectorAll(place)].map(look);
  for (const { values, choice } of settings) {
    sliders.forEach((slider, k) => { slider.value = values[k]; slider.dispatchEvent(new Event('input')); });
    if (choice !== null) view.querySelectorAll('.live-choice button')[choice].click();
    await new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
    found.push({
      values: sliders.map((slider) => Number(slider.value)),
      readouts: all('output', (node) => node.textContent),
      equation: [...view.querySelector('.live-equation').children].map((line) =>
        line.rows ? [...line.rows].map((row) => [...row.cells].map(words)) : words(line)),
      sentence: view.querySelector('.live-sentence').textContent,
      spelled: view.querySelector('.live-spelled')?.textContent,
      wrong: all('.live-spelled span', (node) => node.className === 'live-wrong'),
      held: all('.live-choice button', (node) => node.getAttribute('aria-pressed') === 'true'),
      drawings: all('.live-picture svg[role="img"]', drawn),
    });
  }
  return found;
}
"""
ANSWER = """
([place, typed]) => {
  const view = document.querySelectorAll('.live-view')[place];
  view.querySelector('input[type="text"]').value = typed;
  view.querySelector('.live-answer button').click();
  return view.querySelector('.live-told').textContent;
}
"""


# One page with all explorers, as a build would write it.


def labs():
    return {
        **{kind: made(kind) for kind in KINDS},
        "hello_lesions of a GRU": live.hello_lesions(hello_model(gru)),
    }


@pytest.fixture(scope="module")
def shown(browser):
    """shown(name) -> [(values, what is shown at them)]; shown.told(name, typed) -> what is told to an answer."""
    every = labs()
    page = page_of(browser, every.values())
    places = {name: place for place, name in enumerate(every)}

    def look(name):
        lab = every[name]
        rng = np.random.default_rng([ord(letter) for letter in name])
        settings = [drawn_at_random(rng, lab) for _ in range(SETTINGS)]
        settings += [{"values": values, "choice": None} for values in RARE.get(name, ())]
        found = page.evaluate(LOOK, [places[name], settings])
        return [(named(lab, s, seen), seen) for s, seen in zip(settings, found, strict=True)]

    look.told = lambda name, typed: page.evaluate(ANSWER, [places[name], typed])
    look.lab = every.__getitem__
    yield look
    page.close()


def drawn_at_random(rng, lab):
    """A place for every slider on its own steps, now and then at an end, at 0 or where it started.

    In every other setting most sliders stay where they started, where an explorer has most to say.
    """
    values, near_start = [], rng.random() < 0.5
    for control in lab.box.children[1].children:
        steps = round((control.max - control.min) / control.step)
        value = control.min + control.step * int(rng.integers(steps + 1))
        if rng.random() < 0.3:
            ends = [control.min, control.max, control.value, min(max(0, control.min), control.max)]
            value = ends[rng.integers(4)]
        if near_start and rng.random() < 0.6:
            value = control.value
        values.append(round(value, 6))
    choice = int(rng.integers(len(gates_of(lab)))) if "gate" in lab.names else None
    return {"values": values, "choice": choice}


def gates_of(lab):
    cell = lab.data["cell"]
    return ["none", *({"lstm": "fiog", "gru": "zrn"}[cell]), "−g" if cell == "lstm" else "−n"]


def named(lab, setting, seen):
    """{name: value} of a setting; the sliders stand there, and say so."""
    assert seen["values"] == pytest.approx(setting["values"], abs=1e-9)
    names = [name for name in lab.names if name != "gate"]
    for control, text, value in zip(
        lab.box.children[1].children, seen["readouts"], seen["values"], strict=True
    ):
        digits = 0 if control.readout_format == "d" else int(control.readout_format[1])
        assert is_fixed(text, value, digits), (control.description, text, value)
    values = dict(zip(names, seen["values"], strict=True))
    if setting["choice"] is not None:
        assert [k for k, held in enumerate(seen["held"]) if held] == [setting["choice"]]
        values["gate"] = gates_of(lab)[setting["choice"]]
    return values


# Numbers as they are written. A rule is (text, value) -> whether the text is that value, rounded.

NEAR = 1e-9


def number(text):
    assert re.fullmatch(r"−?\d+(\.\d+)?", text), text
    return float(text.replace("−", "-"))


def is_fixed(text, value, digits=2):
    if not re.fullmatch(rf"−?\d+\.\d{{{digits}}}" if digits else r"−?\d+", text):
        return False
    n = number(text)
    signs = text.startswith("−") == (value < 0 and n != 0)
    return signs and abs(n - value) <= 0.5 * 10.0**-digits + NEAR * (1 + abs(value))


def is_power(text, value):
    size = abs(value)
    if size == 0:
        return text == "0"
    if 0.001 <= size < 10000:
        return is_fixed(text, value, 3 if size < 10 else 1)
    found = re.fullmatch(r"(−?\d\.\d) × 10\^(−?\d+)", text)
    return bool(found) and is_fixed(found[1], value / 10.0 ** number(found[2]), 1)


def is_percent(text, value):
    p = 100 * value
    if 0 < p < 0.1:
        return text == "less than 0.1 %"
    found = re.fullmatch(r"(\d+(?:\.(\d+))?) %", text)
    digits = len(found[2] or "") if found else None
    if digits is None or digits != (2 if 99.9 < p < 100 else digits) or digits > 2:
        return False
    return is_fixed(found[1], p, digits) if digits else abs(number(found[1]) - p) < 1e-6


def is_whole(text, value):
    return text == f"{value:,}"


def is_times(text, value):
    if value >= 1e4:
        digits = str(round(np.log10(value))).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return text == f"about 10{digits} times"
    return text.endswith(" times") and is_fixed(text[:-6], value, 1 if value < 10 else 0)


class Slot:
    """A number that is shown: its rule, its value, in an equation its letter; an operand below 0 has parentheses."""

    def __init__(self, rule, value, letter=None, operand=False, **how):
        self.rule, self.value, self.how = rule, value, how
        self.letter, self.operand = letter, operand

    def holds(self, text):
        if self.letter:
            letter, _, text = text.strip("⟦⟧").partition("|")
            if letter != self.letter:
                return False
        if self.operand and text.startswith("("):
            text = text[1:-1]
            if not text.startswith("−"):
                return False
        elif self.operand and text.startswith("−"):
            return False
        return self.rule(text, self.value, **self.how)

    def __repr__(self):
        return f"⟦{self.letter or ''}|{self.value!r}⟧"


def op(letter, value, digits=2):
    return Slot(is_fixed, value, letter, operand=True, digits=digits)


def res(letter, value, digits=2, rule=is_fixed):
    return Slot(rule, value, letter, **({"digits": digits} if rule is is_fixed else {}))


def say(value, digits=2):
    return Slot(is_fixed, value, digits=digits)


def assert_reads(text, *parts):
    """The text is these parts, words as they stand and numbers by their rule."""
    pattern = "".join(
        re.escape(part) if isinstance(part, str) else "(⟦[^⟧]*⟧)" if part.letter else "(.+?)"
        for part in parts
    )
    found = re.fullmatch(pattern, text)
    assert found, f"{text!r} is not {parts}"
    slots = [part for part in parts if isinstance(part, Slot)]
    for slot, said in zip(slots, found.groups(), strict=True):
        assert slot.holds(said), f"{said} is not {slot} in {text!r}"


# Places in a drawing, read off by its axes.


class Plot:
    """A plot as a reader reads it: what its ticks say where is the measure of all else in it."""

    def __init__(self, parts, log=False, y=None):
        self.parts = parts = dot_by_dot(parts)
        (area,) = [part for part in parts if part["tag"] == "svg"]
        self.left, self.top = float(area["x"]), float(area["y"])
        self.right = self.left + float(area["width"])
        self.bottom = self.top + float(area["height"])
        ticks = [part for part in parts if part.get("class") == "live-tick"]
        across = [(tick_value(t), float(t["x"])) for t in ticks if t["text-anchor"] == "middle"]
        up = [(tick_value(t, log), float(t["y"]) - 4) for t in ticks if t["text-anchor"] == "end"]
        lines = [float(p["y1"]) for p in parts if p.get("class") == "live-grid"]
        assert lines == pytest.approx([place for _, place in up])
        self.log = log
        self.across = even(across)
        self.up = even(up) if up else even([(y[0], self.bottom), (y[1], self.top)])

    def x(self, value):
        return self.across(np.asarray(value, float))

    def y(self, value, inside=False):
        value = np.asarray(value, float)
        if self.log:
            bottom = self.up.back(self.bottom)
            with np.errstate(divide="ignore"):
                value = np.where(value > 0, np.log10(np.abs(value)), bottom - 1)
        place = self.up(value)
        return np.clip(place, self.top, self.bottom) if inside else place

    def one(self, tag, color, where=lambda part: True):
        """The parts of this kind and color, in order."""
        key = {"circle": "fill", "text": "fill"}.get(tag, "stroke")
        return [
            part
            for part in self.parts
            if part["tag"] == tag and part.get(key) == f"var(--live-{color})" and where(part)
        ]

    def has_curve(self, color, xs, ys, which=0):
        curve = points(self.one("path", color)[which]["d"])
        near(curve[:, 0], self.x(xs), 0.006)
        near(curve[:, 1], self.y(ys), 0.006)

    def has_dot(self, color, x, y, which=0):
        dot = self.one("circle", color)[which]
        near([float(dot["cx"]), float(dot["cy"])], self.at(x, y))

    def at(self, x, y):
        return [np.clip(self.x(x), self.left, self.right), self.y(y, inside=True)]

    def has_rule(self, color, a, b, which=0):
        rule = self.one("line", color)[which]
        near([float(rule[key]) for key in ("x1", "y1", "x2", "y2")], [*self.at(*a), *self.at(*b)])


def dot_by_dot(parts):
    """Dots that are drawn as one path are told apart: each is a circle that the path goes around."""
    return [dot for part in parts for dot in (apart(part) if is_dots(part) else [part])]


def is_dots(part):
    return part["tag"] == "path" and part.get("class") == "live-dot"


def apart(path):
    around = r"M(\S+) (\S+)m-(\S+) 0a\3 \3 0 1 0 (\S+) 0a\3 \3 0 1 0 -\4 0"
    found = re.findall(around, path["d"])
    assert re.sub(around, "", path["d"]) == "", path["d"]
    assert all(float(wide) == 2 * float(r) for *_, r, wide in found)
    return [{**path, "tag": "circle", "cx": x, "cy": y, "r": r} for x, y, r, _ in found]


class even:
    """The even scale through all these (value, place); `back` leads from the place to the value."""

    def __init__(self, pairs):
        values, places = np.array(pairs).T
        self.slope, self.start = np.polyfit(values, places, 1)
        near(self(values), places)

    def __call__(self, value):
        return self.start + self.slope * value

    def back(self, place):
        return (place - self.start) / self.slope


def tick_value(tick, log=False):
    text = tick["words"].removeprefix("10" if log else "")
    return float(text.replace("−", "-"))


def points(d):
    return np.array([p.split() for p in re.split("[ML]", d)[1:]], float)


def near(got, wanted, within=1e-6):
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=within)


def has_wiring(parts, diagram, values):
    """Every wire as wide as its value, hollow where negative; every gate as full; every label with its number."""
    for line in (line for line in diagram["lines"] if not line.get("plain")):
        value = values[line.get("value", line["id"])]
        d = "".join(f"{'L' if k else 'M'}{x},{y}" for k, (x, y) in enumerate(line["points"]))
        solid, core = (part for part in parts if part.get("d") == d)
        wide = 1.5 + 8 * min(abs(value), 1.5)
        near(float(solid["stroke-width"]), wide)
        near(float(core["stroke-width"]), max(wide - 3, 0) if value < 0 else 0)
        assert solid["stroke"] == f"var(--live-{line['color']})"
        assert float(solid["opacity"]) == (0.35 if abs(value) < 0.005 else 1)
    for gate in diagram["gates"]:
        (x, y), value = gate["at"], values[gate["id"]]
        (fill,) = (p for p in parts if p.get("opacity") == "0.22" and float(p["x"]) == x - 23)
        assert fill["fill"] == f"var(--live-{gate['name']})"
        low, high = (min(value, 0), max(value, 0)) if gate.get("signed") else (0, value)
        unit, zero = (22, y) if gate.get("signed") else (44, y + 22)
        near([float(fill["y"]), float(fill["height"])], [zero - unit * high, unit * (high - low)])
        assert is_fixed(words_at(parts, x, y + 16), value), gate
    for label in diagram["labels"]:
        if not label.get("plain"):
            said = words_at(parts, *label["at"])
            assert_reads(
                said, "".join(label["text"]) + " = ", say(values[label.get("value", label["id"])])
            )


def words_at(parts, x, y):
    (text,) = (p for p in parts if p["tag"] == "text" and [float(p["x"]), float(p["y"])] == [x, y])
    return text["words"]


# What `lib` computes, and how each explorer says it.


def column(*values):
    return np.array(values, float)[:, None]


def item(part):
    return {name: value.item() for name, value in part._asdict().items()}


def lstm_moment(f, i, o, g, c_prev):
    """All that one LSTM unit with its gates given carries."""
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    start = lstm.State(column(c_prev), column(0))
    gates, state = lstm.step(params, column(0), start, {"f": f, "i": i, "o": o, "g": g})
    gates, state = item(gates), item(state)
    inner = {"kept": gates["f"] * c_prev, "written": gates["i"] * gates["g"]}
    return {**gates, **state, **inner, "c_prev": c_prev, "tanh_c": np.tanh(state["c"])}


def percent(value):
    return Slot(is_percent, value)


def lstm_step(v, seen):
    m = lstm_moment(**v)
    first, second = seen["equation"]
    assert_reads(
        first,
        *("ct = f ct−1 + i g = ", op("f", m["f"]), " · ", op("c", m["c_prev"]), " + "),
        *(op("i", m["i"]), " · ", op("g", m["g"]), " = ", res("c", m["c"])),
    )
    assert_reads(
        second,
        *(
            "ht = o tanh ct = ",
            op("o", m["o"]),
            " · tanh ",
            op("c", m["c"]),
            " = ",
            res("h", m["h"]),
        ),
    )
    keeps = {0: ["forgets what it held"], 1: ["keeps all it held"]}
    shows = {0: ["shows nothing"], 1: ["shows all of tanh c"]}
    writes = ["lets in ", percent(m["i"]), " of the candidate ", say(m["g"])]
    assert_reads(
        seen["sentence"],
        *("The cell ", *keeps.get(m["f"], ["keeps ", percent(m["f"]), " of what it held"]), ", "),
        *(["lets nothing in"] if m["written"] == 0 else writes),
        *(", and ", *shows.get(m["o"], ["shows ", percent(m["o"]), " of tanh c"]), "."),
    )
    has_wiring(seen["drawings"][0], DIAGRAMS["lstm"], m)


def step_back(v, seen):
    back = int(v["back"])
    n = runs.step_back(**{name: v[name] for name in ("f", "i", "o", "g", "o_1", "w")})
    has_way_back(seen["drawings"], v, n)

    def number(letter, name):
        return op(letter, n[name] if name in n else v[name], 3)

    def line(end, *parts):
        return [*parts, " = ", res(end[0], n[end[1]], 3)]

    off = [number("h", "h_2"), " − ", number("x", "y")]
    slopes = [["(1 − ", number("c", f"tanh_c_{t}"), "^2)"] for t in (1, 2)]
    weights = [op("x", weight, 1) for weight in runs.second_step()["W_h"]]
    sums = [
        [weight, " · ", number(k, f"da_{k}")] for k, weight in zip("ifog", weights, strict=True)
    ]
    sums = [part for one in sums for part in [*one, " + "]][:-1]
    squashed = {
        k: ["δa", k, " = δ", k, "2 ", k, "2 (1 − ", k, "2) = ", number(k, f"d{k}_2"), " · "]
        for k in "ifo"
    }
    squashed = {k: [*s, number(k, k), " · (1 − ", number(k, k), ")"] for k, s in squashed.items()}
    squashed["g"] = [
        "δag = δg2 (1 − g2^2) = ",
        number("g", "dg_2"),
        " · (1 − ",
        number("g", "g"),
        "^2)",
    ]
    product = {  # a part of a product, and the other one
        4: ("f", "δf2 = δc2 c1 = ", number("c", "c_1")),
        5: ("i", "δi2 = δc2 g2 = ", number("g", "g")),
        6: ("g", "δg2 = δc2 i2 = ", number("i", "i")),
    }
    if back in product:
        k, letters, other = product[back]
        rule = [line((k, f"d{k}_2"), letters, number("c", "dc_2"), " · ", other)]
    else:
        rule = {
            0: [line(("x", "L"), "L = ½ (h2 − y)^2 = ½ (", *off, ")^2")],
            1: [line(("h", "dh_2"), "δh2 = h2 − y = ", *off)],
            2: [
                line(
                    ("o", "do_2"),
                    "δo2 = δh2 tanh c2 = ",
                    number("h", "dh_2"),
                    " · ",
                    number("c", "tanh_c_2"),
                )
            ],
            3: [
                line(
                    ("c", "dc_2"),
                    *(
                        "δc2 = δh2 o2 (1 − tanh^2 c2) = ",
                        number("h", "dh_2"),
                        " · ",
                        number("o", "o"),
                        " · ",
                    ),
                    *slopes[1],
                )
            ],
            7: [line((k, f"da_{k}"), *squashed[k]) for k in "ifog"],
            8: [
                line(
                    ("h", "dh_1"),
                    "δh1 = w (wi δai + wf δaf + wo δao + wg δag) = ",
                    *(op("x", v["w"]), " · (", *sums, ")"),
                )
            ],
            9: [
                line(
                    ("f", "by_c"), "by c: δc2 f2 = ", number("c", "dc_2"), " · ", number("f", "f")
                ),
                line(
                    ("h", "by_h"),
                    *(
                        "by h: δh1 o1 (1 − tanh^2 c1) = ",
                        number("h", "dh_1"),
                        " · ",
                        number("o", "o_1"),
                        " · ",
                    ),
                    *slopes[0],
                ),
            ],
            10: [
                line(
                    ("c", "dc_1"),
                    *(
                        "δc1 = δc2 f2 + δh1 o1 (1 − tanh^2 c1) = ",
                        number("f", "by_c"),
                        " + ",
                        number("h", "by_h"),
                    ),
                )
            ],
        }[back]
    for shown, parts in zip(seen["equation"], rule, strict=True):
        assert_reads(shown, *parts)
    assert_reads(
        seen["sentence"],
        *told_of_step_back(back, v, {name: say(value, 3) for name, value in n.items()}, n),
    )


def told_of_step_back(back, v, said, n):
    copies = ["A sum copies, each of its parts receives ", said["dc_2"], "; a product swaps: "]
    both = [said["by_c"], " by c and ", said["by_h"], " by h "]
    if n["by_c"] == 0 and n["by_h"] == 0:
        arrived = ["both roads are shut, c₁ hears nothing."]
    elif n["by_c"] == 0 or n["by_h"] == 0:
        road = "h" if n["by_c"] == 0 else "c"
        arrived = ["all of δc₁ = ", said["dc_1"], f" comes by {road}, the other road is shut."]
    elif n["by_c"] * n["by_h"] > 0:
        arrived = [
            *both,
            "make δc₁ = ",
            said["dc_1"],
            ", ",
            percent(n["by_c"] / n["dc_1"]),
            " of it by c.",
        ]
    else:
        arrived = [*both, "partly cancel, leaving δc₁ = ", said["dc_1"], "."]
    return [
        [
            "The unit answers ",
            said["h_2"],
            " where ",
            said["y"],
            " is wanted. No wire is walked back yet.",
        ],
        ["Half a square slopes by its base: h₂ receives its distance from y, ", said["dh_2"], "."],
        ["A product swaps: o₂ receives what arrives times tanh c₂, ", said["do_2"], "."],
        [
            "A product swaps, tanh slows: c₂ receives what arrives times o₂ and the slope ",
            *(say(1 - n["tanh_c_2"] ** 2, 3), "."),
        ],
        [*copies, "f₂ receives that times c₁, ", said["df_2"], "."],
        [*copies, "i₂ receives that times g₂, ", said["di_2"], "."],
        ["A product swaps: g₂ receives what arrives times i₂, ", said["dg_2"], "."],
        ["A squash slows: what arrives is times the gate's slope, at most ¼ for σ and 1 for tanh."],
        [
            *(
                "A fork adds: h₁ went into four gates and hears each by its weight, ",
                said["dh_1"],
                " in all",
            ),
            ", for w is 0." if v["w"] == 0 else ".",
        ],
        [
            *(
                "Two roads lead to c₁: by c, past the forget gate alone, comes ",
                said["by_c"],
                "; by h, past o₁, comes ",
            ),
            *(said["by_h"], "."),
        ],
        ["A fork adds: ", *arrived],
    ][back]


def has_way_back(drawings, v, n):
    """Every wire's number; every gradient walked to, in its box, the last one lit with its lines; the two roads."""
    (wiring, roads), plan, back = drawings, DIAGRAMS["step_back"], int(v["back"])
    values = {**v, **n}
    for gate in plan["gates"]:
        assert is_fixed(words_at(wiring, gate["at"][0], gate["at"][1] + 16), v[gate["id"]], 3), gate
    for label in plan["labels"]:
        text = "".join(label.get("text", ())) + " = "
        said = words_at(wiring, *label["at"])
        assert_reads(said, *([text] if text != " = " else []), say(values[label["id"]], 3))
    for bead in plan["backs"]:
        x, y = bead["at"]
        (box,) = (
            p
            for p in wiring
            if [p.get("x"), p.get("y"), p["tag"]] == [f"{x - 27}", f"{y - 9.5:g}", "rect"]
        )
        words = words_at(wiring, x, y + 5)
        color, ground = f"var(--live-{bead['color']})", "var(--live-ground)"
        assert box["stroke"] == color and box["opacity"] == ("0" if back < bead["stage"] else "1")
        assert is_fixed(words, n[bead["id"]], 3) if back >= bead["stage"] else words == "", bead
        assert box["fill"] == (color if back == bead["stage"] else ground)
    lit = {name for bead in plan["backs"] if bead["stage"] == back for name in bead["of"]}
    for line in plan["lines"]:
        d = "".join(f"{'L' if k else 'M'}{x},{y}" for k, (x, y) in enumerate(line["points"]))
        (path,) = (part for part in wiring if part.get("d") == d)
        assert path["stroke"] == f"var(--live-{line['color']})"
        assert path["stroke-width"] == ("5" if line.get("id") in lit else "1.5"), line
    bars, texts, ends = (
        [p for p in roads if p["tag"] == "rect"],
        [p for p in roads if p["tag"] == "text"],
        [220, 220],
    )
    for bar, text, name, color in zip(bars, texts, ("by_c", "by_h"), "fh", strict=True):
        assert bar["fill"] == text["fill"] == f"var(--live-{color})"
        assert_reads(text["words"], name.replace("_", " ") + " ", say(n[name], 3))
        side = int(n[name] > 0)
        end = ends[side] + 140 * n[name]
        near([float(bar["x"]), float(bar["width"])], [min(end, ends[side]), abs(end - ends[side])])
        ends[side] = end


def gru_step(v, seen):
    params = gru.Params(np.array([[0, 0], [0, 0], [1, v["w"]]], float), np.zeros((3, 1)))
    hold = {"z": v["z"], "r": v["r"]}
    start = gru.State(column(v["h_prev"]))
    gates, state = gru.step(params, column(v["p"]), start, hold)
    slope = gradients.state_jacobian(gru, params, column(v["p"])[None], start, hold).item()
    m = {**v, **item(gates), **item(state)}
    m |= {"keep": 1 - m["z"], "back": m["w"] * m["r"] * m["h_prev"]}
    m |= {"kept": m["keep"] * m["h_prev"], "written": m["z"] * m["n"], "a_n": m["p"] + m["back"]}
    first, second, third = seen["equation"]
    assert_reads(
        first,
        *("n = tanh(p + w r ht−1) = tanh(", op("x", m["p"]), " + ", op("x", m["w"]), " · "),
        *(op("r", m["r"]), " · ", op("h", m["h_prev"]), ") = ", res("n", m["n"])),
    )
    assert_reads(
        second,
        *("ht = (1 − z) ht−1 + z n = ", op("z", m["keep"]), " · ", op("h", m["h_prev"]), " + "),
        *(op("z", m["z"]), " · ", op("n", m["n"]), " = ", res("h", m["h"])),
    )
    assert_reads(
        third,
        *("gates held: ∂ht/∂ht−1 = (1 − z) + z (1 − n^2) w r = ", op("z", m["keep"]), " + "),
        *(op("z", m["z"]), " · (1 − ", op("n", m["n"]), "^2) · ", op("x", m["w"]), " · "),
        *(op("r", m["r"]), " = ", res("h", slope)),
    )

    def part(share):
        return {0: "nothing", 1: "all"}.get(share) or percent(share)

    assert_reads(
        seen["sentence"],
        *("The additive road keeps ", part(m["keep"]), " of the state; z writes ", part(m["z"])),
        *(" of the candidate ", say(m["n"]), ", which sees ", part(m["r"] if m["w"] else 0)),
        " of the old state.",
    )
    left, right = seen["drawings"]
    has_wiring(left, DIAGRAMS["gru"], m)
    beside = lstm_moment(f=m["keep"], i=m["z"], o=1.0, g=m["n"], c_prev=m["h_prev"])
    assert beside["c"] == pytest.approx(m["h"], abs=1e-12)
    has_wiring(right, DIAGRAMS["lstm"], beside)


def half_life(v, seen):
    b = v["b_f"]
    f = sigmoid(np.array(b)).item()
    half = np.log(0.5) / np.log(f)
    steps = {"digits": 1 if half < 100 else 0}
    assert f**half == pytest.approx(0.5)
    first, second = seen["equation"]
    assert_reads(first, "f = σ(bf) = σ(", op("f", b), ") = ", res("f", f, 4))
    assert_reads(
        second,
        *("ct = f^ t c0, half is left at t = ln ½ / ln ", op("f", f, 4), " = "),
        *(res("c", half, **steps), " steps"),
    )
    assert_reads(
        seen["sentence"],
        *(
            "The cell keeps ",
            percent(f),
            " a step; half is gone after ",
            say(half, **steps),
            " steps.",
        ),
    )
    time, bias = Plot(seen["drawings"][0]), Plot(seen["drawings"][1], log=True)
    t = np.arange(0, 50.5, 0.5)
    time.has_curve("c", t, f**t)
    end = min(half, 50)
    time.has_rule("neutral", (0, 0.5), (end, 0.5))
    time.has_rule("neutral", (end, 0.5), (end, 0 if half <= 50 else 0.5), 1)
    time.has_dot("c", end, 0.5 if half <= 50 else f**50)
    beyond = time.one("text", "c")[-1]["words"]
    if half > 50:
        assert_reads(beyond, "half is left at step ", say(half, **steps), " →")
    else:
        assert beyond == ""
    biases = np.linspace(-3, 8, 111)
    bias.has_curve("c", biases, np.log(0.5) / np.log(sigmoid(biases)))
    bias.has_dot("c", b, half)
    low = 10.0 ** bias.up.back(bias.bottom)
    bias.has_rule("neutral", (b, low), (b, half))
    bias.has_rule("neutral", (-3, half), (b, half), 1)
    for k, task in enumerate(DIAGRAMS["tasks"]):
        gate = 0.5 ** (1 / task["steps"])
        bias.has_dot("neutral", np.log(gate / (1 - gate)), task["steps"], k)
        assert bias.one("text", "neutral")[k]["words"] == task["name"]


def short(value):
    return say(value, 3 if 0 < value < 0.01 else 2)


def fading_memory(v, seen):
    w, gap = v["w"], int(v["gap"])
    h, slope = runs.rnn_pulse(w, v["pulse"], 40)
    first, second = seen["equation"]
    assert_reads(
        first,
        *("ht = tanh(w ht−1) = tanh(", op("x", w), " · ", op("h", h[gap - 1], 3), ") = "),
        *(res("h", h[gap], 3), f" at t = {gap}"),
    )
    assert_reads(second, "∂ht/∂h0 = ∏ w (1 − hk^2) = ", Slot(is_power, slope[gap]))
    state = ["the state is still ", short(h[gap])]
    if h[gap] > h[0]:
        state[0] = "the state has grown to "
    elif h[gap] < 0.01 * h[0]:
        state = ["hardly anything of the pulse is left"]
    learns = ["a change at step 0 arrives ", short(slope[gap]), " times as large"]
    if slope[gap] > 10:
        learns = ["a change at step 0 arrives much enlarged: the gradient explodes"]
    elif slope[gap] < 0.001:
        learns = ["a change at step 0 no longer moves it: the gradient has vanished"]
    after = f"After {gap} step{'s' * (gap != 1)} "
    assert_reads(seen["sentence"], after, *state, ", and ", *learns, ".")
    for parts, log in zip(seen["drawings"], [False, True], strict=True):
        plot, t = Plot(parts, log), np.arange(41)
        plot.has_curve("neutral", t, slope)
        plot.has_curve("h", t, h)
        plot.has_dot("neutral", gap, slope[gap])
        plot.has_dot("h", gap, h[gap])
        bottom, top = (plot.up.back(place) for place in (plot.bottom, plot.top))
        ends = (10.0**bottom, 10.0**top) if log else (bottom, top)
        plot.has_rule("neutral", (gap, ends[0]), (gap, ends[1]))


def orbit_end(v, h):
    """How an orbit ends, by its last steps: what is said of it."""
    given = DIAGRAMS["orbit"]
    recent, size = h[-21:], np.hypot(*h[-1])
    if v["strength"] > 0:
        follows = int((recent[1:, 0] * given["x"][-20:] > 0).sum())
        sign = f"by the input, whose sign unit 1 has had at {follows} of the last 20"
        if (np.sign(recent) == np.sign(h[-1])).all():
            return ["is only shaken by the input: no sign has changed for 20 steps"]
        return [f"is driven {sign}" if follows >= 16 else f"is pushed {sign}, but goes its own way"]
    last, before = (["(", say(unit_1), ", ", say(unit_2), ")"] for unit_1, unit_2 in h[:-3:-1])
    if np.abs(h[-1]).max() < 0.005:
        return ["has come to rest at zero"]
    if v["radius"] <= 1:
        return ["still shrinks toward zero, ", say(size), " away"]
    if np.hypot(*(h[-1] - h[-2])) <= 2e-4 * size:
        return ["has come to rest at ", *last]
    if np.hypot(*(h[-1] + h[-2])) <= 2e-4 * size:
        return ["changes sign at every step, between ", *before, " and ", *last]
    turns = np.linalg.det(np.stack([recent[:-1], recent[1:]], axis=-1))
    sizes = np.hypot(*recent.T)
    circles = (turns > 0.02 * sizes[:-1] * sizes[1:]).all()
    return ["keeps circling" if circles else "has not settled yet"]


def orbit(v, seen):
    h, left = runs.orbit(**v)
    given, rho, T = DIAGRAMS["orbit"], v["radius"], len(h) - 1
    c, s = rho * np.cos(np.deg2rad(v["angle"])), rho * np.sin(np.deg2rad(v["angle"]))
    kept = np.array([[c, -s], [s, c]]) @ h[-2]
    lines = seen["equation"]
    entries = [res("x", entry) for entry in (c, -s, s, c)]
    assert_reads(lines[0], "Wh = ρ cos θ−sin θsin θcos θ = ", *entries)
    assert_reads(
        lines[1],
        *("h60 = tanh(Wh h59 + s x60 10) = tanh(", *(op("h", one) for one in kept), " + "),
        *(op("x", v["strength"]), " · ", op("x", given["x"][-1], 0), " · 10) = "),
        *(res("h", one) for one in h[-1]),
    )
    power = {"rule": is_power}
    norm = "‖∂h60/∂h0‖ = ‖∏ diag(1 − hk^2) Wh‖ = "
    assert_reads(lines[2], norm, res("h", left[-1], **power))
    rest = ["at rest, h = 0: ρ^ 60 = ", op("x", rho), "^60 = ", Slot(is_power, rho**T)]
    assert_reads(lines[3], *rest)
    learns = ["a change at step 0 arrives at most ", short(left[-1]), " times as large"]
    if left[-1] > 1000:
        learns = ["the gradient explodes"]
    elif left[-1] < 0.001:
        learns = ["the gradient has vanished" + ", although ρ is above 1" * (rho > 1)]
    state = "After 60 steps the state "
    assert_reads(seen["sentence"], state, *orbit_end(v, h), "; ", *learns, ".")
    plane, time = Plot(seen["drawings"][0]), Plot(seen["drawings"][1], log=True)
    plane.has_curve("neutral", *h.T)
    for t, one in enumerate(h):
        plane.has_dot("h", *one, t)
    plane.has_dot("ground", *h[0])
    for note, one in zip(plane.one("text", "h"), (h[0], h[-1]), strict=True):
        x, y = plane.at(*one)
        assert abs(float(note["x"]) - x) <= 8.1 and abs(float(note["y"]) - y) <= 11.1
    assert [note["words"] for note in plane.one("text", "h")] == ["h₀", "h₆₀"]
    t = np.arange(T + 1)
    for color, values in [("neutral", rho**t), ("h", left)]:
        time.has_curve(color, t, values)
        out = np.flatnonzero((values < 1e-6) | (values > 1e6))
        arrow = time.one("text", color)[1]
        below = len(out) > 0 and values[out[0]] < 1e-6
        assert arrow["words"] == (("↓" if below else "↑") if len(out) else "")
        if len(out):
            near(float(arrow["x"]), time.x(out[0]))


def lstm_units(f, w, T):
    """Many one-unit LSTMs left to themselves: products of forget gates, dc_t/dc_0 by every path, (T + 1, units)."""
    units = len(f)
    W = np.zeros((4, units, 1 + units))
    W[:, range(units), range(1, 1 + units)] = w
    with np.errstate(divide="ignore"):
        b = np.minimum(np.log(f / (1 - f)), 50)
    params = lstm.Params(
        W.reshape(4 * units, -1), np.concatenate([0 * b, b, 0 * b, 0 * b])[:, None]
    )
    start = lstm.State(np.ones((units, 1)), np.tanh(np.ones((units, 1))))
    last = lstm.State(np.ones((units, 1)), np.zeros((units, 1)))
    whole = [np.ones(units)]
    for t in range(1, T + 1):
        trace = lstm.forward(params, np.zeros((t, 1, 1)), start)
        back = lstm.backward(params, trace, np.zeros((t, units, 1)), last)
        whole.append(back.states.c[0, :, 0])
    direct = np.cumprod(trace.gates.f[:, :, 0], axis=0)
    return np.concatenate([np.ones((1, units)), direct]), np.array(whole)


def gradient_highway(found):
    f, w = (np.array([v[name] for v, _ in found]) for name in "fw")
    every = lstm_units(f, w, 100)
    for k, (v, seen) in enumerate(found):
        gradient_of_one(v, seen, every[0][:, k], every[1][:, k])


def gradient_of_one(v, seen, direct, whole):
    gap = int(v["gap"])
    at = {"direct": direct[gap], "whole": whole[gap], "rest": v["f"] ** gap}
    power = {"rule": is_power}
    lines = seen["equation"]
    assert_reads(
        lines[0],
        *(f"at rest, h = 0: f^ {gap} = ", op("f", v["f"], 3), f"^{gap} = "),
        res("f", at["rest"], **power),
    )
    assert_reads(lines[1], "additive road: ∏ ft = ", res("f", at["direct"], **power))
    assert_reads(lines[2], "whole: ∂cT/∂c0 = ", res("c", at["whole"], **power))
    assert len(lines) == 3
    road = [Slot(is_times, at["direct"] / at["rest"]), " what it would"]
    if at["direct"] - at["rest"] < 0.05 * at["rest"]:
        road = ["about what it would"]
    larger = Slot(is_times, abs(at["whole"] / at["direct"]))
    paths = ["the whole derivative is ", larger, " the additive road"]
    if abs(at["whole"] - at["direct"]) < 0.05 * at["direct"]:
        paths = ["the ways through h add little"]
    over = f"Over {gap} step{'s' * (gap != 1)} the additive road carries "
    assert_reads(seen["sentence"], over, *road, " at rest; ", *paths, ".")
    plot, t = Plot(seen["drawings"][0], log=True), np.arange(101)
    for color, values in [("f", direct), ("c", np.abs(whole))]:
        curve = points(plot.one("path", color)[0]["d"])
        near(curve[:, 0], plot.x(t), 0.006)
        near(curve[:, 1], plot.y(values), 0.02)
        near(float(plot.one("circle", color)[0]["cy"]), plot.y(values[gap], inside=True), 0.02)
        near(float(plot.one("circle", color)[0]["cx"]), plot.x(gap))
    plot.has_rule("neutral", (gap, 10.0 ** plot.up.back(plot.bottom)), (gap, 1))


def weights_to_gates(v, seen):
    W = np.array([[v[f"w_{gate}x"], v[f"w_{gate}h"]] for gate in "ifog"])
    zero = lstm.State(column(0), column(v["h"]))
    b = column(*(v[f"b_{gate}"] for gate in "ifog"))
    gates = item(lstm.step(lstm.Params(W, b), column(v["x"]), zero)[0])
    a = dict(zip("ifog", W @ [v["x"], v["h"]] + b[:, 0], strict=True))
    assert seen["equation"][0] == (
        "a = wx xt + wh ht−1 + b in every row; σ turns it into i, f and o, tanh into g"
    )
    for gate, line in zip("ifog", seen["equation"][1:], strict=True):
        squash = "tanh" if gate == "g" else "σ"
        assert_reads(
            line,
            *(f"{gate} = {squash}(", op(gate, v[f"w_{gate}x"]), " · ", op("x", v["x"]), " + "),
            *(op(gate, v[f"w_{gate}h"]), " · ", op("h", v["h"]), " + "),
            *(op(gate, v[f"b_{gate}"]), f") = {squash} "),
            *(op(gate, a[gate]), " = ", res(gate, gates[gate])),
        )
    assert_reads(
        seen["sentence"],
        *("Seeing this input and this state, the cell would keep ", percent(gates["f"])),
        *(", let in ", percent(gates["i"]), " of the candidate ", say(gates["g"])),
        *(", and show ", percent(gates["o"]), "."),
    )
    sigma, tanh = map(Plot, seen["drawings"])
    grid = np.linspace(-6, 6, 121)
    sigma.has_curve("neutral", grid, sigmoid(grid))
    tanh.has_curve("neutral", grid, np.tanh(grid))
    for gate in "ifog":
        plot = tanh if gate == "g" else sigma
        plot.has_dot(gate, a[gate], gates[gate])
        plot.has_rule(gate, (a[gate], -1 if gate == "g" else 0), (a[gate], gates[gate]))
    for plot, letters in (sigma, "ifo"), (tanh, "g"):
        has_letters(plot, {gate: (a[gate], gates[gate]) for gate in letters})


def has_letters(plot, dots):
    """Each dot's letter close above it, with an arrow where it is beyond the axis; all in the picture and apart."""
    edge = plot.left - 8
    for letter, (a, y) in sorted(dots.items(), key=lambda dot: dot[1]):
        (note,) = plot.one("text", letter)
        at, up = plot.at(a, y)
        assert note["words"] == (f"{letter} →" if a > 6 else f"← {letter}" if a < -6 else letter)
        x, half = float(note["x"]), 4.5 if note["words"] == letter else 12
        near(up - float(note["y"]), 9)
        assert edge <= x - half and x + half <= plot.right + 12
        assert abs(x - at) <= 13 + 28 * (len(dots) - 1)
        edge = x + half


def write_keep_read(v, seen):
    write, read = int(v["write"]), int(v["read"])
    trace = runs.scheduled(write, read, v["i"], v["f"], v["o"])
    gates = {gate: getattr(trace.gates, gate)[:, 0, 0] for gate in "ifog"}
    c, h = trace.states.c[:, 0, 0], trace.states.h[:, 0, 0]
    lines = seen["equation"]

    def at(t, gate):
        return op(gate, gates[gate][t - 1])

    def update(t):
        sums = [at(t, "f"), " · ", op("c", c[t - 1]), " + ", at(t, "i"), " · ", at(t, "g")]
        return ["= ", *sums, " = ", res("c", c[t])]

    assert_reads(lines[0], f"write, t = {write}: ct = f ct−1 + i g ", *update(write))
    assert_reads(lines[1], f"read, t = {read}: ct ", *update(read))
    shows = [" · tanh ", op("c", c[read]), " = ", res("h", h[read])]
    assert_reads(lines[2], "ht = o tanh ct = ", at(read, "o"), *shows)
    before = [" · tanh ", op("c", c[read - 1]), " = ", res("h", h[read - 1])]
    assert_reads(lines[3], "a step before: ht−1 = ", at(read - 1, "o"), *before)
    bit = DIAGRAMS["distractors"]["bit_at"]
    assert DIAGRAMS["distractors"]["g"][bit - 1] == 1
    bit_kept = v["f"] ** max(read - write, 0)
    if read < write:
        said = "the gate has not opened yet, and what it holds has leaked in"
        if v["i"] == 0:
            said = "nothing has been written by then"
    elif write != bit:
        said = f"what was written at step {write} is a distractor, not the bit"
    elif h[read] > 0.1 and c[read] >= 2 * bit_kept:
        said = "what comes through is the distractors, not the bit"
    else:
        levels = [
            (0.5, "the bit, 1, comes through"),
            (0.1, "the bit is still there, but faint"),
            (-0.1, "hardly anything is left to tell the bit by"),
            (-2, "the distractors have turned it around"),
        ]
        said = next(words for level, words in levels if h[read] > level)
    early = " Before it is asked, the cell already shows what it holds." * (v["o"] > 0.05)
    asked = f"Asked at step {read}, the cell answers "
    assert_reads(seen["sentence"], asked, say(h[read]), f": {said}.{early}")
    lanes, held = Plot(seen["drawings"][0], y=(-1.1, 5.2)), Plot(seen["drawings"][1])
    for gate, base in {"g": 0, "f": 1.75, "i": 2.95, "o": 4.15}.items():
        edges = np.repeat(np.arange(0.5, 41.5), 2)
        tops = np.concatenate([[base], np.repeat(base + gates[gate], 2), [base]])
        lanes.has_curve(gate, edges, tops)
    t = np.arange(41)
    for name, values in [("c", c), ("h", h)]:
        held.has_curve(name, t, values)
        held.has_dot(name, read, values[read])
    held.has_rule("i", (write, -2), (write, 2))
    held.has_rule("o", (read, -2), (read, 2))


def costs(cell, D, H):
    params = cell.init_params(np.random.default_rng(0), D, H)
    return {
        "parameters": params.W.size + params.b.size,
        "bytes": sum(part.nbytes for part in cell.zero_state(params, 1)),
        "products": params.W.size + (0 if cell is rnn else 3 * H),
    }


def budget(v, seen):
    D, H = int(v["D"]), int(v["H"])
    every = {"RNN": costs(rnn, D, H), "GRU": costs(gru, D, H), "LSTM": costs(lstm, D, H)}
    line, table = seen["equation"]
    total = res("x", every["RNN"]["parameters"], rule=is_whole)
    assert_reads(
        line,
        *("k blocks of H (D + H + 1) = ", op("h", H, 0), " · (", op("x", D, 0), " + "),
        *(op("h", H, 0), " + 1) = ", total, " parameters"),
    )
    rows = [("parameters", "parameters", "x"), ("bytes of state", "bytes", "c")]
    rows.append(("multiply-adds a step", "products", "x"))
    assert table[0] == ["", "RNN, k = 1", "GRU, k = 3", "LSTM, k = 4"]
    for (name, key, letter), row in zip(rows, table[1:], strict=True):
        assert row[0] == name
        for cost, cell in zip(every.values(), row[1:], strict=True):
            assert_reads(cell, res(letter, cost[key], rule=is_whole))
    most = every["GRU"]["parameters"]
    units = max((n for n in range(1, H + 1) if costs(lstm, D, n)["parameters"] <= most), default=0)
    opening = f"For the parameters of this GRU of {H} unit{'s' * (H != 1)}, an LSTM could have "
    if units:
        size, own = costs(lstm, D, units)["bytes"], every["GRU"]["bytes"]
        closing = f"{units}: its state would be {size:,} bytes, the GRU's is {own:,}."
    else:
        closing = "none: its state would be empty."
    assert seen["sentence"] == opening + closing
    to_scale(seen["drawings"][0], D, H)


def to_scale(parts, D, H):
    """Blocks and states of the three cells, in the letters' colors, one below the other, all to one scale."""
    rects = [part for part in parts if part["tag"] == "rect"]
    got = [[float(r[key]) for key in ("x", "y", "width", "height")] for r in rects]
    colors = [re.search("--live-(.)", rect["fill"])[1] for rect in rects]
    assert "".join(colors) == "hhh" + "hrrzznn" + "chiiffoogg"
    titles = [part for part in parts if "live-title" in part.get("class", "")]
    assert [title["words"] for title in titles] == ["RNN", "GRU", "LSTM"]
    scale, place = got[0][3] / H, 0
    for title, blocks, states in zip(titles, (1, 3, 4), (1, 1, 2), strict=True):
        x, top = float(title["x"]), got[0][1]
        bars, place = got[place : place + states], place + states
        for k, bar in enumerate(bars):
            assert bar[1:] == pytest.approx([top, 6, scale * H])
            assert bar[0] == pytest.approx(x + scale * (D + H) + 5 + 8 * k)
        for k in range(blocks):
            pale, dark = got[place : place + 2]
            place += 2
            y = top + scale * k * H
            near(pale, [x, y, scale * D, scale * H])
            near(dark, [x + scale * D, y, scale * H, scale * H])


WORDS = {"f": "forget gate", "i": "input gate", "o": "output gate", "z": "update gate"}
WORDS |= {"r": "reset gate", "g": "candidate", "n": "candidate"}


def hello_lesions(v, seen, data):
    model = runs.hello_model(data)
    gate, at = v["gate"], v["at"]
    unit, step = int(v["unit"]), int(v["step"])
    hold = runs.hello_hold(gate, at, unit, step, model.readout.W.shape[1])
    p = softmax(train.run(model, tasks.hello().x, hold=hold).y)[:, :, 0]
    word = runs.hello_spelled(model, hold)
    value = -at if gate.startswith("−") else at
    where = f"{f'in unit {unit}' if unit else 'in every unit'}, "
    where += f"at step {step}" if step else "at every step"
    right = [p[t, tasks.HELLO.index(letter)] for t, letter in enumerate("ello")]
    first, second = seen["equation"]
    if gate == "none":
        assert first == "no gate held"
        assert seen["sentence"] == f"Left alone, the network spells “{word}”."
    else:
        assert_reads(first, f"held: {gate[-1]} = ", op(gate[-1], value), f" {where}")
        n = sum(a == b for a, b in zip(word, "hello", strict=True))
        score = (
            "every letter is right"
            if n == 5
            else f"{n} of 5 letters {'is' if n == 1 else 'are'} right"
        )
        start = f"With the {WORDS[gate[-1]]} held at "
        assert_reads(seen["sentence"], start, say(value), f" {where}, it spells “{word}”: {score}.")
    logs = [part for share in right for part in ("ln ", op("h", share, 3), " + ")][:-1]
    assert_reads(second, "loss = −¼ (", *logs, ") = ", res("h", -np.mean(np.log(right)), 3))
    assert seen["spelled"] == f"it spells {word}"
    assert seen["wrong"] == [a != b for a, b in zip(word, "hello", strict=True)]
    for t, (parts, letter) in enumerate(zip(seen["drawings"], "hell", strict=True)):
        texts = [part["words"] for part in parts if part["tag"] == "text"]
        assert texts[0] == f"t = {t + 1}: after {letter}"
        rects = [part for part in parts if part["tag"] == "rect"]
        for row in range(4):
            bar, box = rects[2 * row : 2 * row + 2]
            assert texts[1 + 2 * row] == tasks.HELLO[row]
            assert is_fixed(texts[2 + 2 * row], p[t, row])
            near(float(bar["width"]), float(box["width"]) * p[t, row], 1e-5)
            assert [bar[key] for key in "xy"] == [box[key] for key in "xy"]
            wanted = tasks.HELLO[row] == "ello"[t]
            assert bar["fill"] == f"var(--live-{'h' if wanted else 'neutral'})"


ONE_BY_ONE = [
    fading_memory,
    lstm_step,
    orbit,
    half_life,
    weights_to_gates,
    gru_step,
    step_back,
    write_keep_read,
    budget,
]


SAID = {  # what has to come up among the settings
    "step_back": [
        "No wire",
        "Half a square",
        "times tanh c₂",
        "tanh slows",
        "f₂",
        "i₂",
        "g₂",
        "A squash",
        "four gates",
    ]
    + [
        "for w is 0",
        "Two roads",
        "both roads are shut",
        "comes by c",
        "comes by h",
        "make δc₁",
        "partly cancel",
    ],
    "write_keep_read": [
        "nothing has",
        "leaked in",
        "a distractor",
        "the distractors, not the bit",
        "comes through",
        "but faint",
        "hardly",
        "turned it",
    ],
    "orbit": [
        "rest at zero",
        "toward zero",
        "rest at (",
        "changes sign",
        "circling",
        "not settled",
        "shaken",
        "driven",
        "pushed",
        "explodes",
        "vanished.",
        "although",
        "arrives at most",
    ],
    "gradient_highway": [
        "about what it would",
        "times what it would",
        "add little",
        "times the additive road",
    ],
}


def all_is_said(name, found):
    for kind in SAID.get(name, ()):
        assert any(kind in seen["sentence"] for _, seen in found), kind


@pytest.mark.parametrize("expected", ONE_BY_ONE, ids=lambda f: f.__name__)
def test_an_explorer_shows_what_lib_computes(shown, expected):
    found = shown(expected.__name__)
    for v, seen in found:
        expected(v, seen)
    assert len({seen["sentence"] for _, seen in found}) > 20
    all_is_said(expected.__name__, found)


def test_the_gradients_road_shows_what_lib_computes(shown):
    found = shown("gradient_highway")
    gradient_highway(found)
    all_is_said("gradient_highway", found)


@pytest.mark.parametrize("name", ["hello_lesions", "hello_lesions of a GRU"])
def test_a_model_under_the_knife_shows_what_lib_computes(shown, name):
    data, found = shown.lab(name).data, shown(name)
    for v, seen in found:
        hello_lesions(v, seen, data)
    assert len({seen["spelled"] for _, seen in found}) > 3


def test_a_wire_carries_what_its_name_says():
    """The wiring is asked by its own plan; here the plan is."""
    parts = [
        part
        for name in ("lstm", "gru")
        for key in ("lines", "labels")
        for part in DIAGRAMS[name][key]
    ]
    other = {(p["id"], p["value"]) for p in parts if p.get("value", p["id"]) != p["id"]}
    assert other == {
        ("h_back", "h_prev"),
        ("z_turned", "z"),
        ("n_made", "n"),
        ("c_down", "c"),
    }


def test_every_explorer_is_asked():
    asked = {expected.__name__ for expected in ONE_BY_ONE} | {"gradient_highway", "hello_lesions"}
    assert asked == set(KINDS)


# What is told to an answer.


def spelled(gate):
    return runs.hello_spelled(hello_model(), runs.hello_hold(gate, 0, 0, 0, 8))


def told(kind):
    """[the answer's number, digits, how it is told]"""
    right = sum(a == b for a, b in zip(spelled("i"), "hello", strict=True))
    half = np.log(0.5) / np.log(0.9)
    left = runs.rnn_pulse(0.5, 1.0, 10)[0][-1]
    turning = runs.orbit(1.08, 56, 0.0)[1][-1]
    direct, whole = runs.lstm_unit(0.9, 1.0, 50)
    parted = whole[-1] / direct[-1]
    kept = runs.scheduled(5, 35, 0.0, 0.95, 0.0).states.c[35].item()
    new, fresh = 0.75 * 0.8, sigmoid(np.array(1.0)).item()
    moment = lstm_moment(f=0.5, i=0.5, o=1.0, g=-1.0, c_prev=1.0)["c"]
    parameters = costs(lstm, 32, 64)["parameters"]
    hears = runs.step_back(f=0.69, i=0.829, o=0.856, g=-0.952, o_1=0, w=1)["dc_1"]
    return {
        "fading_memory": (
            left,
            4,
            [say(left, 4), ": every step at least halves what is left."],
        ),
        "orbit": (
            *(turning, 2),
            [
                *(say(turning), ", not ", say(1.08**60, 0), ": ρ to the power 60 is what is left "),
                "at rest. On its circle tanh takes back what the matrix adds.",
            ],
        ),
        "lstm_step": (
            *(moment, 2),
            ["half of 1 is kept and half of −1 is written, so c is ", say(moment), "."],
        ),
        "step_back": (hears, 3, [say(hears, 3), ", all of it by c: the road by h is shut."]),
        "half_life": (
            *(half, 1),
            [say(half, 1), " steps, not 5: each step takes its tenth of what is left."],
        ),
        "weights_to_gates": (
            *(fresh, 2),
            [
                *(say(fresh), ": whatever x and h are, ", percent(fresh)),
                " of the memory stays at every step, and half of it is gone after ",
                *(say(np.log(0.5) / np.log(fresh), 1), " steps."),
            ],
        ),
        "gradient_highway": (
            *(parted, 1),
            [
                *(say(parted, 1), " times: the same w opens the forget gate, so the road itself "),
                "is wider, and it drives c to where tanh is flat.",
            ],
        ),
        "gru_step": (
            *(new, 2),
            [
                say(new),
                ": three quarters of 0.8 are kept. Where z means keep, as in PyTorch, it would be ",
                *(say(0.25 * 0.8), "."),
            ],
        ),
        "write_keep_read": (kept, 2, [say(kept), ", which is 0.95 to the power 30."]),
        "hello_lesions": (
            *(right, 0),
            [
                f"{right}: the state never moves, so every letter gets the same answer, ",
                f"and it spells “{spelled('i')}”.",
            ],
        ),
        "budget": (
            *(parameters, 0),
            [f"4 blocks of 64 · (32 + 64 + 1) make {parameters:,}; the GRU has 3 of them."],
        ),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_to_an_answer_is_what_lib_computes(shown, kind):
    right, digits, words = told(kind)
    off = right + 10.0**-digits * 1.01 + (digits and 0.03 * abs(right))
    for typed, verdict in [(right, "Yes"), (off, "Not quite"), (2 * right - off, "Not quite")]:
        text = f"{typed:.{digits}f}"
        said = [f"You said {text.replace('-', '−')}. {verdict}: "]
        if float(text) == 0:
            said[0] = said[0].replace("−", "")
        assert_reads(shown.told(kind, text), *said, *words)
    assert_reads(shown.told(kind, ""), *words)


# Explorers compute through math.js alone.


def code_of(text):
    """JavaScript without comments and words; of a template, what stands in its ${…} stays, at any depth."""
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r'"[^"\n]*"', '""', text)
    text = re.sub(r"/\[[^\]/]*\]/", "", text)  # an expression that finds
    open_now, kept = [], ""  # what is open: a template, what stands in it, a block
    for k, letter in enumerate(text):
        inside = open_now[-1:] == ["`"]
        if letter == "`":
            open_now.pop() if inside else open_now.append("`")
        elif letter == "{" and (not inside or text[k - 1] == "$"):
            open_now.append("{")
        elif letter == "}" and not inside:
            open_now.pop()
        kept += "" if inside else letter
    assert not open_now
    return kept


FORBIDDEN = {
    "arithmetic of its own": r"\bMath\b|[*/]",
    "rounding of its own": r"\.to(Fixed|Exponential|Precision|LocaleString)\b|\bIntl\b|>>|~~",
    "a loop or recurrence of its own": r"\b(for|while|do)\s*\((?!const\b[^;]*\bof\b)|\.reduce(Right)?\(",
    "code from text": r"\b(eval|Function|import)\s*\(",
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_explorer_computes_through_math_js_alone(kind):
    text = code_of((join.HERE / "js" / f"{kind}.js").read_text(encoding="utf-8"))
    text = re.sub("^import .*\n", "", text, flags=re.M)
    found = {why: re.findall(f".*(?:{what}).*", text) for why, what in FORBIDDEN.items()}
    assert {why: lines for why, lines in found.items() if lines} == {}

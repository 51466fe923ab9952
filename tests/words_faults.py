"""Mistakes planted in the words of the explorers, one at a time, and changes that are none: only the first are seen.

A row is (what it is, what is asked, file in lib, right, wrong). As in shown_faults.py the library and the tests are
copied, the mistake is put in, and of test_live_words.py and test_live_drawings.py the test that is meant to see it is
run, for that explorer; after a harmless change all of them are. A mistake that is not seen is alive and the command
fails; so does a harmless change that is taken for a mistake, and a row whose right text is nowhere: it has to follow
the code.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mutants

JS = "live/js/{}.js".format
LSTM, GRU, HALF, FADE = map(JS, ["lstm_step", "gru_step", "half_life", "fading_memory"])
ROAD, ROWS, KEEP = map(JS, ["gradient_highway", "weights_to_gates", "write_keep_read"])
COST, KNIFE, DRAW = map(JS, ["budget", "hello_lesions", "draw"])
MADE, STILL, CELLS = "live/__init__.py", "live/static.py", "plots/cells.py"
PLAN_LSTM, PLAN_GRU = "live/diagrams/lstm.json", "live/diagrams/gru.json"

FAULTS = [
    # What is written at a slider.
    ("forget and input gate exchanged in the labels", "label and lstm_step", MADE,
     'f, "f forget gate", "f"),\n            Slider("i", i, "i input gate"',
     'f, "i input gate", "f"),\n            Slider("i", i, "f forget gate"'),
    ("the symbols of two labels exchanged, their words not", "label and lstm_step", MADE,
     'Slider("o", o, "o output gate"', 'Slider("o", o, "g output gate"'),
    ("the new cell state for the old", "label and lstm_step", MADE, "c<sub>t−1</sub> old cell state",
     "c<sub>t</sub> new cell state"),
    ("a slider in another gate's color", "label and lstm_step", MADE, '"i input gate", "i"', '"i input gate", "o"'),
    ("update and reset gate exchanged in the labels", "label and gru_step", MADE,
     'z, "z update gate", "z"),\n            Slider("r", r, "r reset gate"',
     'z, "r reset gate", "z"),\n            Slider("r", r, "z update gate"'),
    ("the input's share and the weight exchanged", "label and gru_step", MADE,
     'a, "a the input\'s share", "x", low=-2, high=2),\n            Slider("w", w, "w recurrent weight"',
     'a, "w recurrent weight", "x", low=-2, high=2),\n            Slider("w", w, "a the input\'s share"'),
    ("the bias of the input gate", "label and half_life", MADE, "b<sub>f</sub> forget bias",
     "b<sub>i</sub> input bias"),
    ("the weights of x and h exchanged in the labels", "label and weights_to_gates", MADE,
     'f"w<sub>{gate}{by}</sub>"', 'f"w<sub>{gate}{dict(x=\'h\', h=\'x\')[by]}</sub>"'),
    ("input and state exchanged in the labels", "label and weights_to_gates", MADE,
     'x, "x<sub>t</sub> input", "x", low=-2, high=2),\n            Slider("h", h, "h<sub>t−1</sub> state"',
     'x, "h<sub>t−1</sub> state", "x", low=-2, high=2),\n            Slider("h", h, "x<sub>t</sub> input"'),
    ("a pulse that is called a state", "label and fading_memory", MADE, "x<sub>0</sub> pulse", "h<sub>0</sub> pulse"),
    ("gap and weight exchanged in the labels", "label and fading_memory", MADE,
     'w, "w recurrent weight", "x", high=2),\n            Slider("gap", gap, "t gap (steps)"',
     'w, "t gap (steps)", "x", high=2),\n            Slider("gap", gap, "w recurrent weight"'),
    ("another unit", "label and gradient_highway", MADE, "T gap (steps)", "T gap (units)"),
    ("gate and weight exchanged in the labels", "label and gradient_highway", MADE,
     'f, "f forget gate", "f", low=0.5, step=0.005, format=".3f"),\n            Slider("w", w, "w recurrent weight"',
     'f, "w recurrent weight", "f", low=0.5, step=0.005, format=".3f"),\n            Slider("w", w, "f forget gate"'),
    ("writing and reading exchanged in the labels", "label and write_keep_read", MADE,
     'write, "i opens at step", "i", low=1, high=40, step=1, format="d"),\n'
     '            Slider("read", read, "o opens at step"',
     'write, "o opens at step", "i", low=1, high=40, step=1, format="d"),\n'
     '            Slider("read", read, "i opens at step"'),
    ("two gates' other times exchanged in the labels", "label and write_keep_read", MADE,
     'i, "i otherwise", "i"),\n            Slider("f", f, "f otherwise"',
     'i, "f otherwise", "i"),\n            Slider("f", f, "i otherwise"'),
    ("inputs and units exchanged in the labels", "label and budget", MADE,
     'D, "D inputs", "x", low=1, high=128, step=1, format="d"),\n            Slider("H", H, "H units"',
     'D, "H units", "x", low=1, high=128, step=1, format="d"),\n            Slider("H", H, "D inputs"'),
    ("unit and step exchanged in the labels", "label and hello_lesions", MADE,
     'unit, "unit, 0: all", "x", high=_units(model), step=1, format="d"),\n'
     '            Slider("step", step, "step t, 0: all"',
     'unit, "step t, 0: all", "x", high=_units(model), step=1, format="d"),\n'
     '            Slider("step", step, "unit, 0: all"'),
    ("another word for all units", "label and hello_lesions", MADE, "unit, 0: all", "unit, 1: all"),
    # Equations.
    ("a symbol in another letter's color", "equation and lstm_step", LSTM, '${sym("i")} ${sym("g")}',
     '${sym("i", "", "f")} ${sym("g")}'),
    ("f and i exchanged in the letters", "equation and lstm_step", LSTM,
     '${sym("f")} ${sym("c", "t−1")} + ${sym("i")}', '${sym("i")} ${sym("c", "t−1")} + ${sym("f")}'),
    ("a difference in the letters", "equation and lstm_step", LSTM, '${sym("c", "t−1")} + ${sym("i")}',
     '${sym("c", "t−1")} − ${sym("i")}'),
    ("a difference in the numbers", "equation and lstm_step", LSTM, '${num("c", c_prev)} + ${num("i", i)}',
     '${num("c", c_prev)} − ${num("i", i)}'),
    ("tanh of the old state in the letters", "equation and lstm_step", LSTM, 'tanh ${sym("c", "t")}',
     'tanh ${sym("c", "t−1")}'),
    ("z keeps in the letters", "equation and gru_step", GRU,
     '(1 − ${sym("z")}) ${sym("h", "t−1")} + ${sym("z")} ${sym("n")}',
     '${sym("z")} ${sym("h", "t−1")} + (1 − ${sym("z")}) ${sym("n")}'),
    ("r beside the input in the letters", "equation and gru_step", GRU,
     '${sym("a", "", "x")} + <var>w</var> ${sym("r")} ${sym("h", "t−1")}',
     '${sym("r")} ${sym("a", "", "x")} + <var>w</var> ${sym("h", "t−1")}'),
    ("the bias in another gate's color", "equation and half_life", HALF, 'sym("b", "f", "f")', 'sym("b", "f", "i")'),
    ("the logarithms exchanged", "equation and half_life", HALF, 'ln ½ / ln ${num("f", f, 4)}',
     'ln ${num("f", f, 4)} / ln ½'),
    ("a square too few", "equation and fading_memory", FADE, '${sym("h", "k")}<sup>2</sup>', '${sym("h", "k")}'),
    ("1 + h² in the road", "equation and gradient_highway", ROAD, '(1 − ${sym("h", "t")}', '(1 + ${sym("h", "t")}'),
    ("the hidden state's derivative", "equation and gradient_highway", ROAD, '∂${sym("c", "T")}/∂${sym("c", "0")}',
     '∂${sym("h", "T")}/∂${sym("h", "0")}'),
    ("tanh turns it into f", "equation and weights_to_gates", ROWS,
     'into ${sym("i")}, ${sym("f")} and ${sym("o")}, tanh into ${sym("g")}',
     'into ${sym("i")}, ${sym("g")} and ${sym("o")}, tanh into ${sym("f")}'),
    ("the input's weight at the state", "equation and weights_to_gates", ROWS,
     '<var>w</var><sub>x</sub> ${sym("x", "t")} + <var>w</var><sub>h</sub>',
     '<var>w</var><sub>h</sub> ${sym("x", "t")} + <var>w</var><sub>x</sub>'),
    ("shown and kept exchanged in the letters", "equation and write_keep_read", KEEP,
     '${sym("h", "t")} = ${sym("o")} tanh ${sym("c", "t")}', '${sym("c", "t")} = ${sym("o")} tanh ${sym("h", "t")}'),
    ("a step before that is a step after", "equation and write_keep_read", KEEP, 'a step before: ${sym("h", "t−1")}',
     'a step before: ${sym("h", "t+1")}'),
    ("D squared", "equation and budget", COST, '${sym("H", "", "h")} (<var>D</var> +',
     '<var>D</var> (<var>D</var> +'),
    ("a gain for the loss", "equation and hello_lesions", KNIFE, "= −¼ (", "= ¼ ("),
    # Sentences.
    ("keeps for lets in", "sentence and lstm_step", LSTM, "`lets in ${percent(i)} of", "`keeps ${percent(i)} of"),
    ("shows nothing, wide open", "sentence and lstm_step", LSTM, 'o === 0 ? "shows nothing"',
     'o === 1 ? "shows nothing"'),
    ("forgets for keeps all", "sentence and lstm_step", LSTM, 'f === 0 ? "forgets', 'f === 1 ? "forgets'),
    ("sees all and sees nothing exchanged", "sentence and gru_step", GRU, "v.r === 1 ?", "v.r === 0.5 ?"),
    ("sees it through a weight of 0", "sentence and gru_step", GRU, "v.r === 0 || v.w === 0 ?", "v.r === 0 ?"),
    ("explodes below 10", "sentence and fading_memory", FADE, "slope[gap] > 10 ?", "slope[gap] < 10 ?"),
    ("grown where it shrinks", "sentence and fading_memory", FADE, "left > 1 ?", "left < 1 ?"),
    ("hardly anything left of a small pulse", "sentence and fading_memory", FADE, "left < 0.01 ?", "h[gap] < 0.01 ?"),
    ("what is not 0, told as 0.00", "sentence and fading_memory", FADE, "x < 0.01 ? 3 : 2", "x < 0.01 ? 2 : 2"),
    ("one steps", "sentence and fading_memory", FADE, 'gap === 1 ? "" : "s"', 'gap === 2 ? "" : "s"'),
    ("the larger one turned round", "sentence and gradient_highway", ROAD, "ratio(rnn, direct) > 1",
     "ratio(rnn, direct) < 1"),
    ("a power of ten that is cut", "sentence and gradient_highway", DRAW, "Math.round(Math.log10(x))",
     "Math.floor(Math.log10(x))"),
    ("the other routes add much", "sentence and gradient_highway", ROAD, "direct) < 0.005", "direct) > 0.005"),
    ("the rest for the half", "sentence and half_life", HALF, "half is gone after", "half is left before"),
    ("keep and show exchanged", "sentence and weights_to_gates", ROWS, "keep ${percent(f[0])}",
     "keep ${percent(o[0])}"),
    ("turned around, where it comes through", "sentence and write_keep_read", KEEP, "h > 0.5 ?", "h < 0.5 ?"),
    ("nothing written, though it leaks", "sentence and write_keep_read", KEEP, "i === 0 ?", "i >= 0 ?"),
    ("distractors taken for the bit", "sentence and write_keep_read", KEEP, "others >= bit", "others >= 9"),
    ("shows early where it does not", "sentence and write_keep_read", KEEP, "o > 0.05 &&", "o < 0.05 &&"),
    ("one units", "sentence and budget", COST, 'H === 1 ? "" : "s"', 'H === 7 ? "" : "s"'),
    ("the GRU and the LSTM exchanged", "sentence and budget", COST, "of this GRU of", "of this LSTM of"),
    ("the forget gate called input gate", "sentence and hello_lesions", KNIFE, 'f: "forget", i: "input"',
     'f: "input", i: "forget"'),
    ("1 of 5 letters are right", "sentence and hello_lesions", KNIFE, 'n === 1 ? "is" : "are"',
     'n === 0 ? "is" : "are"'),
    ("at every step, where it is one", "sentence and hello_lesions", KNIFE,
     'v.step ? `at step ${v.step}` : "at every step"', 'v.step ? "at every step" : `at step ${v.step}`'),
    # Questions: the values that they name, and those that they set.
    ("another gate than it sets", "question and lstm_step", LSTM, "With f = 0.5, i = 0.5", "With f = 0.5, i = 0.4"),
    ("another state than it sets", "question and lstm_step", LSTM, "The cell holds 1.", "The cell holds 2."),
    ("another candidate than it sets", "question and lstm_step", LSTM, "a candidate of −1", "a candidate of 1"),
    ("another weight than it sets", "question and fading_memory", FADE, "With w = 0.5 and", "With w = 0.6 and"),
    ("another gap than it sets", "question and fading_memory", FADE, "after 10 steps?", "after 20 steps?"),
    ("another gate than it sets", "question and half_life", HALF, "The forget gate is 0.9 ",
     "The forget gate is 0.8 "),
    ("a gap that it does not set", "question and gradient_highway", ROAD, "after 50 steps", "after 40 steps"),
    ("a weight under which the gate is not held", "question and gradient_highway", ROAD,
     "set: { f: 0.9, w: 0, gap: 50 }", "set: { f: 0.9, w: 1, gap: 50 }"),
    ("another z than it sets", "question and gru_step", GRU, "z = 0.25 (z writes)", "z = 0.75 (z writes)"),
    ("z keeps", "question and gru_step", GRU, "(z writes)", "(z keeps)"),
    ("only the input is 0", "question and weights_to_gates", ROWS, "Input and state are both 0",
     "Input and state are both 1"),
    ("another forget gate than it sets", "question and write_keep_read", KEEP, "Then f = 0.95 and",
     "Then f = 0.9 and"),
    ("asked too early", "question and write_keep_read", KEEP, "hold 30 steps later", "hold 25 steps later"),
    ("another gate's value", "question and hello_lesions", KNIFE, "gate shut (i = 0)", "gate shut (i = 1)"),
    ("a gate's name and another's letter", "question and hello_lesions", KNIFE, "the input gate shut (i",
     "the forget gate shut (i"),
    ("z = 1, so that nothing is written", "question and lesions_of_gru", KNIFE, '"z = 0, so that', '"z = 1, so that'),
    ("other sizes than it sets", "question and budget", COST, "H = 64 units:", "H = 46 units:"),
    ("the GRU's parameters are asked", "question and budget", COST, "has the LSTM?", "has the GRU?"),
    ("a state that is a share", "question and fading_memory", FADE, "how large is the state",
     "how much of the state is left"),
    ("told of a whole network", "told and lesions_of_gru", KNIFE, "answer: (v) => right(spells(data, v)),",
     'answer: (v) => right(spells(data, lstm ? v : { ...v, gate: "none" })),'),
    ("told: any small number is right", "told and lstm_step", DRAW, "Math.abs(guess - truth) <= 0.5",
     "guess - truth <= 0.5"),
    # Presets.
    ("a preset that writes another candidate", "preset and lstm_step", LSTM, "overwrite: { f: 0, i: 1, o: 1, g: -0.8",
     "overwrite: { f: 0, i: 1, o: 1, g: 0.8"),
    ("a preset that empties the cell first", "preset and lstm_step", LSTM,
     "keep: { f: 1, i: 0, o: 1, g: -0.8, c_prev: 0.9", "keep: { f: 1, i: 0, o: 1, g: -0.8, c_prev: 0"),
    ("hide: another old state", "preset and lstm_step", LSTM, "hide: { f: 1, i: 0, o: 0, g: -0.8, c_prev: 0.9",
     "hide: { f: 1, i: 0, o: 0, g: -0.8, c_prev: -0.9"),
    ("keep: what could be written is nothing", "preset and gru_step", GRU, "keep: { z: 0, r: 1, h_prev: 0.8, a: -1",
     "keep: { z: 0, r: 1, h_prev: 0.8, a: 0"),
    ("keep: another gate as well", "preset and gru_step", GRU, "keep: { z: 0, r: 1", "keep: { z: 0, r: 0.4"),
    ("a plain RNN without recurrence", "preset and gru_step", GRU,
     '"plain RNN": { z: 1, r: 1, h_prev: 0.8, a: -1, w: 1', '"plain RNN": { z: 1, r: 1, h_prev: 0.8, a: -1, w: 0'),
    ("a preset that moves the gap as well", "preset and fading_memory", FADE, "fades: { w: 0.5, pulse: 1 }",
     "fades: { w: 0.5, pulse: 1, gap: 20 }"),
    ("hold on, and h listens", "preset and weights_to_gates", ROWS, "w_ox: -4, w_oh: 0, x: 1.5",
     "w_ox: -4, w_oh: 4, x: 1.5"),
    ("write a negative candidate", "preset and weights_to_gates", ROWS, "w_gx: 2, w_gh: 0 }", "w_gx: -2, w_gh: 0 }"),
    ("write, and listen to h", "preset and weights_to_gates", ROWS, "x: 1.5, h: 0, w_ix: 3",
     "x: 1.5, h: 0.7, w_ix: 3"),
    ("listen to an h of 0", "preset and weights_to_gates", ROWS, "x: 1, h: 0.8", "x: 1, h: 0"),
    ("late, and the output gate leaks", "preset and write_keep_read", KEEP, "{ ...best, write: task.bit_at + 1 }",
     "{ ...best, write: task.bit_at + 1, o: 0.3 }"),
    ("a leaky forget gate that also shows", "preset and write_keep_read", KEEP,
     '"leaky forget gate": { ...best, f: 0.95 }', '"leaky forget gate": { ...best, f: 0.95, o: 0.5 }'),
    ("a lesion's value", "preset and lesions_of_gru", KNIFE, '"nothing is written": held("z", 0), "nothing is kept"',
     '"nothing is written": held("z", 0.1), "nothing is kept"'),
    ("two lesions exchanged", "preset and lesions_of_gru", KNIFE, '"nothing is kept": held("z", 1)',
     '"nothing is kept": held("r", 1)'),
    ("the candidate for the reset gate", "preset and lesions_of_gru", KNIFE, 'past": held("r", 0)',
     'past": held("n", 0)'),
    # Wirings.
    ("forget and input exchanged under the gates", "wiring and lstm_step", PLAN_LSTM, '"name": "f", "word": "forget"',
     '"name": "f", "word": "input"'),
    ("another letter in the gate", "wiring and lstm_step", PLAN_LSTM,
     '{"id": "i", "at": [226, 212], "name": "i", "word": "input"}',
     '{"id": "i", "at": [226, 212], "name": "f", "word": "input"}'),
    ("i c for f c", "wiring and lstm_step", PLAN_LSTM, '"text": ["f c", "t−1"]', '"text": ["i c", "t−1"]'),
    ("kept and new state exchanged", "wiring and lstm_step", PLAN_LSTM,
     '"color": "c", "at": [167, 32], "anchor": "middle"', '"color": "c", "at": [424, 76], "anchor": "end"'),
    ("a sum for a product", "wiring and lstm_step", PLAN_LSTM, '{"text": "×", "at": [108, 56]}',
     '{"text": "+", "at": [108, 56]}'),
    ("a sigmoid for tanh", "wiring and lstm_step", PLAN_LSTM, '"text": "tanh", "at"', '"text": "σ", "at"'),
    ("the gates see the cell state", "wiring and lstm_step", PLAN_LSTM, '["x", "t", ", h", "t−1"]',
     '["x", "t", ", c", "t−1"]'),
    ("a gate that nothing reaches", "wiring and lstm_step", PLAN_LSTM, '[[226, 276], [226, 260]',
     '[[196, 276], [196, 260]'),
    ("a color of another symbol", "wiring and lstm_step", PLAN_LSTM,
     '"text": ["i g"], "tex": "i\\\\,g", "color": "g"', '"text": ["i g"], "tex": "i\\\\,g", "color": "c"'),
    ("update and reset exchanged", "wiring and gru_step", PLAN_GRU, '"name": "z", "word": "update"',
     '"name": "z", "word": "reset"'),
    ("r n for z n", "wiring and gru_step", PLAN_GRU, '"text": ["z n"]', '"text": ["r n"]'),
    ("z keeps in the wiring", "wiring and gru_step", PLAN_GRU, '"text": "1−"', '"text": "×"'),
    ("z back in the wiring", "wiring and gru_step", PLAN_GRU, '"text": ["w r h", "t−1"]',
     '"text": ["w z h", "t−1"]'),
    ("f = z and i = 1 − z", "wiring and gru_step", PLAN_GRU, "f = 1 − z and i = z;", "f = z and i = 1 − z;"),
    ("o = 0 in the LSTM beside it", "wiring and gru_step", PLAN_GRU, "; o = 1", "; o = 0"),
    ("captions exchanged", "wiring and gru_step", GRU, '"GRU: z decides twice"', '"The LSTM step it came from "'),
    ("a caption of r", "wiring and gru_step", GRU, '"GRU: z decides twice"', '"GRU: r decides twice"'),
    # Plots and drawings.
    ("state and gradient exchanged beside the curves", "plot and fading_memory", FADE,
     'notes[0](LAST, 1.5, "state h", 0, 14);\n  notes[1](LAST, 1.5, "gradient ∂h/∂h₀ (dashed)", 0, 32);',
     'notes[0](LAST, 1.5, "gradient ∂h/∂h₀ (dashed)", 0, 14);\n  notes[1](LAST, 1.5, "state h", 0, 32);'),
    ("the state is dashed", "plot and fading_memory", FADE, '"state h"', '"state h (dashed)"'),
    ("linear for logarithmic", "plot and fading_memory", FADE, 'title: "logarithmic"', 'title: "linear"'),
    ("the titles exchanged", "plot and half_life", HALF, 'title: "what is left of the memory, c"',
     'title: "half-life in steps"'),
    ("against the gate", "plot and half_life", HALF, 'label: `forget bias b<', 'label: `forget gate f<'),
    ("two roads exchanged", "plot and gradient_highway", ROAD, '"LSTM, whole", {', '"LSTM, additive road ", {'),
    ("the RNN for the LSTM", "plot and gradient_highway", ROAD, '"h", "RNN", {}', '"h", "LSTM", {}'),
    ("against units", "plot and gradient_highway", ROAD, 'label: "gap in steps"', 'label: "gap in units"'),
    ("σ squashes to −1 … 1", "plot and weights_to_gates", ROWS, 'title: "σ squashes to 0 … 1"',
     'title: "σ squashes to −1 … 1"'),
    ("tanh for σ", "plot and weights_to_gates", ROWS, 'title: "tanh squashes', 'title: "σ squashes'),
    ("cell and hidden state exchanged beside the curves", "plot and write_keep_read", KEEP, '"cell state c", 0, -24',
     '"hidden state c", 0, -24'),
    ("two lanes' letters exchanged", "plot and write_keep_read", KEEP, "lanes.note(letter)(0.5, base, letter,",
     'lanes.note(letter)(0.5, base, { f: "i", i: "f" }[letter] || letter,'),
    ("the bit a step late", "plot and write_keep_read", KEEP, '(task.bit_at, 1, "bit"', '(task.bit_at + 1, 1, "bit"'),
    ("pale for dark", "plot and budget", COST, "D (pale) + H wide", "H (pale) + D wide"),
    ("two blocks' letters exchanged", "plot and budget", COST, 'letter === "h" ? "" : letter)',
     'letter === "h" ? "" : { i: "f", f: "i" }[letter] || letter)'),
    ("the LSTM called GRU", "plot and budget", COST, 'class: "live-title live-large" }, name)',
     'class: "live-title live-large" }, name === "LSTM" ? "GRU" : name)'),
    ("a positive lesion called negative", "plot and hello_lesions", KNIFE, '", negative" : ""', '"" : ", negative"'),
    ("a drawing that is spoken of as the next", "plot and hello_lesions", KNIFE, "at step ${k + 1}, after",
     "at step ${k + 2}, after"),
    ("written as in the drawing before", "plot and hello_lesions", KNIFE, "`t = ${k + 1}: after", "`t = ${k}: after"),
    # What is spoken of a drawing.
    ("z keeps, spoken", "spoken and gru_step", MADE, "z writes the candidate and 1 − z keeps",
     "z keeps the candidate and 1 − z writes"),
    ("f = z, spoken", "spoken and gru_step", MADE, "an LSTM with f = 1 − z and i = z.",
     "an LSTM with f = z and i = 1 − z."),
    ("the candidate passes the forget gate, spoken", "spoken and lstm_step", MADE,
     "old cell state passes the forget gate, the candidate passes the input gate",
     "old cell state passes the input gate, the candidate passes the forget gate"),
    ("the blocks counted wrong, spoken", "spoken and budget", MADE, "1, 3 and 4 of them", "1, 4 and 3 of them"),
    ("left and right exchanged, spoken", "spoken and half_life", MADE,
     '"Left, a memory that fades by the forget gate at every step, with its half-life marked; right, the half-life "',
     '"Right, a memory that fades by the forget gate at every step, with its half-life marked; left, the half-life "'),
    ("logarithmic first, spoken", "spoken and fading_memory", MADE, "once on a linear and once on a logarithmic axis",
     "once on a logarithmic and once on a linear axis"),
    ("five bars, spoken", "spoken and hello_lesions", MADE, "four bars a step", "five bars a step"),
    ("thirty steps, spoken", "spoken and write_keep_read", MADE, '"Forty steps of', '"Thirty steps of'),
    ("the candidate on the sigmoid, spoken", "spoken and weights_to_gates", MADE,
     '"The sigmoid with the input, forget and output gate as points on it, and the hyperbolic tangent with the "',
     '"The hyperbolic tangent with the input, forget and output gate as points on it, and the sigmoid with the "'),
    # The still picture.
    ("the still step at another value", "still and lstm_step", STILL, 'return plots.wiring("lstm", values)',
     'return plots.wiring("lstm", {**values, "c_prev": -values["c_prev"]})'),
    ("gates exchanged in the still step", "still and lstm_step", STILL, 'return plots.wiring("lstm", values)',
     'return plots.wiring("lstm", {**values, "f": values["i"], "i": values["f"]})'),
    ("i c in the still step", "still and lstm_step", PLAN_LSTM, '"tex": "f\\\\,c_{t-1}"', '"tex": "i\\\\,c_{t-1}"'),
    ("the new state in the still step", "still and lstm_step", PLAN_LSTM, '"tex": "c_{t-1}"', '"tex": "c_t"'),
    ("another word in the still gate", "still and lstm_step", CELLS, 'gate["word"], color', 'gate["name"], color'),
    ("a still gate without its minus", "still and lstm_step", CELLS, "signed(value), color=color",
     "signed(abs(value)), color=color"),
    ("titles of the still GRU exchanged", "still and gru_step", CELLS, '"GRU: z decides twice": (gru, gru_carries)}',
     '"The LSTM step it comes from": (gru, gru_carries)}'),
    ("the still GRU forgets r", "still and gru_step", STILL, "plots.coupled_wiring(**values)",
     'plots.coupled_wiring(**{**values, "r": 1.0})'),
    ("z r in the still GRU", "still and gru_step", PLAN_GRU, '"tex": "z\\\\,n"', '"tex": "r\\\\,n"'),
    ("state and gradient exchanged in the still plot", "still and fading_memory", STILL,
     'ls="--", label="gradient")\n        plots.draw(ax, "h", np.arange(41), h, "state")',
     'ls="--", label="state")\n        plots.draw(ax, "h", np.arange(41), h, "gradient")'),
    ("titles of the still plots exchanged", "still and fading_memory", STILL, '["linear", "logarithmic"]',
     '["logarithmic", "linear"]'),
    ("the still dot a step late", "still and fading_memory", STILL, 'ax.plot(gap, h[gap], "o"',
     'ax.plot(gap, h[gap - 1], "o"'),
    ("the gate for the half-life", "still and half_life", STILL, 'f"{half:.1f} steps"', 'f"{f:.1f} steps"'),
    ("titles of the still half-life exchanged", "still and half_life", STILL, 'title="half-life in steps"',
     'title="what is left of the memory, $c$"'),
    ("the still bias of another gate", "still and half_life", STILL, "forget bias $b_f$", "input bias $b_i$"),
    ("input and forget exchanged in the still gates", "still and weights_to_gates", STILL,
     'f"${gate}$ = {plots.signed(value)}"', 'f"${dict(i=\'f\', f=\'i\').get(gate, gate)}$ = {plots.signed(value)}"'),
    ("the pre-activation for the gate", "still and weights_to_gates", STILL, 'f"${gate}$ = {plots.signed(value)}"',
     'f"${gate}$ = {plots.signed(at)}"'),
    ("tanh squashes to 0 … 1, still", "still and weights_to_gates", STILL, "tanh squashes to −1 … 1",
     "tanh squashes to 0 … 1"),
    ("two still roads exchanged", "still and gradient_highway", STILL, 'np.abs(whole), "LSTM, whole"',
     'np.abs(whole), "LSTM, additive road"'),
    ("a still road of another gap", "still and gradient_highway", STILL,
     "ax.axvline(gap, color=plots.COLORS[\"neutral\"], lw=1, ls=\":\")\n    ax.legend(loc",
     "ax.axvline(gap + 5, color=plots.COLORS[\"neutral\"], lw=1, ls=\":\")\n    ax.legend(loc"),
    ("still lanes exchanged", "still and write_keep_read", STILL, '["$g$", "$f$", "$i$", "$o$"]',
     '["$g$", "$i$", "$f$", "$o$"]'),
    ("the still bit a step late", "still and write_keep_read", STILL, '"bit", (5, 1)', '"bit", (6, 1)'),
    ("still c and h exchanged", "still and write_keep_read", STILL, 'f"${name}$", ls=style',
     'f"${dict(c=\'h\', h=\'c\')[name]}$", ls=style'),
    ("no biases in the still budget", "still and budget", STILL, "len(gates) * H * (D + H + 1)",
     "len(gates) * H * (D + H)"),
    ("r and z exchanged in the still budget", "still and budget", STILL, '"GRU": "rzn"', '"GRU": "zrn"'),
    ("the still letters a step late", "still and hello_lesions", STILL, 'zip(axes, "hell", "ello"',
     'zip(axes, "ello", "ello"'),
    ("another word spelled still", "still and hello_lesions", STILL, "{hello_spelled(model, hold)}",
     "{hello_spelled(model, None)}"),
    ("still shares of another letter", "still and hello_lesions", STILL, "ax.barh(range(4), p[t],",
     "ax.barh(range(4), p[t][::-1],"),
]  # fmt: skip

HARMLESS = [
    ("a class of another name", COST, 'class: "live-aside"', 'class: "live-remark"'),
    ("another class of another name", GRU, 'class: "live-caption"', 'class: "live-heading"'),
    ("another blue", "colors.py", '"f": "#0e4b97"', '"f": "#0e4b79"'),
    ("spaces in an equation", LSTM, "= ${num(\"f\", f)} · ${num(\"c\", c_prev)}",
     "=  ${num(\"f\", f)}  ·  ${num(\"c\", c_prev)}"),
    ("thinner wires", DRAW, "const wide = 1.5 + 8 *", "const wide = 1 + 6 *"),
    ("thinner curves", DRAW, '"stroke-width": 2.5, "stroke-linejoin"', '"stroke-width": 2, "stroke-linejoin"'),
    ("smaller dots", DRAW, "dot(letter, r = 6)", "dot(letter, r = 4)"),
    ("larger plots", DRAW, "size = [360, 215]", "size = [400, 240]"),
    ("a label a little to the right", PLAN_LSTM, '"at": [167, 32]', '"at": [172, 30]'),
    ("smaller indices", DRAW, '"font-size": "72%"', '"font-size": "70%"'),
    ("paler blocks", COST, "rect(letter, 0.45)", "rect(letter, 0.35)"),
    ("thinner lines in the still picture", STILL, 'color=plots.COLORS["neutral"], lw=1, ls="--")',
     'color=plots.COLORS["neutral"], lw=0.8, ls="--")'),
    ("larger letters in the still picture", CELLS, "(12, 9, 8.5)", "(13, 9.5, 9)"),
]  # fmt: skip


def main():
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        if not all_right(mutants.copy(Path(folder) / "clean")):
            sys.exit("The tests fail before a mistake is planted: mend that first.")
        mistakes = [(what, f"{asked} and not these", *row) for what, asked, *row in FAULTS]
        rows = [*mistakes, *((what, "", *row) for what, *row in HARMLESS)]
        jobs = [
            pool.submit(planted, Path(folder) / str(number), *row[1:])
            for number, row in enumerate(rows)
        ]
        fates = []
        for (what, asked, *_), job in zip(rows, jobs, strict=True):
            fates.append(job.result() == ("caught" if asked else "unseen"))
            print(f"{job.result() if fates[-1] else job.result().upper():9} {what}", flush=True)
    print(f"{sum(fates[: len(FAULTS)])} of {len(FAULTS)} mistakes in words caught,", end=" ")
    print(f"{sum(fates[len(FAULTS) :])} of {len(HARMLESS)} harmless changes left alone")
    return not all(fates)


def planted(folder, asked, name, right, wrong):
    """The fate of one change."""
    file = mutants.copy(folder) / "lib" / name
    text = file.read_text(encoding="utf-8")
    if right not in text:
        return "NOT FOUND"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return "unseen" if all_right(folder, asked) else "caught"


def all_right(folder, asked="not these"):
    """Whether these tests pass; the notebooks are not copied, so that nothing asks them."""
    tests = ["test_live_words", "test_live_drawings"]
    return mutants.passes(folder, tests, "-k", asked or "not these")


if __name__ == "__main__":
    sys.exit(main())

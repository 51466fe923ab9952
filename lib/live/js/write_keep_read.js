// Write, keep, read: one unit, a bit among distractors, and a schedule of the gates: when to write, when to read.
import { lstmRun, remains } from "./math.js";
import { fixed, frame, num, plot, result, sym } from "./draw.js";
import task from "../diagrams/distractors.json";

const STEPS = task.g.map((_, k) => k + 1), LAST = task.g.length;

// Step `write` has i = 1 and f = 0, step `read` has o = 1; i, f and o stand at all others.
function schedule({ write, read, i, f, o }) {
  const gate = (at, then, otherwise) => STEPS.map((t) => (t === at ? then : otherwise));
  return { i: gate(write, 1, i), f: gate(write, 0, f), o: gate(read, 1, o), g: task.g };
}

function equation(v) {
  const gates = schedule(v), { c, h } = lstmRun(gates), t = v.read;
  const at = (k) => Object.fromEntries(["i", "f", "o", "g"].map((gate) => [gate, num(gate, gates[gate][k - 1])]));
  const then = at(v.write), now = at(t), before = at(t - 1);
  const update = (k, gates) => `= ${gates.f} · ${num("c", c[k - 1])} + ${gates.i} · ${gates.g} = ${result("c", c[k])}`;
  return `<div>write, t = ${v.write}: ${sym("c", "t")} = ${sym("f")} ${sym("c", "t−1")} + ${sym("i")} ${sym("g")} <span>${update(v.write, then)}</span></div>
    <div>read, t = ${t}: ${sym("c", "t")} <span>${update(t, now)}</span></div>
    <div>${sym("h", "t")} = ${sym("o")} tanh ${sym("c", "t")} <span>= ${now.o} · tanh ${num("c", c[t])} = ${result("h", h[t])}</span></div>
    <div>a step before: ${sym("h", "t−1")} <span>= ${before.o} · tanh ${num("c", c[t - 1])} = ${result("h", h[t - 1])}</span></div>`;
}

function sentence(v) {
  const { write, read, i, f, o } = v, run = lstmRun(schedule(v)), h = run.h[read];
  const bit = remains(f, read - write), others = run.c[read] - bit;      // what the cell holds of the one and of the others
  const said = read < write ? (i === 0 ? "nothing has been written by then" : "the gate has not opened yet, and what it holds has leaked in")
    : write !== task.bit_at ? `what was written at step ${write} is a distractor, not the bit`
    : h > 0.1 && others >= bit ? "what comes through is the distractors, not the bit"
    : h > 0.5 ? "the bit, 1, comes through" : h > 0.1 ? "the bit is still there, but faint"
    : h > -0.1 ? "hardly anything is left to tell the bit by" : "the distractors have turned it around";
  const shown = o > 0.05 && read > 1 ? " Before it is asked, the cell already shows what it holds." : "";
  return `Asked at step ${read}, the cell answers ${fixed(h)}: ${said}.${shown}`;
}

function draw(picture) {
  const x = { from: 0.5, to: LAST + 0.5, ticks: [1, 10, 20, 30, 40], label: "step t" };
  const lanes = plot(picture, { x, y: { from: -1.1, to: 5.2, ticks: [] }, title: "what arrives, and the gates", alt: "Candidate, forget, input and output gate at every step" });
  const bars = (letter, base) => {
    lanes.note(letter)(0.5, base, letter, -24, 2);
    const line = lanes.curve(letter, { fill: `var(--live-${letter})`, "fill-opacity": 0.35, "stroke-width": 1 });
    return (values) => line([[0.5, base], ...values.flatMap((v, k) => [[k + 0.5, base + v], [k + 1.5, base + v]]), [LAST + 0.5, base]]);
  };
  const show = { f: bars("f", 1.75), i: bars("i", 2.95), o: bars("o", 4.15) };
  bars("g", 0)(task.g);
  lanes.note("g", "middle")(task.bit_at, 1, "bit", 0, -2);
  const held = plot(picture, { x, y: { from: -2, to: 2, ticks: [-2, -1, 0, 1, 2] }, title: "what the unit holds and shows", alt: "Cell state and hidden state at every step" });
  const rules = [held.rule("i"), held.rule("o")], lines = { c: held.curve("c"), h: held.curve("h", { "stroke-dasharray": "6 3" }) };
  const dots = { c: held.dot("c", 5), h: held.dot("h") };
  held.note("c", "end")(LAST, -2, "cell state c", 0, -24);
  held.note("h", "end")(LAST, -2, "hidden state h (dashed)", 0, -6);
  return (v) => {
    const gates = schedule(v), run = lstmRun(gates);
    for (const k of ["i", "f", "o"]) show[k](gates[k]);
    for (const k of ["c", "h"]) {
      lines[k](run[k].map((value, t) => [t, value]));
      dots[k](v.read, run[k][v.read]);
    }
    rules[0](v.write, -2, v.write, 2);
    rules[1](v.read, -2, v.read, 2);
  };
}

export default {
  render({ model, el }) {
    const best = { write: task.bit_at, read: task.ask_at, i: 0, f: 1, o: 0 };
    return frame({ model, el }, {
      names: ["write", "read", "i", "f", "o"],
      predict: {
        ask: "The bit, 1, is written whole. Then f = 0.95 and nothing gets in. What does the cell hold 30 steps later?",
        set: { ...best, f: 0.95 },
        answer: (v) => lstmRun(schedule(v)).c[v.read],
        tell: (c) => `${fixed(c)}, which is 0.95 to the power 30.`,
      },
      presets: {
        "keep it": best, "leaky forget gate": { ...best, f: 0.95 }, "leaky input gate": { ...best, i: 0.2 },
        "one step late": { ...best, write: task.bit_at + 1 },
      },
      draw, equation, sentence,
    });
  },
};

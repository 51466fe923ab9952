// From weights to gates: [x; h] times a (4, 2) matrix gives four pre-activations; σ and tanh turn them into gates.
import { lstmGates, preactivations, sigmoid, tanh } from "./math.js";
import { fixed, frame, grid, num, percent, plot, result, sym } from "./draw.js";

const GATES = ["i", "f", "o", "g"], LIMIT = 6;
const NAMES = ["x", "h", ...GATES.flatMap((k) => [`w_${k}x`, `w_${k}h`])];
const row = (v, k) => [v[`w_${k}x`], v[`w_${k}h`]];
const asked = (v) => [{ W: GATES.map((k) => row(v, k)), b: [0, 0, 0, 0] }, [v.x], { h: [v.h] }];
const gates = (v) => lstmGates(...asked(v));
const pre = (v) => Object.fromEntries(preactivations(...asked(v)).map((a, k) => [GATES[k], a]));

function equation(v) {
  const made = gates(v), a = pre(v);
  const line = (k, squash = k === "g" ? "tanh" : "σ") => `<div>${sym(k)} <span>= ${squash}(${num(k, v[`w_${k}x`])} · ${num("x", v.x)} + ${num(k, v[`w_${k}h`])} · ${num("h", v.h)})</span>
    <span>= ${squash} ${num(k, a[k])} = ${result(k, made[k][0])}</span></div>`;
  return `<div>a = <var>w</var><sub>x</sub> ${sym("x", "t")} + <var>w</var><sub>h</sub> ${sym("h", "t−1")} in every row; σ turns it into ${sym("i")}, ${sym("f")} and ${sym("o")}, tanh into ${sym("g")}</div>${GATES.map((k) => line(k)).join("")}`;
}

function sentence(v) {
  const { i, f, o, g } = gates(v);
  return `Seeing this input and this state, the cell would keep ${percent(f[0])}, let in ${percent(i[0])} of the candidate ${fixed(g[0])}, and show ${percent(o[0])}.`;
}

function draw(picture) {
  const x = { from: -LIMIT, to: LIMIT, ticks: [-6, -4, -2, 0, 2, 4, 6], label: "pre-activation a" };
  const sigma = plot(picture, { x, y: { from: 0, to: 1, ticks: [0, 0.5, 1] }, title: "σ squashes to 0 … 1", alt: "The sigmoid with the input, forget and output gate on it" });
  const candidate = plot(picture, { x, y: { from: -1, to: 1, ticks: [-1, 0, 1] }, title: "tanh squashes to −1 … 1", alt: "The hyperbolic tangent with the candidate on it" });
  const points = grid(-LIMIT, LIMIT, 10);
  sigma.curve("neutral")(points.map((a) => [a, sigmoid(a)]));
  candidate.curve("neutral")(points.map((a) => [a, tanh(a)]));
  const parts = GATES.map((k) => {
    const p = k === "g" ? candidate : sigma;
    return { k, low: k === "g" ? -1 : 0, rule: p.rule(k), dot: p.dot(k), note: p.note(k, "middle") };
  });
  return (v) => {
    const made = gates(v), all = pre(v);
    for (const { k, low, rule, dot, note } of parts) {
      const a = all[k], y = made[k][0];
      rule(a, low, a, y);
      dot(a, y);
      note(a, y, k, { i: -13, f: 0, o: 13, g: -13 }[k], k === "f" ? -11 : -9);
    }
  };
}

export default {
  render({ model, el }) {
    const start = model.get("start"), closed = { ...start, w_ix: -4, w_ih: 0, w_fx: 4, w_fh: 0, w_ox: -4, w_oh: 0, x: 1.5, h: 0.5 };
    return frame({ model, el }, {
      names: NAMES,
      predict: {
        ask: "Input and state are both 0, and there is no bias. How far open is the forget gate?",
        set: { x: 0, h: 0 },
        answer: (v) => gates(v).f[0],
        tell: (f) => `${fixed(f)}: with nothing to go by, every gate stands half open, and the candidate is 0.`,
      },
      presets: {
        "hold on": closed,
        "write when x is large": { ...start, x: 1.5, h: 0, w_ix: 3, w_ih: 0, w_fx: -3, w_fh: 0, w_ox: 2, w_oh: 0, w_gx: 2, w_gh: 0 },
        "listen to h only": { ...start, x: 1, h: 0.8, ...Object.fromEntries(GATES.flatMap((k) => [[`w_${k}x`, 0], [`w_${k}h`, k === "f" ? 4 : 2]])) },
      },
      draw, equation, sentence,
    });
  },
};

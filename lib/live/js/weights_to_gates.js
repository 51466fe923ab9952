// From weights to gates: a (4, 2) matrix times [x; h], and a bias to each row, gives four pre-activations; σ and tanh
// turn them into gates.
import { halfLife, lstmGates, preactivations, sigmoid, tanh } from "./math.js";
import { fixed, frame, grid, num, percent, plot, result, sym } from "./draw.js";

const GATES = ["i", "f", "o", "g"], LIMIT = 6;
const NAMES = ["x", "h", ...GATES.flatMap((k) => [`w_${k}x`, `w_${k}h`, `b_${k}`])];
const row = (v, k) => [v[`w_${k}x`], v[`w_${k}h`]];
const asked = (v) => [{ W: GATES.map((k) => row(v, k)), b: GATES.map((k) => v[`b_${k}`]) }, [v.x], { h: [v.h] }];
const gates = (v) => lstmGates(...asked(v));
const pre = (v) => Object.fromEntries(preactivations(...asked(v)).map((a, k) => [GATES[k], a]));

function equation(v) {
  const made = gates(v), a = pre(v);
  const line = (k, squash = k === "g" ? "tanh" : "σ") => `<div>${sym(k)} <span>= ${squash}(${num(k, v[`w_${k}x`])} · ${num("x", v.x)} + ${num(k, v[`w_${k}h`])} · ${num("h", v.h)} + ${num(k, v[`b_${k}`])})</span>
    <span>= ${squash} ${num(k, a[k])} = ${result(k, made[k][0])}</span></div>`;
  return `<div>a = <var>w</var><sub>x</sub> ${sym("x", "t")} + <var>w</var><sub>h</sub> ${sym("h", "t−1")} + <var>b</var> in every row; σ turns it into ${sym("i")}, ${sym("f")} and ${sym("o")}, tanh into ${sym("g")}</div>${GATES.map((k) => line(k)).join("")}`;
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
    return { k, low: k === "g" ? -1 : 0, rule: p.rule(k), dot: p.dot(k) };
  });
  const named = [sigma.letters(["i", "f", "o"]), candidate.letters(["g"])];
  return (v) => {
    const made = gates(v), all = pre(v);
    for (const { k, low, rule, dot } of parts) {
      const a = all[k], y = made[k][0];
      rule(a, low, a, y);
      dot(a, y);
    }
    for (const show of named) show((k) => [all[k], made[k][0]]);
  };
}

// For each gate the weight of x, the weight of h, and the bias.
const rows = (i, f, o, g) => Object.fromEntries(Object.entries({ i, f, o, g }).flatMap(([k, [x, h, b]]) =>
  [[`w_${k}x`, x], [`w_${k}h`, h], [`b_${k}`, b]]));
const FRESH = rows([0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]);

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: NAMES,
      predict: {
        ask: "All weights are 0 and the forget bias is 1. How far open is the forget gate?",
        set: FRESH,
        answer: (v) => gates(v).f[0],
        tell: (f) => `${fixed(f)}: whatever x and h are, ${percent(f)} of the memory stays at every step, and half of it is gone after ${fixed(halfLife(f), 1)} steps.`,
      },
      presets: {
        "write at a mark": { x: 1, h: 0.33, ...rows([4, 0, -1.5], [-4, 0, 2], [-2, 0, 1], [1, 0.5, 0]) },
        "hold on": rows([0, 0, -4], [0, 0, 4], [-2, 0, 1], [1, 0.5, 0]),
        "listen to h only": { x: 1, h: 0.8, ...rows([0, 2, 0], [0, 4, 0], [0, 2, 0], [0, 2, 0]) },
        "fresh cell": FRESH,
      },
      draw, equation, sentence,
    });
  },
};

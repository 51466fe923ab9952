// One GRU step, beside an LSTM step that is given its candidate: f = 1 − z and i = z are one decision, and the state is
// the output.
import { lstmUpdate } from "./math.js";
import { gruUnit } from "./math_gru.js";
import { fixed, frame, html, ink, num, percent, result, svg, sym, wiring } from "./draw.js";
import gru from "../diagrams/gru.json";
import lstm from "../diagrams/lstm.json";

function equation(v) {
  const { keep, n, h, slope } = gruUnit(v);
  return `<div>${sym("n")} = tanh(${sym("p", "", "x")} + <var>w</var> ${sym("r")} ${sym("h", "t−1")})
    <span>= tanh(${num("x", v.p)} + ${num("x", v.w)} · ${num("r", v.r)} · ${num("h", v.h_prev)}) = ${result("n", n)}</span></div>
    <div>${sym("h", "t")} = (1 − ${sym("z")}) ${sym("h", "t−1")} + ${sym("z")} ${sym("n")}
    <span>= ${num("z", keep)} · ${num("h", v.h_prev)} + ${num("z", v.z)} · ${num("n", n)} = ${result("h", h)}</span></div>
    <div>gates held: ∂${sym("h", "t")}/∂${sym("h", "t−1")} = (1 − ${sym("z")}) + ${sym("z")} (1 − ${sym("n")}<sup>2</sup>) <var>w</var> ${sym("r")}
    <span>= ${num("z", keep)} + ${num("z", v.z)} · (1 − ${num("n", n)}<sup>2</sup>) · ${num("x", v.w)} · ${num("r", v.r)} = ${result("h", slope)}</span></div>`;
}

function sentence(v) {
  const { keep, n } = gruUnit(v), part = (share) => (share === 0 ? "nothing" : share === 1 ? "all" : percent(share));
  return `The additive road keeps ${part(keep)} of the state; z writes ${part(v.z)} of the candidate ${fixed(n)}, which sees ${
    part(v.w === 0 ? 0 : v.r)} of the old state.`;
}

function draw(picture, model) {
  const panel = (title) => {
    const box = html("div", { class: "live-panel" }, html("p", { class: "live-caption" }, title));
    picture.append(box);
    return box;
  };
  const left = wiring(panel("GRU: z decides twice"), gru, model.get("alt"));
  const beside = panel("An LSTM step with coupled gates, given the same candidate"), bare = ({ plain }) => !plain;
  const coupled = { ...lstm, parts: {}, size: gru.size, lines: lstm.lines.filter(bare), labels: lstm.labels.filter(bare) };
  const right = wiring(beside, coupled, "An LSTM step given the same candidate, its forget and input gate coupled: f = 1 − z, i = z");
  couple(beside.lastChild, gru.coupling);
  return (v) => {
    const unit = gruUnit(v), gates = { f: unit.keep, i: v.z, o: 1, g: unit.n };
    left({ ...v, ...unit });
    right({ ...gates, c_prev: v.h_prev, ...lstmUpdate(gates, v.h_prev) });
  };
}

// Under the LSTM's gates: what the GRU made one decision.
function couple(root, { points, text, at: [x, y] }) {
  root.append(
    svg("path", { d: `M${points.join("L")}`, fill: "none", stroke: ink("z"), "stroke-width": 2.5 }),
    svg("text", { x, y, fill: ink("z"), class: "live-note" }, text));
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["z", "r", "h_prev", "p", "w"],
      predict: {
        ask: "The state is 0.8, the candidate comes out as 0, and z = 0.25 (z writes). What is the new state?",
        set: { z: 0.25, r: 0, h_prev: 0.8, p: 0 },
        answer: (v) => gruUnit(v).h,
        tell: (h) => `${fixed(h)}: three quarters of 0.8 are kept. Where z means keep, as in PyTorch, it would be 0.20.`,
      },
      presets: {
        keep: { z: 0, r: 1, h_prev: 0.8, p: -1, w: 1 },
        "start afresh": { z: 1, r: 0, h_prev: 0.8, p: -1, w: 1 },
        "plain RNN": { z: 1, r: 1, h_prev: 0.8, p: -1, w: 1 },
        blend: { z: 0.5, r: 0.5, h_prev: 0.8, p: -1, w: 1 },
      },
      draw: (picture) => draw(picture, model), equation, sentence,
    });
  },
};

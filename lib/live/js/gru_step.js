// One GRU step, beside the LSTM step it came from: f = 1 − z and i = z are one decision, and the state is the output.
import { gruUnit, lstmUpdate } from "./math.js";
import { fixed, frame, html, ink, num, percent, result, svg, sym, wiring } from "./draw.js";
import gru from "../diagrams/gru.json";
import lstm from "../diagrams/lstm.json";

function equation(v) {
  const { keep, n, h } = gruUnit(v);
  return `<div>${sym("n")} = tanh(${sym("a", "", "x")} + <var>w</var> ${sym("r")} ${sym("h", "t−1")})
    <span>= tanh(${num("x", v.a)} + ${num("x", v.w)} · ${num("r", v.r)} · ${num("h", v.h_prev)}) = ${result("n", n)}</span></div>
    <div>${sym("h", "t")} = (1 − ${sym("z")}) ${sym("h", "t−1")} + ${sym("z")} ${sym("n")}
    <span>= ${num("z", keep)} · ${num("h", v.h_prev)} + ${num("z", v.z)} · ${num("n", n)} = ${result("h", h)}</span></div>`;
}

function sentence(v) {
  const { keep, n } = gruUnit(v);
  const keeps = v.z === 0 ? "keeps its state untouched and writes nothing" : v.z === 1 ? "forgets its state and writes the candidate whole"
    : `keeps ${percent(keep)} of its state and writes ${percent(v.z)} of the candidate ${fixed(n)}`;
  const sees = v.r === 0 || v.w === 0 ? "the candidate does not see the old state" : v.r === 1 ? "the candidate sees all of the old state" : `the candidate sees ${percent(v.r)} of the old state`;
  return `The unit ${keeps}; ${sees}.`;
}

function draw(picture, model) {
  const panel = (title) => {
    const box = html("div", { class: "live-panel" }, html("p", { class: "live-caption" }, title));
    picture.append(box);
    return box;
  };
  const left = wiring(panel("GRU: z decides twice"), gru, model.get("alt"));
  const beside = panel("The LSTM step it came from"), bare = ({ plain }) => !plain;
  const coupled = { ...lstm, parts: {}, size: gru.size, lines: lstm.lines.filter(bare), labels: lstm.labels.filter(bare) };
  const right = wiring(beside, coupled, "The same step as an LSTM whose forget and input gate are coupled: f = 1 − z, i = z");
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
      names: ["z", "r", "h_prev", "a", "w"],
      predict: {
        ask: "The state is 0.8, the candidate comes out as 0, and z = 0.25 (z writes). What is the new state?",
        set: { z: 0.25, r: 0, h_prev: 0.8, a: 0 },
        answer: (v) => gruUnit(v).h,
        tell: (h) => `${fixed(h)}: three quarters of 0.8 are kept. Where z means keep, as in PyTorch, it would be 0.20.`,
      },
      presets: {
        keep: { z: 0, r: 1, h_prev: 0.8, a: -1, w: 1 },
        overwrite: { z: 1, r: 0, h_prev: 0.8, a: -1, w: 1 },
        "plain RNN": { z: 1, r: 1, h_prev: 0.8, a: -1, w: 1 },
        blend: { z: 0.5, r: 0.5, h_prev: 0.8, a: -1, w: 1 },
      },
      draw: (picture) => draw(picture, model), equation, sentence,
    });
  },
};

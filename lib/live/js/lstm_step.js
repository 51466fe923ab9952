// One LSTM step, held in the hand: four gates and the old cell state in, the new cell state and the hidden state out.
import { lstmUpdate } from "./math.js";
import { fixed, frame, num, percent, result, sym, wiring } from "./draw.js";
import lstm from "../diagrams/lstm.json";

function equation({ f, i, o, g, c_prev }) {
  const { c, h } = lstmUpdate({ f, i, o, g }, c_prev);
  return `<div>${sym("c", "t")} = ${sym("f")} ${sym("c", "t−1")} + ${sym("i")} ${sym("g")}
    <span>= ${num("f", f)} · ${num("c", c_prev)} + ${num("i", i)} · ${num("g", g)} = ${result("c", c)}</span></div>
    <div>${sym("h", "t")} = ${sym("o")} tanh ${sym("c", "t")}
    <span>= ${num("o", o)} · tanh ${num("c", c)} = ${result("h", h)}</span></div>`;
}

function sentence({ f, i, o, g }) {
  const keeps = f === 0 ? "forgets what it held" : f === 1 ? "keeps all it held" : `keeps ${percent(f)} of what it held`;
  const writes = i === 0 || g === 0 ? "lets nothing in" : `lets in ${percent(i)} of the candidate ${fixed(g)}`;
  const shows = o === 0 ? "shows nothing" : o === 1 ? "shows all of tanh c" : `shows ${percent(o)} of tanh c`;
  return `The cell ${keeps}, ${writes}, and ${shows}.`;
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["f", "i", "o", "g", "c_prev"],
      predict: {
        ask: "The cell holds 1. With f = 0.5, i = 0.5 and a candidate of −1, what will it hold after the step?",
        set: { f: 0.5, i: 0.5, o: 1, g: -1, c_prev: 1 },
        answer: (v) => lstmUpdate(v, v.c_prev).c,
        tell: (c) => `half of 1 is kept and half of −1 is written, so c is ${fixed(c)}.`,
      },
      presets: {
        keep: { f: 1, i: 0, o: 1, g: -0.8, c_prev: 0.9 },
        overwrite: { f: 0, i: 1, o: 1, g: -0.8, c_prev: 0.9 },
        forget: { f: 0, i: 0, o: 1, g: -0.8, c_prev: 0.9 },
        hide: { f: 1, i: 0, o: 0, g: -0.8, c_prev: 0.9 },
      },
      draw(picture) {
        const show = wiring(picture, lstm, model.get("alt"));
        return (v) => show({ ...v, ...lstmUpdate(v, v.c_prev) });
      },
      equation, sentence,
    });
  },
};

// Gradient highway: the product of forget gates beside the RNN's product of w·tanh′, and the whole gradient of a cell.
import { lstmUnit, ratio, remains, rnnPulse } from "./math.js";
import { fixed, frame, num, plot, power, result, sym, times } from "./draw.js";

const LAST = 100, LOW = 1e-15, HIGH = 1e5;

function run({ f, w }) { return { ...lstmUnit(f, w, LAST), rnn: rnnPulse(w, 1, LAST).slope }; }

function equation({ f, gap }, { rnn, direct, whole }) {
  return `<div>at rest, ${sym("h")} = 0: ${sym("f")}<sup> ${gap}</sup> <span>= ${num("f", f, 3)}<sup>${gap}</sup> = ${result("f", power(remains(f, gap)))}</span></div>
    <div>additive road: ∏ ${sym("f", "t")} <span>= ${result("f", power(direct[gap]))}</span></div>
    <div>whole: ∂${sym("c", "T")}/∂${sym("c", "0")} <span>= ${result("c", power(whole[gap]))}</span></div>
    <div>RNN: ∏ <var>w</var> (1 − ${sym("h", "t")}<sup>2</sup>) <span>= ${result("h", power(rnn[gap]))}</span></div>`;
}

function sentence({ gap }, all) {
  const [rnn, direct, whole] = [all.rnn[gap], all.direct[gap], all.whole[gap]];
  const first = ratio(rnn, direct) > 1 ? "the RNN's gradient is the larger one here" : rnn === 0 ? "nothing comes through the RNN"
    : `the LSTM's additive road carries ${times(ratio(direct, rnn))} what the RNN's product carries`;
  const paths = ratio(whole - direct, direct) < 0.005 ? "the other routes add next to nothing"
    : `the whole derivative is ${times(ratio(whole, direct))} the additive road`;
  return `Over ${gap} step${gap === 1 ? "" : "s"} ${first}; ${paths}.`;
}

function draw(picture) {
  const p = plot(picture, {
    size: [420, 262],
    x: { from: 0, to: LAST, ticks: [0, 20, 40, 60, 80, 100], label: "gap in steps" },
    y: { from: LOW, to: HIGH, ticks: [1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1], log: true },
    title: "size of the gradient that arrives", alt: "Gradient by gap, logarithmic: additive road, whole, and the RNN's product",
  });
  p.root.classList.add("live-broad");
  const rule = p.rule("neutral");
  const lines = [["rnn", "h", "RNN", {}], ["whole", "c", "LSTM, whole", { "stroke-dasharray": "9 4" }], ["direct", "f", "LSTM, additive road", {}]]
    .map(([key, letter, name, style], k) => {
      p.note(letter, "end")(LAST, HIGH, name + (style["stroke-dasharray"] ? " (dashed)" : ""), 0, [44, 28, 12][k]);
      return { key, line: p.curve(letter, style), dot: p.dot(letter, 5) };
    });
  return ({ gap }, all) => {
    rule(gap, LOW, gap, HIGH);
    for (const { key, line, dot } of lines) {
      const sizes = all[key].map((v) => ratio(v, 1));
      line(sizes.map((v, t) => [t, v]));
      dot(gap, sizes[gap]);
    }
  };
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["f", "w", "gap"],
      predict: {
        ask: "With the forget gate held at 0.9, what share of the gradient is left after 50 steps along the additive road?",
        set: { f: 0.9, w: 0, gap: 50 }, digits: 4,
        answer: ({ f, gap }) => remains(f, gap),
        tell: (left) => `0.9 to the power 50 is ${fixed(left, 4)}: the additive road does not end the decay, it sets its rate.`,
      },
      presets: {
        "the usual start": { f: 0.73, w: 0.5, gap: 50 },
        "wide open": { f: 1, w: 0.5, gap: 50 },
        "no recurrence": { f: 0.9, w: 0, gap: 50 },
        "strong recurrence": { f: 0.9, w: 2, gap: 50 },
      },
      run, draw, equation, sentence,
    });
  },
};

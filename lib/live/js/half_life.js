// Half-life: forget bias -> forget gate -> how many steps until half of the memory is left.
import { biasFor, halfLife, logit, remains, sigmoid } from "./math.js";
import { fixed, frame, grid, num, percent, plot, result, sym } from "./draw.js";
import tasks from "../diagrams/tasks.json";

const LAST = 50, LOW = -3, HIGH = 8;
const steps = (t) => fixed(t, t < 100 ? 1 : 0);

function equation({ b_f }) {
  const f = sigmoid(b_f);
  return `<div>${sym("f")} = σ(${sym("b", "f", "f")}) <span>= σ(${num("f", b_f)}) = ${result("f", f, 4)}</span></div>
    <div>${sym("c", "t")} = ${sym("f")}<sup> <var>t</var></sup> ${sym("c", "0")}, <span>half is left at t = ln ½ / ln ${num("f", f, 4)} = ${result("c", steps(halfLife(f)))} steps</span></div>`;
}

function sentence({ b_f }) {
  const f = sigmoid(b_f);
  return `The cell keeps ${percent(f)} a step; half is gone after ${steps(halfLife(f))} steps.`;
}

function draw(picture) {
  const time = plot(picture, {
    x: { from: 0, to: LAST, ticks: [0, 10, 20, 30, 40, 50], label: "step t" },
    y: { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }, title: "what is left of the memory, c", alt: "Cell state by step, with its half-life",
  });
  const bias = plot(picture, {
    x: { from: LOW, to: HIGH, ticks: [-2, 0, 2, 4, 6, 8], label: `forget bias b<tspan dy="3" font-size="9">f</tspan>` },
    y: { from: 0.1, to: 10000, ticks: [0.1, 1, 10, 100, 1000, 10000], log: true }, title: "half-life in steps", alt: "Half-life by forget bias, logarithmic",
  });
  const half = [time.rule("neutral"), time.rule("neutral")], curve = time.curve("c"), at = time.dot("c"), beyond = time.note("c", "end");
  const all = bias.curve("c"), here = [bias.rule("neutral"), bias.rule("neutral")], point = bias.dot("c");
  all(grid(LOW, HIGH, 10).map((b) => [b, halfLife(sigmoid(b))]));
  for (const { name, steps: gap, side } of tasks) {                     // the book's: half is left at the end of the gap
    const b = biasFor(gap), place = side > 0 ? ["start", 9, 9] : ["end", -9, -3];
    bias.dot("neutral", 4)(b, gap);
    bias.note("neutral", place[0])(b, gap, name, place[1], place[2]);
  }
  return ({ b_f }) => {
    const f = sigmoid(b_f), t = halfLife(f);
    curve(grid(0, LAST, 2).map((step) => [step, remains(f, step)]));
    half[0](0, 0.5, t, 0.5);                                               // the plot ends at its border
    half[1](t, 0.5, t, t <= LAST ? 0 : 0.5);
    at(t, t <= LAST ? 0.5 : remains(f, LAST));
    beyond(LAST, 1, t > LAST ? `half is left at step ${steps(t)} →` : "", 0, 18);
    here[0](b_f, 0.1, b_f, t);
    here[1](LOW, t, b_f, t);
    point(b_f, t);
  };
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["b_f"],
      predict: {
        ask: "The forget gate is 0.9 and nothing is written. After how many steps is half of the memory gone?",
        set: { b_f: logit(0.9) }, digits: 1,
        answer: ({ b_f }) => halfLife(sigmoid(b_f)),
        tell: (t) => `${steps(t)} steps, not 5: each step takes its tenth of what is left.`,
      },
      presets: { "b = 0": { b_f: 0 }, "b = 1, the usual start": { b_f: 1 }, "b = 3": { b_f: 3 }, "b = 5": { b_f: 5 } },
      draw, equation, sentence,
    });
  },
};

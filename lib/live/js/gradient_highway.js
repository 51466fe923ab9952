// Gradient highway: the product of a cell's forget gates beside the whole derivative, by every path.
import { lstmUnit, ratio, remains } from "./math.js";
import { fixed, frame, num, plot, power, result, sym, times } from "./draw.js";

const LAST = 100, LOW = 1e-8, HIGH = 100;

function parted({ direct, whole }, gap) { return ratio(whole[gap], direct[gap]); }

function equation({ f, gap }, { direct, whole }) {
  return `<div>at rest, ${sym("h")} = 0: ${sym("f")}<sup> ${gap}</sup> <span>= ${num("f", f, 3)}<sup>${gap}</sup> = ${result("f", power(remains(f, gap)))}</span></div>
    <div>additive road: ∏ ${sym("f", "t")} <span>= ${result("f", power(direct[gap]))}</span></div>
    <div>whole: ∂${sym("c", "T")}/∂${sym("c", "0")} <span>= ${result("c", power(whole[gap]))}</span></div>`;
}

function sentence({ f, gap }, all) {
  const [rest, direct, whole] = [remains(f, gap), all.direct[gap], all.whole[gap]];
  const alike = (a, b) => ratio(a - b, b) < 0.05;
  const road = alike(direct, rest) ? "about what it would" : `${times(ratio(direct, rest))} what it would`;
  const paths = alike(whole, direct) ? "the ways through h add little"
    : `the whole derivative is ${times(parted(all, gap))} the additive road`;
  return `Over ${gap} step${gap === 1 ? "" : "s"} the additive road carries ${road} at rest; ${paths}.`;
}

function draw(picture) {
  const p = plot(picture, {
    size: [420, 262],
    x: { from: 0, to: LAST, ticks: [0, 20, 40, 60, 80, 100], label: "gap in steps" },
    y: { from: LOW, to: HIGH, ticks: [1e-8, 1e-6, 1e-4, 1e-2, 1], log: true },
    title: "size of the gradient that arrives", alt: "Gradient by gap, logarithmic: additive road, and whole",
  });
  p.root.classList.add("live-broad");
  const rule = p.rule("neutral");
  const lines = [["whole", "c", "whole", {}], ["direct", "f", "additive road", { "stroke-dasharray": "9 4" }]]
    .map(([key, letter, name, style], k) => {
      p.note(letter, "end")(LAST, HIGH, name + (style["stroke-dasharray"] ? " (dashed)" : ""), 0, [28, 12][k]);
      return { key, line: p.curve(letter, style), dot: p.dot(letter, 5) };
    });
  return ({ gap }, all) => {
    rule(gap, LOW, gap, 1);
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
        ask: "With f = 0.9 at rest and w = 1, how many times the additive road is the whole derivative after 50 steps? With a quarter of that weight it is 21 times.",
        set: { f: 0.9, w: 1, gap: 50 }, digits: 1,
        answer: ({ f, w, gap }) => parted(lstmUnit(f, w, gap), gap),
        tell: (n) => `${fixed(n, 1)} times: the same w opens the forget gate, so the road itself is wider, and it drives c to where tanh is flat.`,
      },
      presets: {
        "the usual start": { f: 0.73, w: 0.5, gap: 50 },
        "wide open": { f: 1, w: 0.5, gap: 50 },
        "no recurrence": { f: 0.9, w: 0, gap: 50 },
        "strong recurrence": { f: 0.9, w: 2, gap: 50 },
      },
      run: ({ f, w }) => lstmUnit(f, w, LAST),
      draw, equation, sentence,
    });
  },
};

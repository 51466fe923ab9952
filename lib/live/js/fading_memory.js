// Fading memory: what a pulse at step 0 still does t steps later in a scalar RNN, and its gradient, linear and log.
import { ratio, rnnPulse } from "./math.js";
import { fixed, frame, num, plot, power, result, sym } from "./draw.js";

const LAST = 40;
const short = (x) => fixed(x, x > 0 && x < 0.01 ? 3 : 2);                // what is not 0 is not told as 0.00

function equation({ w, gap }, { h, slope }) {
  return `<div>${sym("h", "t")} = tanh(<var>w</var> ${sym("h", "t−1")})
    <span>= tanh(${num("x", w)} · ${num("h", h[gap - 1], 3)}) = ${result("h", h[gap], 3)}</span> <span>at t = ${gap}</span></div>
    <div>∂${sym("h", "t")}/∂${sym("h", "0")} = ∏ <var>w</var> (1 − ${sym("h", "k")}<sup>2</sup>)
    <span>= <b>${power(slope[gap])}</b></span></div>`;
}

function sentence({ gap }, { h, slope }) {
  const steps = `${gap} step${gap === 1 ? "" : "s"}`;
  const left = ratio(h[gap], h[0]);                                      // NaN where there was no pulse
  const state = left < 0.01 ? "hardly anything of the pulse is left" : `the state ${left > 1 ? "has grown to" : "is still"} ${short(h[gap])}`;
  const learns = slope[gap] > 10 ? "a change at step 0 arrives much enlarged: the gradient explodes"
    : slope[gap] < 0.001 ? "a change at step 0 no longer moves it: the gradient has vanished"
    : `a change at step 0 arrives ${short(slope[gap])} times as large`;
  return `After ${steps} ${state}, and ${learns}.`;
}

function draw(picture) {
  const x = { from: 0, to: LAST, ticks: [0, 10, 20, 30, 40], label: "step t" };
  const panels = [
    plot(picture, { x, y: { from: 0, to: 1.5, ticks: [0, 0.5, 1, 1.5] }, title: "linear", alt: "State and gradient by step, linear" }),
    plot(picture, { x, y: { from: 1e-12, to: 1e4, ticks: [1e-12, 1e-8, 1e-4, 1, 1e4], log: true }, title: "logarithmic", alt: "State and gradient by step, logarithmic" }),
  ].map((p) => ({
    rule: p.rule("neutral"), slope: p.curve("neutral", { "stroke-dasharray": "7 4" }), state: p.curve("h"),
    dots: [p.dot("neutral", 5), p.dot("h")], plot: p,
  }));
  const notes = [panels[0].plot.note("h", "end"), panels[0].plot.note("neutral", "end")];
  notes[0](LAST, 1.5, "state h", 0, 14);
  notes[1](LAST, 1.5, "gradient ∂h/∂h₀ (dashed)", 0, 32);
  return ({ gap }, { h, slope }) => {
    panels.forEach(({ rule, slope: line, state, dots }, k) => {
      line(slope.map((v, t) => [t, v]));
      state(h.map((v, t) => [t, v]));
      rule(gap, k ? 1e-12 : 0, gap, k ? 1e4 : 1.5);
      dots[0](gap, slope[gap]);
      dots[1](gap, h[gap]);
    });
  };
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["w", "gap", "pulse"],
      predict: {
        ask: "With w = 0.5 and a pulse of 1, how large is the state after 10 steps?",
        set: { w: 0.5, gap: 10, pulse: 1 }, digits: 4,
        answer: ({ w, gap, pulse }) => rnnPulse(w, pulse, gap).h[gap],
        tell: (h) => `${fixed(h, 4)}: every step at least halves what is left.`,
      },
      presets: {
        fades: { w: 0.5, pulse: 1 }, "on the edge": { w: 1, pulse: 1 },
        latches: { w: 1.5, pulse: 1 }, explodes: { w: 1.5, pulse: 0 },
      },
      run: ({ w, pulse }) => rnnPulse(w, pulse, LAST),
      draw, equation, sentence,
    });
  },
};

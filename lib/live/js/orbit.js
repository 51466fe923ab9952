// Orbit: where the state of two units goes under a matrix that turns and stretches, and what is left of the gradient.
import { preactivations, ratio, remains } from "./math.js";
import { orbit, orbitEnd } from "./math_orbit.js";
import { fixed, frame, matrix, num, plot, power, result, sym } from "./draw.js";
import given from "../diagrams/orbit.json";

const LAST = given.x.length, TENS = [1, 11, 21, 31, 41, 51], LOW = 1e-6, HIGH = 1e6;
const short = (x) => fixed(x, x < 0.01 ? 3 : 2), point = (h) => `(${h.map((v) => fixed(v)).join(", ")})`;
const column = (cells) => matrix(cells.map((cell) => [cell]));

function equation(v, { W, h, left }) {
  const kept = preactivations({ W, b: [0, 0] }, [], { h: h[LAST - 1] });
  const W_h = "<var>W</var><sub>h</sub>", cos = "cos <var>θ</var>", sin = "sin <var>θ</var>";
  return `<div>${W_h} = <var>ρ</var> ${matrix([[cos, `−${sin}`], [sin, cos]])}
    <span>= ${matrix(W.map((row) => row.map((w) => result("x", w))))}</span></div>
    <div>${sym("h", `${LAST}`)} = tanh(${W_h} ${sym("h", `${LAST - 1}`)} + <var>s</var> ${sym("x", `${LAST}`)} ${column([1, 0])})
    <span>= tanh(${column(kept.map((a) => num("h", a)))} + ${num("x", v.strength)} · ${num("x", given.x[LAST - 1], 0)} · ${column([1, 0])})</span>
    <span>= ${column(h[LAST].map((one) => result("h", one)))}</span></div>
    <div>‖∂${sym("h", `${LAST}`)}/∂${sym("h", "0")}‖ = ‖∏ diag(1 − ${sym("h", "k")}<sup>2</sup>) ${W_h}‖ <span>= ${result("h", power(left[LAST]))}</span></div>
    <div>at rest, ${sym("h")} = 0: <var>ρ</var><sup> ${LAST}</sup> <span>= ${num("x", v.radius)}<sup>${LAST}</sup> = <b>${power(remains(v.radius, LAST))}</b></span></div>`;
}

function sentence(v, run) {
  const { kind, size, follows } = orbitEnd(v, run, given), left = run.left[LAST];
  const [before, last] = run.h.slice(-2).map(point), sign = `by the input, whose sign unit 1 has had at ${follows} of the last 20`;
  const state = {
    zero: "has come to rest at zero", shrinks: `still shrinks toward zero, ${fixed(size)} away`, rests: `has come to rest at ${last}`,
    flips: `changes sign at every step, between ${before} and ${last}`, circles: "keeps circling", unsettled: "has not settled yet",
    shaken: "is only shaken by the input: no sign has changed for 20 steps", driven: `is driven ${sign}`, pushed: `is pushed ${sign}, but goes its own way`,
  }[kind];
  const learns = left > 1000 ? "the gradient explodes" : left < 0.001 ? `the gradient has vanished${v.radius > 1 ? ", although ρ is above 1" : ""}`
    : `a change at step 0 arrives at most ${short(left)} times as large`;
  return `After ${LAST} steps the state ${state}; ${learns}.`;
}

function draw(picture) {
  const size = [330, 344];
  const plane = plot(picture, {
    size, x: { from: -1, to: 1, ticks: [-1, -0.5, 0, 0.5, 1], label: "hidden unit 1" }, y: { from: -1, to: 1, ticks: [-1, -0.5, 0, 0.5, 1] },
    title: "orbit: unit 2 against unit 1", alt: "Unit 2 against unit 1 at every step",
  });
  const time = plot(picture, {
    size, x: { from: 0, to: LAST, ticks: [0, 20, 40, 60], label: "step t" },
    y: { from: LOW, to: HIGH, ticks: [1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6], log: true },
    title: "what is left of the gradient", alt: "Gradient by step, logarithmic, in motion and at rest",
  });
  const way = plane.curve("neutral", { "stroke-width": 1 });
  const start = plane.dot("h"), shades = TENS.map((t) => plane.dots("h", 3.5, { opacity: ratio(t + 24, LAST + 20) }));
  const last = plane.dot("h");                                           // the others, ten steps to a shade
  plane.dot("ground", 3)(...given.h_0);                                  // a ring
  plane.note("h")(...given.h_0, "h₀");
  const end = plane.note("h", "middle");
  const lines = [["neutral", "at rest (dashed)", { "stroke-dasharray": "7 4" }], ["h", "in motion", {}]].map(([letter, name, style], k) => {
    time.note(letter, "end")(LAST, HIGH, name, 0, [32, 14][k]);
    return { line: time.curve(letter, style), beyond: time.note(letter, "middle") };
  });
  return (v, { h, left }) => {
    const all = [left.map((_, t) => remains(v.radius, t)), left];
    way(h);
    start(...h[0]);
    last(...h[LAST]);
    const others = h.slice(0, LAST);
    shades.forEach((show, k) => show(others.slice(TENS[k], TENS[k] + 10)));
    end(...h[LAST], "h₆₀", 0, -11);
    lines.forEach(({ line, beyond }, k) => {
      const out = all[k].findIndex((size) => size < LOW || size > HIGH), below = out > 0 && all[k][out] < LOW;
      line(all[k].map((size, t) => [t, size]));
      beyond(out < 0 ? LAST : out, below ? LOW : HIGH, out < 0 ? "" : below ? "↓" : "↑", 0, below ? -4 : 16);   // where it leaves
    });
  };
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["radius", "angle", "strength"],
      predict: {
        ask: "With ρ = 1.08, θ = 56° and s = 0, how much of the gradient is left after 60 steps?",
        set: { radius: 1.08, angle: 56, strength: 0 },
        answer: (v) => orbit(v, given).left[LAST],
        tell: (left, { radius }) => `${fixed(left)}, not ${fixed(remains(radius, LAST), 0)}: ρ to the power 60 is what is left at rest. On its circle tanh takes back what the matrix adds.`,
      },
      presets: {
        fades: { radius: 0.8, angle: 56, strength: 0 }, latches: { radius: 1.5, angle: 0, strength: 0 },
        explodes: { radius: 1.5, angle: 56, strength: 0.5 }, driven: { radius: 1.5, angle: 56, strength: 2 },
      },
      run: (v) => orbit(v, given),
      draw, equation, sentence,
    });
  },
};

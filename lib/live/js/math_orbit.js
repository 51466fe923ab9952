// What Orbit alone computes; the rest of the explorers' mathematics is math.js.
import { dot, tanh, tanhSlope, rnnStep } from "./math.js";

// Two units without a bias, h_t = tanh(W h_{t-1} + s x_t (1, 0)), W turning by `angle` (degrees) and stretching by `radius`:
// all states, and left[t] = ‖∂h_t/∂h_0‖, the largest singular value of Π diag(1 − h²) W.
export function orbit({ radius, angle, strength }, { h_0, x }) {
  const turn = angle * Math.PI / 180, c = radius * Math.cos(turn), s = radius * Math.sin(turn);
  const W = [[c, -s], [s, c]], params = { W: [[strength, c, -s], [0, s, c]], b: [0, 0] };
  const h = [h_0], left = [1];
  let J = [[1, 0], [0, 1]];
  x.forEach((x_t, t) => {
    const next = rnnStep(params, [x_t], { h: h[t] }).h;
    J = W.map((row, k) => [0, 1].map((j) => tanhSlope(next[k]) * dot(row, J.map((of) => of[j]))));
    h.push(next);
    left.push((Math.hypot(J[0][0] + J[1][1], J[1][0] - J[0][1]) + Math.hypot(J[0][0] - J[1][1], J[0][1] + J[1][0])) / 2);
  });
  return { W, h, left };
}

// Where an orbit ends, by its last 20 steps. Without input: within 0.005 of zero, or shrinking toward it (a radius of at
// most 1), at a point or between two (the last step repeats or mirrors the one before to 0.02 %), circling (every step
// turns it on, by a sine of at least 0.02), or none of these. With input: what of unit 1 follows it, and whether signs change.
export function orbitEnd({ radius, strength }, { h }, { x }) {
  const recent = h.slice(-21), last = h.at(-1), before = h.at(-2), size = Math.hypot(...last);
  const follows = recent.slice(1).filter(([one], k) => one * x.slice(-20)[k] > 0).length;
  const signs = (v) => v.map(Math.sign).join(), near = (side) => Math.hypot(last[0] - side * before[0], last[1] - side * before[1]) <= 2e-4 * size;
  const turns = ([a, b], [c, d]) => a * d - b * c > 0.02 * Math.hypot(a, b) * Math.hypot(c, d);
  const kind = strength > 0 ? recent.every((v) => signs(v) === signs(last)) ? "shaken" : follows >= 16 ? "driven" : "pushed"
    : last.every((v) => Math.abs(v) < 0.005) ? "zero" : radius <= 1 ? "shrinks" : near(1) ? "rests" : near(-1) ? "flips"
    : recent.slice(1).every((v, k) => turns(recent[k], v)) ? "circles" : "unsettled";
  return { kind, size, follows };
}

// The mathematics of the three cells, as in lib: rnn.py, lstm.py, gru.py. Vectors are arrays of numbers, matrices
// arrays of rows; one sequence (B = 1). W has the book's order of rows: i, f, o, g for the LSTM; r, z, n for the GRU.

export function sigmoid(a) { return 1 / (1 + Math.exp(-a)); }
export function logit(f) { return Math.log(f / (1 - f)); }                // the pre-activation that gives a gate
export function tanh(a) { return Math.tanh(a); }
export function tanhSlope(t) { return 1 - t * t; }                       // by the output t = tanh(a), as in lib

export function dot(row, v) { return row.reduce((sum, w, k) => sum + w * v[k], 0); }
function affine(W, v, b) { return W.map((row, k) => dot(row, v) + b[k]); }
function block(a, k, H) { return a.slice(k * H, (k + 1) * H); }

// hold = {f: 1} or {f: [1, NaN]}: a gate held at a value; NaN leaves an entry free.
function held(name, values, hold) {
  const at = hold[name];
  if (at === undefined) return values;
  return values.map((v, k) => { const w = Array.isArray(at) ? at[k] : at; return Number.isNaN(w) ? v : w; });
}

export function rnnStep(params, x, state) { return { h: preactivations(params, x, state).map(tanh) }; }

export function preactivations({ W, b }, x, { h }) { return affine(W, [...x, ...h], b); }

export function lstmGates(params, x, state, hold = {}) {
  const a = preactivations(params, x, state), H = state.h.length;
  return {
    i: held("i", block(a, 0, H).map(sigmoid), hold),
    f: held("f", block(a, 1, H).map(sigmoid), hold),
    o: held("o", block(a, 2, H).map(sigmoid), hold),
    g: held("g", block(a, 3, H).map(tanh), hold),
  };
}

export function lstmUpdate({ i, f, o, g }, c_prev) {                     // one unit, gates given, with all its wires
  const kept = f * c_prev, written = i * g, c = kept + written, tanh_c = tanh(c);
  return { kept, written, c, tanh_c, h: o * tanh_c };
}

export function lstmStep(params, x, state, hold = {}) {
  const gates = lstmGates(params, x, state, hold);
  const next = state.c.map((c_prev, k) =>
    lstmUpdate({ i: gates.i[k], f: gates.f[k], o: gates.o[k], g: gates.g[k] }, c_prev));
  return { gates, state: { c: next.map((s) => s.c), h: next.map((s) => s.h) } };
}

export function gruUpdate({ z, n }, h_prev) {
  const keep = 1 - z, kept = keep * h_prev, written = z * n;
  return { keep, kept, written, h: kept + written };
}

export function gruStep({ W, b }, x, { h }, hold = {}) {
  const H = h.length;
  const a = affine(W.slice(0, 2 * H), [...x, ...h], b.slice(0, 2 * H));
  const r = held("r", block(a, 0, H).map(sigmoid), hold);
  const z = held("z", block(a, 1, H).map(sigmoid), hold);
  const shown = h.map((h_prev, k) => r[k] * h_prev);                     // reset before the product
  const n = held("n", affine(W.slice(2 * H), [...x, ...shown], b.slice(2 * H)).map(tanh), hold);
  return { gates: { r, z, n }, state: { h: h.map((h_prev, k) => gruUpdate({ z: z[k], n: n[k] }, h_prev).h) } };
}

// A scalar RNN after a pulse: h_0 = tanh(pulse), then h_t = tanh(w h_{t-1}); slope[t] = dh_t/dh_0 = Π w (1 − h²).
export function rnnPulse(w, pulse, steps) {
  const h = [tanh(pulse)], slope = [1];
  for (let t = 1; t <= steps; t++) {
    h.push(rnnStep({ W: [[w]], b: [0] }, [], { h: [h[t - 1]] }).h[0]);
    slope.push(slope[t - 1] * w * tanhSlope(h[t]));
  }
  return { h, slope };
}

// A one-unit LSTM left to itself from c_0 = 1, h_0 = tanh 1: every row has the recurrent weight w, the forget row the
// bias that gives f at h = 0, the others bias 0. direct[t] = Π f; whole[t] = dc_t/dc_0 by every path.
export function lstmUnit(f, w, steps) {
  const params = { W: [[w], [w], [w], [w]], b: [0, logit(f), 0, 0] };
  let state = { c: [1], h: [tanh(1)] }, dc = 1, dh = 0;
  const direct = [1], whole = [1], c = [1];
  for (let t = 1; t <= steps; t++) {
    const c_prev = state.c[0], next = lstmStep(params, [], state);
    const [i, f_t, o, g] = ["i", "f", "o", "g"].map((gate) => next.gates[gate][0]), shown = tanh(next.state.c[0]);
    const slope = (s) => s * (1 - s) * w * dh;
    dc = f_t * dc + slope(f_t) * c_prev + slope(i) * g + i * tanhSlope(g) * w * dh;
    dh = slope(o) * shown + o * tanhSlope(shown) * dc;
    direct.push(direct[t - 1] * f_t);
    whole.push(dc);
    c.push(next.state.c[0]);
    state = next.state;
  }
  return { direct, whole, c };
}

export function remains(f, t) { return f ** t; }                         // of a memory, after t steps
export function halfLife(f) { return Math.log(0.5) / Math.log(f); }
export function biasFor(steps) { return logit(0.5 ** (1 / steps)); }     // the forget bias with that half-life
export function ratio(a, b) { return Math.abs(a / b); }

// A one-unit LSTM run with every gate given, {i, f, o, g} by step, from 0: c and h, the start first.
export function lstmRun({ i, f, o, g }) {
  const c = [0], h = [0];
  g.forEach((_, t) => {
    const next = lstmUpdate({ i: i[t], f: f[t], o: o[t], g: g[t] }, c[t]);
    c.push(next.c);
    h.push(next.h);
  });
  return { c, h };
}

// What a cell of so many blocks (RNN 1, GRU 3, LSTM 4) costs, its numbers being 8 bytes each, for one sequence.
export function costs(blocks, D, H) {
  const weights = blocks * H * (D + H);
  return { parameters: weights + blocks * H, bytes: 8 * H * (blocks === 4 ? 2 : 1), products: weights + (blocks > 1 ? 3 * H : 0) };
}

// How many units an LSTM of D inputs can have for so many parameters, and what it costs with them.
export function unitsFor(parameters, D) {
  let units = 0;
  while (costs(4, D, units + 1).parameters <= parameters) units++;
  return units;
}

export function softmax(y) {
  const e = y.map((v) => Math.exp(v - Math.max(...y))), sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

// A trained model, {cell, params, readout}: its state at the start, and one letter (its place in the alphabet) read.
export function modelStart({ readout }) { const zero = readout.W[0].map(() => 0); return { c: zero, h: zero }; }
export function modelStep({ cell, params, readout }, letter, state, hold) {
  const x = readout.b.map((_, k) => Number(k === letter));
  const next = (cell === "lstm" ? lstmStep : gruStep)(params, x, state, hold).state;
  return { state: next, p: softmax(affine(readout.W, next.h, readout.b)) };
}

export function crossEntropy(shares) { return -shares.reduce((sum, p) => sum + Math.log(p), 0) / shares.length; }

// The model reads these letters, hold(t) being what is held at step t = 1, 2, …: the shares of the next letter, step by step.
export function modelReads(model, letters, hold) {
  let state = modelStart(model);
  return letters.map((letter, k) => {
    const next = modelStep(model, letter, state, hold(k + 1));
    state = next.state;
    return next.p;
  });
}

// So many letters from the first one, the likeliest being the next input.
export function modelSpells(model, first, count, hold) {
  let state = modelStart(model);
  const text = [first];
  while (text.length < count) {
    const next = modelStep(model, text.at(-1), state, hold(text.length));
    state = next.state;
    text.push(next.p.indexOf(Math.max(...next.p)));
  }
  return text;
}

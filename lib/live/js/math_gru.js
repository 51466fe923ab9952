// What GRU step alone computes; the rest of the explorers' mathematics is math.js.
import { tanh, tanhSlope, gruUpdate } from "./math.js";

// One unit with z and r given, with all its wires; p is what input and bias add up to, w the recurrent weight. `slope` is
// ∂h_t/∂h_{t-1} with the gates held: what is kept, and what comes back through the candidate.
export function gruUnit({ z, r, h_prev, p, w }) {
  const back = w * r * h_prev, a_n = p + back, n = tanh(a_n), next = gruUpdate({ z, n }, h_prev);
  return { back, a_n, n, ...next, slope: next.keep + z * tanhSlope(n) * r * w };
}

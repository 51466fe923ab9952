// What Step back alone computes; the rest of the explorers' mathematics is math.js.
import { dot, tanh, tanhSlope, lstmUpdate } from "./math.js";

// The second of two steps of one LSTM unit, its gates given, and its way back: from the loss (h_2 - y)² / 2 to c_1, which is
// reached by c and by h. o_1 is the output gate of step 1; the gates' weights of h_1 are w times W_h, in the order i, f, o, g.
export function lstmStepBack({ f, i, o, g, o_1, w }, { c_1, y, W_h }) {
  const { kept, written, c: c_2, tanh_c: tanh_c_2, h: h_2 } = lstmUpdate({ f, i, o, g }, c_1), tanh_c_1 = tanh(c_1);
  const dh_2 = h_2 - y, do_2 = dh_2 * tanh_c_2, dc_2 = dh_2 * o * tanhSlope(tanh_c_2);
  const df_2 = dc_2 * c_1, di_2 = dc_2 * g, dg_2 = dc_2 * i;
  const da_i = di_2 * i * (1 - i), da_f = df_2 * f * (1 - f), da_o = do_2 * o * (1 - o), da_g = dg_2 * tanhSlope(g);
  const dh_1 = w * dot(W_h, [da_i, da_f, da_o, da_g]), by_c = dc_2 * f, by_h = dh_1 * o_1 * tanhSlope(tanh_c_1);
  return {
    c_1, tanh_c_1, h_1: o_1 * tanh_c_1, kept, written, c_2, tanh_c_2, h_2, y, L: dh_2 ** 2 / 2,
    dh_2, do_2, dc_2, df_2, di_2, dg_2, da_i, da_f, da_o, da_g, dh_1, by_c, by_h, dc_1: by_c + by_h,
  };
}

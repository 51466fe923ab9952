// One LSTM step back: the second of two, from the loss to c_1, one wire at a time, and the fork where two roads are added.
import { ratio, tanhSlope } from "./math.js";
import { lstmStepBack } from "./math_back.js";
import { fixed, frame, num, percent, result, sym, wiring } from "./draw.js";
import { bead, roads } from "./draw_back.js";
import plan from "../diagrams/step_back.json";

const LAST = 10, GATES = ["i", "f", "o", "g"];
const say3 = (x) => fixed(x, 3), at = (letter, x) => num(letter, x, 3), ends = (letter, x) => result(letter, x, 3);
const delta = (letter, index = "2", color = letter) => sym(`δ${letter}`, index, color);
const line = (left, letters, numbers, end) => `<div>${left} ${letters} <span>= ${numbers} = ${end}</span></div>`;
const joined = (make) => GATES.map(make).join(" + ");

// The rule just used, with the numbers of the moment. What follows a gradient in a product is what it is times.
function equation(v, n, W_h) {
  const slope = (c, t) => [`(1 − tanh<sup>2</sup> ${sym("c", c)})`, `(1 − ${at("c", t)}<sup>2</sup>)`];
  const [slope1, at1] = slope("1", n.tanh_c_1), [slope2, at2] = slope("2", n.tanh_c_2);
  const h_2 = sym("h", "2"), y = sym("y", "", "x"), dh_1 = delta("h", "1"), by_c = `${delta("c")} ${sym("f", "2")}`, by_h = `${dh_1} ${sym("o", "1")} ${slope1}`;
  const product = (k, [from, by], letters, numbers) => line(`${delta(k)} =`, `${delta(from)} ${letters}`, `${at(from, by)} · ${numbers}`, ends(k, n[`d${k}_2`]));
  const squash = (k, s, dot) => (k === "g" ? `(1 − ${s}<sup>2</sup>)` : `${s} ${dot}(1 − ${s})`);
  const squashed = (k) => line(`${delta("a", k, k)} =`, `${delta(k)} ${squash(k, sym(k, "2"), "")}`, `${at(k, n[`d${k}_2`])} · ${squash(k, at(k, v[k]), "· ")}`, ends(k, n[`da_${k}`]));
  const off = `${at("h", n.h_2)} − ${at("x", n.y)}`, c = ["c", n.dc_2], h = ["h", n.dh_2];
  return [
    () => line(`${sym("L", "", "x")} =`, `½ (${h_2} − ${y})<sup>2</sup>`, `½ (${off})<sup>2</sup>`, ends("x", n.L)),
    () => line(`${delta("h")} =`, `${h_2} − ${y}`, off, ends("h", n.dh_2)),
    () => product("o", h, `tanh ${sym("c", "2")}`, at("c", n.tanh_c_2)),
    () => product("c", h, `${sym("o", "2")} ${slope2}`, `${at("o", v.o)} · ${at2}`),
    () => product("f", c, sym("c", "1"), at("c", n.c_1)),
    () => product("i", c, sym("g", "2"), at("g", v.g)),
    () => product("g", c, sym("i", "2"), at("i", v.i)),
    () => GATES.map(squashed).join(""),
    () => line(`${dh_1} =`, `${sym("w", "", "x")} (${joined((k) => `${sym("w", k, "x")} ${delta("a", k, k)}`)})`,
      `${num("x", v.w)} · (${joined((k, row) => `${num("x", W_h[row], 1)} · ${at(k, n[`da_${k}`])}`)})`, ends("h", n.dh_1)),
    () => line("by c:", by_c, `${at("c", n.dc_2)} · ${at("f", v.f)}`, ends("f", n.by_c))
      + line("by h:", by_h, `${at("h", n.dh_1)} · ${at("o", v.o_1)} · ${at1}`, ends("h", n.by_h)),
    () => line(`${delta("c", "1")} =`, `${by_c} + ${by_h}`, `${at("f", n.by_c)} + ${at("h", n.by_h)}`, ends("c", n.dc_1)),
  ][v.back]();
}

function arrived({ by_c, by_h, dc_1 }) {
  const all = (road) => `all of δc₁ = ${say3(dc_1)} comes by ${road}, the other road is shut.`;
  const both = `${say3(by_c)} by c and ${say3(by_h)} by h`;
  if (by_c === 0 && by_h === 0) return "both roads are shut, c₁ hears nothing.";
  if (by_h === 0) return all("c");
  if (by_c === 0) return all("h");
  return by_c > 0 === by_h > 0 ? `${both} make δc₁ = ${say3(dc_1)}, ${percent(ratio(by_c, dc_1))} of it by c.`
    : `${both} partly cancel, leaving δc₁ = ${say3(dc_1)}.`;
}

function sentence({ back, w }, n) {
  const copies = `A sum copies, each of its parts receives ${say3(n.dc_2)}; a product swaps:`;
  return [
    `The unit answers ${say3(n.h_2)} where ${say3(n.y)} is wanted. No wire is walked back yet.`,
    `Half a square slopes by its base: h₂ receives its distance from y, ${say3(n.dh_2)}.`,
    `A product swaps: o₂ receives what arrives times tanh c₂, ${say3(n.do_2)}.`,
    `A product swaps, tanh slows: c₂ receives what arrives times o₂ and the slope ${say3(tanhSlope(n.tanh_c_2))}.`,
    `${copies} f₂ receives that times c₁, ${say3(n.df_2)}.`,
    `${copies} i₂ receives that times g₂, ${say3(n.di_2)}.`,
    `A product swaps: g₂ receives what arrives times i₂, ${say3(n.dg_2)}.`,
    "A squash slows: what arrives is times the gate's slope, at most ¼ for σ and 1 for tanh.",
    `A fork adds: h₁ went into four gates and hears each by its weight, ${say3(n.dh_1)} in all${w === 0 ? ", for w is 0" : ""}.`,
    `Two roads lead to c₁: by c, past the forget gate alone, comes ${say3(n.by_c)}; by h, past o₁, comes ${say3(n.by_h)}.`,
    `A fork adds: ${arrived(n)}`,
  ][back];
}

export default {
  render({ model, el }) {
    const data = model.get("data"), made = (v) => lstmStepBack(v, data);
    return frame({ model, el }, {
      names: ["back", "f", "i", "o", "g", "o_1", "w"],
      predict: {
        ask: "From the start, only the output gate of the first step shuts, o₁ = 0. Does c₁ still hear from the loss? How large is δc₁?",
        set: { ...model.get("start"), back: LAST, o_1: 0 }, digits: 3,
        answer: (v) => made(v).dc_1,
        tell: (d) => `${say3(d)}, all of it by c: the road by h is shut.`,
      },
      presets: {
        "Step back": ({ back }) => ({ back: back === LAST ? LAST : back + 1 }), "Whole way": { back: LAST },
        "shut the second road": { o_1: 0 }, "a forget gate of 0": { f: 0 },
      },
      draw(picture) {
        const show = wiring(picture, { ...plan, bead }, model.get("alt"));
        const split = roads(picture, "δc₁, by c and by h", [["by c", "f"], ["by h", "h"]]);
        return (v, n) => {
          show({ ...v, ...n });
          split([n.by_c, n.by_h], v.back >= LAST - 1);
        };
      },
      run: made, equation: (v, n) => equation(v, n, data.W_h), sentence,
    });
  },
};

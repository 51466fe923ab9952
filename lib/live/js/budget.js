// Budget: D and H -> parameters, bytes of state and multiply-adds a step of the three cells, the matrices drawn to scale.
import { costs, unitsFor } from "./math.js";
import { between, frame, html, ink, num, put, result, svg, sym, toScale, whole } from "./draw.js";

const CELLS = { RNN: "h", GRU: "rzn", LSTM: "ifog" }, SCALE = 0.42, TOP = 34;
const all = ({ D, H }) => Object.values(CELLS).map((letters) => costs(letters.length, D, H));

function equation(v) {
  const { D, H } = v, made = all(v);
  const row = (name, key, letter) => `<tr><th scope="row">${name}</th>${made.map((cost) => `<td>${result(letter, whole(cost[key]))}</td>`).join("")}</tr>`;
  return `<div><var>k</var> blocks of ${sym("H", "", "h")} (<var>D</var> + ${sym("H", "", "h")} + 1)
    <span>= ${num("h", H, 0)} · (${num("x", D, 0)} + ${num("h", H, 0)} + 1) = ${result("x", whole(made[0].parameters))} parameters</span></div>
    <table class="live-table"><thead><tr><td></td>${Object.entries(CELLS).map(([name, { length: k }]) => `<th scope="col">${name}, <var>k</var> = ${k}</th>`).join("")}</tr></thead>
    <tbody>${row("parameters", "parameters", "x")}${row("bytes of state", "bytes", "c")}${row("multiply-adds a step", "products", "x")}</tbody></table>`;
}

function sentence({ D, H }) {
  const units = unitsFor(costs(3, D, H).parameters, D);
  return `For the parameters of this GRU of ${H} unit${H === 1 ? "" : "s"}, an LSTM could have ${units || "none"}: `
    + `its state would be ${units ? `${whole(costs(4, D, units).bytes)} bytes, the GRU's is ${whole(costs(3, D, H).bytes)}` : "empty"}.`;
}

function draw(picture, alt) {
  const root = svg("svg", { viewBox: "0 0 440 254", role: "img", "aria-label": alt, class: "live-plot" });
  const rect = (letter, opacity) => root.appendChild(svg("rect", { fill: ink(letter), opacity, stroke: "var(--live-ground)" }));
  const parts = Object.entries(CELLS).map(([name, letters], k) => {
    const x = [10, 140, 280][k], title = svg("text", { x, y: 20, class: "live-title live-large" }, name);
    root.append(title);
    return {
      at: toScale(SCALE, [x, TOP]), states: name === "LSTM" ? [rect("c", 1), rect("h", 1)] : [rect("h", 1)],
      blocks: [...letters].map((letter) => ({ input: rect(letter, 0.45), state: rect(letter, 0.85), word: root.appendChild(svg("text", { "text-anchor": "middle", class: "live-letter", fill: "var(--live-ground)" }, letter === "h" ? "" : letter)) })),
    };
  });
  picture.append(root, html("p", { class: "live-aside" }, "To scale: a block is H high, D (pale) + H wide; at its right, the state."));
  return ({ D, H }) => {
    for (const { at, states, blocks } of parts) {
      const middle = between(at.x(D), at.x(D + H)), high = at.long(H);
      blocks.forEach(({ input, state, word }, k) => {
        put(input, { x: at.x(0), y: at.y(k, H), width: at.long(D), height: high });
        put(state, { x: at.x(D), y: at.y(k, H), width: high, height: high });
        put(word, { x: middle, y: between(at.y(k, H), at.y(k + 1, H)) + 5, opacity: high < 20 ? 0 : 1 });
      });
      states.forEach((bar, k) => put(bar, { x: at.x(D + H) + [5, 13][k], y: TOP, width: 6, height: high }));
    }
  };
}

export default {
  render({ model, el }) {
    return frame({ model, el }, {
      names: ["D", "H"],
      predict: {
        ask: "An input of D = 32 and H = 64 units: how many parameters has the LSTM?",
        set: { D: 32, H: 64 }, digits: 0,
        answer: ({ D, H }) => costs(4, D, H).parameters,
        tell: (n) => `4 blocks of 64 · (32 + 64 + 1) make ${whole(n)}; the GRU has 3 of them.`,
      },
      presets: { hello: { D: 4, H: 8 }, "few units, wide input": { D: 128, H: 16 }, "many units, narrow input": { D: 4, H: 128 } },
      draw: (picture) => draw(picture, model.get("alt")), equation, sentence,
    });
  },
};

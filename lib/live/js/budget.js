// Budget: D and H -> parameters, bytes of state and multiply-adds a step of the three cells, the matrices drawn to scale.
import { costs } from "./math.js";
import { frame, html, ink, num, result, svg, sym } from "./draw.js";

const CELLS = { RNN: "h", GRU: "rzn", LSTM: "ifog" }, SCALE = 0.42, TOP = 34;
const whole = (n) => n.toLocaleString("en-US");
const all = ({ D, H }) => Object.values(CELLS).map((letters) => costs(letters.length, D, H));

function equation(v) {
  const { D, H } = v, made = all(v);
  const row = (name, key, letter) => `<tr><th scope="row">${name}</th>${made.map((cost) => `<td>${result(letter, whole(cost[key]))}</td>`).join("")}</tr>`;
  return `<div><var>k</var> blocks of ${sym("h").replace(">h<", ">H<")} (<var>D</var> + ${sym("h").replace(">h<", ">H<")} + 1)
    <span>= ${num("h", H, 0)} · (${num("x", D, 0)} + ${num("h", H, 0)} + 1) = ${result("x", whole(made[0].parameters))} parameters</span></div>
    <table class="live-table"><thead><tr><td></td>${Object.entries(CELLS).map(([name, { length: k }]) => `<th scope="col">${name}, <var>k</var> = ${k}</th>`).join("")}</tr></thead>
    <tbody>${row("parameters", "parameters", "x")}${row("bytes of state", "bytes", "c")}${row("multiply-adds a step", "products", "x")}</tbody></table>`;
}

function sentence({ D, H }) {
  const { parameters } = costs(3, D, H);
  let units = 0;
  while (costs(4, D, units + 1).parameters <= parameters) units++;
  return `For the parameters of this GRU of ${H} unit${H === 1 ? "" : "s"}, an LSTM could have ${units || "none"}: `
    + `its state would be ${units ? `${whole(costs(4, D, units).bytes)} bytes, the GRU's is ${whole(costs(3, D, H).bytes)}` : "empty"}.`;
}

function draw(picture, alt) {
  const root = svg("svg", { viewBox: "0 0 440 254", role: "img", "aria-label": alt, class: "live-plot" });
  const rect = (letter, opacity) => root.appendChild(svg("rect", { fill: ink(letter), opacity, stroke: "var(--live-ground)" }));
  const parts = Object.entries(CELLS).map(([name, letters], k) => {
    const x = [10, 140, 280][k], title = svg("text", { x, y: 20, class: "live-title", style: "font-size: 17px" }, name);
    root.append(title);
    return {
      x, states: name === "LSTM" ? [rect("c", 1), rect("h", 1)] : [rect("h", 1)],
      blocks: [...letters].map((letter) => ({ input: rect(letter, 0.45), state: rect(letter, 0.85), word: root.appendChild(svg("text", { "text-anchor": "middle", class: "live-letter", fill: "var(--live-ground)" }, letter === "h" ? "" : letter)) })),
    };
  });
  picture.append(root, html("p", { class: "live-aside" }, "To scale: a block is H high, D (pale) + H wide; at its right, the state."));
  const place = (node, x, y, width, height) => { for (const [key, value] of Object.entries({ x, y, width, height })) node.setAttribute(key, value); };
  return ({ D, H }) => {
    const [d, h] = [D * SCALE, H * SCALE];
    for (const { x, states, blocks } of parts) {
      blocks.forEach(({ input, state, word }, k) => {
        place(input, x, TOP + k * h, d, h);
        place(state, x + d, TOP + k * h, h, h);
        word.setAttribute("x", x + d + h / 2);
        word.setAttribute("y", TOP + k * h + h / 2 + 5);
        word.setAttribute("opacity", h < 20 ? 0 : 1);
      });
      states.forEach((bar, k) => place(bar, x + d + h + 5 + 8 * k, TOP, 6, h));
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

// "hello" under the knife: a trained model, its weights in the page; a gate held at a value, in one unit or all, at one
// step or all; what it then expects after each letter, and what it spells.
import { crossEntropy, modelReads, modelSpells } from "./math.js";
import { fixed, frame, html, ink, inked, meter, num, put, result, say, svg, sym } from "./draw.js";

const ALPHABET = "helo", WORD = "hello", READ = [..."hell"].map((letter) => ALPHABET.indexOf(letter)), NEXT = [..."ello"];
const WORDS = { f: "forget", i: "input", o: "output", g: "candidate", z: "update", r: "reset", n: "candidate" };

const letterOf = (gate) => gate.replace("−", "");
const heldAt = ({ gate, at }) => (gate[0] === "−" ? -at : at);

// {gate: value}, for one unit a list with NaN where it is free; nothing at the other steps.
function holdOf(data, v, step) {
  if (v.gate === "none" || (v.step && v.step !== step)) return {};
  const value = heldAt(v);
  return { [letterOf(v.gate)]: v.unit ? data.readout.W[0].map((_, k) => (k + 1 === v.unit ? value : NaN)) : value };
}

function reads(data, v) {
  return modelReads(data, READ, (step) => holdOf(data, v, step));
}

function spells(data, v) {
  return modelSpells(data, READ[0], WORD.length, (step) => holdOf(data, v, step)).map((k) => ALPHABET[k]).join("");
}
const right = (text) => [...text].filter((letter, k) => letter === WORD[k]).length;
const sure = (p) => NEXT.map((letter, k) => p[k][ALPHABET.indexOf(letter)]);

function where(v) {
  return `${v.unit ? `in unit ${v.unit}` : "in every unit"}, ${v.step ? `at step ${v.step}` : "at every step"}`;
}

function equation(v, { p }) {
  const shares = sure(p), letter = letterOf(v.gate);
  const held = v.gate === "none" ? "no gate held" : `held: ${sym(letter)} = ${num(letter, heldAt(v))} ${where(v)}`;
  return `<div>${held}</div><div>loss <span>= −¼ (${shares.map((share) => `ln ${num("h", share, 3)}`).join(" + ")})</span> <span>= ${result("h", crossEntropy(shares), 3)}</span></div>`;
}

function sentence(v, { word: text }) {
  const n = right(text);
  return v.gate === "none" ? `Left alone, the network spells “${text}”.`
    : `With the ${WORDS[letterOf(v.gate)]} ${/[gn]/.test(v.gate) ? "" : "gate "}held at ${fixed(heldAt(v))} ${where(v)}, it spells “${text}”: ${n === 5 ? "every letter is right" : `${n} of 5 letters ${n === 1 ? "is" : "are"} right`}.`;
}

function draw(picture, model, set) {
  const data = model.get("data"), gates = ["none", ...(data.cell === "lstm" ? ["f", "i", "o", "g", "−g"] : ["z", "r", "n", "−n"])];
  const buttons = gates.map((gate) => {
    const letter = letterOf(gate), name = gate === "none" ? "no gate" : `${gate} ${WORDS[letter]}${gate[0] === "−" ? ", negative" : ""}`;
    return html("button", { type: "button", class: gate === "none" ? undefined : inked(letter), onclick: () => set({ gate }) }, name);
  });
  picture.before(html("div", { class: "live-bar live-choice", role: "group", "aria-label": "Gate to hold" }, ...buttons));
  const bars = READ.map((read, k) => {
    const root = svg("svg", { viewBox: "0 0 150 136", role: "img", "aria-label": `Share of each letter at step ${k + 1}, after ${ALPHABET[read]}`, class: "live-quarter" });
    const text = (x, y, content, more) => root.appendChild(svg("text", { x, y, ...more }, content));
    text(18, 18, `t = ${k + 1}: after ${ALPHABET[read]}`, { class: "live-title" });
    picture.append(root);
    return [...ALPHABET].map((next, row) => {
      const y = [30, 56, 82, 108][row], wanted = next === NEXT[k];
      text(4, y + 14, next, { class: "live-label", "font-weight": wanted ? 700 : 400 });
      const bar = meter(root, [18, y], [92, 18], ink(wanted ? "h" : "neutral"), wanted ? ink("h") : "var(--live-line)");
      return { bar, share: text(115, y + 14, "", { class: "live-tick" }) };
    });
  });
  const letters = [...WORD].map(() => html("span"));
  picture.append(html("p", { class: "live-spelled" }, "it spells ", ...letters));
  return (v, { p, word }) => {
    bars.forEach((column, k) => column.forEach(({ bar, share }, row) => {
      bar(p[k][row]);
      say(share, fixed(p[k][row]));
    }));
    letters.forEach((node, k) => {
      say(node, word[k]);
      put(node, { class: word[k] === WORD[k] ? "" : "live-wrong" });
    });
    buttons.forEach((button, k) => put(button, { "aria-pressed": gates[k] === v.gate }));
  };
}

export default {
  render({ model, el }) {
    const data = model.get("data"), lstm = data.cell === "lstm", held = (gate, at) => ({ gate, at, unit: 0, step: 0 });
    return frame({ model, el }, {
      names: ["gate", "at", "unit", "step"],
      predict: {
        ask: `With ${lstm ? "the input gate shut (i = 0)" : "z = 0, so that nothing is written,"} in every unit at every step, how many of the five letters it spells are right?`,
        set: held(lstm ? "i" : "z", 0), digits: 0,
        answer: (v) => right(spells(data, v)),
        tell: (n, v) => `${n}: the state never moves, so every letter gets the same answer, and it spells “${spells(data, v)}”.`,
      },
      presets: lstm
        ? { "nothing is kept": held("f", 0), "nothing is forgotten": held("f", 1), "nothing is written": held("i", 0), "nothing is shown": held("o", 0) }
        : { "nothing is written": held("z", 0), "nothing is kept": held("z", 1), "candidate without the past": held("r", 0) },
      draw: (picture, set) => draw(picture, model, set),
      run: (v) => ({ p: reads(data, v), word: spells(data, v) }),
      equation, sentence,
    });
  },
};

// What Step back alone draws; the rest of what explorers are drawn with is draw.js.
import { fixed, ink, put, say, svg } from "./draw.js";

// A gradient on its wire: nothing until the walk has come there, then a number in a box; turned light for dark when lit.
export function bead(root, { id, stage, color, at: [x, y] }, digits) {
  const box = svg("rect", { x: x - 27, y: y - 9.5, width: 54, height: 19, rx: 9.5, stroke: ink(color), "stroke-width": 1.5 });
  const value = svg("text", { x, y: y + 5, "text-anchor": "middle", class: "live-num live-fine live-back" });
  root.append(box, value);
  return (v) => {
    const lit = v.back === stage;
    put(box, { fill: lit ? ink(color) : "var(--live-ground)", opacity: v.back < stage ? 0 : 1 });
    put(value, { fill: lit ? "var(--live-ground)" : ink(color) });
    say(value, v.back < stage ? "" : fixed(v[id], digits));
  };
}

// Two parts of a sum, [name, letter] each, as a bar from a middle line: to the left what is below 0, to the right the rest.
export function roads(parent, alt, names) {
  const root = svg("svg", { viewBox: "0 0 440 48", role: "img", "aria-label": alt, class: "live-wiring" });
  const parts = names.map(([name, letter], k) => {
    const word = svg("text", { x: k ? 226 : 214, y: 16, "text-anchor": k ? "start" : "end", fill: ink(letter), class: "live-wire" });
    const bar = svg("rect", { y: 24, height: 18, fill: ink(letter), "fill-opacity": k ? 0.3 : 0.85, stroke: ink(letter) });
    root.append(word, bar);
    return { name, word, bar };
  });
  root.append(svg("line", { x1: 220, x2: 220, y1: 20, y2: 46, class: "live-axis" }));
  parent.append(root);
  return (values, shown) => {
    const ends = { true: 220, false: 220 };                            // how far it reaches, above 0 and below
    put(root, { visibility: shown ? "visible" : "hidden" });
    parts.forEach(({ name, word, bar }, k) => {
      const x = ends[values[k] > 0], wide = 140 * values[k];
      ends[values[k] > 0] += wide;
      say(word, `${name} ${fixed(values[k], 3)}`);
      put(bar, { x: Math.min(x, x + wide), width: Math.abs(wide) });
    });
  };
}

// Shared drawing helpers: elements, numbers, the frame around every explorer, plots with fixed axes, wiring diagrams.

const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
export function html(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}
export function svg(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

// A letter's color: for an attribute of a drawing, and as a class of words. No `style` attribute: a page may forbid them.
export function ink(letter) { return `var(--live-${letter})`; }
export function inked(letter) { return `live-in-${letter}`; }

// A drawing or a text is brought up to date in place: what has not changed is not touched.
export function put(node, attributes) {
  const held = (node.held ||= {});
  for (const [key, value] of Object.entries(attributes)) if (held[key] !== value) node.setAttribute(key, held[key] = value);
}
export function say(node, text) {
  const held = node.firstChild;
  if (!held) node.append(text);
  else if (held.data !== text) held.data = text;
}
// Fills a node with lines of HTML, time after time; a line ends with </div>. Where only words of a line have changed, its
// elements stay and their texts are exchanged; else what has its like in the line stays.
function filler(node) {
  const lines = [];
  const fill = (line, k) => {
    const parts = line.split(/(<[^>]*>)/), words = parts.filter((part, j) => part && !(j % 2));
    const marks = parts.map((part, j) => (j % 2 ? part : part && "…")).join("");
    if (marks === lines[k]?.marks) lines[k].texts.forEach((text, j) => { if (text.data !== words[j]) text.data = words[j]; });
    else {
      const made = html("template"), held = node.children[k];
      made.innerHTML = line;
      if (held) match(held, made.content.firstChild);
      else node.append(made.content);
      const walk = document.createTreeWalker(node.children[k], NodeFilter.SHOW_TEXT);
      lines[k] = { marks, texts: words.map(() => walk.nextNode()) };
    }
  };
  return (content) => {
    const now = content.split(/(?<=<\/div>)\s*/);
    now.forEach(fill);
    for (const rest of [...node.children].slice(now.length)) rest.remove();
    lines.length = now.length;
  };
}
// Gives a node the content of another.
function match(node, other) {
  const held = [...node.childNodes], wanted = [...other.childNodes];
  wanted.forEach((want, k) => {
    const have = held[k];
    if (!have) node.append(want);
    else if (have.nodeName !== want.nodeName || have.className !== want.className) have.replaceWith(want);
    else if (want.children) match(have, want);
    else if (have.data !== want.data) have.data = want.data;
  });
  for (const rest of held.slice(wanted.length)) rest.remove();
}

// 0.5 -> "0.50"; a true minus sign, never "−0.00".
export function fixed(x, digits = 2) {
  const text = Math.abs(x).toFixed(digits);
  return (x < 0 && Number(text) !== 0 ? "−" : "") + text;
}
// Small and large numbers in powers of ten: 2.5 × 10⁻¹⁴.
export function power(x) {
  if (x === 0) return "0";
  if (Math.abs(x) >= 0.001 && Math.abs(x) < 10000) return fixed(x, Math.abs(x) < 10 ? 3 : 1);
  const [mantissa, exponent] = x.toExponential(1).split("e");
  return `${mantissa.replace("-", "−")} × 10<sup>${exponent.replace("-", "−").replace("+", "")}</sup>`;
}
export function percent(x) {
  const p = 100 * x;
  return p > 0 && p < 0.1 ? "less than 0.1 %" : `${p.toFixed(p > 99.9 && p < 100 ? 2 : Math.abs(p - Math.round(p)) < 1e-9 ? 0 : 1)} %`;
}

// How many times as large, as words: beyond 10⁴ the nearest power of ten; and a number of things.
export function times(x) {
  if (x < 1e4) return `${x < 10 ? fixed(x, 1) : fixed(x, 0)} times`;
  return `about 10${[...String(Math.round(Math.log10(x)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")} times`;
}
export function whole(n) { return n.toLocaleString("en-US"); }

// A symbol of an equation, perhaps in another one's color, and a number in its color, as HTML.
export function sym(letter, index = "", color = letter) {
  return `<var class="${inked(color)}">${letter}${index && `<sub>${index}</sub>`}</var>`;
}
export function num(letter, x, digits = 2) {
  const text = typeof x === "string" ? x : fixed(x, digits);
  return `<span class="live-num ${inked(letter)}">${text.startsWith("−") ? `(${text})` : text}</span>`;
}
export function result(letter, x, digits = 2) {
  return `<b class="live-num ${inked(letter)}">${typeof x === "string" ? x : fixed(x, digits)}</b>`;
}

// A matrix in an equation, row by row.
export function matrix(rows) {
  return `<table class="live-matrix">${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</table>`;
}

// from, …, to, so many a unit: where a curve is computed.
export function grid(from, to, each) { return Array.from({ length: (to - from) * each + 1 }, (_, k) => from + k / each); }

// The frame: question, presets and Reset, picture, equation, sentence. `spec` says
//   names                 the figure's traits that the sliders move
//   predict               {ask, set, answer(v), digits, tell(truth, v)}: the question asked before anything is moved
//   presets               {name: {trait: value}, or a function of the values that gives it}
//   run(v)                what picture, equation and sentence are made from, if it is long
//   draw(picture)         builds the picture once, and returns the function (v, run) that brings it up to date
//   equation(v, run), sentence(v, run)   lines of HTML, one text
export function frame({ model, el }, spec) {
  const values = () => Object.fromEntries(spec.names.map((name) => [name, model.get(name)]));
  const set = (wanted) => {
    for (const [name, value] of Object.entries(wanted)) model.set(name, value);
    model.save_changes();
  };
  const picture = html("div", { class: "live-picture" });
  const equation = html("div", { class: "live-equation" });
  const sentence = html("p", { class: "live-sentence", role: "status", "aria-live": "polite" });
  const question = predict(spec.predict, values, set);
  const button = (text, wanted, more = () => {}) =>
    html("button", { type: "button", onclick: () => { set(typeof wanted === "function" ? wanted(values()) : wanted); more(); } }, text);
  const bar = html("div", { class: "live-bar", role: "group", "aria-label": "Settings to try" },
    ...Object.entries(spec.presets).map(([name, wanted]) => button(name, wanted)),
    button("Reset", model.get("start"), question.clear));
  bar.lastChild.className = "live-reset";
  el.classList.add("live-figure");
  // Its words change under a translator's hands.
  el.setAttribute("translate", "no");
  el.append(question.element, bar, picture, equation, sentence);
  const update = spec.draw(picture, set, values), fill = filler(equation);
  let waiting = false;
  const now = () => {
    waiting = false;
    const v = values(), run = spec.run?.(v);
    update(v, run);
    fill(spec.equation(v, run));
    say(sentence, spec.sentence(v, run));
    Object.values(spec.presets).forEach((wanted, k) => {
      if (typeof wanted === "function") return;
      const here = Object.entries(wanted).every(([name, value]) => v[name] === value || Math.abs(v[name] - value) < 1e-9);
      put(bar.children[k], { "aria-pressed": here });
    });
  };
  const later = () => { if (!waiting) { waiting = true; queueMicrotask(now); } };
  for (const name of spec.names) model.on(`change:${name}`, later);
  now();
  return () => { for (const name of spec.names) model.off(`change:${name}`, later); };
}

function predict({ ask, set: wanted, answer, digits = 2, tell }, values, set) {
  const field = html("input", { type: "text", inputmode: "decimal", size: 7, autocomplete: "off" });
  const result = html("p", { class: "live-told", role: "status", "aria-live": "polite" });
  const show = () => {
    set(wanted);
    const v = { ...values(), ...wanted }, truth = answer(v), typed = field.value.trim().replace("−", "-").replace(",", ".");
    const guess = typed === "" ? NaN : Number(typed);
    // A count is exact.
    const close = Math.abs(guess - truth) <= 0.5 * 10 ** -digits + (digits && 0.02 * Math.abs(truth));
    const said = typed === "" ? "" : Number.isFinite(guess)
      ? `You said ${fixed(guess, Math.min(4, Math.max(digits, (typed.split(".")[1] || "").length)))}. ${close ? "Yes:" : "Not quite:"} `
      : "That is not a number. ";
    result.textContent = said + tell(truth, v);
  };
  field.addEventListener("keydown", (event) => { event.stopPropagation(); if (event.key === "Enter") show(); });
  const element = html("div", { class: "live-predict" },
    html("p", {}, html("strong", {}, "Predict first. "), ask),
    html("div", { class: "live-answer" }, html("label", {}, "Your answer ", field),
      html("button", { type: "button", onclick: show }, "Show me")),
    result);
  return { element, clear() { field.value = ""; result.textContent = ""; } };
}

// A plot with fixed axes. `x` and `y` are {from, to, ticks, label, log}; returns its parts and the two scales.
export function plot(parent, { size = [360, 215], x, y, title, alt }) {
  const [width, height] = size, left = 46, right = 12, top = title ? 30 : 12, bottom = 42;
  const scale = ({ from, to, log }, a, b) => {
    const f = log ? Math.log10 : (v) => v, low = f(from), high = f(to);
    return (v, inside = true) => {
      const place = (log && v <= 0 ? low - 1 : f(v)), kept = inside ? Math.min(Math.max(place, low), high) : place;
      return a + (b - a) * (kept - low) / (high - low);
    };
  };
  const sx = scale(x, left, width - right), sy = scale(y, height - bottom, top);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": alt || title || y.label, class: "live-plot" });
  const text = (at, content, more = {}) => {
    const node = svg("text", { x: at[0], y: at[1], ...more });
    node.innerHTML = content;
    root.append(node);
    return node;
  };
  for (const tick of y.ticks) {
    root.append(svg("line", { x1: left, x2: width - right, y1: sy(tick), y2: sy(tick), class: "live-grid" }));
    text([left - 6, sy(tick) + 4], y.log ? `10<tspan dy="-5" font-size="9">${fixed(Math.log10(tick), 0)}</tspan>` : tickText(tick), { "text-anchor": "end", class: "live-tick" });
  }
  for (const tick of x.ticks) text([sx(tick), height - bottom + 17], tickText(tick), { "text-anchor": "middle", class: "live-tick" });
  root.append(svg("line", { x1: left, x2: width - right, y1: height - bottom, y2: height - bottom, class: "live-axis" }));
  text([(left + width - right) / 2, height - 6], x.label, { "text-anchor": "middle", class: "live-label" });
  if (title) text([left, 18], title, { class: "live-title" });
  // Curves end at its border.
  const area = [left, top, width - left - right, height - top - bottom];
  const inner = svg("svg", { x: area[0], y: area[1], width: area[2], height: area[3], viewBox: area.join(" "), class: "live-area" });
  root.append(inner);
  parent.append(root);
  return {
    root,
    curve(letter, more = {}) {
      const node = svg("path", { fill: "none", stroke: ink(letter), "stroke-width": 2.5, "stroke-linejoin": "round", ...more });
      inner.append(node);
      return (points) => put(node, { d: points.map(([a, b], k) => `${k ? "L" : "M"}${near(sx(a, false))} ${near(sy(b, false))}`).join("") });
    },
    dot(letter, r = 6, more = {}) {
      const node = svg("circle", { r, fill: ink(letter), class: "live-dot", ...more });
      root.append(node);
      return (a, b) => put(node, { cx: sx(a), cy: sy(b) });
    },
    // Many that look alike, moved as one path.
    dots(letter, r, more) {
      const node = svg("path", { fill: ink(letter), class: "live-dot", ...more });
      root.append(node);
      return (points) => put(node, { d: points.map(([a, b]) => `M${sx(a)} ${sy(b)}m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`).join("") });
    },
    rule(letter, more = {}) {
      const node = svg("line", { stroke: ink(letter), "stroke-width": 1.5, "stroke-dasharray": "4 4", ...more });
      root.append(node);
      return (a1, b1, a2, b2) => put(node, { x1: sx(a1), y1: sy(b1), x2: sx(a2), y2: sy(b2) });
    },
    note(letter, anchor = "start") {
      const node = svg("text", { fill: ink(letter), "text-anchor": anchor, class: "live-note" });
      root.append(node);
      return (a, b, content, dx = 8, dy = -8) => {
        put(node, { x: sx(a) + dx, y: sy(b) + dy });
        say(node, content);
      };
    },
    // Letters of points on a rising curve: above and left of each, side by side where points are close, and with an
    // arrow where a point is beyond the axis. The function takes where each is: at(letter) -> [a, b].
    letters(names) {
      const notes = Object.fromEntries(names.map((k) => [k, this.note(k, "middle")]));
      return (at) => {
        const all = names.map((k) => { const [a, b] = at(k); return { k, a, b, x: sx(a) - 5, out: a > x.to ? 1 : a < x.from ? -1 : 0 }; });
        all.sort((one, other) => one.a - other.a);
        const half = ({ out }) => (out ? 14 : 6.5), last = all.length - 1;
        // From the right to the left, then back from the border.
        all.forEach((_, j) => {
          const one = all[last - j], next = all[last - j + 1];
          one.x = Math.min(one.x, next ? next.x - half(next) - half(one) : width - 2 - half(one));
        });
        all.forEach((one, j) => {
          one.x = Math.max(one.x, j ? all[j - 1].x + half(all[j - 1]) + half(one) : left - 6 + half(one));
          notes[one.k](one.a, one.b, one.out > 0 ? `${one.k} →` : one.out < 0 ? `← ${one.k}` : one.k, one.x - sx(one.a), -9);
        });
      };
    },
  };
}
// As exact as a screen, and quicker than toFixed.
function near(x) { return Math.round(100 * x) / 100; }
function tickText(v) { return String(v).replace("-", "−"); }

// A drawing to scale from a corner: the place of so many units across and down, and how long they are.
export function toScale(scale, [left, top]) {
  return { x: (n) => left + scale * n, y: (n, of = 1) => top + scale * n * of, long: (n) => scale * n };
}
export function between(a, b) { return (a + b) / 2; }

// A frame that is filled from the left by a share of 1.
export function meter(root, [x, y], [width, height], fill, stroke) {
  const bar = svg("rect", { x, y, height, fill, opacity: 0.8 });
  root.append(bar, svg("rect", { x, y, width, height, fill: "none", stroke }));
  return (share) => put(bar, { width: width * share });
}

// A wiring diagram from diagrams/*.json: a line is as wide as its value is large, and hollow where it is negative.
// While a slider has the focus or is dragged, all that is not of its part is pale. What is walked `back` has a gradient, in
// a box, from its stage on; at its stage it is lit, with its lines.
export function wiring(parent, diagram, alt) {
  const [width, height] = diagram.size, parts = Object.entries(diagram.parts || {}), { digits = 2, backs = [] } = diagram;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": alt, class: "live-wiring" });
  const drawn = (line) => line.points.map((p, k) => `${k ? "L" : "M"}${p}`).join("");
  const pieces = [], piece = (id, ...nodes) => {
    const node = svg("g", { class: "" }, ...nodes);
    pieces.push([id, node]);
    root.append(node);
    return node;
  };
  const isPlain = ({ plain }) => plain || diagram.plain;
  const plain = diagram.lines.filter(isPlain).map((line) => {              // its width is no value of the step
    const path = svg("path", { d: drawn(line), fill: "none", stroke: ink(line.color), "stroke-width": 1.5, "stroke-linejoin": "round" });
    piece(line.id, path);
    return { path, stages: backs.filter(({ of }) => of.includes(line.id)).map(({ stage }) => stage) };
  });
  const lines = diagram.lines.filter((line) => !isPlain(line)).map((line) => {
    const d = drawn(line);
    const solid = svg("path", { d, fill: "none", stroke: ink(line.color), "stroke-linejoin": "round" });
    const core = svg("path", { d, fill: "none", stroke: "var(--live-ground)", "stroke-linejoin": "round", class: "live-core" });
    piece(line.id, solid, core, ...(line.arrow ? [arrow(line)] : []));
    return { of: line.value || line.id, solid, core };
  });
  for (const node of diagram.nodes) piece(node.id, ...joint(node));
  const gates = diagram.gates.map((gate) => valve(piece(gate.id), gate, digits));
  const labels = (diagram.labels || []).map((label) => {
    const value = svg("tspan", { class: "live-num" });
    const { text = [] } = label, words = text.map((word, k) => k % 2            // word, index, word, index …
      ? svg("tspan", { "font-size": "72%", dy: 4 }, word) : svg("tspan", { dy: k ? -4 : 0 }, word));
    const is = label.plain ? [] : words.length ? [svg("tspan", { dy: text.length % 2 ? 0 : -4 }, " = "), value] : [value];
    piece(label.id, svg("text", { x: label.at[0], y: label.at[1], "text-anchor": label.anchor, fill: ink(label.color), class: "live-wire" }, ...words, ...is));
    return { of: label.plain ? null : label.value || label.id, value };
  }).filter(({ of }) => of);
  const beads = backs.map((back) => diagram.bead(piece(back.id), back, digits));
  parent.append(root);
  const light = (target) => {
    if (!root.isConnected) return;
    const slider = target?.closest?.(".live-sliders > *"), own = slider && slider.closest(".live-explorer").contains(root);
    const lit = own && parts.find(([part]) => slider.classList.contains(`live-${part}`));
    for (const [id, node] of pieces) node.classList.toggle("live-pale", Boolean(lit) && !lit[1].includes(id));
  };
  // A finger moves a slider without focusing it.
  if (parts.length) {
    for (const held of ["focusin", "pointerdown"]) document.addEventListener(held, (event) => light(event.target));
    for (const left of ["focusout", "pointerup", "pointercancel"]) document.addEventListener(left, () => light(document.activeElement));
  }
  return (v) => {
    for (const { of, solid, core } of lines) {
      const wide = 1.5 + 8 * Math.min(Math.abs(v[of]), 1.5);
      put(solid, { "stroke-width": wide, opacity: Math.abs(v[of]) < 0.005 ? 0.35 : 1 });
      put(core, { "stroke-width": v[of] < 0 ? Math.max(wide - 3, 0) : 0 });
    }
    for (const { path, stages } of plain) put(path, { "stroke-width": stages.includes(v.back) ? 5 : 1.5 });
    for (const show of [...gates, ...beads]) show(v);
    for (const { of, value } of labels) say(value, fixed(v[of], digits));
  };
}
// Beyond the end of a line along an axis.
function arrow({ points, color }) {
  const [[a, b], [x, y]] = points.slice(-2), u = Math.sign(x - a), v = Math.sign(y - b), left = x - 4 * u, top = y - 4 * v;
  return svg("path", { d: `M${left + 10 * v} ${top - 10 * u}L${x + 10 * u} ${y + 10 * v}L${left - 10 * v} ${top + 10 * u}Z`, fill: ink(color) });
}
function joint({ text, at: [x, y], wide, dot }) {
  if (dot) return [svg("circle", { cx: x, cy: y, r: 4.5, fill: "var(--live-text)" })];
  const r = 14, w = wide ? 25 : r;
  const shape = svg("rect", { x: x - w, y: y - r, width: 2 * w, height: 2 * r, rx: r, class: "live-joint" });
  return [shape, svg("text", { x, y: y + (wide ? 5 : 6), "text-anchor": "middle", class: wide ? "live-word" : "live-sign" }, text)];
}
// A gate as a glass that fills: from the bottom for 0 … 1, from the middle for −1 … 1.
function valve(root, { id, at: [x, y], name, index, word, signed }, digits) {
  const fine = digits > 2, w = fine ? 54 : 46, h = 44, fill = svg("rect", { x: x - w / 2, width: w, fill: ink(name), opacity: 0.22 });
  const value = svg("text", { x, y: y + 16, "text-anchor": "middle", fill: ink(name), class: `live-num live-wire live-level${fine ? " live-fine" : ""}` });
  root.append(
    svg("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, fill: "var(--live-ground)" }), fill,
    svg("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 5, fill: "none", stroke: ink(name), "stroke-width": 2 }),
    svg("text", { x, y: y - 3, "text-anchor": "middle", fill: ink(name), class: "live-letter" }, name, ...(index ? [svg("tspan", { "font-size": "72%", dy: 4 }, index)] : [])), value,
    ...(word ? [svg("text", { x, y: y + h / 2 + 17, "text-anchor": "middle", class: "live-word" }, word)] : []));
  return (v) => {
    const share = v[id], tall = signed ? Math.abs(share) * h / 2 : share * h;
    put(fill, { y: signed ? y - Math.max(share, 0) * h / 2 : y + h / 2 - tall, height: tall });
    say(value, fixed(share, digits));
  };
}

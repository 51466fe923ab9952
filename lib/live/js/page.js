// Revives ipywidgets on a static page, without a kernel: reads the standard widget-state block, draws the controls as
// native ones, follows the links, and hands each anywidget module its `model` and `el`. One model serves many views.
// Nothing here needs an inline script, a blob or a style attribute, which a host's policy may forbid.

const STATE = "application/vnd.jupyter.widget-state+json", VIEW = "application/vnd.jupyter.widget-view+json";

// What an anywidget module expects of a model (get, set, on, off, save_changes), over a plain record.
function makeModel({ model_name, state }) {
  const heard = {};
  return {
    name: model_name, get: (key) => state[key],
    set(key, value) {
      if (Object.is(state[key], value)) return;
      state[key] = value;
      for (const f of [...(heard[`change:${key}`] || []), ...(heard.change || [])]) f();
    },
    on(event, f) { (heard[event] ||= []).push(f); },
    off(event, f) { heard[event] = f ? (heard[event] || []).filter((g) => g !== f) : []; },
    save_changes() {}, send() {},
  };
}

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== null) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// The part of the d3 number format that readouts use: ".2f", "d", ".1e", ".0%".
function formatted(x, format) {
  const [, digits, kind] = /^\.?(\d*)([fde%])$/.exec(format || "") || [];
  const text = kind === "f" ? x.toFixed(+digits) : kind === "d" ? String(Math.round(x)) : kind === "e" ? x.toExponential(+digits)
    : kind === "%" ? `${(100 * x).toFixed(+digits)} %` : String(x);
  return text.replace(/^-(?=[0.]*( %)?$)/, "").replace(/-/g, "−");
}

// The description; where it may hold HTML, subscripts and superscripts are drawn and any other tag is dropped.
function words(model) {
  const text = model.get("description") || "";
  if (!model.get("description_allow_html")) return [text];
  return [...text.matchAll(/<(sub|sup)>(.*?)<\/\1>|<[^>]*>|[^<]+|</g)].map(([whole, tag, inner]) =>
    tag ? element(tag, {}, inner) : /^<./.test(whole) ? "" : whole);
}

let fresh = 0;
function labelled(model, control, output) {
  const id = `live-${++fresh}`, name = words(model);
  control.id = id;
  if (model.get("tooltip")) control.title = model.get("tooltip");
  const box = element("div", { class: "live-control" }, element("label", { for: id }, ...name), control);
  if (output) { output.htmlFor = id; box.append(output); }
  return dressed(model, box);
}
function dressed(model, node) { node.classList.add(...(model.get("_dom_classes") || [])); return node; }
function follow(model, key, show) { model.on(`change:${key}`, show); show(); }

function slider(model, whole) {
  const [min, max, step] = ["min", "max", "step"].map(model.get);
  const input = element("input", { type: "range", min, max, step });
  const readout = document.createTextNode(""), output = element("output", { "aria-live": "off" }, readout);
  const unit = (/\(([^()]+)\)$/.exec(model.get("description") || "") || [])[1];
  input.disabled = Boolean(model.get("disabled"));
  input.addEventListener("input", () => model.set("value", whole ? Math.round(input.value) : Number(input.value)));
  follow(model, "value", () => {
    const value = Math.min(max, Math.max(min, model.get("value"))), text = formatted(value, model.get("readout_format"));
    input.value = value;
    readout.data = text;
    input.setAttribute("aria-valuetext", unit ? `${text} ${unit}` : text);
    const place = (x) => `${100 * (x - min) / (max - min)}%`, zero = Math.min(max, Math.max(min, 0));
    input.style.setProperty("--live-from", place(Math.min(zero, value)));
    input.style.setProperty("--live-to", place(Math.max(zero, value)));
  });
  return labelled(model, input, output);
}

function box(model, kind, made) {
  return dressed(model, element("div", { class: `live-box live-${kind}` }, ...model.get("children").map(made.view)));
}

function text(model) {
  const node = element("div", { class: "live-text" });
  follow(model, "value", () => { node.textContent = model.get("value"); });
  return dressed(model, node);
}

const DRAW = {
  FloatSliderModel: (model) => slider(model, false),
  IntSliderModel: (model) => slider(model, true),
  CheckboxModel(model) {
    const input = element("input", { type: "checkbox" });
    input.addEventListener("change", () => model.set("value", input.checked));
    follow(model, "value", () => { input.checked = model.get("value"); });
    return labelled(model, input);
  },
  DropdownModel(model) {
    const input = element("select", {}, ...model.get("_options_labels").map((name) => element("option", {}, name)));
    input.addEventListener("change", () => model.set("index", input.selectedIndex));
    follow(model, "index", () => { input.selectedIndex = model.get("index") ?? -1; });
    return labelled(model, input);
  },
  LabelModel: text,
  BoxModel: (model, made) => box(model, "vbox", made),
  VBoxModel: (model, made) => box(model, "vbox", made),
  HBoxModel: (model, made) => box(model, "hbox", made),
  AnyModel(model, made) {
    const node = dressed(model, element("div"));
    const run = (widget) => (typeof widget === "function" ? widget() : widget).render({ model, el: node });
    const widget = made.module(model.get("_esm")), done = widget instanceof Promise ? widget.then(run) : run(widget);
    if (done instanceof Promise) made.waiting.push(done);
    return node;
  },
};

function link(model, made, both) {
  const [[source, a], [target, b]] = [model.get("source"), model.get("target")].map(([id, key]) => [made.model(id), key]);
  target.set(b, source.get(a));
  source.on(`change:${a}`, () => target.set(b, source.get(a)));
  if (both) target.on(`change:${b}`, () => source.set(a, target.get(b)));
}

// A number is a place in what the page's own script has made ready, which runs at once, before the page is painted, so
// that nothing moves later. A text is a module that imports others: it takes a moment, and a host may refuse it.
function load(esm) {
  if (typeof esm === "number") return liveModules[esm]();
  return import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" }))).then((module) => module.default);
}

function revive(saved) {
  const models = Object.fromEntries(Object.entries(saved.state).map(([id, record]) => [id, makeModel(record)]));
  const modules = {};
  const made = {
    revive, waiting: [],
    model(reference) { return models[reference.replace("IPY_MODEL_", "")]; },
    view(reference) {
      const model = made.model(reference);
      return DRAW[model.name](model, made);
    },
    module(esm) { return modules[esm] ||= load(esm); },
  };
  for (const model of Object.values(models)) {
    if (!/^(Directional)?LinkModel$/.test(model.name)) continue;
    // The others hold.
    try { link(model, made, model.name === "LinkModel"); } catch (error) { console.error(error); }
  }
  return made;
}

// A box as high as what stands in it, told so: a step of a slider then lays out this box alone, and the page only where the
// box grows or shrinks. The observer is heard before a frame is painted, so nobody sees another height.
function held(node) {
  const hold = element("div", { class: "live-hold" }, node);
  new ResizeObserver(([{ borderBoxSize: [{ blockSize: high }] }]) => {
    hold.style.cssText = high ? `height:${high}px;contain:size layout` : "";
  }).observe(node, { box: "border-box" });
  return hold;
}

// The live view takes the place of the picture once it stands, and not before; where anything in it fails, the picture stays.
function mount(place, made) {
  const script = place.querySelector(`script[type="${VIEW}"]`);
  const fail = (error) => { place.classList.add("live-failed"); console.error(error); };
  made.waiting = [];
  try {
    const node = made.view(JSON.parse(script.textContent).model_id);
    const stand = () => {
      script.after(held(node));
      place.classList.add("live-stands");
    };
    if (made.waiting.length) Promise.all(made.waiting).then(stand).catch(fail);
    else stand();
  } catch (error) { fail(error); }
}

// The state stands in the head before this script. Each view ends with <live-mount>: the parser tells at once that it is there.
const block = document.querySelector(`script[type="${STATE}"]`);
if (block) {
  // Told for scripts that show more.
  const made = window.liveMade = revive(JSON.parse(block.textContent));
  customElements.define("live-mount", class extends HTMLElement {
    connectedCallback() {
      if (!this.matches(".live-stands > *, .live-failed > *")) mount(this.parentElement, made);
    }
  });
}

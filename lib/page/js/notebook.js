// The page as a notebook: one Python, in a worker, for all of its cells. Loaded at the first press; PARTS, which stands
// in front of it, names the files that Python is made of: {group: {file: [the size of each piece]}}.

window.pageNotebook = ({ cells, slow, at, long, folder }) => {
  const LEAST = 5; // seconds of other cells, from which on a reader is asked
  const DRAWS = /\bplots\s*\.\s*\w+\s*\(|matplotlib|pyplot|from lib\.plots/;
  const GONE = "What Python had in memory is gone; the next Run builds it again.";
  let worker, ready, starting, heard = {}, drawing = false, begun = false, current;
  const queue = [];

  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  function say(cell, text) { if (cell.said.textContent !== text) cell.said.textContent = text; }
  const MB = (bytes) => (bytes / 1e6).toFixed(0);

  // Files: scripts that hold a piece each as text, since a page opened from a folder may load scripts and nothing else.

  const texts = {}, come = {}, files = {};
  let progress;
  window.pagePart = (name, place, text) => { (texts[name] ??= [])[place] = text; };

  function file(name, sizes) {
    return files[name] ||= (async () => {
      [texts[name], come[name]] = [[], 0];
      await Promise.all(sizes.map((size, place) => new Promise((done, failed) => {
        const script = element("script", { src: `${folder}${name}.${place}.js` });
        script.onload = () => { script.remove(); come[name] += size; progress(); done(); };
        script.onerror = () => { script.remove(); failed(new Error("a file of this copy of the book is missing, or the line is cut")); };
        document.head.append(script);
      })));
      const whole = await opened(name, texts[name].map(bytes));
      delete texts[name];
      return whole;
    })().catch((error) => { delete files[name]; throw error; });
  }
  async function load(group, tell) {
    const parts = PARTS[group], names = Object.keys(parts), whole = names.flatMap((name) => parts[name]).reduce((sum, size) => sum + size, 0);
    progress = () => tell(`loading, ${MB(names.reduce((sum, name) => sum + (come[name] || 0), 0))} of ${MB(whole)} MB`);
    const found = await Promise.all(names.map((name) => file(name, parts[name])));
    return Object.fromEntries(names.map((name, place) => [name.replace(/\.gz$/, ""), found[place]]));
  }
  function bytes(text) {
    return Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }
  function opened(name, pieces) {
    const blob = new Blob(pieces);
    return (name.endsWith(".gz") ? new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))) : blob).arrayBuffer();
  }

  // Python.

  function start(tell) {
    return ready ||= (async () => {
      if (!window.Worker || !window.WebAssembly || !window.DecompressionStream) throw new Refused("it has no WebAssembly");
      const mine = starting = {};
      const { "pyodide.asm.js": asm, "pyodide.js": loader, "worker.js": own, ...files } = await load("core", tell);
      if (starting !== mine) throw new Error("stopped");
      const address = URL.createObjectURL(new Blob([asm, "\n;", loader, "\n;", own], { type: "text/javascript" }));
      try { worker = new Worker(address); } catch { throw new Refused("it lets no worker start"); }
      await new Promise((done, failed) => {
        const late = setTimeout(() => failed(new Refused("its worker does not answer")), 20000);
        worker.onerror = (event) => failed(event.message ? new Error(event.message) : new Refused("it lets no worker start"));
        worker.onmessage = ({ data: { kind, content } }) => {
          clearTimeout(late);
          if (kind === "stage") tell(content);
          else if (kind === "refused") failed(new Refused("WebAssembly is switched off"));
          else if (kind === "broken") failed(/memory/i.test(content) ? new Refused("it gives too little memory") : new Error(content));
          else if (kind === "ready") done();
        };
        worker.postMessage({ deed: "start", files, at, narrow: matchMedia("(max-width: 37rem)").matches });
      });
      URL.revokeObjectURL(address);
      worker.onerror = null;
      worker.onmessage = ({ data: { kind, content } }) => heard[kind]?.(content);
    })().catch((error) => { if (error.message !== "stopped") end(); throw error; });
  }
  class Refused extends Error {}

  // Ask the worker for a deed; what it answers under the name `answer`. On the way `others` hear the rest.
  function ask(deed, content, answer, others = {}) {
    return new Promise((done, failed) => {
      heard = { ...others, [answer]: done, broken: (text) => failed(new Error(text)) };
      worker.postMessage({ deed, ...content });
    });
  }
  function end() {
    worker?.terminate();
    [worker, ready, starting, drawing, heard] = [undefined, undefined, undefined, false, {}];
    for (const cell of cells) cell.model = undefined;
  }

  // Running. One cell after the other; each first those above it that it needs.

  function run(cell) {
    if (queue.includes(cell)) return say(cell, "It is running already.");
    queue.push(cell);
    begun = true;
    say(cell, "");
    dress(cell);
    if (queue.length > 1) return say(cell, `waits for cell ${queue[0].number + 1}`);
    next();
  }

  async function next() {
    while (queue.length) {
      const cell = queue[0], mine = current = { cell }, stopped = new Promise((_, no) => { mine.cancel = no; });
      try { await Promise.race([all(cell, mine), stopped]); } catch (error) { if (!mine.stopped) failed(cell, error); }
      clearInterval(mine.clock);
      mine.question?.remove();
      delete cell.bar.dataset.time;
      current = undefined;
      if (queue[0] === cell) queue.shift();
      dress(cell);
    }
  }

  function failed(cell, error) {
    say(cell, error instanceof Refused
      ? `This browser does not let a page run Python: ${error.message}. The page is as it was.`
      : `Python could not run: ${error.message}.`);
  }

  async function all(cell, mine) {
    const tell = (text) => { if (current === mine && !mine.stopped) say(cell, `Python is ${text}`); };
    await start(tell);
    const sources = cells.map((one) => one.text);
    let above = await ask("plan", { sources, wanted: cell.number }, "plan");
    const time = above.reduce((sum, number) => sum + (slow[number] || 0), 0);
    if (time > LEAST && !await agreed(cell, above, time, mine)) return say(cell, "");
    const shown = [cell, ...above.map((number) => cells[number]).filter((one) => one.text !== one.source)];
    if (shown.some((one) => DRAWS.test(one.text))) await draw(tell, mine);
    mine.moved = Object.fromEntries(cells.filter((one) => one.model).map((one) => [one.number, positions(one)]));
    empty(cell);
    for (const [place, number] of [...above, cell.number].entries()) {
      const one = cells[number], last = one === cell;
      let words = last ? "running" : `running cell ${number + 1} first, ${place + 1} of ${above.length} above this one`;
      if (!last && slow[number]) words += `, about ${long(slow[number])}`;
      if (!await step(one, sources, !last && one.text === one.source, words, mine)) {
        say(cell, last ? "ended by an error" : `Cell ${number + 1}, which this one needs, ends with an error.`);
        return;
      }
    }
    say(cell, above.length ? `done; ${told(above)} ran first` : "done");
  }
  function told(numbers) {
    const names = numbers.map((number) => number + 1);
    return names.length === 1 ? `cell ${names[0]}` : names.length < 5
      ? `cells ${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : `${names.length} cells above it`;
  }

  // Run one cell; whether it came to its end.
  async function step(cell, sources, quiet, words, mine) {
    const of = mine.cell, since = Date.now();
    say(of, words);
    mine.clock = setInterval(() => { of.bar.dataset.time = `${Math.round((Date.now() - since) / 1000)} s`; }, 1000);
    if (!quiet && cell !== of) empty(cell);
    let wants = false;
    const hear = Object.fromEntries(["out", "err", "picture", "explorer", "check", "error"].map((kind) => [kind, (content) => {
      if (!quiet || kind === "check" || kind === "error") show(cell, kind, content);
    }]));
    const found = await ask("run", { sources, number: cell.number, moved: mine.moved, quiet }, "ran", { ...hear, wants: () => { wants = true; } });
    mine.moved = {};
    clearInterval(mine.clock);
    delete of.bar.dataset.time;
    if (wants) { await draw((text) => say(of, `Python is ${text}`), mine); empty(cell); return step(cell, sources, quiet, words, mine); }
    if (!quiet && !cell.output) show(cell, "nothing", "It ran, and there is nothing to show.");
    if (found.heap > 1e9) show(cell, "nothing", `Python holds ${(found.heap / 1e9).toFixed(1)} GB; Start again frees them.`);
    return found.done;
  }
  async function draw(tell, mine) {
    if (drawing) return;
    const files = await load("figures", tell);
    if (mine.stopped) throw new Error("stopped");
    await ask("add", { files }, "added", { stage: tell });
    drawing = true;
  }

  function agreed(cell, above, time, mine) {
    return new Promise((answer) => {
      say(cell, `Needs ${told(above)} first, about ${long(time)}.`);
      const button = (text, value) => {
        const node = element("button", { type: "button", class: "run-button" }, text);
        node.addEventListener("click", () => { question.remove(); cell.button.focus(); answer(value); });
        return node;
      };
      const question = element("span", { class: "run-question" }, button("Go on", true), button("Not now", false));
      mine.question = question;
      cell.bar.append(question);
    });
  }

  function stop(cell) {
    if (current?.cell !== cell) {                    // it waits
      if (queue.includes(cell)) queue.splice(queue.indexOf(cell), 1);
      dress(cell);
      return say(cell, "stopped before it began");
    }
    const waiting = queue.splice(1);                // after the one that is stopped
    current.stopped = true;
    end();
    current.cancel(new Error("stopped"));
    say(cell, `Stopped. ${GONE}`);
    for (const one of waiting) { dress(one); say(one, "stopped before it began"); }
    cell.button.focus();
  }
  function again(cell) {
    if (current) stop(current.cell);
    end();
    say(cell, `Emptied. ${GONE}`);
  }
  function reset(cell) {
    if (queue.includes(cell)) stop(cell);
    close(cell);
    Object.assign(cell, { text: cell.source, touched: false });
    if (cell.html !== undefined) cell.pre.innerHTML = cell.html;
    cell.pre.classList.remove("run-edited");
    cell.output?.remove();
    cell.output = undefined;
    say(cell, "the book's cell again");
    cell.button.focus();
    dress(cell);
  }

  // The buttons that a cell has at a moment.
  function dress(cell) {
    const busy = queue.includes(cell);
    const wanted = { Stop: busy && stop, Reset: (cell.touched || cell.output || busy) && reset, "Start again": begun && (cell.output || busy || cell.touched) && again };
    cell.buttons ||= {};
    cell.button.setAttribute("aria-disabled", busy);
    for (const [name, deed] of Object.entries(wanted)) {
      if (deed && !cell.buttons[name]) {
        const node = element("button", { type: "button", class: "run-button", title: cell.button.title }, name);
        node.addEventListener("click", () => deed(cell));
        cell.buttons[name] = node;
      }
      if (deed) cell.said.before(cell.buttons[name]);
      else cell.buttons[name]?.remove();
    }
  }

  // What comes back.

  function empty(cell) {
    cell.output?.remove();
    cell.output = cell.model = undefined;
  }
  function place(cell) {
    if (!cell.output) {
      const title = element("p", { class: "run-title", id: `run-title-${cell.number}` }, "Your output");
      cell.output = element("section", { class: "run-output", "aria-labelledby": title.id }, title);
      cell.node.append(cell.output);
      dress(cell);
    }
    return cell.output;
  }
  function show(cell, kind, content) {
    const box = place(cell), last = box.lastElementChild;
    if (kind === "out" || kind === "err") {
      if (last.className !== `run-${kind}`) box.append(element("pre", { class: `run-${kind}` }));
      box.lastElementChild.append(content);
    } else if (kind === "picture") {
      const { png, width, height } = JSON.parse(content), drawn = cell.text === cell.source && cell.node.querySelector(".cell_output img");
      box.append(element("img", { src: `data:image/png;base64,${png}`, width, height, alt: drawn ? drawn.alt : "The figure that this cell draws" }));
    } else if (kind === "explorer") explore(cell, box, JSON.parse(content));
    else if (kind === "check") box.append(element("p", { class: "run-check" }, "This check no longer holds: ", element("code", {}, content)));
    else if (kind === "error") box.append(element("pre", { class: "run-error" }, content));
    else box.append(element("p", { class: "run-nothing" }, content));
  }

  // The book's explorer takes the values of the cell as it stands in the book; of an edited cell there is a new one.
  function explore(cell, box, { state, whole, figure, kind, names, values, data, sheet }) {
    const book = cell.node.querySelector(".live-view"), there = book && figureOf(book, kind);
    cell.names = names;
    if (there && cell.text === cell.source) {
      for (const [name, value] of Object.entries(values)) there.set(name, value);
      cell.model = there;
      box.append(element("p", { class: "run-nothing" }, "The explorer above has the values that the cell gives."));
      return;
    }
    for (const view of document.querySelectorAll(".live-view")) {
      const code = figureOf(view, kind)?.get("_esm");   // the page's own script has it ready
      if (code !== undefined) state[figure].state._esm = code;
    }
    const node = element("div", { class: "live-view live-stands", translate: "no" });
    box.append(node);
    reader(sheet).then(async (read) => {
      const made = read({ state }), view = made.view(whole);
      await Promise.all(made.waiting);
      node.append(view);
      cell.model = made.model(figure);
    }).catch((error) => { node.replaceWith(element("p", { class: "run-nothing" }, `The explorer could not be drawn: ${error.message}`)); });
  }
  // The model of the figure in one of the book's views, if it is of this kind.
  function figureOf(view, kind) {
    const told = view.querySelector('script[type="application/vnd.jupyter.widget-view+json"]');
    const id = told ? JSON.parse(told.textContent).model_id : "", model = window.liveMade?.model;
    if (!model || !id.startsWith(`${kind}-`)) return undefined;
    return model(id).get("children").map(model).find((one) => one.name === "AnyModel");
  }
  // What draws explorers, on a page that has none of the book's as well.
  async function reader(sheet) {
    if (window.liveMade) return window.liveMade.revive;
    const look = new CSSStyleSheet(), live = `${folder}../../live/`;
    look.replaceSync(sheet);
    document.adoptedStyleSheets.push(look);
    document.head.append(element("link", { rel: "stylesheet", href: `${live}page.css` }),
      element("script", { type: "application/vnd.jupyter.widget-state+json" }, '{"state":{}}'));
    const script = element("script", { src: `${live}page.js` });
    await new Promise((done, failed) => {
      script.onload = done;
      script.onerror = () => failed(new Error("a file is missing"));
      document.head.append(script);
    });
    return window.liveMade.revive;
  }
  function positions(cell) { return Object.fromEntries(cell.names.map((name) => [name, cell.model.get(name)])); }

  // Editing, in the place of the code. Tab leaves, as from any field.

  function open(cell, event) {
    if (cell.editor) return;
    const at = event && caret(cell.pre, event);
    const hint = element("span", { class: "run-hint", id: `run-hint-${cell.number}` }, "Ctrl+Enter runs it. Esc, then Tab, leaves.");
    const editor = element("textarea", {
      class: "run-code", spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off", wrap: "off",
      "aria-label": `Code of cell ${cell.number + 1}`, "aria-describedby": hint.id, translate: "no",
    });
    editor.value = cell.text;
    Object.assign(cell, { editor, hint, html: cell.html ?? cell.pre.innerHTML });
    grow(editor);
    cell.pre.before(editor);
    cell.pre.hidden = true;
    cell.bar.append(hint);
    editor.addEventListener("input", () => { grow(editor); changed(cell); });
    editor.addEventListener("keydown", (pressed) => type(cell, editor, pressed));
    editor.focus();
    if (at !== undefined) editor.setSelectionRange(at, at);
  }
  function grow(editor) { editor.rows = editor.value.split("\n").length; }
  function caret(pre, event) {
    const found = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    if (!found || !pre.contains(found.offsetNode)) return undefined;
    const range = document.createRange();
    range.setStart(pre, 0);
    range.setEnd(found.offsetNode, found.offset);
    return range.toString().length;
  }
  function changed(cell) {
    cell.text = cell.editor.value;
    const own = cell.text !== cell.source;
    cell.touched ||= own;
    if (own) cell.pre.textContent = `${cell.text}\n`;
    else cell.pre.innerHTML = cell.html;
    cell.pre.classList.toggle("run-edited", own);
    dress(cell);
  }
  function close(cell) {
    cell.editor?.remove();
    cell.hint?.remove();
    cell.editor = cell.hint = undefined;
    cell.pre.hidden = false;
  }
  function type(cell, editor, event) {
    if (event.isComposing) return;
    const before = editor.value.slice(0, editor.selectionStart), line = before.slice(before.lastIndexOf("\n") + 1);
    if (event.key === "Escape") {
      close(cell);
      cell.pre.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
      run(cell);
    } else if (event.key === "Enter" && !event.altKey) {
      document.execCommand("insertText", false, `\n${/^ */.exec(line)[0]}${/:\s*$/.test(line) ? "    " : ""}`); // keeps undo
    } else return;
    event.preventDefault();
  }

  return { run, open };
};

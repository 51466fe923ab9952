// A button Run at each code cell, and each cell's code a place that a press or Enter opens. What these do is in
// notebook.js, which is asked for at the first press, as is all that it needs; before it a page has nothing but this.

const own = document.currentScript, folder = own.src.replace(/[^/]*$/, "");
const { at, seconds, files } = own.dataset;      // the page's folder in the book; "12:40 15:3"; where notebook.js is
const slow = Object.fromEntries((seconds || "").split(" ").filter(Boolean).map((pair) => pair.split(":").map(Number)));
const cells = [];
let asked;

function press(deed, cell, event) {
  asked ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${folder}${files}/notebook.js`;
    script.onload = () => done(window.pageNotebook({ cells, slow, at, long, folder: `${folder}${files}/` }));
    script.onerror = () => { asked = undefined; script.remove(); failed(); };
    document.head.append(script);
  });
  asked.then((notebook) => notebook[deed](cell, event), () => {
    cell.said.textContent = "Python could not be loaded: a file of this copy of the book is missing, or the line is cut.";
  });
}

// About so long: "3 s", "40 s", "2 minutes".
function long(time) {
  return time < 95 ? `${time < 10 ? Math.max(1, Math.round(time)) : 5 * Math.round(time / 5)} s` : `${Math.round(time / 60)} minutes`;
}

addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("article div.cell > div.cell_input")) {
    const pre = input.querySelector(".highlight > pre"), number = cells.length;
    const source = pre.textContent.replace(/\n$/, "");
    const bar = document.createElement("div"), button = document.createElement("button"), said = document.createElement("span");
    const cell = { number, node: input.parentElement, input, pre, bar, button, said, source, text: source };
    cells.push(cell);
    Object.assign(bar, { className: "run-bar" });
    Object.assign(button, { type: "button", className: "run-button", textContent: "Run" });
    button.title = `Cell ${number + 1}: ${source.split("\n").find((line) => !/^(from|import|$)/.test(line)) || source.split("\n")[0]}`;
    Object.assign(said, { className: "run-said", textContent: slow[number] ? `takes about ${long(slow[number])}` : "" });
    said.setAttribute("role", "status");
    bar.append(button, said);
    input.append(bar);
    input.classList.add("run-ready");
    pre.tabIndex = 0;
    for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-readonly", "true"],
      ["aria-label", `Code of cell ${number + 1}. Enter opens it for editing`]]) pre.setAttribute(name, value);
    button.addEventListener("click", () => press("run", cell));
    pre.addEventListener("click", (event) => { if (getSelection().isCollapsed) press("open", cell, event); });
    pre.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      press(event.ctrlKey || event.metaKey ? "run" : "open", cell);
    });
  }
});

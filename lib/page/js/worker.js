// Where the page's Python runs. One text with pyodide.asm.js and pyodide.js in front, so that it needs no file: what
// Pyodide asks for it gets from what the page has sent, and no request leaves.

const sent = {}, SITE = "/lib/python3.12/site-packages", EMPTY = [0, 97, 115, 109, 1, 0, 0, 0]; // the smallest WebAssembly
let python, kernel;

self.fetch = async (asked) => {
  const name = String(asked.url || asked).split("/").pop(), body = sent[name];
  const type = name.endsWith("wasm") ? "application/wasm" : "application/octet-stream";
  return body ? new Response(body, { headers: { "content-type": type } }) : new Response(null, { status: 404 });
};

function tell(kind, content) { postMessage({ kind, content }); }

const deeds = {
  async start({ files, at, narrow }) {
    try { await WebAssembly.instantiate(new Uint8Array(EMPTY)); } catch (error) { return tell("refused", String(error)); }
    tell("stage", "starting");
    Object.assign(sent, files);
    const version = /* the lock that Pyodide wants: of no package */ { arch: "wasm32", python: "3.12.7", version: "0.27.7" };
    sent["pyodide-lock.json"] = JSON.stringify({ info: version, packages: {} });
    python = await loadPyodide({ indexURL: "http://nowhere.invalid/", env: { HOME: "/home/pyodide", MPLBACKEND: "module://page_backend" } });
    tell("stage", "loading NumPy");
    unpack("numpy.zip", SITE);
    unpack("book.zip", "/book");
    python.runPython(`import os, sys; sys.path.insert(0, "/book"); os.makedirs("/book/${at}", exist_ok=True); os.chdir("/book/${at}")`);
    kernel = python.pyimport("lib.page.kernel").start(tell, narrow);
    tell("ready");
  },
  add({ files }) {
    Object.assign(sent, files);
    tell("stage", "loading Matplotlib");
    unpack("figures.zip", SITE);
    kernel.ready_to_draw();
    tell("added");
  },
  plan({ sources, wanted }) {
    tell("plan", JSON.parse(kernel.missing(JSON.stringify(sources), wanted)));
  },
  run({ sources, number, moved, quiet }) {
    const begun = performance.now(), done = kernel.run(JSON.stringify(sources), number, JSON.stringify(moved), quiet);
    tell("ran", { done, seconds: (performance.now() - begun) / 1000, heap: python._module.HEAPU8.length });
  },
};

function unpack(name, folder) {
  python.unpackArchive(sent[name], "zip", { extractDir: folder });
  delete sent[name];
  python.runPython("import importlib; importlib.invalidate_caches()");
}

let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(() => deeds[data.deed](data)).catch((error) => tell("broken", String(error.message || error).slice(-1000)));
};

// Runs pack.py in Pyodide itself, under Node: its bytecode and its cache of fonts are then those that it reads later.
//
//     node pack.mjs OFFICIAL OUT [BOOK]

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [official, out, book] = process.argv.slice(2).map((folder) => folder && resolve(folder));
mkdirSync(out, { recursive: true });
try {
  const { loadPyodide, version } = await import(pathToFileURL(join(official, "pyodide.mjs")));
  const lock = { info: { arch: "wasm32", python: "3.12.7", version }, packages: {} };
  const lockFileURL = join(out, "pyodide-lock.json");
  writeFileSync(lockFileURL, JSON.stringify(lock));
  const python = await loadPyodide({ indexURL: `${official}/`, lockFileURL });
  for (const [place, folder] of Object.entries({ "/official": official, "/out": out, "/here": here, "/from": book })) {
    if (!folder) continue;
    python.FS.mkdirTree(place);
    python.mountNodeFS(place, folder);
  }
  python.runPython(`import sys; sys.path.insert(0, "/here"); import pack; pack.${book ? "book" : "packages"}()`);
} catch (error) {
  console.error(String(error.stack ?? error).slice(-2000)); // an uncaught one prints a line of a megabyte first
  process.exit(1);
}

// Runs a notebook's cells in the page's Python, under Node: {identifier of a cell: its processor's seconds}, as JSON.
//
//     node seconds.mjs FOLDER_OF_THE_OFFICIAL_FILES PACKED PACKED_BOOK PLACE CELLS.json

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [official, packed, book, place, cells] = process.argv.slice(2);
const file = (folder, name) => new Uint8Array(readFileSync(join(folder, name)));
try {
  const { loadPyodide, version } = await import(pathToFileURL(join(official, "pyodide.mjs")));
  const lockFileURL = join(packed, "pyodide-lock.json");
  const python = await loadPyodide({ indexURL: `${official}/`, lockFileURL, env: { HOME: "/home/pyodide", MPLBACKEND: "module://page_backend" } });
  for (const name of ["numpy", "figures"]) python.unpackArchive(file(packed, `${name}.zip`), "zip", { extractDir: "/lib/python3.12/site-packages" });
  python.unpackArchive(file(book, "book.zip"), "zip", { extractDir: "/book" });
  python.runPython(`import os, sys; sys.path.insert(0, "/book"); os.makedirs("/book/${place}", exist_ok=True); os.chdir("/book/${place}")`);
  let said = [];
  const kernel = python.pyimport("lib.page.kernel").start((kind, text) => { if (kind === "error" || kind === "check") said.push(text); }, false);
  kernel.ready_to_draw();
  const given = JSON.parse(readFileSync(cells)), sources = JSON.stringify(given.map(([, source]) => source)), found = {};
  for (const [number, [name]] of given.entries()) {
    const before = process.cpuUsage();
    kernel.run(sources, number);
    const { user, system } = process.cpuUsage(before);
    found[name] = (user + system) / 1e6;
    if (said.length) process.stderr.write(`${name}: ${said.join("\n")}\n`);
    said = [];
  }
  process.stdout.write(JSON.stringify(found));
} catch (error) {
  console.error(String(error.stack ?? error).slice(-2000)); // an uncaught one prints a line of a megabyte first
  process.exit(1);
}

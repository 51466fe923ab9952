"""Joins the plain ES modules of `js/` into one text: an anywidget's `_esm` is one text and cannot import its neighbors.

What a module may say at the start of a line, and what becomes of it:

    import { a, b } from "./draw.js";     the named file is put in front, once; the line goes
    import drawing from "../x.json";      becomes  const drawing = <the file's content>;
    export function | class | const        the word `export` goes
    export default {...};                  stays, in the first file (the one asked for) only

Comments stay behind, lines of their own and those two spaces after the code, and so do empty lines. Lines are indented
by one, and not where a bracket closes: who reads the code reads the files. All modules then share one scope, so a name
that two files define at top level is refused, and so is any other form of import or export. Each file's text begins
with a line `//# module: name`, at which a page may cut the text again to carry every module once, however many
explorers it has.
"""

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
MARK = "//# module: "

_NAMED = re.compile(r'^import \{[^}]*\} from "([^"]+\.js)";\n', re.M)
_JSON = re.compile(r'^import (\w+) from "([^"]+\.json)";\n', re.M)
_COMMENT = re.compile(r"^ *//.*\n|  +// .*$", re.M)
_EXPORT = re.compile(r"^export (?=(?:function|class|const) )", re.M)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.M)
_DEFINED = re.compile(r"^(?:function|class|const|let|var) (\w+)", re.M)


def pieces(entry, folder=HERE / "js"):
    """The modules that `entry` needs, itself last, as {file name: text} without imports and exports."""
    found = {}
    _collect(Path(folder) / entry, found, entry=True)
    refuse_shared_names(found)
    return found


@cache
def join(entry, folder=HERE / "js"):
    """One text that runs by itself: every module that `entry` needs, in order, each once."""
    return "".join(f"{MARK}{name}\n{text}" for name, text in pieces(entry, folder).items())


def classic(entry, folder=HERE / "js"):
    """The same for a `<script src>` that is no module, which a page opened from disk may load too."""
    return f'(function () {{\n"use strict";\n{join(entry, folder)}}})();\n'


def _collect(path, found, entry=False):
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    text = re.sub(
        r"^ +(?=\S)", " ", re.sub(r"^ +(?=[})\]])|^ *\n", "", text, flags=re.M), flags=re.M
    )
    for name in _NAMED.findall(text):
        if (path.parent / name).resolve().name not in found:
            _collect((path.parent / name).resolve(), found)
    for name, source in _JSON.findall(text):
        content = json.loads((path.parent / source).read_text(encoding="utf-8"))
        short = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        found.setdefault(Path(source).name, f"const {name} = {short};\n")
    text = _EXPORT.sub("", _JSON.sub("", _NAMED.sub("", text)))
    for line in _OTHER.findall(text):
        if not (entry and line.startswith("export default ")):
            raise ValueError(f"{path.name}: cannot join the line {line!r}")
    found[path.name] = text if text.endswith("\n") else text + "\n"


def refuse_shared_names(found):
    """ValueError if two of these modules, {name: text}, define one name: they would share a scope."""
    owner = {}
    for module, text in found.items():
        for name in _DEFINED.findall(text):
            if name in owner:
                raise ValueError(f"{owner[name]} and {module} both define {name!r}")
            owner[name] = module

"""What the page's Python loads, packed: run by pack.mjs in that Python itself.

    packages()  the standard library, NumPy, and what draws figures: compiled, without what no page needs
    book()      the book's library, compiled beside its source, with its data and records

A file's time is that of no file, so that the same contents are packed into the same bytes.
"""

import importlib._bootstrap_external as external
import marshal
import re
import sys
import zipfile
from importlib import import_module
from importlib.util import source_hash
from pathlib import Path

OFFICIAL, OUT, FROM = Path("/official"), Path("/out"), Path("/from")
SITE = "/lib/python3.12/site-packages"
WHEELS = {  # {what is packed: the packages in it}
    "numpy": ["numpy"],
    "figures": "matplotlib contourpy cycler kiwisolver packaging pillow pyparsing python_dateutil six".split(),
}
DROPPED = re.compile(  # of what no page needs; matplotlib draws its formulas with all that is left of the fonts
    r"(^|/)(tests?|_pyinstaller|f2py|distutils|include|sample_data|plot_directive|afm|pdfcorefonts|web_backend|"
    r"qt_editor|images|sphinxext|_private|mypy_plugin|zoneinfo/dateutil-zoneinfo\.tar\.gz)(/|$)|\.dist-info/|"
    r"\.(pyi|pxd|pyx|h|a|c|lua|typed|in)$|DejaVuS(erif|ansMono-)|Humor|/fontlist\.json$|^pylab|"
    r"PIL/_(imagingft|webp|imagingcms|imagingtk)|_rational_tests|"
    r"backend_(qt|gtk|wx|mac|tk|nbagg|webagg|pgf|cairo|ps|pdf|svg)\w*\.py$|backends/_(backend_tk|tkagg|backend_gtk)"
)
OF_NO_USE = re.compile(  # of the standard library
    r"(xmlrpc|wsgiref|pydoc_data|lib2to3|turtledemo|idlelib|tkinter)/|"
    r"(mailbox|imaplib|nntplib|smtplib|ftplib|telnetlib|poplib|cgi|cgitb|turtle|xdrlib|sndhdr|aifc|sunau)\.py$"
)


def packages():
    with zipfile.ZipFile(OFFICIAL / "python_stdlib.zip") as stdlib:
        names = [
            name for name in stdlib.namelist() if not (name.endswith("/") or OF_NO_USE.match(name))
        ]
        contents = {name: stdlib.read(name) for name in names}
    write(
        "stdlib",
        dict(compiled(name, text, "/lib/python312.zip") for name, text in contents.items()),
    )
    licenses = {}
    for pack, wheels in WHEELS.items():
        contents = {}
        for wheel in wheels:
            (path,) = OFFICIAL.glob(f"{wheel}-*.whl")
            with zipfile.ZipFile(path) as whole:
                for name in whole.namelist():
                    if re.search(r"LICEN[CS]E|COPYING|NOTICE", name.split("/")[-1]):
                        licenses.setdefault(path.name.split("-")[0], []).append(whole.read(name))
                    elif not (name.endswith("/") or DROPPED.search(name)):
                        contents[name] = whole.read(name)
        for name, content in contents.items():
            place = Path(SITE, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if pack == "figures":
            name = "matplotlib/fontlist.json"
            contents[name] = fonts(Path(SITE, name))
        write(pack, dict(compiled(name, text, SITE) for name, text in contents.items()))
    for package, texts in licenses.items():
        (OUT / f"{package}.license.txt").write_bytes(b"\n\n".join(texts))


def fonts(cache):
    """matplotlib's list of the fonts that are left. It looks for one that is not there for seconds."""
    import_module("matplotlib.font_manager")  # which writes it

    return cache.read_bytes()


def book():
    contents = {}
    for path in sorted(FROM.rglob("*")):
        if path.is_file():
            name = path.relative_to(FROM).as_posix()
            contents[name] = path.read_bytes()
            if path.suffix == ".py":  # its source stays: readers ask for it, and errors show it
                folder, _, module = name.rpartition("/")
                code = compiled(name, contents[name], "/book")[1]
                contents[f"{folder}/__pycache__/{module[:-3]}.cpython-312.pyc"] = code
    write("book", contents)


def compiled(name, text, place):
    """A file's name and content, of Python its bytecode, which is taken without a look at the source."""
    if not name.endswith(".py"):
        return name, text
    code = compile(text, f"{place}/{name}", "exec", dont_inherit=True)
    data = (
        external.MAGIC_NUMBER + (1).to_bytes(4, "little") + source_hash(text) + marshal.dumps(code)
    )
    return name + "c", data


def write(pack, contents):
    with zipfile.ZipFile(OUT / f"{pack}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as whole:
        for name, content in sorted(contents.items()):
            whole.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)


if not sys.flags.optimize == 0:
    raise SystemExit("Asserts are the book's checks: they must be compiled.")

"""What holds for the repository: its notebooks as they are stored, its lock, what git carries."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import outputs
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in outputs.notebooks()]
CHAPTERS = [name for name in NOTEBOOKS if name.startswith("chapters/")]
PATHS = r"/(?:root|work|home|Users|tmp|usr|opt)/|[A-Z]:\\\\?Users|site-packages|ipykernel_\d"
LONGEST = 12  # lines of code in a cell
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"] | {"lib": PROJECT["project"]["dependencies"]}
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)
every_chapter = pytest.mark.parametrize("name", CHAPTERS)


def read(name):
    return nbformat.read(ROOT / name, as_version=4)


def code_cells(name):
    """(where it stands, the cell) for each code cell that holds code."""
    cells = enumerate(read(name).cells)
    return [
        (f"{name}, cell {number}", cell)
        for number, cell in cells
        if cell.cell_type == "code" and cell.source.strip()
    ]


def shown(cell):
    """(kind, text) of each textual thing that a cell's outputs show."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield "stream", output.text
        for kind, content in output.get("data", {}).items():
            if not kind.startswith("image/") or kind == "image/svg+xml":
                yield kind, str(content)


def lines_of_code(cell):
    lines = (line.strip() for line in cell.source.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_the_book_has_a_front_page_and_five_chapters_in_order():
    assert [name[len("chapters/") :][:2] for name in CHAPTERS] == ["01", "02", "03", "04", "05"]
    assert "intro.ipynb" in NOTEBOOKS


@every_notebook
def test_a_stored_notebook_is_what_make_outputs_would_store(name):
    path = ROOT / name
    introduced = outputs.introduced(read(name), path)
    expected = nbformat.writes(outputs.normalized(introduced, path.stem)) + "\n"
    assert path.read_text(encoding="utf-8") == expected, f"{name}: run `make outputs`"


@every_notebook
def test_every_code_cell_has_been_run_in_order_and_raised_nothing(name):
    nbformat.validate(read(name))
    cells = code_cells(name)
    assert cells, f"{name} has no code"
    assert any(cell.outputs for _, cell in cells), (
        f"{name} is stored without outputs: run `make outputs`"
    )
    for place, (where, cell) in enumerate(cells, start=1):
        assert cell.execution_count == place, f"{where} has not been run: run `make outputs`"
        for output in cell.outputs:
            assert output.output_type != "error", f"{where} raised {output.get('ename')}"
            assert output.get("name") != "stderr", f"{where} wrote to stderr: {output.get('text')}"


@every_notebook
def test_no_output_tells_of_the_machine_it_was_made_on(name):
    for where, cell in code_cells(name):
        for kind, text in shown(cell):
            found = re.search(PATHS, text) or re.search(r"\b0x[0-9a-f]{6,}", text)
            assert not found, f"{where}: {kind} shows {found[0]!r}"
    notebook = read(name)
    rest = [notebook.metadata] + [cell.metadata for cell in notebook.cells]
    found = re.search(PATHS, str(rest))
    assert not found, f"{name}: the metadata hold {found[0]!r}"


@every_notebook
def test_a_code_cell_fits_in_one_glance(name):
    for where, cell in code_cells(name):
        length = len(lines_of_code(cell))
        assert length <= LONGEST, f"{where} has {length} lines of code, {LONGEST} are allowed"


@every_notebook
def test_no_notebook_holds_plotting_code(name):
    for where, cell in code_cells(name):
        found = re.search(r"\bplt\b|matplotlib|\.plot\(|\.set_[xy]", cell.source)
        assert not found, f"{where} draws with {found[0]!r}: that belongs in lib/plots/"


@every_chapter
def test_a_chapter_asserts_what_it_claims(name):
    assert any(
        line.startswith("assert ") for _, cell in code_cells(name) for line in lines_of_code(cell)
    ), f"{name} has no assert"


def test_the_lock_holds_every_dependency_in_a_version_that_is_allowed_and_with_hashes():
    entries = re.findall(r"^([a-z0-9-]+)==([^ ]+)[^\n]*\\\n((?:    --hash=\S+.*\n)+)", LOCK, re.M)
    locked = {name: version for name, version, _ in entries}
    assert len(entries) == len(re.findall(r"^[a-z].*==", LOCK, re.M)), "an entry has no hash"
    assert not re.search(r"^(dask|distributed)==", LOCK, re.M)
    for group in GROUPS.keys() - {
        "cluster",
        "page",
    }:  # no reader needs the one, page.lock has the other
        for requirement in map(Requirement, GROUPS[group]):
            version = locked.get(canonicalize_name(requirement.name))
            assert version, f"{requirement} of the group {group} is not locked: run `make lock`"
            assert requirement.specifier.contains(version), (
                f"{requirement}, but {version} is locked"
            )


def test_the_pages_python_is_locked_in_the_versions_that_are_named_and_with_hashes():
    lock = (ROOT / "page.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z0-9-]+==[^ ]+)[^\n]*\\\n((?:    --hash=\S+.*\n)+)", lock, re.M)
    assert {entry for entry, _ in entries} == set(GROUPS["page"])
    assert len(entries) == len(re.findall(r"^[a-z].*==", lock, re.M)) and "://" not in lock


def test_what_a_reader_installs_has_no_framework_and_no_index():
    assert not re.search(r"^(torch|tensorflow|keras|jax|onnx)", LOCK, re.M)
    assert "://" not in LOCK


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for wanted in GROUPS.values():
        for requirement in wanted:
            assert re.search(f'^ *"{re.escape(requirement)}", +# \\w', text, re.M), requirement


def test_the_library_alone_needs_numpy_alone():
    # The book's other packages are made impossible to import before the library is.
    others = {re.split(r"[<>=]", name)[0].replace("-", "_") for name in GROUPS["book"]}
    others |= {"scipy", "traitlets", "IPython"}
    modules = "activations rnn lstm gru readout losses optim tasks".split()
    hide = f"import sys; sys.modules.update(dict.fromkeys({sorted(others)}))"
    code = "\n".join([hide, "import lib"] + [f"import lib.{module}" for module in modules])
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, encoding="utf-8"
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# Text is UTF-8 with LF, whatever the system takes for granted.


def silent(source):
    """Where code reads or writes text and leaves the encoding, or a file's line ends, to the system: (line, call)."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            function = getattr(call.func, "attr", getattr(call.func, "id", ""))
            named = {word.arg for word in call.keywords}
            true = {w.arg for w in call.keywords if getattr(w.value, "value", None) is True}
            words = [a.value for a in call.args if isinstance(a, ast.Constant)]
            words += [w.value.value for w in call.keywords if isinstance(w.value, ast.Constant)]
            modes = [w for w in words if isinstance(w, str) and re.fullmatch("[rwxabt+]{1,3}", w)]
            opened = function in ("open", "fdopen", "NamedTemporaryFile") and not opens_another(
                call
            )
            reads = function == "read_text" and not call.args
            text = reads or function == "write_text" or bool(true & {"text", "universal_newlines"})
            text |= opened and not any("b" in mode for mode in modes)
            writes = function == "write_text" or (opened and re.search("[wxa]", "".join(modes)))
            missing = {"encoding"} | ({"newline"} if writes else set())
            if text and missing - named:
                yield call.lineno, ast.unparse(call), missing - named


def opens_another(call):
    """Is this `open` one of a picture, an archive, a PDF, a browser?"""
    owner = ast.unparse(getattr(call.func, "value", ast.Constant("")))
    return owner in ("Image", "pikepdf", "webbrowser", "os", "urllib.request", "archive")


@pytest.mark.parametrize(
    "source, lines",
    [
        ("path.read_text()", 1),
        ("path.read_text('utf-8'), path.read_text(encoding='ascii')", 0),
        ("path.write_text('x', encoding='utf-8')", 1),
        ("path.write_text('x', encoding='utf-8', newline='\\n')", 0),
        ("open(path)", 1),
        ("open(path, 'w', encoding='utf-8')", 1),
        ("open(path, mode='rb'), open(path, 'ab'), path.open('a+b'), Image.open(path)", 0),
        ("path.open('a', newline='')", 1),
        ("subprocess.run(['git'], text=True)", 1),
        ("Popen(['git'], universal_newlines=True)", 1),
        ("subprocess.run(['git'], encoding='utf-8'), subprocess.run(['git'])", 0),
        ("NamedTemporaryFile('w')", 1),
    ],
)
def test_a_call_that_leaves_the_encoding_to_the_system_is_found(source, lines):
    assert len(list(silent(source))) == lines


def test_every_text_is_read_and_written_in_an_encoding_that_is_named():
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("tests", "tools", "benchmarks", "experiments", "lib")
        for path in (ROOT / folder).rglob("*.py")
    }
    sources |= {where: cell.source for name in NOTEBOOKS for where, cell in code_cells(name)}
    found = [
        f"{path}:{line}: {call} names no {', '.join(sorted(missing))}"
        for path, source in sources.items()
        for line, call, missing in silent(re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", source))
        if missing != {"newline"}
        or not path.startswith("tests/")  # what a test writes, the test reads
    ]
    assert not found, "\n".join(found)


def carried():
    """(name, content) of each file that git carries."""
    if not (ROOT / ".git").exists():
        pytest.skip("This copy of the book is not a git clone, so there is nothing to ask git.")
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    paths = [ROOT / name for name in names.decode("utf-8").split("\0") if name]
    return [(p.relative_to(ROOT).as_posix(), p.read_bytes()) for p in paths if p.is_file()]


def test_a_text_is_utf_8_without_a_mark_in_front_and_without_a_carriage_return():
    for name, content in carried():
        if b"\0" not in content:
            assert not content.startswith(b"\xef\xbb\xbf"), f"{name} begins with a byte order mark"
            assert b"\r" not in content, f"{name} has a carriage return"
            content.decode("utf-8")


def test_no_file_has_a_name_that_windows_refuses():
    for name, _ in carried():
        assert not re.search(r'[<>:"|?*\\]|[. ](/|$)', name), name
    names = [name.lower() for name, _ in carried()]
    assert len(set(names)) == len(names)


def test_a_clone_with_converted_line_ends_holds_the_same_bytes(tmp_path):
    """As git on Windows makes it (core.autocrlf), with this working copy's .gitattributes."""
    files = dict(carried())

    def git(*words):
        return subprocess.run(["git", *words], cwd=tmp_path, capture_output=True, check=True)

    git("init", "--quiet", "source")
    for name, content in files.items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes(content)
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.autocrlf=false"]
    git("-C", "source", *who, "add", "--all", "--force")
    git("-C", "source", *who, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "x")
    git("-c", "core.autocrlf=true", "clone", "--quiet", "source", "clone")
    other = [n for n, content in files.items() if (tmp_path / "clone" / n).read_bytes() != content]
    assert not other


def test_git_carries_the_library_and_nothing_that_is_made():
    if not (ROOT / ".git").exists():
        pytest.skip("This copy of the book is not a git clone, so there is nothing to ask git.")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    files = listed.stdout.splitlines()
    assert "lib/lstm.py" in files
    made = re.compile(
        r"(^|/)(_build|\.venv|__pycache__|\.ipynb_checkpoints|\.pytest_cache)/|\.pyc$"
    )
    assert not list(filter(made.search, files))


@pytest.mark.parametrize(
    "name", ["lib/lstm.py", "lib/live/explorer.py", "lib/site/x.py", "lib/live/js/x.js"]
)
def test_git_does_not_ignore_the_library(name):
    if not (ROOT / ".git").exists():
        pytest.skip("This copy of the book is not a git clone, so there is nothing to ask git.")
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", name], cwd=ROOT, capture_output=True
    )
    assert answer.returncode == 1, f"{name} is ignored"


# A release.


def release_faults(read):
    """In what the files that tell of a version disagree; `read` gives a file's text."""
    told = {
        "lib/edition.py": re.search(r'^EDITION = "(.+)"', read("lib/edition.py"), re.M)[1],
        "pyproject.toml": re.search(r'^version = "(.+)"', read("pyproject.toml"), re.M)[1],
    }
    citation, history = read("CITATION.cff"), read("CHANGELOG.md")
    for number, version in enumerate(re.findall(r"^ *version: (\S+)", citation, re.M)):
        told[f"CITATION.cff, {number}"] = version
    newest = re.search(r"^## (.+)$", history, re.M)[1]
    told["CHANGELOG.md"], _, date = newest.partition(", ")
    wrong = [] if len(set(told.values())) == 1 else [f"versions: {told}"]
    dates = {date, *re.findall(r'^ *date-released: "(.+)"', citation, re.M)}
    if len(dates) > 1 or not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        wrong.append(f"dates: {sorted(dates)}")
    if re.search(r"^ *license:\s*\n? *-", citation, re.M):
        wrong.append("CITATION.cff: of several licenses in a list a reader may choose")
    return wrong


def on_disk(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_version_date_and_license_agree_wherever_they_stand_so_that_a_tag_can_be_set():
    assert release_faults(on_disk) == []


@pytest.mark.parametrize(
    "file, right, wrong",
    [
        ("lib/edition.py", 'EDITION = "', 'EDITION = "9.'),
        ("pyproject.toml", '\nversion = "', '\nversion = "9.'),
        ("CITATION.cff", "\nversion: ", "\nversion: 9."),
        ("CITATION.cff", "\n  version: ", "\n  version: 9."),
        ("CITATION.cff", '\ndate-released: "20', '\ndate-released: "19'),
        ("CITATION.cff", "\nlicense: MIT", "\nlicense:\n  - MIT\n  - CC-BY-4.0"),
        ("CHANGELOG.md", "\n## ", "\n## Unreleased\n\n## "),
    ],
)
def test_a_version_that_could_not_be_tagged_is_found(file, right, wrong):
    def edited(name):
        return on_disk(name).replace(right, wrong, 1) if name == file else on_disk(name)

    assert edited(file) != on_disk(file)
    assert release_faults(edited)

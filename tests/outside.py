"""Numbers, tables, paths and commands outside of the notebooks, and what each of them stands on.

    PYTHONPATH=experiments python tests/outside.py

prints each number of those files, and what holds it or that nothing does. A phrase of outside_ties.py stands in its
file as a sentence of `says` stands in a chapter: its fields are filled with what the repository holds, so that
another number there, or another word here, is missed. What nothing can give is declared once, as it is, with a
reason, and a changed phrase is noticed. Every number of the files in WHOLE is inside such a phrase; of the others the
phrases alone are looked at.
"""

import ast
import json
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

import plans
import prose
from outside_ties import RUNNER, TEACHERS, TIES, WHOLE

from lib.checked import plain, written

ROOT = Path(__file__).resolve().parent.parent
README, CONTRIBUTING, RECORDS = "README.md", "CONTRIBUTING.md", "experiments/README.md"
READ = [README, CONTRIBUTING, RECORDS, "benchmarks/README.md", "CHANGELOG.md"]  # by who clones it
NUMBER = re.compile(rf"{prose.NUMBER.pattern}|(?<=python)\d\.\d+", re.I)
NAMED = re.compile(r"half-\w+")  # half-life, half-written


class Book:
    """The repository's texts; some may be others than on disk. It knows which it was asked for."""

    def __init__(self, edited=None):
        self.edited, self.read = edited or {}, set()

    def __getitem__(self, name):
        self.read.add(name)
        return self.edited[name] if name in self.edited else on_disk(name)

    def find(self, name, pattern):
        """What a pattern finds in a file, where it has to stand: its groups, or the one."""
        return found(pattern, self[name], name)

    def in_chapter(self, name, pattern):
        """The same in a chapter, in what its cells hold."""
        return found(pattern, self.cells(f"chapters/{name}.ipynb"), name)

    def constant(self, name, what):
        """What a Python file assigns to a name at its top; of a dict, its keys."""
        for node in ast.parse(self[name]).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == what:
                value = node.value
                return ast.literal_eval(
                    ast.List(value.keys) if isinstance(value, ast.Dict) else value
                )
        raise LookupError(f"{name} has no {what}")

    def asked(self, explorer):
        """The settings of an explorer's question -> {slider: value}."""
        told = self.find(f"lib/live/js/{explorer}.js", r"^\s+set: \{(.*?)\}")
        return {name: float(value) for name, value in re.findall(r"(\w+): (-?[\d.]+)", told)}

    @staticmethod
    def cells(page):
        return cells(page)

    @staticmethod
    def chapters():
        return sorted(name for name in files() if re.fullmatch(r"chapters/.*\.ipynb", name))


@cache
def on_disk(name):
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def cells(page):
    return "\n".join("".join(cell["source"]) for cell in json.loads(on_disk(page))["cells"])


@cache
def files():
    """What stands in the repository's folders, those that hide and those that are made left out."""
    made = re.compile(r"_build|node_modules|__pycache__|.*\.egg-info|\.(?!ci$|github$).*")
    found, waiting = set(), [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if not made.fullmatch(path.name) or path.is_file():
                found.add(path.relative_to(ROOT).as_posix() + "/" * path.is_dir())
                waiting += [path] * path.is_dir()
    return found


def found(pattern, text, name):
    match = re.search(pattern, text, re.M)
    if not match:
        raise LookupError(f"{name} has no {pattern}")
    return match.groups() if len(match.groups()) > 1 else match[1]


# --- Phrases and numbers


def fill(template, values):
    """A phrase with its fields filled."""
    given = iter(values)
    return "".join(
        text + (written(next(given), spec) if name is not None else "")
        for text, name, spec, _ in string.Formatter().parse(template)
    )


@cache
def as_on_disk(file, template):
    """(the phrases, the files that were read) where nothing is edited."""
    book = Book()
    return list(filled(book, file, template)), book.read


def filled(book, file, template):
    """The phrases that a tie gives, one or several."""
    try:
        values = TIES[file][template](book)
    except (AssertionError, LookupError, TypeError, ValueError) as why:
        yield f"{template} (which nothing gives: {why})"
        return
    for each in values if isinstance(values, list) else [values]:
        yield fill(template, each if isinstance(each, tuple) else (each,))


def phrases(book, file):
    """(a phrase as it should stand in the file, "computed" or its reason) for each of its ties."""
    for template, holder in TIES[file].items():
        if isinstance(holder, str):
            yield template, holder
            continue
        told, read = as_on_disk(file, template)
        if read & book.edited.keys():
            told = filled(book, file, template)
        yield from ((phrase, "computed") for phrase in told)


@cache
def split(text, file):
    """A file's text as it is read, in pieces: paragraphs, items and rows, or lines of settings."""
    if file.endswith(".md"):
        parts = re.split(r"\n\s*\n|\n(?=- |\d+\. |#|\||`{3}|    )", text)
        return tuple(plain(re.sub(r"^(#+|-|\d+\.)\s+", "", part.strip())) for part in parts)
    parts = text.splitlines() if file in WHOLE else [text]
    return tuple(" ".join(part.split()) for part in parts)


def places(phrase, text):
    """Where a phrase stands in a text, in large letters or small, at the borders of words -> [(begin, end)]."""
    if phrase.lower() not in text.lower():
        return []
    begin = r"(?<![\w.,−-])" if re.match(r"\w", phrase) else ""
    end = r"(?!\w|[.,]\d)" if re.search(r"\w$", phrase) else ""
    return [m.span() for m in re.finditer(f"{begin}{re.escape(phrase)}{end}", text, re.I)]


def missing(book):
    """The phrases that do not stand in their file."""
    return [
        f"{file}: {phrase}"
        for file in TIES
        for phrase in not_in(
            split(book[file], file), tuple(told for told, _ in phrases(book, file))
        )
    ]


@cache
def not_in(parts, told):
    return [phrase for phrase in told if not any(places(phrase, text) for text in parts)]


def numbers(book, file):
    """(number, what holds it or "", the text around it) for each number of a file."""
    return numbers_of(split(book[file], file), tuple(phrases(book, file)), file == TEACHERS)


@cache
def numbers_of(parts, told, timetable):
    found = []
    for text in parts:
        held = [(*span, by) for phrase, by in told for span in places(phrase, text)]
        if timetable and (minutes := re.match(r"\| (\d+) \|", text)):
            held.append((*minutes.span(1), "the sum of its session"))
        skipped = [m.span() for pattern in (prose.INDEX, NAMED) for m in pattern.finditer(text)]
        for match in NUMBER.finditer(text):
            begin, end = match.span()
            if not any(a <= begin and end <= b for a, b in skipped):
                by = next((by for a, b, by in held if a <= begin and end <= b), "")
                found.append((match[0], by, text))
    return found


def loose(book):
    """The numbers that nothing holds."""
    told = ((file, *one) for file in WHOLE for one in numbers(book, file))
    return [f"{file}: {number!r} in {text!r}" for file, number, by, text in told if not by]


def unheld_ties():
    """Computed phrases that have a number besides their fields: it would be held by nothing."""
    return [
        template
        for ties in TIES.values()
        for template, holder in ties.items()
        if not isinstance(holder, str)
        and NUMBER.search(NAMED.sub("", re.sub(r"\{.*?\}", "n", template)))
    ]


# --- Tables


def table(text):
    """The rows of a text's tables, cell by cell."""
    lines = [line for line in text.splitlines() if re.match(r"\|(?![ |:-]*$)", line)]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def rows(book):
    """Tables that do not list what there is: the records' files, and the folders of the repository."""
    wrong, planned = [], {**plans.FILES, "runs": plans.CUTS["tests"]["runs"]}
    told = [row for row in table(book[RECORDS]) if re.fullmatch(r"`\w+\.csv`", row[0])]
    names = [row[0].strip("`").removesuffix(".csv") for row in told]
    for name in {*names, *planned}:
        if names.count(name) != (name in planned):
            wrong.append(f"{RECORDS}: {name}.csv has {names.count(name)} rows")
    for name, row in zip(names, told, strict=True):
        if name in planned and bool(planned[name].more) != bool(row[-1]):
            wrong.append(f"{RECORDS}: the own columns of {name}.csv are {row[-1]!r}")
    first = "".join(row[0] for row in table(book[README]))
    pages = re.compile(r"([a-z]+/)[^/]+\.(?:py|ipynb|md)")
    folders = {match[1] for match in map(pages.fullmatch, files()) if match}
    wrong += [
        f"{README}: no row has {folder}" for folder in sorted(folders) if f"`{folder}" not in first
    ]
    return wrong


# --- Paths, links and commands

MADE = {"robots.txt"} | {f"{name}.csv" for name in plans.FILES}  # in the site, by the laboratory
ENDS = r"\.(?:py|md|cff|ya?ml|toml|ipynb|lock|bib|css|js|txt|csv)"


def spans(text):
    """What stands as code in a Markdown text: spans, fenced blocks, lines that are set in."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    rest = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.M | re.S)
    lines = [line.strip() for block in fenced for line in block.splitlines()]
    return re.findall(r"`+ ?([^`\n]+?) ?`+", rest) + lines + re.findall(r"^    (\S.*)$", rest, re.M)


def slugs(text):
    """The addresses of a Markdown text's headings, as GitHub and GitLab make them."""
    heads = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def links(book):
    """Links within the repository that lead nowhere."""
    wrong = []
    for file in READ:
        for target in re.findall(r"\]\(([^)\s]+)\)", book[file]):
            path, _, anchor = target.partition("#")
            if re.match(r"\w+:", target):
                continue
            place = (Path(file).parent / path).as_posix() if path else file
            there = place in files() or place.rstrip("/") + "/" in files()
            if not there or (anchor and anchor not in slugs(book[place])):
                wrong.append(f"{file}: {target}")
    return wrong


def paths(book):
    """Files and folders that a text names as code, and that are not there."""
    wrong = []
    for file in READ[:-1]:  # the changelog tells of what was
        for span in spans(book[file]):
            for name in re.findall(
                rf"(?<![\w./@:-])[\w.][\w./-]*(?:{ENDS}\b|/)(?=[\s,;)]|$)", span
            ):
                if re.match(r"_build|\.venv|\.\./|https?", name) or name in MADE:
                    continue
                if not is_there(name):
                    wrong.append(f"{file}: {name}")
    return wrong


@cache
def is_there(name):
    return any(f"/{one}".endswith(f"/{name}") for one in files())


def commands(book):
    """Targets of make, commands of tools/make.py, options and files of experiments/run.py that are none."""
    targets = set(re.findall(r"^([a-z-]+):", book["Makefile"], re.M))
    asked = set(book.constant("tools/make.py", "COMMANDS"))
    options = set(re.findall(r'add_argument\("(--\w+)"', book[RUNNER]))
    wrong = []
    for file in READ[:-1]:
        for span in spans(book[file]):
            told = span.split("#")[0]
            words = set(re.findall(r"(?:^|\s)make ([a-z][\w-]*)", told)) - targets
            words |= set(re.findall(r"tools/make\.py (\w+)", told)) - asked
            run = re.search(r"(?:^|/)run\.py (.*)|^(--.*)", told)
            for word in " ".join(filter(None, run.groups())).split() if run else ():
                known = word in options or re.fullmatch(r"[\d-]+|FILE", word)
                if not known and word not in {*plans.FILES, *plans.CUTS}:
                    words.add(word)
            wrong += [f"{file}: {word} in {span!r}" for word in sorted(words)]
    return wrong


CHECKS = {  # the name under which a fault asks for it: book -> what is wrong
    "ties": missing,
    "numbers": loose,
    "rows": rows,
    "links": links,
    "paths": paths,
    "commands": commands,
}


def main():
    book = Book()
    for name, look in CHECKS.items():
        for wrong in look(book):
            print(f"{name.upper():9} {wrong}")
    for file in WHOLE:
        print(file)
        for number, by, text in numbers(book, file):
            print(f"  {number:10} {by or 'NOTHING':40.40} {text[:90]}")
    print(Counter(by for file in WHOLE for _, by, _ in numbers(book, file)))


if __name__ == "__main__":
    main()

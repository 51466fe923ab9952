"""Which cells above a cell has to run first, by what the code of all of them reads, binds and may change.

A name's history is the run that bound it and those that may have changed it since. A cell may run once the history of
each name that it reads is the one that running the page from its top would give: what it needs is what is missing of
that. In doubt everything above is needed. A run's key is made of the cell's text and of all that it read, so that after
a change of a cell whatever stands on it is run again.
"""

import ast
import re
import symtable
from functools import cache
from typing import NamedTuple

HARMLESS = set(  # functions that leave what they are given as it is
    "abs all any bool callable dict divmod enumerate filter float format frozenset getattr hasattr hash id int "
    "isinstance len list map max min pow print range repr reversed round set sorted str sum super tuple type "
    "zip".split()
)
CHANGING = re.compile(  # functions and methods that do not
    "add|append|clear|close|copyto|discard|extend|fill|insert|next|pop|popitem|put|remove|resize|reverse|seed|send|"
    "set_.*|setdefault|seterr|shuffle|sort|throw|update"
)
STATEFUL = set(
    "default_rng iter map filter zip enumerate reversed count cycle chain product".split()
)
DOUBTFUL = set("exec eval globals locals vars setattr delattr __import__ open".split())


class Code(NamedTuple):
    """What a cell's code does with names."""

    reads: frozenset = frozenset()  # before it binds them itself
    uses: frozenset = frozenset()  # at all, when it is run
    binds: frozenset = frozenset()
    surely: frozenset = frozenset()  # bound whatever happens
    changes: frozenset = frozenset()  # values that may be changed in place
    given: frozenset = (
        frozenset()
    )  # (function, an argument's name): changed if the function does so
    imports: frozenset = frozenset()
    stateful: frozenset = frozenset()  # bound to what is another after each use
    later: tuple = ()  # (name, Body): what is read and changed when the name is called, ...
    doubtful: bool = False


class Body(NamedTuple):
    """What a function does when it is called."""

    reads: frozenset  # of the page's names
    changes: frozenset
    spoils: bool  # an argument is changed in place
    passes: frozenset  # the functions that an argument is handed on to


@cache
def code(source):
    """The Code of a cell; of one that is no Python nothing but its doubt."""
    try:
        tree = ast.parse(source)
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Code(doubtful=True)
    known = globals_of(table)
    imports = {s.get_name() for s in table.get_symbols() if s.is_imported()}
    binds = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    binds |= {child.get_name() for child in table.get_children()} & known
    reads, uses, surely, changes, given, later = set(), set(), set(), set(), set(), {}
    stateful, doubtful = set(), False
    for statement in tree.body:
        nodes = list(ast.walk(statement))
        names = [node for node in nodes if isinstance(node, ast.Name) and node.id in known]
        loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        loaded |= {root(node.target) for node in nodes if isinstance(node, ast.AugAssign)} & known
        changed, handed = set(changed_by(nodes)) & known, set(handed_on(nodes))
        targets = bound_by(statement)
        reads |= loaded - surely
        doubtful |= any(map(is_doubtful, nodes))
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)) or keeps_code(nodes):
            own = arguments(nodes)
            spoils = bool(set(changed_by(nodes)) & own) or isinstance(statement, ast.ClassDef)
            passes = frozenset(function for function, name in handed if name in own)
            body = Body(frozenset(loaded), frozenset(changed - own), spoils, passes)
            later |= dict.fromkeys(targets, body)
        if not isinstance(statement, ast.FunctionDef):
            uses |= loaded
            changes |= changed
            given |= {pair for pair in handed if pair[1] in known}
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and is_stateful(statement.value):
            stateful |= targets
        surely |= targets
    found = map(frozenset, (reads, uses, binds, surely, changes, given, imports, stateful))
    return Code(*found, tuple(later.items()), doubtful)


def globals_of(table, top=True):
    """The names that a symbol table and those within it look for among the page's."""
    found = {s.get_name() for s in table.get_symbols() if top or s.is_global()}
    return found.union(*(globals_of(child, False) for child in table.get_children()))


def bound_by(statement):
    """The names that a statement binds whatever happens."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign):
        places = statement.targets
    elif (
        isinstance(statement, ast.AugAssign)
        or isinstance(statement, ast.AnnAssign)
        and statement.value
    ):
        places = [statement.target]
    else:
        return set()
    nodes = [node for place in places for node in ast.walk(place) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def arguments(nodes):
    """The names of the arguments of all functions among these nodes."""
    return {node.arg for node in nodes if isinstance(node, ast.arg)}


def root(node):
    """The name that `a.b[c](d).e` begins with, or None."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def changed_by(nodes):
    """The names whose values these nodes may change in place."""
    for node in nodes:
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            yield root(node)
        elif isinstance(node, ast.AugAssign):
            yield root(node.target)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if isinstance(node.func, ast.Attribute) and CHANGING.fullmatch(name):
                yield root(node.func)
            if CHANGING.fullmatch(name):  # next(stream), np.copyto(a, b), rng.shuffle(a)
                yield from map(root, node.args[:1])
            yield from (root(word.value) for word in node.keywords if word.arg == "out")


def handed_on(nodes):
    """(function, name) of each value that is given to a function without a module's name in front."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [*node.args, *(word.value for word in node.keywords)]
            yield from ((node.func.id, name) for name in map(root, given) if name)


def is_stateful(value):
    """Whether an expression gives what is another after each use: a random stream, an iterator."""
    if isinstance(value, (ast.Tuple, ast.List)):
        return any(map(is_stateful, value.elts))
    called = value.func if isinstance(value, ast.Call) else None
    name = getattr(called, "attr", None) or getattr(called, "id", "")
    return name in STATEFUL or isinstance(value, ast.GeneratorExp)


def keeps_code(nodes):
    """Whether something is kept that reads names only when it is called."""
    return any(
        isinstance(node, (ast.Lambda, ast.GeneratorExp)) or getattr(node, "id", "") == "partial"
        for node in nodes
    )


def is_doubtful(node):
    """Whether a node may do what no look at names can tell."""
    called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in DOUBTFUL
    star = isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    return called or star or isinstance(node, (ast.Global, ast.Delete))


class Run(NamedTuple):
    """A cell as it would be run on the page as it stands."""

    key: int
    reads: dict  # {name: its history}; "" is for the runs that are needed whatever they do
    changes: frozenset
    binds: frozenset
    surely: frozenset


def runs(sources):
    """-> [Run]: what running the page from its top would be."""
    history, found, imports, stateful, later = {"": ()}, [], set(), set(), {}
    everything = ()
    for number, source in enumerate(sources):
        here = code(source)
        imports |= here.imports
        later = {name: body for name, body in later.items() if name not in here.surely}
        later |= dict(here.later)
        reads, called = set(), [*here.reads, *(here.uses & later.keys())]
        while called:
            name = called.pop()
            if name not in reads:
                reads.add(name)
                called += later[name].reads if name in later else ()
        changes = set(here.changes) | (reads & stateful)
        changes |= {name for f, name in here.given if spoils(f, later, imports, set())}
        changes = changes.union(*(later[name].changes for name in reads & later.keys()))
        reads -= here.surely - here.reads
        wanted = {name: history[name] for name in reads & history.keys()}
        wanted[""] = history[""] if here.doubtful else everything
        key = hash((number, source, tuple(sorted(wanted.items()))))
        found.append(Run(key, wanted, frozenset(changes & reads), here.binds, here.surely))
        follow(history, found[-1])
        if here.doubtful:
            everything = history[""]
        stateful = stateful - here.surely | here.stateful
    return found


def spoils(function, later, imports, asked):
    """Whether a function may change what it is given: one of the page's own that does, or hands it on to such a one."""
    if function in asked or function in HARMLESS or function in imports and function not in later:
        return False
    if function not in later:
        return function[:1].islower()  # records are named in capitals
    body = later[function]
    return body.spoils or any(spoils(f, later, imports, asked | {function}) for f in body.passes)


def missing(sources, wanted, history):
    """The numbers of the cells to run before the cell `wanted`, in order, given the {name: history} that there is."""
    found = runs(sources[: wanted + 1])
    number = {run.key: place for place, run in enumerate(found)}
    chosen = set()
    while True:
        now, before = dict(history), len(chosen)
        for place in [*sorted(chosen), wanted]:
            for name, keys in found[place].reads.items():
                there = now.get(name, ())
                if not set(keys) <= set(there) if name == "" else keys != there:
                    chosen |= {number[key] for key in keys}
            follow(now, found[place])
        if len(chosen) == before:
            return sorted(chosen)


def follow(history, run):
    """Bring the {name: history} up to date with a run."""
    for name in run.changes:
        history[name] = (*history.get(name, ()), run.key)
    for name in run.binds:
        history[name] = (run.key,) if name in run.surely else (*history.get(name, ()), run.key)
    history[""] = (*history.get("", ()), run.key)

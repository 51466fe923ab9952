"""What the judges share: random arguments, a call that comes to an end, and what is told of an answer."""

import sys
from copy import deepcopy

import numpy as np

STEPS = 2_000_000  # of the interpreter: a loop that needs more for so little does not end
T, D, H, B = 4, 3, 5, 2


class Endless(BaseException):
    """No exception of the reader's own catches it."""


def drawn(blocks=1, states=1):
    """W (blocks H, D+H), b (blocks H, 1), x (T, D, B), states of (H, B): random, so that nothing agrees by chance."""
    rng = np.random.default_rng(0)
    shapes = (blocks * H, D + H), (blocks * H, 1), (T, D, B), *[(H, B)] * states
    return [rng.normal(size=shape) for shape in shapes]


def judged(function, arguments, right, mistakes, wanted):
    """Call it on copies of the arguments, and print what is to be said of what comes back."""
    copies, name = deepcopy(arguments), getattr(function, "__name__", "it")
    try:
        answer = called(function, *copies)
    except Endless:
        print(f"Not yet: {name} does not come to an end: look at the condition of its loop")
    except NotImplementedError:
        print(f"Yours: {name} is still to be written: {wanted}")
    except Exception as error:
        print(f"Not yet: {name} stops with {type(error).__name__}: {error}")
    else:
        tell = told_of_parts if isinstance(right, tuple) else told
        fault = tell(answer, right, mistakes, wanted)
        if not all(np.array_equal(*pair) for pair in zip(copies, arguments, strict=True)):
            fault = "an argument is changed in place: make a new array"
        print(f"Not yet: {name}: {fault}" if fault else f"Right: {name} agrees with lib")


def called(function, *arguments, alone=False):
    """What a function returns; Endless after so many steps of the interpreter.

    With `alone` only those in the file of the function itself count: what it calls may take its time.
    """
    left, before = STEPS, sys.gettrace()
    own = getattr(getattr(function, "__code__", None), "co_filename", None)

    def count(frame, event, argument):
        nonlocal left
        if alone and frame.f_code.co_filename != own:
            return None
        frame.f_trace_opcodes = True  # a loop in one line comes to no other line
        left -= event == "opcode"
        if left < 0:
            raise Endless
        return count

    sys.settrace(count)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)


def told(answer, right, mistakes, wanted):
    """What is wrong with an answer, in words; None if nothing is."""
    if answer is None:
        return f"nothing comes back: does it return {wanted}?"
    try:
        answer = np.asarray(answer, float)
    except (TypeError, ValueError):
        return f"expected {wanted}, got a {type(answer).__name__} that is no array of numbers"
    for words, wrong in mistakes.items():
        if agree(answer, wrong):
            return words
    if answer.shape != right.shape:
        return f"expected {wanted}, here {right.shape}, got {answer.shape}"
    if not np.isfinite(answer).all():
        return "there are numbers in it that are not finite"
    if not np.allclose(answer, right):
        return (
            f"the shape is right, the numbers are not: off by up to {abs(answer - right).max():.2g}"
        )
    return None


def told_of_parts(answer, right, mistakes, wanted):
    """The same where a NamedTuple is right: which of its parts are wrong, and how.

    One mistake explains all of them, or each has its own.
    """
    if answer is None:
        return told(answer, right, mistakes, wanted)
    try:
        parts = [np.asarray(part, float) for part in answer]
    except (TypeError, ValueError):
        kind, number = type(answer).__name__, len(right)
        return f"expected {wanted}, got a {kind} that is no {number} arrays of numbers"
    if len(parts) != len(right):
        return f"expected {wanted}, got {len(parts)}"
    faults = {}
    for name, part, own in zip(right._fields, parts, right, strict=True):
        of_part = {words: getattr(wrong, name) for words, wrong in mistakes.items()}
        of_part = {words: wrong for words, wrong in of_part.items() if not agree(wrong, own)}
        fault = told(part, own, of_part, name)
        if fault:
            faults.setdefault(fault, []).append(name)
    for words, wrong in mistakes.items():
        if all(agree(*pair) for pair in zip(parts, wrong, strict=True)):
            faults = {words: sum(faults.values(), [])}
    return "; ".join(f"{', '.join(names)}: {words}" for words, names in faults.items()) or None


def agree(one, other):
    return one.shape == other.shape and np.allclose(one, other)

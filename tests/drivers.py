"""Firefox and WebKitGTK behind the same few verbs, each by the protocol that it brings along.

Firefox listens for WebDriver BiDi itself; WebKit has a driver of its own, which speaks classic WebDriver, and wants a
screen, which Xvfb is. What was pressed is described alike in both.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import websocket

PATIENCE = 60  # seconds until what does not come is missed
KEYS = {
    "Control": "\ue009",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "End": "\ue010",
    "Home": "\ue011",
}
SIZE = 1280, 900
QUIET_FIREFOX = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "remote.prefs.recommended": True,
    "ui.prefersReducedMotion": 1,
}


def missing(name):
    """A sentence that says what this browser lacks on this machine; or None."""
    needed = {
        "firefox": [("Firefox", firefox())],
        "webkit": [("WebKitWebDriver", shutil.which("WebKitWebDriver")), ("MiniBrowser", mini_browser()),
                   ("Xvfb", shutil.which("Xvfb"))],
    }  # fmt: skip
    lacking = [program for program, path in needed[name] if not path]
    packages = {"firefox": "firefox-esr", "webkit": "webkit2gtk-driver xvfb"}[name]
    return (
        f"No {', no '.join(lacking)}: install it (apt-get install {packages})." if lacking else None
    )


def firefox():
    named = os.environ.get("FIREFOX")
    return next(
        filter(None, map(shutil.which, [named] if named else ["firefox-esr", "firefox"])), None
    )


def mini_browser():
    """WebKit's small browser, which its package puts beside the library."""
    places = sorted(Path("/usr").glob("lib*/*/webkit2gtk-4.*/MiniBrowser"))
    places += sorted(Path("/usr").glob("lib*/webkit2gtk-4.*/MiniBrowser"))
    return next(map(str, reversed(places)), None)


class Page:
    """One window of a browser; `_act`, `_call` and `_go` are the protocol's."""

    def visit(self, address):
        """Load the page, until it stands; what it said until now is forgotten."""
        self._go("about:blank")
        self._forget()
        self._go(address)

    def _forget(self):
        pass

    def ask(self, function, *given):
        """The value of a JavaScript function, called in the page."""
        return self._call(function, given)

    def until(self, function, *given):
        """Wait until the function gives something true, and give that."""
        late = time.monotonic() + PATIENCE
        while not (found := self.ask(function, *given)):
            assert time.monotonic() < late, f"waited in vain for {function}"
            time.sleep(0.05)
        return found

    def press(self, *keys):
        """Press keys together, as in press("Control", "k"); names as in KEYS, else the letter."""
        keys = [KEYS.get(key, key) for key in keys]
        steps = [{"type": "keyDown", "value": key} for key in keys]
        steps += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._act([{"type": "key", "id": "keys", "actions": steps}])

    def type(self, text):
        for letter in text:
            self.press(letter)

    def click(self, selector, place=0):
        """Click into the middle of what the selector finds."""
        box = self.ask(MIDDLE, selector, place)
        assert box, f"{selector} ({place}) cannot be clicked"
        steps = [{"type": "pointerMove", "x": box[0], "y": box[1]}]
        steps += [{"type": f"pointer{way}", "button": 0} for way in ("Down", "Up")]
        mouse = {"pointerType": "mouse"}
        self._act([{"type": "pointer", "id": "mouse", "parameters": mouse, "actions": steps}])


# Into sight, and the middle, if it is what the mouse meets there.
MIDDLE = """(selector, place) => {
  const found = document.querySelectorAll(selector)[place];
  if (!found) return null;
  found.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = found.getBoundingClientRect();
  const x = Math.round(box.x + box.width / 2), y = Math.round(box.y + box.height / 2);
  const met = document.elementFromPoint(x, y);
  return met && (found.contains(met) || met.contains(found)) ? [x, y] : null;
}"""


class Firefox(Page):
    def __init__(self, address):
        self.socket = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=PATIENCE
        )
        self.number, self.heard = 0, []
        self.say("session.new", capabilities={})
        self.say("session.subscribe", events=["log.entryAdded"])
        self.window = self.say("browsingContext.getTree")["contexts"][0]["context"]
        size = dict(zip(("width", "height"), SIZE))
        self.say("browsingContext.setViewport", context=self.window, viewport=size)

    def say(self, method, **words):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": words}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("method") == "log.entryAdded":
                self.heard.append(answer["params"])
            if answer.get("id") == self.number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def _go(self, address):
        self.say("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def _call(self, function, given):
        answer = self.say(
            "script.callFunction",
            functionDeclaration=f"async (...given) => JSON.stringify(await ({function})(...given))",
            arguments=[{"type": "string", "value": one} if isinstance(one, str) else {"type": "number", "value": one}
                       for one in given],
            target={"context": self.window},
            awaitPromise=True,
        )  # fmt: skip
        assert answer["type"] == "success", answer
        return json.loads(answer["result"].get("value", "null"))

    def _act(self, actions):
        self.say("input.performActions", context=self.window, actions=actions)

    def _forget(self):
        self.said()
        self.heard.clear()

    def said(self):
        """What the console told of errors and warnings."""
        self.ask("() => new Promise((done) => setTimeout(done, 50))")
        told = [entry for entry in self.heard if entry["level"] in ("warn", "error")]
        return [f"{entry['level']}: {entry['text']}" for entry in told]

    def picture(self, selector):
        """A PNG of what the selector finds first, in sight."""
        box = self.ask(
            "(selector) => { const node = document.querySelector(selector);"
            " node.scrollIntoView({ block: 'center', behavior: 'instant' });"
            " const { x, y, width, height } = node.getBoundingClientRect(); return { x, y, width, height }; }",
            selector,
        )
        shot = self.say(
            "browsingContext.captureScreenshot", context=self.window, clip={"type": "box", **box}
        )
        return base64.b64decode(shot["data"])


class WebKit(Page):
    def __init__(self, address):
        self.address = address
        browser = {"binary": mini_browser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser}}
        self.address += "/session/" + self.say("", capabilities=wanted, to="/session")["sessionId"]
        self.say("/window/rect", width=SIZE[0], height=SIZE[1])

    def say(self, path, to=None, **words):
        request = urllib.request.Request(
            self.address + (to or path),
            json.dumps(words).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as refused:
            with refused:
                raise AssertionError(refused.read().decode()) from None

    def _go(self, address):
        self.say("/url", url=address)

    def _call(self, function, given):
        code = f"return JSON.stringify(({function})(...arguments))"
        return json.loads(self.say("/execute/sync", script=code, args=list(given)) or "null")

    def _act(self, actions):
        self.say("/actions", actions=actions)

    def said(self):
        """What the console told, in a page that `overheard` has prepared: WebKit's driver does not tell."""
        return self.ask("() => window.heard")


HEARD = """window.heard = [];
addEventListener('error', (event) =>
  heard.push(`error: ${event.message ?? event.target.outerHTML.slice(0, 200)}`), true);
addEventListener('unhandledrejection', (event) => heard.push(`error: ${event.reason}`));
addEventListener('securitypolicyviolation', (event) =>
  heard.push(`refused: ${event.violatedDirective} ${event.blockedURI}`));
for (const kind of ['warn', 'error']) console[kind] = (...words) => heard.push(`${kind}: ${words.join(' ')}`);
"""


def overheard(site, copy):
    """A copy of the site whose pages keep what they say, throw and do not get, in window.heard."""
    shutil.copytree(site, copy, copy_function=os.link)
    (copy / "_static" / "heard.js").write_text(HEARD, encoding="utf-8")
    for path in copy.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        up = "../" * (len(path.relative_to(copy).parts) - 1)
        path.unlink()  # it is the site's own
        script = f'<head><script src="{up}_static/heard.js"></script>'
        path.write_text(text.replace("<head>", script, 1), encoding="utf-8")


@contextmanager
def driven(name, preferences=None):
    """A page of "firefox", with preferences of its own, or of "webkit"; nothing of it stays."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with {"firefox": run_firefox, "webkit": run_webkit}[name](
            Path(folder), preferences or {}
        ) as page:
            yield page


@contextmanager
def run_firefox(folder, preferences):
    chosen = {**QUIET_FIREFOX, **preferences}
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()
    ]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    words = ["--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"]
    with started([firefox(), *words, "about:blank"], folder) as log:
        page = Firefox(found(log, r"BiDi listening on (ws://\S+)"))
        try:
            yield page
        finally:
            page.socket.close()


@contextmanager
def run_webkit(folder, preferences):
    """A driver finds no free port by itself, so a screen and a port are those of the process."""
    screens = folder / "screen"
    size = f"{SIZE[0] + 100}x{SIZE[1] + 200}x24"
    with started(
        ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"], folder, screens
    ):
        number = found(screens, r"^(\d+)\n")
        port = free_port()
        home = {
            "DISPLAY": f":{number}",
            "HOME": str(folder),
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
        }
        words = ["WebKitWebDriver", f"--port={port}"]
        with started(words, folder, folder / "driver", home):
            answers(f"http://127.0.0.1:{port}/status")
            page = WebKit(f"http://127.0.0.1:{port}")
            try:
                yield page
            finally:
                request = urllib.request.Request(page.address, method="DELETE")
                urllib.request.urlopen(request, timeout=PATIENCE).close()


@contextmanager
def started(words, folder, log=None, variables=None):
    """A program that runs meanwhile; the file of what it says."""
    log = log or folder / "log"
    with open(log, "wb") as out:
        program = subprocess.Popen(
            list(map(str, words)),
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(variables or {})},
        )
        try:
            yield log
        finally:
            program.terminate()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def found(log, pattern):
    """What a program says once it is ready."""
    late = time.monotonic() + PATIENCE
    while True:
        text = log.read_text("utf-8", errors="replace")
        if match := re.search(pattern, text):
            return match[1]
        assert time.monotonic() < late, text
        time.sleep(0.05)


def answers(address):
    late = time.monotonic() + PATIENCE
    while True:
        try:
            return urllib.request.urlopen(address, timeout=PATIENCE).close()
        except OSError:
            assert time.monotonic() < late, f"{address} does not answer"
            time.sleep(0.05)


def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]

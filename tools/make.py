"""The book's commands in Python alone, for every system; `make` asks this file too.

    python tools/make.py book               build the site into _build/html
    python tools/make.py test               build it, and run every test
    python tools/make.py browsers            run what is asked of the built pages in Firefox and WebKit
    python tools/make.py quick              run what needs no built page, no browser and no running notebook
    python tools/make.py setup [GROUP ...]  install groups of pyproject.toml, as locked, into .venv
    python tools/make.py page               fetch what the page's Python is made of
    python tools/make.py browser            install a browser for the tests, where none is and we may
    python tools/make.py lock [--upgrade]   write requirements.lock anew after a change of pyproject.toml
    python tools/make.py run WORD ...       the Python of .venv with these words, as in: run -m pytest tests

From any folder, started with any Python 3: what needs 3.11 looks for one. PYTHON names the interpreter that a new
.venv is made with, ENVIRONMENT another environment, there already. It imports the standard library alone.
"""

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = Path(os.environ.get("ENVIRONMENT") or ROOT / ".venv").absolute()
NOTEBOOKS = ["intro.ipynb", "chapters", "appendix"]
LOCKED = ["book", "test", "experiments", "setup"]  # groups
# The tests, each run with its report. Whatever shares a visit or a book is run by one of the processes, in order.
SHARED = ["-n", "logical", "--dist", "loadscope"]
TESTS = {
    "tests": [
        *SHARED,
        "--no-loadscope-reorder",
        "-m",
        "not alone and not browsers",
        "--ran",
        *NOTEBOOKS,
        "tests",
    ],
    "tests-alone": ["-m", "alone", "tests"],
}
OTHERS = ["-m", "browsers", "tests/test_browsers.py"]
QUICK = [*SHARED, "-m", "not built and not alone", "tests"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

# From the caller's shell these must not reach the notebooks.
FOREIGN = ["MPLBACKEND", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"]
# Where programs keep what is theirs: in the home folder, unless a variable names another.
KEPT = [".", ".cache", ".config", ".local", ".local/share", ".ipython", ".jupyter"]
NAMED = """XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME MPLCONFIGDIR IPYTHONDIR
    JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR PIP_CACHE_DIR UV_CACHE_DIR""".split()
# What pip is told about where packages come from, in uv's words.
IN_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
    "keyring-provider": "UV_KEYRING_PROVIDER",
}
OLDER = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}  # names in uv


class Refused(Exception):
    """What cannot be done, in one sentence for the person who typed the command."""


# The commands.


def book():
    """Build the site, warnings being errors."""
    setup("book")
    page()
    status = run("tools/build.py")
    if status == 0:
        front = ROOT / "_build" / "html" / "index.html"
        say(f"The book is built. Open it in a browser:\n    {front.as_uri()}")
    return status


def test():
    """Build, then test the library, the pages and every notebook: all of it, whatever fails on the way."""
    setup("book", "test")
    browser()
    failed = [book()]
    for name, words in TESTS.items():
        failed.append(run("-m", "pytest", f"--junitxml=_build/{name}.xml", *words))
    return int(any(failed))


def browsers():
    """Build, then ask the pages in Firefox and WebKit; what is missing of them is said in a sentence and skipped."""
    setup("book", "test")
    words = ["-q", "-rs", "--junitxml=_build/tests-browsers.xml", *OTHERS]
    return int(any([book(), run("-m", "pytest", *words)]))


def quick():
    """For the hand that is writing: the style, and the tests of what is not built."""
    setup("book", "test")
    steps = [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("pytest", "-q", *QUICK)]
    return int(any([run("-m", *words) for words in steps]))


def setup(*groups):
    """Install the locked versions of these groups, each file checked against its hash, and the project, editable."""
    inside = interpreter(ENVIRONMENT)
    if not (inside and runs(inside, RECENT)):
        inside = new_environment()
    state = " ".join([*map(digest, ("pyproject.toml", "requirements.lock")), str(ROOT)])
    stamps = [ENVIRONMENT / group for group in groups or ["setup"]]
    if not all(stamp.is_file() and stamp.read_text(encoding="utf-8") == state for stamp in stamps):
        install(inside, groups)
    for stamp in stamps:
        stamp.write_bytes(state.encode("utf-8"))
    return 0


def page():
    """Fetch what the page's Python is made of, into the environment's folder `page`: unpacked, and never imported.

    Without it the book is built without buttons; where CI is set it may not be missing. Where PYODIDE names a folder
    with an official release, and there is a Node, nothing is fetched; nor where _config.yml does not ask for it.
    """
    settings = ROOT / "_config.yml"
    if not settings.is_file() or not re.search(
        "^ +page_python: true", settings.read_text(encoding="utf-8"), re.M
    ):
        return 0
    folder, state = ENVIRONMENT / "page", digest("page.lock")
    stamp = folder / "stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return 0
    if os.environ.get("PYODIDE") and shutil.which("node"):
        return 0
    shutil.rmtree(str(folder), ignore_errors=True)
    say("Fetching the page's Python (140 MB) ...")
    try:
        uv("install", "--target", folder, "--no-deps", "--require-hashes", "-r", "page.lock")
    except Refused:
        sentence = "The page's Python could not be fetched, for the reason above"
        if os.environ.get("CI"):
            raise Refused(sentence + ".")
        say(sentence + ": the book is built without the buttons Run.")
        return 0
    stamp.write_bytes(state.encode("utf-8"))
    return 0


def browser():
    """Install Chromium from the system's packages, where no browser is found and we may: as root, with apt-get.

    Elsewhere the tests of the pages say what to do and are skipped; under CI they fail.
    """
    if os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return 0
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("Installing Chromium from the system's packages ...")
        quiet = {
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            "stdout": subprocess.DEVNULL,
        }
        chromium = ["install", "-y", "-qq", "--no-install-recommends", "chromium"]
        if any(
            subprocess.call(["apt-get", *words], **quiet) for words in (["update", "-qq"], chromium)
        ):
            say("Chromium could not be installed.")
    return 0


def run(*words):
    """Run the environment's Python with these words, in the book's folder; its exit status."""
    command = [str(interpreter(ENVIRONMENT)), *words]
    return subprocess.call(command, cwd=str(ROOT), env=surroundings())


def lock(*words):
    """Write requirements.lock anew from pyproject.toml; with --upgrade take the newest versions that it allows."""
    setup()
    groups = [word for group in LOCKED for word in ("--group", group)]
    how = [
        "--universal",
        "--python-version",
        "3.11",
        "--fork-strategy",
        "fewest",
        "--generate-hashes",
    ]
    said = ["--custom-compile-command", "make lock", "--output-file", "requirements.lock"]
    uv("compile", "pyproject.toml", *groups, *how, *said, *words)
    # Its versions are those of pyproject.toml, and it takes none of what they depend on.
    said[-1] = "page.lock"
    uv("compile", "--group", "page", "--no-deps", *how, *said)
    return 0


# The environment and what is installed into it.

RECENT = "import sys; sys.exit(sys.version_info < (3, 11))"
# Does pip trust whom the system trusts? From 24.2 on it does, where the system says whom.
TRUSTING = """import os, pip, ssl, sys
paths = ssl.get_default_verify_paths()
said = sys.platform in ("win32", "darwin") or paths.cafile or paths.capath and os.listdir(paths.capath)
sys.exit([int(part) for part in pip.__version__.split(".")[:2]] < [24, 2] or not said)"""


def interpreter(environment):
    """The Python of an environment: as POSIX has it, as Windows has it, as conda has it on Windows; or None."""
    places = ["bin/python", "Scripts/python.exe", "python.exe"]
    return next((path for path in map(environment.joinpath, places) if path.is_file()), None)


def runs(program, code):
    """Does this interpreter start and run this line?"""
    try:
        return not subprocess.call(
            [str(program), "-c", code], env=surroundings(), stderr=subprocess.DEVNULL
        )
    except OSError:
        return False


def new_environment():
    """Make .venv; its interpreter."""
    if os.environ.get("ENVIRONMENT"):
        raise Refused(f"ENVIRONMENT={ENVIRONMENT} has no Python 3.11 or newer.")
    named = os.environ.get("PYTHON")
    others = [named] if named else [sys.executable, "python3.13", "python3.12", "python3.11"]
    found = next((program for program in others if runs(program, RECENT)), None)
    if not found:
        raise Refused(
            f"Python 3.11 or newer is needed and {others[0]} is not one: install it, "
            "or name it in the variable PYTHON, as in PYTHON=/path/to/python3.12."
        )
    if not runs(found, "import ensurepip, venv"):
        raise Refused(
            "This Python cannot make virtual environments: install its venv module "
            "(on Debian and Ubuntu: apt-get install python3-venv)."
        )
    say(f"Making .venv with {found} ...")
    ask([found, "-m", "venv", "--clear", ENVIRONMENT], surroundings())
    # What pip was told for that one installation, as in a conda environment, holds in the one made from it.
    prefix = subprocess.check_output(
        [found, "-c", "import sys; print(sys.prefix)"], encoding="utf-8"
    )
    for own in (Path(prefix.strip(), name) for name in ("pip.conf", "pip.ini")):
        if own.is_file():
            shutil.copy(str(own), str(ENVIRONMENT))
    return interpreter(ENVIRONMENT)


def install(inside, groups):
    """Into the environment of this interpreter, by uv, which comes out of the same lock."""
    variables = {**surroundings(caches_only=True), "PIP_USER": "0"}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    installer = re.search(r"^uv==.*\n(?: .*\n)+", lock, re.M)[0]
    (ENVIRONMENT / "uv.txt").write_bytes(installer.encode("utf-8"))
    pip = [inside, "-m", "pip", "--disable-pip-version-check"]
    ask([*pip, "install", "--quiet", "--require-hashes", "-r", ENVIRONMENT / "uv.txt"], variables)

    say(f"Installing the locked packages ({' '.join(groups or ['setup'])}) ...")
    wanted = [word for group in ("setup", *groups) for word in ("--group", group)]
    locked = ["--require-hashes", "-r", "pyproject.toml", *wanted, "-c", "requirements.lock"]
    uv("install", *locked)
    uv("install", "--no-deps", "--no-build-isolation", "-e", ".")


def uv(verb, *words):
    """uv, as a pip that is told what pip is."""
    inside = interpreter(ENVIRONMENT)
    variables = surroundings(caches_only=True)
    variables.update(told_to_pip([inside, "-m", "pip", "config", "list"], variables))
    if runs(inside, TRUSTING):
        variables.setdefault("UV_SYSTEM_CERTS", "1")
    command = [inside, "-m", "uv", "pip", verb, "--quiet", "--python", inside, *words]
    ask(command, variables, cwd=str(ROOT))


def told_to_pip(listing, variables):
    """uv's variables for all that pip is told, in its files and by variables; what uv was told itself stays."""
    listed = subprocess.run(
        list(map(str, listing)), env=variables, stdout=subprocess.PIPE, encoding="utf-8"
    )
    told = {}
    for section in ("global", "install", ":env:"):  # the order in which they override one another
        for name, value in re.findall(rf"^{section}\.([\w-]+)=(.+)$", listed.stdout, re.M):
            told[name] = ast.literal_eval(value).split()
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # which pip obeys as well
        told.setdefault("cert", variables.get(name, "").split())
    if "find-links" in told:
        told["find-links"] = [",".join(filter(None, map(place, told["find-links"])))]
    if (told.get("no-index") or ["no"])[0].lower() in ("0", "n", "no", "f", "false", "off"):
        told.pop("no-index", None)
    if told.get("keyring-provider") != ["subprocess"]:  # the one that uv has too
        told.pop("keyring-provider", None)
    found = {IN_UV[name]: " ".join(words) for name, words in told.items() if name in IN_UV}
    if found.get(
        "UV_INDEX"
    ):  # pip asks all its indexes alike; here a hash says which file is meant
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    found = {k: v for k, v in found.items() if v and not {k, OLDER.get(k)} & variables.keys()}
    if told.get("proxy"):  # before those of the shell, as pip has it
        proxy = told["proxy"][0] if "://" in told["proxy"][0] else "http://" + told["proxy"][0]
        found.update(
            dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"], proxy)
        )
    return found


def place(link):
    """One of pip's find-links as uv takes it: an address, or that of a folder that is there; else None."""
    if re.match(r"\w\w+:", link):
        return link.replace(",", "%2C")
    folder = Path(os.path.expanduser(link)).absolute()
    return folder.as_uri().replace(",", "%2C") if folder.is_dir() else None


# Around the programs.


def surroundings(caches_only=False):
    """This shell's variables without those that disturb the book, and with folders that can be written.

    Where programs could not keep in the home folder what they keep there, the home is one in the environment;
    with `caches_only` the caches of pip and uv alone move there, and their settings are still those of the home.
    """
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)  # an empty one is none: the system knows another
    found = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    found["PYTHONUTF8"] = "1"  # what a program reads or prints, whatever the system's encoding is
    found["OPENBLAS_NUM_THREADS"] = (
        "1"  # to small matrices a second thread costs more than it helps
    )
    if found.get("PYTHONDONTWRITEBYTECODE") and ENVIRONMENT.is_dir():
        # Not beside the sources, then; but kept: else each of a hundred kernels and programs compiles all it imports.
        del found["PYTHONDONTWRITEBYTECODE"]
        found.setdefault("PYTHONPYCACHEPREFIX", str(ENVIRONMENT / "bytecode"))
    home = Path(os.path.expanduser("~"))
    kept = [home / name for name in KEPT] + [Path(found[name]) for name in NAMED if found.get(name)]
    if os.name != "nt" and not (home.is_dir() and all(map(writable, kept))):
        found = {name: value for name, value in found.items() if name not in NAMED}
        own = ENVIRONMENT / "home"
        found.update(PIP_CACHE_DIR=str(own / "pip"), UV_CACHE_DIR=str(own / "uv"))
        if not caches_only:
            found["HOME"] = str(own)
    try:
        found_there = tempfile.gettempdir()
        usual = ["/tmp", "/var/tmp", "/usr/tmp", *map(found.get, ("TMPDIR", "TEMP", "TMP"))]
        scarce = found_there == os.getcwd() and found_there not in usual  # the last resort
    except FileNotFoundError:
        scarce = True
    if scarce:
        found["TMPDIR"] = str(ENVIRONMENT / "tmp")
    for name in ("HOME", "TMPDIR"):
        if ENVIRONMENT.is_dir() and str(ENVIRONMENT) in found.get(name, ""):
            os.makedirs(found[name], exist_ok=True)
    return found


def writable(folder):
    """Can files be made in this folder, or, where it is missing, in the nearest above it?"""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        tempfile.TemporaryFile(dir=str(folder)).close()
    except OSError:
        return False
    return True


def ask(command, variables, **how):
    """Run a program that says itself what goes wrong."""
    if subprocess.call(list(map(str, command)), env=variables, **how):
        raise Refused("The installation stopped; the lines above say why.")


def digest(name):
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def say(text):
    print(text, flush=True)


TAKING = ["setup", "run", "lock"]  # further words
COMMANDS = {
    "book": book,
    "test": test,
    "browsers": browsers,
    "quick": quick,
    "setup": setup,
    "page": page,
    "browser": browser,
    "run": run,
    "lock": lock,
}


def main(words):
    """Run the command that the words name; the exit status."""
    if not words or words[0] not in COMMANDS or (words[1:] and words[0] not in TAKING):
        say(__doc__)
        return 2
    try:
        return COMMANDS[words[0]](*words[1:])
    except Refused as reason:
        print(reason, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

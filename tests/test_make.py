"""tools/make.py: the commands on every system, the packages from where pip takes them, a home that can be written."""

import functools
import hashlib
import http.server
import os
import re
import subprocess
import sys
import threading
import venv
import zipfile
from pathlib import Path

import make
import pytest

ROOT = Path(__file__).resolve().parent.parent
POSIX = os.name == "posix"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No word of this machine's pip and uv, and a home of the test's own."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "XDG_", "SSL_", "JUPYTER_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "global"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))


# Around the programs.


@pytest.mark.parametrize("forbidden", [True, False])
def test_what_is_compiled_is_kept_and_not_beside_its_source_where_the_shell_forbids_that(
    tmp_path, monkeypatch, forbidden
):
    monkeypatch.setattr(make, "ENVIRONMENT", tmp_path / "environment")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1" if forbidden else "")
    for name in ("environment", "source"):
        (tmp_path / name).mkdir()
    (tmp_path / "source" / "imported.py").touch()
    subprocess.run(
        [sys.executable, "-c", "import imported"],
        cwd=tmp_path / "source",
        env=make.surroundings(),
        check=True,
    )
    [kept] = tmp_path.rglob("imported.*.pyc")
    assert kept.is_relative_to(tmp_path / ("environment" if forbidden else "source"))


# On every system.


@pytest.mark.parametrize("place", ["bin/python", "Scripts/python.exe", "python.exe"])
def test_the_python_of_an_environment_is_found_where_its_system_has_it(tmp_path, place):
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).touch()
    assert make.interpreter(tmp_path) == tmp_path / place


def test_a_folder_without_a_python_is_no_environment(tmp_path):
    assert make.interpreter(tmp_path) is None


@pytest.mark.parametrize("words", [[], ["boook"], ["book", "twice"]])
def test_a_word_that_is_no_command_brings_up_the_commands(words, capsys):
    assert make.main(words) == 2
    assert "tools/make.py book" in capsys.readouterr().out


def test_the_commands_that_are_listed_are_the_commands_that_are():
    listed = {
        line.split()[2] for line in make.__doc__.splitlines() if "tools/make.py " in line[:27]
    }
    assert listed == make.COMMANDS.keys()


@pytest.mark.parametrize(
    "variable, value, said",
    [
        ("PYTHON", "python-of-nobody", "python-of-nobody is not one"),
        ("PYTHON", os.devnull, "is not one"),
        ("ENVIRONMENT", "nowhere", "nowhere has no Python 3.11"),
    ],
)
def test_without_a_recent_python_one_sentence_says_so(tmp_path, variable, value, said):
    """Asked in a copy of the file, whose .venv would be its own, from a folder that is not the book's."""
    copy = tmp_path / "tools" / "make.py"
    copy.parent.mkdir()
    copy.write_bytes(Path(make.__file__).read_bytes())
    environment = {k: v for k, v in os.environ.items() if k != "ENVIRONMENT"} | {variable: value}
    run = subprocess.run(
        [sys.executable, copy, "setup"],
        cwd=tmp_path / "home",
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 1 and run.stdout == ""
    assert said in run.stderr and run.stderr.count("\n") == 1


@pytest.mark.skipif(not POSIX, reason="apt-get is of Debian")
@pytest.mark.parametrize(
    "installed, root, calls",
    [
        ([], True, ["update -qq", "install -y -qq --no-install-recommends chromium"]),
        ([], False, []),
        (["google-chrome"], True, []),
    ],
)
def test_a_browser_is_installed_where_none_is_and_we_may(
    tmp_path, monkeypatch, installed, root, calls
):
    log = tmp_path / "calls"
    for name in ["apt-get", *installed]:
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$@" >>{log}\n', encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    make.browser()
    assert (log.read_text(encoding="utf-8").splitlines() if log.exists() else []) == calls


def test_nothing_needs_a_bit_that_says_executable():
    """A downloaded archive and a checkout on Windows have none: what a command runs is named after its interpreter."""
    scripts = [*ROOT.glob("tools/*"), *ROOT.glob("binder/*"), *ROOT.glob(".ci/*")]
    names = "|".join(path.relative_to(ROOT).as_posix() for path in scripts if path.is_file())
    shell = [ROOT / "Makefile", ROOT / "binder" / "postBuild", ROOT / ".ci" / "run"]
    bare = []
    for caller in [*shell, *ROOT.glob(".github/workflows/*.yml")]:
        for line in caller.read_text(encoding="utf-8").splitlines():
            if re.search(rf"(^\s*|[@;&|=(]\s*|exec |run: )(\./)?({names})\b", line):
                bare.append(f"{caller.name}: {line.strip()}")
    assert not bare


# Packages from where pip takes them.


def wheel(folder, name="tiny_thing", version="1.0"):
    """A wheel of one module, made on the spot."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/top_level.txt": name,
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return folder


class Handler(http.server.SimpleHTTPRequestHandler):
    """Of a mirror: what is asked is written down; an address that a proxy is asked for is one of its own files."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        if self.path.startswith("http://mirror.invalid/"):
            self.path = self.path.removeprefix("http://mirror.invalid")
        return super().do_GET()

    def do_HEAD(self):
        self.path = self.path.removeprefix("http://mirror.invalid")
        return super().do_HEAD()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    """A web server that lists one wheel at /simple/tiny-thing/, and an older one at /old/tiny-thing/."""
    folder = tmp_path_factory.mktemp("mirror")
    wheel(folder / "simple" / "tiny-thing")
    wheel(folder / "old" / "tiny-thing", version="0.9")
    (folder / "empty").mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    server.asked, server.folder = [], folder
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An environment with nothing in it but what this one lends: pip, uv and setuptools."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    [packages] = folder.glob("[Ll]ib/**/site-packages")
    lent = Path(pytest.__file__).parent.parent
    (packages / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return folder


WAYS = {
    "a variable": ({"PIP_INDEX_URL": "{http}/simple"}, ""),
    "the user's file": ({}, "[global]\nindex-url = {http}/simple"),
    "a file that is named": (
        {"PIP_CONFIG_FILE": "{home}/named"},
        "[install]\nindex-url = {http}/simple",
    ),
    "a variable over a file": (
        {"PIP_INDEX_URL": "{http}/simple"},
        "[global]\nindex-url = {http}/empty",
    ),
    "a second index": (
        {"PIP_INDEX_URL": "{http}/empty"},
        "[global]\nextra-index-url =\n    {http}/no\n    {http}/simple",
    ),
    "a second index, behind the first": (
        {"PIP_INDEX_URL": "{http}/simple", "PIP_EXTRA_INDEX_URL": "{http}/old"},
        "",
    ),
    "a page of links": ({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "{http}/simple/tiny-thing/"}, ""),
    "a folder of wheels": (
        {},
        "[global]\nno-index = true\nfind-links = {home}/not there {folder}/simple/tiny-thing",
    ),
    "two folders of wheels": (
        {"PIP_NO_INDEX": "1"},
        "[global]\nfind-links = {folder}/old/tiny-thing {folder}/simple/tiny-thing",
    ),
    "a folder named from here": ({"PIP_FIND_LINKS": "wheels,mine", "PIP_NO_INDEX": "yes"}, ""),
    "a folder of the home": ({"PIP_FIND_LINKS": "~/wheels", "PIP_NO_INDEX": "yes"}, ""),
    "a proxy": (
        {"PIP_INDEX_URL": "http://mirror.invalid/simple", "PIP_PROXY": "127.0.0.1:{port}"},
        "",
    ),
    "a name and a word": ({"PIP_INDEX_URL": "http://me:s3cret@127.0.0.1:{port}/simple"}, ""),
    "uv's own": ({"PIP_INDEX_URL": "{http}/empty", "UV_DEFAULT_INDEX": "{http}/simple"}, ""),
    "uv's own, by its older name": (
        {"PIP_INDEX_URL": "{http}/empty", "UV_INDEX_URL": "{http}/simple"},
        "",
    ),
}


@pytest.mark.parametrize("variables, file", WAYS.values(), ids=WAYS)
def test_uv_takes_packages_from_where_pip_does(
    mirror, empty, tmp_path, monkeypatch, variables, file
):
    home = tmp_path / "home"
    port = mirror.server_address[1]
    words = {
        "http": f"http://127.0.0.1:{port}",
        "port": port,
        "home": home,
        "folder": mirror.folder,
    }
    for place in (home / "named", home / ".config" / "pip" / "pip.conf"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.format(**words), encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(**words))
    monkeypatch.chdir(home)
    wheel(home / "wheels,mine"), wheel(home / "wheels")
    variables = make.surroundings(caches_only=True)
    told = make.told_to_pip([sys.executable, "-m", "pip", "config", "list"], variables)
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "tiny-thing==1.0",
        "--reinstall",
        "--target",
    ]
    run = subprocess.run(
        [*command, tmp_path / "taken"],
        env={**variables, **told},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "taken" / "tiny_thing.py").is_file()
    assert "s3cret" not in run.stdout + run.stderr


TOLD = """
[global]
trusted-host =
    mirror.local
    other:8080
cert = /etc/one.pem
client-cert = /etc/me.pem
timeout = 90
retries = 9
no-index = false
keyring-provider = subprocess
proxy = https://proxy:1
[install]
cert = /etc/our.pem
[download]
cert = /etc/not-this.pem
"""


def test_what_pip_is_told_is_said_in_uvs_words(tmp_path, monkeypatch):
    (tmp_path / "told").write_text(TOLD, encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "told"))
    told = make.told_to_pip([sys.executable, "-m", "pip", "config", "list"], dict(os.environ))
    proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]
    expected = dict.fromkeys(proxies, "https://proxy:1") | {
        "UV_INSECURE_HOST": "mirror.local other:8080",
        "SSL_CERT_FILE": "/etc/our.pem",
        "SSL_CLIENT_CERT": "/etc/me.pem",
        "UV_HTTP_TIMEOUT": "90",
        "UV_HTTP_RETRIES": "9",
        "UV_KEYRING_PROVIDER": "subprocess",
    }
    assert {name: told.get(name) for name in expected} == expected
    assert "UV_NO_INDEX" not in told


def test_what_pip_is_not_told_uv_is_not_told_either(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)  # and no other file
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "not there"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/our.pem")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    listing = [sys.executable, "-m", "pip", "config", "list"]
    assert make.told_to_pip(listing, dict(os.environ)) == {"SSL_CERT_FILE": "/etc/our.pem"}


@pytest.mark.built
def test_what_one_installation_of_pip_is_told_holds_in_the_environment_made_from_it(
    empty, tmp_path, monkeypatch
):
    """As conda has it: the settings stand in the environment that make is started from."""
    (empty / ("pip.conf" if POSIX else "pip.ini")).write_text(
        "[global]\nretries = 7\n", encoding="utf-8"
    )
    monkeypatch.setattr(make, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    monkeypatch.setenv("PYTHON", str(make.interpreter(empty)))
    made = make.new_environment()
    listed = subprocess.run(
        [made, "-m", "pip", "config", "list"], capture_output=True, encoding="utf-8"
    )
    assert "global.retries='7'" in listed.stdout


@pytest.mark.skipif(
    not POSIX, reason="on Windows the folder for passing things is a setting of the user"
)
@pytest.mark.parametrize("usual", [True, False])
def test_where_nothing_passing_can_be_written_it_goes_into_the_environment(
    tmp_path, monkeypatch, usual
):
    monkeypatch.setattr(make, "ENVIRONMENT", tmp_path / "environment")
    monkeypatch.chdir("/tmp" if usual else tmp_path)
    monkeypatch.setattr(make.tempfile, "gettempdir", os.getcwd)  # the last resort of Python
    monkeypatch.setenv("TMPDIR", "/proc")
    found = make.surroundings()["TMPDIR"]
    assert found == ("/proc" if usual else str(tmp_path / "environment" / "tmp"))


@pytest.mark.built
def test_the_locked_packages_come_from_the_mirror_that_pip_knows(mirror, empty, tmp_path):
    """The whole set-up of a small project: its one package is on no other host."""
    project = tmp_path / "a project"
    (project / "tools").mkdir(parents=True)
    (project / "tools" / "make.py").write_bytes(Path(make.__file__).read_bytes())
    (project / "thing.py").touch()
    (project / "pyproject.toml").write_text(
        '[project]\nname = "project"\nversion = "1"\n'
        '[dependency-groups]\nsetup = []\nbook = ["tiny-thing"]\n'
        '[tool.setuptools]\npy-modules = ["thing"]\n',
        encoding="utf-8",
    )
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    file = mirror.folder / "simple" / "tiny-thing" / "tiny_thing-1.0-py3-none-any.whl"
    tiny = (
        f"tiny-thing==1.0 \\\n    --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
    )
    locked = tiny + re.search(r"^uv==.*\n(?: .*\n)+", lock, re.M)[0]
    (project / "requirements.lock").write_text(locked, encoding="utf-8")
    index = f"http://127.0.0.1:{mirror.server_address[1]}/simple"
    environment = os.environ | {"ENVIRONMENT": str(empty), "PIP_INDEX_URL": index}
    command = [sys.executable, project / "tools" / "make.py", "setup", "book"]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8"
    )
    assert (run.returncode, run.stderr) == (0, "")
    asked = len(mirror.asked)
    inside = make.interpreter(empty)
    subprocess.run([inside, "-c", "import tiny_thing, thing"], check=True, cwd=tmp_path)
    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8"
    )
    assert (again.returncode, again.stdout, len(mirror.asked)) == (
        0,
        "",
        asked,
    )  # nothing is to be done


# A home that can be written.


def test_a_home_that_can_be_written_is_left_alone(tmp_path):
    assert make.surroundings()["HOME"] == str(tmp_path / "home")


def file_in_place_of(folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()


@pytest.mark.skipif(not POSIX, reason="on Windows a home is no variable")
@pytest.mark.parametrize(
    "fault",
    ["/nonexistent", "/proc", "/dev/null", ".cache", ".config", ".local", ".local/share"]
    + [".ipython", ".jupyter"],
)
def test_where_the_home_cannot_be_written_another_is_in_the_environment(
    tmp_path, monkeypatch, fault
):
    if fault.startswith("."):
        file_in_place_of(tmp_path / "home" / fault)
    else:
        monkeypatch.setenv("HOME", fault)
    before = os.environ["HOME"]
    monkeypatch.setattr(make, "ENVIRONMENT", tmp_path / "environment")
    (tmp_path / "environment").mkdir()
    found = make.surroundings()
    assert found["HOME"] == str(tmp_path / "environment" / "home") and Path(found["HOME"]).is_dir()
    setting_up = make.surroundings(caches_only=True)
    assert setting_up["HOME"] == before  # where pip's and uv's settings are
    assert Path(setting_up["UV_CACHE_DIR"]).parent == tmp_path / "environment" / "home"


@pytest.mark.skipif(not POSIX, reason="on Windows a home is no variable")
@pytest.mark.parametrize(
    "name", ["XDG_CACHE_HOME", "MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"]
)
def test_a_variable_that_names_a_folder_that_cannot_be_written_is_dropped(monkeypatch, name):
    monkeypatch.setenv(name, "/proc/nothing")
    assert name not in make.surroundings()


@pytest.mark.parametrize("name", ["MPLBACKEND", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"])
def test_the_shells_module_path_and_backend_do_not_reach_the_notebooks(monkeypatch, name):
    monkeypatch.setenv(name, "x")
    assert name not in make.surroundings()


# The commands: whatever fails on the way, the rest is run, and the whole has failed.


@pytest.mark.parametrize("command, steps", [(make.test, 1 + len(make.TESTS)), (make.quick, 3)])
def test_one_step_that_fails_fails_the_command(monkeypatch, command, steps):
    for name in ("setup", "browser", "page"):
        monkeypatch.setattr(make, name, lambda *groups: 0)
    for bad in range(steps + 1):
        ran = []

        def run(*words, bad=bad, ran=ran):
            ran.append(words)
            return int(len(ran) - 1 == bad)

        monkeypatch.setattr(make, "run", run)
        assert command() == int(bad < steps) and len(ran) == steps

"""pytest plugin of ccci: fixtures live_app, meta, op_state, deps, and the marker requires_deps.

Loaded by ccci in its sandbox; documented in docs/write-recipe-tests.md. Python's own library only.
"""

import http.client
import json
import os
import socket
import urllib.error
import urllib.request
from urllib.parse import quote, urljoin

import pytest

# By this beginning of a skip's reason ccci knows a test that did not run though it should have.
NOT_RUN = "ccci-not-run: "


def not_run(reason):
    """Ends the present test as not run: it is not the app's fault, and the run is incomplete."""
    pytest.skip(NOT_RUN + reason)


class LiveApp(str):
    """The app under test: its domain as a text, and what can be asked of it."""

    @property
    def domain(self):
        return str(self)

    @property
    def url(self):
        return _variable("CCCI_URL")

    def get(self, path="/", headers=None, timeout=30):
        """GET of a path; an answer of any status is an answer: .status, .headers, .read()."""
        return self.request("GET", path, headers=headers, timeout=timeout)

    def request(self, method, path="/", data=None, headers=None, timeout=30):
        body = data.encode() if isinstance(data, str) else data
        asked = urllib.request.Request(urljoin(self.url, path), body, headers or {}, method=method)
        try:
            return urllib.request.urlopen(asked, timeout=timeout)
        except urllib.error.HTTPError as answer:
            return answer

    def exec(self, service, argv, dep=None, **options):
        """Runs a command in the newest container of a service: {exitCode, stdout, stderr, timedOut, cut}."""
        return _ask("POST", _path(service, dep) + "/exec", {"argv": list(argv), **options})

    def logs(self, service, tail=100, dep=None):
        """The last lines that a service wrote."""
        return _ask("GET", _path(service, dep) + f"/logs?tail={tail}")["lines"]

    def inspect(self, service, dep=None):
        """Image, labels, mounts and tasks of a service; of its environment the names only."""
        return _ask("GET", _path(service, dep))


@pytest.fixture(scope="session")
def live_app():
    """The app under test."""
    return LiveApp(_variable("CCCI_DOMAIN"))


@pytest.fixture(scope="session")
def op_state():
    """What earlier stages saw: the content of CCCI_STAGE_STATE."""
    return _json("CCCI_STAGE_STATE")


@pytest.fixture(scope="session")
def meta(op_state):
    """Which run this is: recipe, ref, version, base, run, stage, stack, domain, url, settings."""
    names = ("recipe", "ref", "run", "stage", "stack", "domain")
    given = {name: os.environ.get(f"CCCI_{name.upper()}") for name in names}
    state = {name: op_state[name] for name in ("version", "base", "settings")}
    return {**given, **state, "url": os.environ.get("CCCI_URL")}


@pytest.fixture(scope="session")
def deps():
    """What the recipe's dependencies gave, by recipe; empty without any."""
    return _json("CCCI_DEPS_FILE")


def pytest_configure(config):
    line = "requires_deps(*recipes): not run unless these dependencies (all of them unless named) are ready"
    config.addinivalue_line("markers", line)


def pytest_runtest_setup(item):
    for mark in item.iter_markers("requires_deps"):
        if os.environ.get("CCCI_DEPS_READY") != "1":
            not_run("the dependencies of the recipe are not ready")
        given = _json("CCCI_DEPS_FILE")
        if not given:
            not_run("the recipe has no dependencies: add them to needs in recipe.yml")
        missing = [recipe for recipe in mark.args if recipe not in given]
        if missing:
            not_run(f"no dependency {', '.join(missing)}: add it to needs in recipe.yml")


class _Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(_variable("CCCI_APP_SOCKET"))


def _ask(method, path, body=None):
    connection = _Connection("app", timeout=600)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        content = json.loads(answer.read())
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"app socket: {content.get('error')}")
    return content


def _path(service, dep):
    prefix = "" if dep is None else f"/deps/{quote(dep, safe='')}"
    return f"{prefix}/services/{quote(service, safe='')}"


def _variable(name):
    value = os.environ.get(name)
    if value:
        return value
    why = "no service of the recipe is routed" if name == "CCCI_URL" else "ccci gives it to the tests it runs"
    raise RuntimeError(f"{name} is not set: {why}")


def _json(name):
    with open(_variable(name), encoding="utf-8") as file:
        return json.load(file)

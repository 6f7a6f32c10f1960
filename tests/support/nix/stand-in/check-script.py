"""Checks the script of a VM test without running it: check-script.py SCRIPT NODE...

Every name is one of Python's, the driver's, a node's or the script's own; every method of a machine is one that the
driver has, called with arguments that it takes. The real driver is built with mypy and pyflakes, which see more.
"""

import ast
import builtins
import inspect
import sys


class Machine:
    """What the driver's machines have been asked for years. Time limits are not: newer drivers want another type of them."""

    def crash(self): ...
    def execute(self, command): ...
    def fail(self, *commands): ...
    def get_unit_info(self, unit, user=None): ...
    def get_unit_property(self, unit, property, user=None): ...
    def log(self, msg): ...
    def reboot(self): ...
    def require_unit_state(self, unit, require_state="active"): ...
    def shutdown(self): ...
    def start(self, allow_reboot=False): ...
    def start_job(self, jobname, user=None): ...
    def stop_job(self, jobname, user=None): ...
    def succeed(self, *commands): ...
    def systemctl(self, q, user=None): ...
    def wait_for_closed_port(self, port, addr="localhost"): ...
    def wait_for_file(self, filename): ...
    def wait_for_open_port(self, port, addr="localhost"): ...
    def wait_for_unit(self, unit, user=None): ...
    def wait_until_fails(self, command): ...
    def wait_until_succeeds(self, command): ...


driver = {"driver", "join_all", "log", "os", "retry", "start_all", "subtest", "t"}


def names_made(tree):
    """Names that the script defines anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]


def problems(tree, nodes):
    known = set(dir(builtins)) | driver | set(nodes) | set(names_made(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            yield node.lineno, f"{node.id} is neither a node nor a name of the driver or the script"
        asked = node.func if isinstance(node, ast.Call) else node
        if not (isinstance(asked, ast.Attribute) and isinstance(asked.value, ast.Name)):
            continue
        if asked.value.id not in nodes:
            continue
        method = getattr(Machine, asked.attr, None)
        if method is None:
            yield node.lineno, f"{asked.value.id}.{asked.attr}: the driver's machines have no such method"
        elif isinstance(node, ast.Call):
            try:
                inspect.signature(method).bind(None, *node.args, **{word.arg: word for word in node.keywords})
            except TypeError as error:
                yield node.lineno, f"{asked.value.id}.{asked.attr}: {error}"


def main(file, *nodes):
    with open(file, encoding="utf-8") as script:
        tree = ast.parse(script.read(), filename="testScript")
    found = sorted(set(problems(tree, nodes)))
    for line, text in found:
        print(f"testScript, line {line}: {text}", file=sys.stderr)
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))

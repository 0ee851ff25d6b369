"""The gates of the house as pure functions: source in, complaints out.

Each gate gets a path (relative to the repository) and its text and returns one line per breach.
The tests beside this file run every gate over the repository and over a bad example, so that a
gate that sleeps is found out.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator

MAXIMUM_FILE_LINES = 400
MAXIMUM_FUNCTION_LINES = 40

FORBIDDEN_NAMES = frozenset(
    {"utils", "util", "common", "helpers", "helper", "manager", "base", "misc"}
)

_TOP_FOLDERS = frozenset({"contracts", "harness", "loadtests", "mockserver"})

CLOCKS = frozenset({"mockserver/core/clock.py", "harness/client/clock.py"})
GENERATORS = frozenset({"mockserver/core/seeded_random.py", "harness/client/random_source.py"})

# A module alone (no name) may not be imported at all.
_BANNED = {
    ("time", ""),
    ("random", ""),
    ("secrets", ""),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("uuid", "uuid1"),
    ("uuid", "uuid4"),
    ("os", "urandom"),
}

# Paths of a machine and hosts of registries, put together here so that no file holds them.
_FOLDERS = tuple(f"/{name}/" for name in ("work", "root", "tmp/w"))
_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("deb", "debian", "org"),
    )
)
_FORBIDDEN_WORDS = _FOLDERS + _HOSTS
# Parsing costs most of a gate's time: a file without these texts holds nothing to complain about.
_CLOCK_OR_CHANCE = re.compile("|".join(sorted({name or owner for owner, name in _BANNED})))
_RELATIVE = re.compile(r"\bfrom[\s\\]*\.")
_BARE = re.compile(rf"\b(?:import|from)\b[^#\n]*(?<![\w.])(?:{'|'.join(sorted(_TOP_FOLDERS))})\b")
_LEFT_UNDONE = re.compile(r"\b(TODO|FIXME|XXX)\b")

_NOQA = re.compile(r"#\s*noqa\b", re.IGNORECASE)
_NOQA_WITH_REASON = re.compile(r"#\s*noqa: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)* -- \S.{4,}")
_IGNORE = re.compile(r"#\s*type:\s*ignore")
_IGNORE_WITH_REASON = re.compile(r"#\s*type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]  # \S.{4,}")


def long_file(path: str, text: str) -> Iterator[str]:
    """Complain about a file that is longer than one sitting."""
    lines = text.count("\n")
    if lines > MAXIMUM_FILE_LINES:
        yield f"{path}: {lines} lines, {MAXIMUM_FILE_LINES} are allowed"


def long_function(path: str, text: str) -> Iterator[str]:
    """Complain about functions that do not fit on a screen; decorators do not count."""
    if text.count("\n") < MAXIMUM_FUNCTION_LINES:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAXIMUM_FUNCTION_LINES:
                yield f"{path}::{node.name}: {lines} lines, {MAXIMUM_FUNCTION_LINES} are allowed"


def undocumented_module(path: str, text: str) -> Iterator[str]:
    """Complain about a module that does not say what it knows."""
    if not ast.get_docstring(ast.parse(text)):
        yield f"{path}: no module docstring"


def forbidden_name(path: str, text: str) -> Iterator[str]:
    """Complain about names that say nothing about what is inside."""
    for part in path.removesuffix(".py").split("/"):
        if part in FORBIDDEN_NAMES:
            yield f"{path}: the name {part!r} says nothing"


def banned_call(path: str, text: str) -> Iterator[str]:
    """Complain about time, chance and ids taken from the machine instead of an argument."""
    if path in CLOCKS | GENERATORS or not _CLOCK_OR_CHANCE.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        for what in _taken_from_the_machine(node):
            yield f"{path}:{node.lineno}: {what}"


def _taken_from_the_machine(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from _banned({(each.name, "") for each in names})
        case ast.ImportFrom(module=str(module), names=names):
            yield from _banned({(module, each.name) for each in names} | {(module, "")})
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            yield from _banned({(owner, name)})
        case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
            yield from _banned({(owner, name)})


def _banned(taken: set[tuple[str, str]]) -> Iterator[str]:
    for owner, name in sorted(taken & _BANNED):
        yield f"{owner}.{name}".removesuffix(".") + ": ask the clock or the generator"


def misplaced_exemption(path: str, text: str) -> Iterator[str]:
    """Complain about a lifted ban of time or chance outside the clocks and generators."""
    if path in CLOCKS | GENERATORS:
        return
    for line, comment in _comments(text):
        if _NOQA.search(comment) and "TID251" in comment:
            yield f"{path}:{line}: the ban is lifted only in the clocks and the generators"


def bare_exemption(path: str, text: str) -> Iterator[str]:
    """Complain about a silenced rule that does not name the rule and the reason."""
    for line, comment in _comments(text):
        if _NOQA.search(comment) and not _NOQA_WITH_REASON.search(comment):
            yield f"{path}:{line}: write '# noqa: CODE -- reason'"
        if _IGNORE.search(comment) and not _IGNORE_WITH_REASON.search(comment):
            yield f"{path}:{line}: write '# type: ignore[code]  # reason'"


CLIENT = "harness/client/"
CLIENT_NEEDS = frozenset({"requests", "urllib3"})
"""What the reference client may import beyond the standard library; urllib3 comes with requests."""


def relative_import(path: str, text: str) -> Iterator[str]:
    """Complain about imports that hide from which floor they come."""
    if path.startswith(CLIENT) or not _RELATIVE.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{path}:{node.lineno}: relative import"


def dependent_client(path: str, text: str) -> Iterator[str]:
    """Complain about imports that a copy of the client's folder cannot follow.

    Imports for type checkers alone do not count; an optional library is imported by
    ``importlib.import_module`` where it is needed.
    """
    if not path.startswith(CLIENT):
        return
    depth = path.removeprefix(CLIENT).count("/") + 1
    tree = ast.parse(text)
    for_types = {
        id(inner)
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level > depth:
            yield f"{path}:{node.lineno}: leaves the client's folder"
        for module in _absolute_modules(node):
            top = module.split(".")[0]
            is_free = top in sys.stdlib_module_names | CLIENT_NEEDS
            if not is_free and (top == "adsmock" or id(node) not in for_types):
                yield f"{path}:{node.lineno}: imports {module}"


def _absolute_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def bare_name(path: str, text: str) -> Iterator[str]:
    """Complain about imports of a folder without its package: only ``adsmock.*`` is installed."""
    if not _BARE.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            modules = [each.name for each in node.names]
        else:
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for module in modules:
            if module.split(".")[0] in _TOP_FOLDERS:
                yield f"{path}:{node.lineno}: write adsmock.{module}"


def silent_skip(path: str, text: str) -> Iterator[str]:
    """Complain about a skipped test that does not say why: a skip reads as green."""
    if not _SKIP.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _is_pytest_skip(node.func) and not _has_reason(node):
            yield f"{path}:{node.lineno}: a skip needs a reason"


_SKIPS = ("skip", "skipif", "xfail")
_SKIP = re.compile("|".join(_SKIPS))


def _is_pytest_skip(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in _SKIPS


def _has_reason(node: ast.Call) -> bool:
    named = any(each.arg in {"reason", "msg"} for each in node.keywords)
    return named or (
        bool(node.args) and isinstance(node.func, ast.Attribute) and node.func.attr == "skip"
    )


def left_undone(path: str, text: str) -> Iterator[str]:
    """Complain about notes of work that is not done."""
    for number, line in enumerate(text.splitlines(), 1):
        if _LEFT_UNDONE.search(line):
            yield f"{path}:{number}: left undone"


def forbidden_word(path: str, text: str) -> Iterator[str]:
    """Complain about paths of one machine and hosts of package registries."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in _FORBIDDEN_WORDS:
            if word in line:
                yield f"{path}:{number}: names {word!r}"


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Return the comments that silence a rule; most files have none."""
    if not (_NOQA.search(text) or _IGNORE.search(text)):
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string

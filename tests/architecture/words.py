"""The gate of words: prose and names use the field's terms, in American spelling.

Checks docstrings, comments, strings with a blank in them, names that code binds, names of files,
and the text files and JSON descriptions of the project. Code spans (`` `x` ``) are not prose.
Run ``python -m tests.architecture.words [FOLDER ...]`` to list every refused word with its line.
"""

import ast
import functools
import io
import re
import sys
import tokenize
from collections.abc import Iterator

from tests.architecture.repository import read, text_files

INSTEAD = {
    "anew": "again, new",
    "reckon reckons reckoned reckoning": "calculate, estimate",
    "lawful lawfully unlawful unlawfully": "valid, allowed, compliant",
    "told": "reports, shows, records",
    "stands": "is, contains",
    "whoever whosoever whomever": "the caller, the user",
    "mend mends mended mending": "fix",
    "aloud": "visibly, on stderr",
    "heed heeds heeded heeding": "obey",
    "hasty hastily": "too frequent",
    "stubborn stubbornly": "repeated after refusal",
    "careless carelessly": "misbehaving",
    "believable believably": "realistic",
    "drawn": "chosen at random (seeded); rendered",
    "thaw thaws thawed": "restore",
    "knock knocks": "connection event",
    "gatehouse": "listener registry",
    "door doors": "endpoint, listener, middleware",
    "desk desks": "work queue",
    "temper tempers": "behavior",
    "crew crews": "worker pool",
    "equipment": "extensions",
    "stock stocks": "candidates, entities",
    "sieve sieves": "filter",
    "sift sifts sifted": "filter",
    "spell spells": "load window",
    "trail trails": "change log",
    "kin": "shared rules",
    "face faces": "mapping",
    "beside": "next to, besides, with",
    "still": "(leave out); snapshot view",
    "hand hands": "pass, caller, manually",
}
"""Words the gate refuses, and what to write."""

BRITISH = {
    r"behaviour\w*": "behavior",
    r"colour\w*": "color",
    r"cancelled|cancelling": "canceled",
    r"catalogue\w*": "catalog",
    r"favour\w*": "favor",
    r"honour\w*": "honor",
    r"centre\w*": "center",
    r"licence\w*": "license",
    r"labelled|labelling": "labeled",
    r"modell(?:ed|ing)": "modeled",
    r"travell(?:ed|ing)": "traveled",
    r"\w*(?:normal|serial|optim|recogn|organ|author|initial|summar|minim|maxim|util)"
    r"is(?:e|es|ed|ing|er|ers|ation)": "-ize",
    r"judgement\w*": "judgment",
}

PHRASES = {
    r"by lot": "at random (seeded)",
    r"whose word": "the caller",
    r"tells? of": "reports, shows",
    r"h(?:old|olds|eld) [\w' ]{1,40} against": "compare with",
}

ALLOWED_IDENTIFIERS = frozenset({"hand", "face", "drawn", "faces"})
"""Words that are refused in prose alone."""

_WORDS = {word: instead for words, instead in INSTEAD.items() for word in words.split()}
_PROSE = re.compile(
    r"(?<![\w-])(?:" + "|".join([*_WORDS, *BRITISH, *PHRASES]) + r")(?![\w])",
    re.IGNORECASE,
)
_PHRASE = re.compile("|".join(PHRASES), re.IGNORECASE)
_NAMES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BRITISH_NAME = re.compile("|".join(BRITISH), re.IGNORECASE)

TEXT_SUFFIXES = (".md", ".toml", ".jinja", ".html", ".css", ".js", ".cjs", ".yml")

EXEMPT = ("tests/architecture/", "tests/browser/axe/axe.min.js", "adsmock/charts/uplot/uPlot.")
"""What the gate leaves out: the folder that lists the refused words, and unchanged libraries."""

_CODE = re.compile(r"``.+?``|`[^`]+`")
_JSON_TEXT = re.compile(r'"(?:description|summary|title)": *"((?:[^"\\]|\\.)*)"')
# Python 3.12 and newer read an f-string as several tokens.
_TEXT_TOKENS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


_WIRE_VALUES = {"CANCELLED"}
"""Amazon's values, which programs send and print in the spelling of the wire."""


def refused_word(path: str, text: str) -> Iterator[str]:
    """Complain about words that a reader would stumble over."""
    for word in _NAMES.findall(path.rpartition("/")[2].partition(".")[0]):
        yield from _named(path, 1, word)
    if path.endswith(".py"):
        yield from _python(path, text)
        return
    if not _is_suspect(text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        texts = _JSON_TEXT.findall(line) if path.endswith(".json") else [line]
        for each in texts:
            yield from _prose(path, number, each)


def _is_suspect(text: str) -> bool:
    """Say whether a text holds a refused word anywhere: most do not, and need no closer look."""
    words = set(re.findall(r"\w+", text))
    return any(map(_is_refused_in_prose, words)) or bool(_PHRASE.search(text))


@functools.cache
def _is_refused_in_prose(word: str) -> bool:
    return bool(_PROSE.fullmatch(word))


def _python(path: str, text: str) -> Iterator[str]:
    if _is_suspect(text):
        yield from _comments_and_strings(path, text)
    if not any(map(_words_of, set(re.findall(r"\w+", text)))):
        return
    for node in ast.walk(ast.parse(text)):
        for name in _bound(node):
            for word in _words_of(name):
                yield from _named(path, getattr(node, "lineno", 1), word, name)


def _comments_and_strings(path: str, text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (
            token.type in _TEXT_TOKENS and " " in token.string.strip()
        ):
            for offset, line in enumerate(token.string.splitlines()):
                yield from _prose(path, token.start[0] + offset, line)


@functools.cache
def _words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that the gate refuses."""
    return tuple(word for word in _NAMES.findall(name) if _is_refused(word.lower()))


def _is_refused(word: str) -> bool:
    listed = word in _WORDS and word not in ALLOWED_IDENTIFIERS
    return listed or bool(_BRITISH_NAME.fullmatch(word))


def _prose(path: str, number: int, line: str) -> Iterator[str]:
    for found in _PROSE.finditer(_CODE.sub("", line)):
        if found.group() in _WIRE_VALUES:
            continue
        word = found.group().lower()
        instead = _WORDS.get(word, "American spelling, or the field's term")
        yield f"{path}:{number}: {found.group()!r}: write {instead}"


def _bound(node: ast.AST) -> Iterator[str]:
    """Return the names that a node binds; those of libraries are not ours to choose."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.ClassDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.alias(asname=str(name)):
            yield name


def _named(path: str, line: int, word: str, name: str = "") -> Iterator[str]:
    """Complain about one word of a name."""
    word = word.lower()
    if _is_refused(word):
        instead = _WORDS.get(word, "American spelling")
        yield f"{path}:{line}: name {name or word!r}: write {instead}"


def texts(*folders: str) -> list[str]:
    """Return the files under ``folders`` with our prose; contract data quotes Amazon's wording.

    Without folders, return everything but what is exempt.
    """
    described = ("contracts/meta/", "mockserver/control/")
    return [
        name
        for name in text_files()
        if (name.startswith(folders) if folders else not name.startswith(EXEMPT))
        and (
            name.endswith((*TEXT_SUFFIXES, ".py"))
            or name in {"Makefile", ".ci/run"}
            or (name.endswith(".json") and name.startswith(described))
        )
    ]


if __name__ == "__main__":
    breaches = [each for name in texts(*sys.argv[1:]) for each in refused_word(name, read(name))]
    sys.stdout.write("".join(f"{each}\n" for each in breaches))
    sys.exit(bool(breaches))

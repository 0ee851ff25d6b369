"""The gate of words: prose and names use the field's terms, in American spelling.

Reads docstrings, comments, strings with a blank in them, identifiers, and whole text files.
Run ``python -m tests.architecture.words [FOLDER ...]`` to list every breach with its line.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator

from tests.architecture.repository import PRODUCT, read, text_files

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
_NAMES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BRITISH_NAME = re.compile("|".join(BRITISH), re.IGNORECASE)

TEXT_SUFFIXES = (".md", ".toml", ".jinja", ".html", ".css", ".js", ".cjs", ".yml")


def refused_word(path: str, text: str) -> Iterator[str]:
    """Complain about words that a reader would stumble over."""
    if path.endswith(".py"):
        yield from _python(path, text)
    else:
        for number, line in enumerate(text.splitlines(), 1):
            yield from _prose(path, number, line)


def _python(path: str, text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and " " in token.string
        ):
            for offset, line in enumerate(token.string.splitlines()):
                yield from _prose(path, token.start[0] + offset, line)
    yield from _identifiers(path, text)


def _prose(path: str, number: int, line: str) -> Iterator[str]:
    for found in _PROSE.finditer(line):
        word = found.group().lower()
        instead = _WORDS.get(word, "American spelling, or the field's term")
        yield f"{path}:{number}: {found.group()!r}: write {instead}"


def _identifiers(path: str, text: str) -> Iterator[str]:
    """Complain about names that are bound here; those of libraries are not ours to choose."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                pass
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                pass
            case _:
                continue
        for part in _NAMES.findall(name):
            word = part.lower()
            if (word in _WORDS and word not in ALLOWED_IDENTIFIERS) or _BRITISH_NAME.fullmatch(
                word
            ):
                instead = _WORDS.get(word, "American spelling")
                yield f"{path}:{node.lineno}: name {name!r}: write {instead}"


def texts(*folders: str) -> list[str]:
    """Return the files whose prose is ours: no contract data, which quotes Amazon's wording."""
    return [
        name
        for name in text_files()
        if (not folders or name.startswith(folders))
        and (name.endswith((*TEXT_SUFFIXES, ".py")) or name == "Makefile")
        and not name.startswith("tests/")
    ] + [
        name
        for name in text_files()
        if (not folders or name.startswith(folders))
        and name.startswith(("contracts/meta/", "mockserver/control/"))
        and name.endswith(".json")
    ]


if __name__ == "__main__":
    breaches = [
        each
        for name in texts(
            *(sys.argv[1:] or (*PRODUCT, "adsmock", "README", "ARCH", "CHANGE", "Make"))
        )
        for each in refused_word(name, read(name))
    ]
    sys.stdout.write("".join(f"{each}\n" for each in breaches))
    sys.exit(bool(breaches))

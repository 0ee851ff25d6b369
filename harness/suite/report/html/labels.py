"""What each verdict and each reply looks like and is called on the page.

Knows words, signs and class names. Colour never stands alone: every tone has a sign or a shape
and a word. Knows nothing about layout.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.practice import find

_DOCS = "https://advertising.amazon.com/API/docs/en-us/"
_ANCHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*(#[A-Za-z0-9_-]+)?")
_OK, _MULTI_STATUS, _REFUSED, _BROKEN = 200, 207, 400, 500
_THROTTLED = frozenset({425, 429})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one verdict is shown: its word, its sign, its class and what it means."""

    word: str
    sign: str
    css: str
    meaning: str


# From what must be looked at first to what needs no look at all.
VERDICTS = {
    verdict.word: verdict
    for verdict in (
        Verdict("ERROR", "‼", "error", "the suite itself went wrong; says nothing of the client"),
        Verdict("FAIL", "✕", "fail", "a MUST is broken"),
        Verdict("WARN", "!", "warn", "a SHOULD is broken"),
        Verdict("UNPROVEN", "?", "unproven", "no fault delivered, or no chance to err: not a pass"),
        Verdict("INCONCLUSIVE", "≈", "inconclusive", "too noisy or incomplete to tell: not a pass"),
        Verdict("INFO", "i", "info", "reported, never scored"),
        Verdict("PASS", "✓", "pass", "seen to hold"),
        Verdict("N/A", "-", "na", "declared absent, with a reason"),
    )
}
ORDER = tuple(VERDICTS)
NEEDS_A_LOOK = frozenset(ORDER[:5])
UNSETTLED = frozenset({"UNPROVEN", "INCONCLUSIVE"})

# How a connection ended, when it did not end well.
ENDINGS = {
    "reset": "reset",
    "closed": "closed",
    "truncated": "cut short",
    "timeout": "no answer",
    "client-closed": "hung up",
    "open": "still open",
}


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice a case comes from: its code, what it says in short, and where."""

    code: str
    title: str
    source: str
    link: str | None


def verdict(word: object) -> Verdict:
    """Return how `word` is shown; an unknown word is shown as it is, in the tone of an error."""
    text = str(word)
    return VERDICTS.get(text) or Verdict(text, "‼", "error", "a word this report does not know")


def worst(words: list[str]) -> str:
    """Return the word that must be looked at first, or an empty text."""
    known = [word for word in ORDER if word in words]
    return known[0] if known else ""


def tone(entry: Mapping[str, Any]) -> str:
    """Return the class of a reply: ok, part, throttle, refuse, broken or lost."""
    if entry.get("ended", "complete") != "complete":
        return "lost"
    status = entry.get("status")
    if not isinstance(status, int) or status == 0:
        return "lost"
    if status in _THROTTLED:
        return "throttle"
    if status >= _BROKEN:
        return "broken"
    if status >= _REFUSED:
        return "refuse"
    return "part" if status == _MULTI_STATUS and _has_failed_items(entry) else "ok"


def _has_failed_items(entry: Mapping[str, Any]) -> bool:
    """Return whether any member of a multi-status failed (as far as the journal kept the reply)."""
    fault, reply = entry.get("fault"), entry.get("reply")
    if isinstance(fault, Mapping) and fault.get("kind") == "partial":
        return True
    envelopes = reply.values() if isinstance(reply, Mapping) else ()
    return any(isinstance(envelope, Mapping) and envelope.get("error") for envelope in envelopes)


def answer(entry: Mapping[str, Any]) -> str:
    """Return the reply in a word or two: `429`, `200 cut short`, `reset`."""
    status, ended = entry.get("status"), str(entry.get("ended", "complete"))
    words = [str(status)] if isinstance(status, int) and status >= _OK else []
    if ended != "complete":
        words.append(ENDINGS.get(ended, ended))
    return " ".join(words) or "no answer"


def fault_kind(entry: Mapping[str, Any]) -> str:
    """Return the kind of the fault this call met, or an empty text."""
    fault = entry.get("fault")
    return str(fault.get("kind", "")) if isinstance(fault, Mapping) else ""


def document(anchor: object) -> str | None:
    """Return the address of a public document, or None when `anchor` is not a plain page path."""
    text = str(anchor or "").strip("/")
    return _DOCS + text if _ANCHOR.fullmatch(text) and ".." not in text else None


def practice(code: str) -> Practice:
    """Return what a practice code stands for; an unknown code stands for itself."""
    found = find(code)
    if found is None:
        return Practice(code, "", "", None)
    return Practice(code, found.title, found.source.name, document(found.source.page))

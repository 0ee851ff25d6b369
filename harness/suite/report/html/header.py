"""The head of the page: the verdict in one word and one sentence, and the facts of the run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.checks.finding import counted
from adsmock.harness.suite.journal.record import of_cases
from adsmock.harness.suite.report.baseline_note import WRONG, stale, tally
from adsmock.harness.suite.report.html.check import Check
from adsmock.harness.suite.report.html.labels import ORDER, UNSETTLED, Verdict, verdict
from adsmock.harness.suite.report.html.masking import mask_text
from adsmock.harness.suite.report.html.reproduce import named, rerun
from adsmock.harness.suite.report.html.trend import Trend, trends
from adsmock.harness.suite.report.html.view import (
    FINDINGS_SHOWN,
    Case,
    case_view,
    evidence_lookup,
    findings,
)

# By exit code: the word at the top of the page and its tone.
_HEADLINES = {
    0: ("Conformant", "pass"),
    1: ("Not conformant", "fail"),
    2: ("Not run", "error"),
    3: ("Incomplete", "unproven"),
    4: ("The suite failed", "error"),
    5: ("Nothing selected", "na"),
    130: ("Interrupted", "inconclusive"),
}
_CONFORMANT, _BROKEN, _INCOMPLETE, _OURS = 0, 1, 3, 4


@dataclass(frozen=True, slots=True)
class Page:
    """The values of the page template."""

    headline: str
    tone: str
    sentence: str
    hint: str
    last_lines: str
    refused: str
    client: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[Verdict, int], ...]
    cases: tuple[Case, ...]
    areas: tuple[tuple[str, tuple[Case, ...]], ...]
    findings: tuple[tuple[Case, Check, str], ...]
    more: int
    legend: tuple[Verdict, ...]
    trends: tuple[Trend, ...]
    manifest: tuple[tuple[str, str], ...]

    @property
    def not_applicable(self) -> tuple[Case, ...]:
        """Return the cases that do not apply and need no review."""
        return tuple(
            case for case in self.cases if case.verdict.css == "na" and not case.needs_review
        )

    @property
    def status_choices(self) -> tuple[tuple[str, str], ...]:
        """Return the statuses to filter by, with the number of cases."""
        words = [case.verdict.word for case in self.cases]
        review = sum(case.needs_review for case in self.cases)
        found = [(word, f"{word} ({words.count(word)})") for word in dict.fromkeys(words)]
        return (("review", f"To review ({review})"), *found)

    @property
    def area_choices(self) -> tuple[tuple[str, str], ...]:
        """Return the areas to filter by, with the number of cases."""
        return tuple((area, f"{area or 'other'} ({len(cases)})") for area, cases in self.areas)

    @property
    def practice_choices(self) -> tuple[tuple[str, str], ...]:
        """Return the practices to filter by: their codes with their titles."""
        titles = {
            one.code: f"{one.code} {one.title}".strip()
            for case in self.cases
            for _, _, ones in case.practices
            for one in ones
        }
        return tuple(sorted(titles.items()))


_FREE = "Free run passed", "free run"
"""Headline and scope of a run in which a program did its own work: it has no selection to name."""


def page_view(
    run: Mapping[str, Any],
    journal: Sequence[Mapping[str, Any]],
    earlier: Sequence[Mapping[str, Any]] = (),
) -> Page:
    """Return the page of one run; each journal entry names its case or cases."""
    cases = _case_views(run, journal)
    found = findings(cases)
    code = run.get("exit")
    headline, tone = _HEADLINES.get(code if isinstance(code, int) else _OURS, _HEADLINES[_OURS])
    scope = f"{run.get('profile', '')} profile"
    if run.get("verdict") == "passed":  # only a whole profile can be conformant
        is_free = (run.get("client") or {}).get("driver") == "free"
        headline, scope = _FREE if is_free else ("Selection passed", "selection")
    if run.get("verdict") == "as-expected":
        headline, tone = "As expected", "info"
    if run.get("verdict") == "outdated-baseline":
        headline = "Outdated baseline"
    headline = "Stopped early" if run.get("stopped") and code == _INCOMPLETE else headline
    hint, _, last_lines = mask_text(str(run.get("hint") or "")).partition("\n")
    areas = list(dict.fromkeys(case.area for case in cases))
    return Page(
        headline=headline,
        tone=tone,
        sentence=_stopped(run) + (_known(run) or _sentence(code, cases, scope)),
        hint=hint,
        last_lines=last_lines,
        refused=mask_text(str(run.get("refused") or "")),
        client=_client(run.get("client")),
        facts=_facts(run, cases, len(journal)),
        counts=_counts(cases),
        cases=tuple(sorted(cases, key=_rank)),
        areas=tuple((area, tuple(case for case in cases if case.area == area)) for area in areas),
        findings=tuple(found[:FINDINGS_SHOWN]),
        more=max(0, len(found) - FINDINGS_SHOWN),
        legend=tuple(verdict(word) for word in ORDER),
        trends=trends(run, earlier),
        manifest=_manifest(run.get("manifest")),
    )


def _case_views(run: Mapping[str, Any], journal: Sequence[Mapping[str, Any]]) -> tuple[Case, ...]:
    """Return the cases of a run, each with its entries and the evidence in other cases."""
    by_case: dict[str, list[Mapping[str, Any]]] = {}
    for entry in journal:
        for name in of_cases(entry.get("case", "")):
            by_case.setdefault(name, []).append(entry)
    raw = [case for case in run.get("cases", ()) if isinstance(case, Mapping)]
    known = evidence_lookup(raw, by_case)
    return tuple(
        case_view(case, by_case.get(str(case.get("id", "")), []), known, rerun(run, named(case)))
        for case in raw
    )


def _rank(case: Case) -> int:
    """Return the rank of a case on the page: the worst verdict comes first."""
    return ORDER.index(case.verdict.word) if case.verdict.word in ORDER else 0


def _client(client: object) -> str:
    """Return the client: a name with its kind, or the command."""
    if not isinstance(client, Mapping):
        return str(client or "")
    command = client.get("command")
    if command:
        return mask_text(str(command))
    name, driver = str(client.get("name") or ""), str(client.get("driver") or "")
    return f"{driver}: {name}" if driver and name and driver != name else name or driver


def _checks(cases: Sequence[Case]) -> list[Check]:
    return [check for case in cases for check in case.checks]


def _counts(cases: Sequence[Case]) -> tuple[tuple[Verdict, int], ...]:
    """Return the number of checks by verdict, worst first."""
    words = [check.verdict.word for check in _checks(cases)]
    known = [word for word in (*ORDER, *sorted(set(words) - set(ORDER))) if word in words]
    return tuple((verdict(word), words.count(word)) for word in known)


def _sentence(code: object, cases: Sequence[Case], scope: str) -> str:
    """Return the verdict in one sentence, with numbers; ``scope`` is the profile or selection."""
    checks = _checks(cases)
    applicable = [check for check in checks if check.verdict.word != "N/A"]
    must = [check for check in applicable if check.severity == "MUST"]
    fails = sum(check.verdict.word == "FAIL" for check in must)
    warns = sum(check.verdict.word == "WARN" for check in checks)
    open_ones = sum(check.verdict.word in UNSETTLED for check in must)
    plain = {
        2: "The run did not start: an option or the manifest is wrong.",
        _OURS: "The suite or the mock failed. This says nothing about the client.",
        5: "No case matched the selection, so nothing was judged.",
        130: "The run was interrupted, so it has no verdict.",
    }
    if isinstance(code, int) and code in plain:
        return plain[code]
    if code == _CONFORMANT:
        words = f"All {len(must)} MUST checks of the {scope} passed"
        return words + (f"; {counted(warns, 'recommendation')} not followed." if warns else ".")
    if code == _BROKEN:
        if not fails:
            broken = f"run is strict: {counted(warns, 'recommendation')} not followed"
            return f"No MUST check failed, but the {broken if warns else 'baseline is wrong'}."
        where = counted(len(cases), "case")
        return f"{fails} of {counted(len(must), 'MUST check')} failed in {where}."
    if not any(case.calls for case in cases):
        return "The client made no call, so nothing was proven."
    return f"{open_ones} of {counted(len(must), 'MUST check')} could not be decided."


def _stopped(run: Mapping[str, Any]) -> str:
    """Return how much of a stopped run there is, with a space; empty for a whole run."""
    return f"{mask_text(str(run['stopped']))} " if run.get("stopped") else ""


def _known(run: Mapping[str, Any]) -> str:
    """Return the verdict in one sentence if the baseline decides it, else an empty string."""
    counts = tally(run)
    if run.get("verdict") == "as-expected":
        known = counted(counts["expected"], "known failure")
        return f"Only failures that the baseline lists: {known}."
    wrong = [f"{counts[word]} {word}" for word in sorted(WRONG) if word in counts]
    has_news = any(
        check.get("status") == "FAIL" and not check.get("baseline")
        for case in run.get("cases", ())
        for check in case.get("checks", ())
    )
    if not wrong or has_news or run.get("exit") != _BROKEN:
        return ""
    rows = stale(run)[:FINDINGS_SHOWN]
    return f"The baseline is wrong: {', '.join(wrong)}. " + " ".join(f"{row}." for row in rows)


def _manifest(document: object) -> tuple[tuple[str, str], ...]:
    """Return the manifest's declarations, one row per member."""
    if not isinstance(document, Mapping):
        return ()
    values = document.get("values")
    rows = _members(values if isinstance(values, Mapping) else {}, "")
    return (("file", str(document.get("file", ""))), *rows)


def _members(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _members(value, f"{path}{name}.")
        elif name == "not_applicable":
            yield from ((f"n/a: {row['id']}", mask_text(str(row["reason"]))) for row in value)
        else:
            listed = value if isinstance(value, list) else [value]
            yield f"{path}{name}".replace("_", " "), mask_text(", ".join(map(str, listed)))


def _facts(
    run: Mapping[str, Any], cases: Sequence[Case], calls: int
) -> tuple[tuple[str, str], ...]:
    """Return the known facts that make a run repeatable."""
    suite = run.get("suite")
    suite = suite if isinstance(suite, Mapping) else {}
    server = run.get("server")
    orphans = run.get("orphans")
    facts = (
        ("Profile", run.get("profile")),
        ("Seed", run.get("seed")),
        ("Cases", len(cases)),
        ("Calls", calls),
        ("Unattributed calls", orphans or None),
        ("Day", run.get("date")),
        ("Baseline", ", ".join(f"{count} {word}" for word, count in tally(run).items())),
        ("Suite", f"{suite.get('version', '')} {str(suite.get('digest', ''))[:12]}".strip()),
        ("Mock", server.get("version") if isinstance(server, Mapping) else None),
        ("Exit code", run.get("exit")),
    )
    return tuple((name, str(value)) for name, value in facts if value not in (None, ""))

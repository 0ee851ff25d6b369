"""One page for each conformance case, and their index."""

import json
from typing import Any

from adsmock.harness.mutants import MUTANTS
from adsmock.harness.suite.case import Case, Check, Task, load
from docs.generate.markdown import code, table

SHOWN = 2
"""Members of a long list that a page shows."""

INVARIANT = """\
None of its own: an invariant is judged on the journals of all other cases of a run.
One breach in any journal fails the check. Without an opportunity in any journal it is N/A.
"""


def pages() -> dict[str, str]:
    """Return a page for each case and the index."""
    found = load()
    return {"cases/index.md": index(found)} | {
        f"cases/{name}.md": page(case) for name, case in found.items()
    }


def index(found: dict[str, Case]) -> str:
    """Return the list of all cases, by area."""
    areas: dict[str, list[Case]] = {}
    for case in found.values():
        areas.setdefault(case.area, []).append(case)
    parts = [
        "# Cases\n",
        f"The suite has {len(found)} cases. `adsmock explain CASE` shows a case in the terminal.\n",
    ]
    for area, members in areas.items():
        rows = [
            (f"[{one.id}]({one.id}.md)", one.title, one.level, ", ".join(one.profiles) or "full")
            for one in members
        ]
        parts.append(
            f"## {area.capitalize()}\n\n{table(('Case', 'Title', 'Level', 'Profiles'), rows)}"
        )
    return "\n".join(parts)


def page(case: Case) -> str:
    """Return the page of one case."""
    checks = {one.id for one in case.checks}
    caught = {name: one.defect for name, one in MUTANTS.items() if checks & set(one.kills)}
    facts = [
        ("Level", case.level),
        ("Area", case.area),
        ("Profiles", ", ".join(dict.fromkeys(("full", *case.profiles)))),
        ("Practice", ", ".join(case.practice)),
        ("Source", case.anchor),
    ]
    parts = [
        f"# {case.id}: {case.title}\n",
        f"{case.claim}\n",
        "## How to fix a failure\n",
        f"{case.how_to_fix}\n",
        "## Facts\n",
        table(("Fact", "Value"), facts),
        "## Work\n",
        INVARIANT if case.every else listed(work(case)),
        *([f"{case.pause_words}\n"] if case.pause_words else []),
        "## Faults\n",
        listed(code(json.dumps(one.rule)) for one in case.faults),
        "## Checks\n",
        table(
            ("Check", "Severity", "Question", "Numbers"),
            (
                (code(one.id), one.severity, one.judge.replace("_", " "), numbers(one.numbers))
                for one in case.checks
            ),
        ),
    ]
    parts += [part for one in case.checks for part in advice(one)]
    if case.exempt:
        parts += ["## Exempt invariants\n", table(("Check", "Reason"), case.exempt.items())]
    if caught:
        parts += [
            "## Broken clients that it catches\n",
            table(
                ("Client", "Defect"),
                ((code(f"mutant:{name}"), defect) for name, defect in caught.items()),
            ),
        ]
    return "\n".join(parts)


def advice(check: Check) -> list[str]:
    """Return what a partner can do about one check: fix it, and get a verdict at all."""
    lines = [f"Fix: {check.how_to_fix}\n"] if check.how_to_fix else []
    lines += [f"For a verdict, the program has to {check.to_prove}.\n"] if check.to_prove else []
    return [f"### {check.id}\n", *lines] if lines else []


def work(case: Case) -> list[str]:
    """Return the tasks, those of one verb, resource and profile once with their number."""
    groups: dict[str, list[Task]] = {}
    for one in case.tasks:
        shape = [one.verb, *(one.args.get(name) for name in ("resource", "profile", "kind"))]
        groups.setdefault(json.dumps(shape), []).append(one)
    return [
        f"`{first.verb}` {brief(first.args)}" + (f", and {len(more)} more like it" if more else "")
        for first, *more in groups.values()
    ]


def listed(lines: Any) -> str:
    """Return a list without repeated lines; ``None.`` when it is empty."""
    unique = list(dict.fromkeys(lines))
    return "".join(f"- {line}\n" for line in unique) if unique else "None.\n"


def brief(args: dict[str, Any]) -> str:
    """Return arguments as JSON with long lists cut."""
    return code(json.dumps({name: cut(value) for name, value in args.items()}, ensure_ascii=False))


def cut(value: Any) -> Any:
    """Return a value whose long lists show their first member and how many follow."""
    if isinstance(value, list) and len(value) > SHOWN:
        return [value[0], f"and {len(value) - 1} more"]
    return value


def numbers(given: dict[str, Any]) -> str:
    """Return the numbers of a check."""
    return ", ".join(f"{name} {value}" for name, value in given.items())

"""The self-contained HTML report of a run: one file that opens offline.

Templates, style and script are package data. The page loads nothing, and a content security policy
with the hashes of its style and script enforces that, whatever a journal contains.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from adsmock.harness.suite.report.html.header import page_view
from adsmock.harness.suite.report.html.packed import pack
from adsmock.harness.suite.report.html.view import Case
from adsmock.harness.suite.report.html.wire_log import WireRow


def render(
    run: Mapping[str, Any],
    journal: Sequence[Mapping[str, Any]],
    earlier: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the report as one HTML document.

    Args:
        run: the run as `run.json` holds it (`contracts/meta/run.schema.json`).
        journal: journal entries, each with the member `case`.
        earlier: earlier runs for the trend, oldest first, as `run.json` holds them.
    """
    # Only our own files go into the page unescaped.
    style, script = read("report.css"), read("report.js")
    page = page_view(run, journal, earlier)
    text = (
        environment()
        .get_template("page.html.jinja")
        .render(
            page=page,
            packed=packed_cases(page.cases),
            style=style,
            script=script,
            policy=policy(style, script),
        )
    )
    # UTF-8 cannot contain a lone surrogate; the page shows "?" instead.
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class PackedCases:
    """What the page unpacks: the charts by case, the calls by name, the name of each case's calls.

    A free run judges many cases from the same calls, so equal calls are in the page once.
    """

    charts: Mapping[str, str]
    calls: Mapping[str, str]
    names: Mapping[str, str]


def packed_cases(cases: Sequence[Case]) -> PackedCases:
    """Return the charts and the calls of all cases, packed."""
    macros: Any = environment().get_template("recorded.html.jinja").module
    known: dict[tuple[WireRow, ...], str] = {}
    names: dict[str, str] = {}
    charts: dict[str, str] = {}
    for case in cases:
        if case.calls or case.output:
            charts[case.id] = pack(str(macros.charts(case)))
        if case.calls:
            names[case.id] = known.setdefault(case.log.rows, f"calls-{len(known) + 1}")
    return PackedCases(charts, {name: _packed_calls(rows) for rows, name in known.items()}, names)


def _packed_calls(rows: Sequence[WireRow]) -> str:
    macros: Any = environment().get_template("recorded.html.jinja").module
    return pack(
        [
            {
                "seq": row.seq,
                "row": str(macros.wire_row(row)),
                "details": str(macros.wire_details(row)),
            }
            for row in rows
        ]
    )


@cache
def environment() -> Environment:
    """Return an environment that escapes everything and refuses unknown names."""
    return Environment(
        loader=FunctionLoader(lambda name: read(f"template/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def read(name: str) -> str:
    """Return the text of a file in this package."""
    return files("adsmock.harness.suite.report.html").joinpath(name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """Return a policy that allows our style, our script and data images only."""
    own = f"'{_digest(script)}'" if script else "'none'"
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src {own}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()

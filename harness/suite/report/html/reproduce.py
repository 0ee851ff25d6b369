"""How to repeat a case or a call: the command of the run, and the call as curl."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from adsmock.harness.suite.journal.entry import NO_CALLS
from adsmock.harness.suite.report.html.masking import MASK, mask, mask_text
from adsmock.harness.suite.report.html.timeline import Entry

INCLUDED = frozenset({"mutant", "benign"})
PROGRAMS = {"command": "--cmd", "adapter": "--adapter", "free": "--free"}
CURL_CHARACTERS = 4_000
CASES_NAMED = 5

# The variables that adsmock sets for the programs it starts; `adsmock exec` sets them, too.
TOKEN_FORM = (
    '-d grant_type=refresh_token -d "client_id=$CLIENT_ID" -d "client_secret=$CLIENT_SECRET" '
    '-d "refresh_token=$REFRESH_TOKEN"'
)
# A client's own address and encodings say nothing about the call; credentials get variables.
_HEADERS_LEFT_OUT = frozenset(
    {
        "accept-encoding",
        "amazon-advertising-api-clientid",
        "amazon-advertising-api-scope",
        "authorization",
        "connection",
        "content-length",
        "host",
        "user-agent",
    }
)
_REGIONS = frozenset({"NA", "EU", "FE"})


def named(case: Mapping[str, Any]) -> list[str]:
    """Return the ids that repeat a case: its own, and the cases of an invariant's evidence."""
    others = {
        str(row["case"])
        for check in case.get("checks", ())
        if isinstance(check, Mapping)
        for row in check.get("rows", ())
        if isinstance(row, Mapping) and row.get("case")
    }
    return [*sorted(others)[:CASES_NAMED], str(case.get("id", ""))]


def rerun(run: Mapping[str, Any], cases: Sequence[str]) -> str:
    """Return the command that runs cases again with the same client and seed.

    A journal that the suite did not produce is judged again instead.
    """
    client = run.get("client")
    client = client if isinstance(client, Mapping) else {}
    driver, name = str(client.get("driver") or ""), str(client.get("name") or "")
    if driver in PROGRAMS:
        words = [PROGRAMS[driver], str(client.get("command") or name)]
    elif driver in INCLUDED or driver == "reference":
        words = ["--client", f"{driver}:{name}" if driver in INCLUDED else driver]
    else:
        return "adsmock judge journal.ndjson"
    words += ["--through-proxy"] if run.get("throughProxy") else []
    manifest = run.get("manifest")
    if isinstance(manifest, Mapping):
        words += ["--manifest", str(manifest.get("file") or "")]
    words += ["--cases", ",".join(cases), "--seed", str(run.get("seed", ""))]
    return mask_text(shlex.join(["adsmock", "conform", *words]))


def curl(entry: Entry) -> str:
    """Return a call as curl, with variables for addresses and credentials.

    Empty for a call to storage, which needs a new signature, and for a body that is too long.
    """
    operation, region = str(entry.get("operation") or ""), str(entry.get("region") or "")
    if region not in _REGIONS or operation.startswith(("storage.", *NO_CALLS)):
        return ""
    if operation.startswith("lwa."):
        return f'curl -sS "$LWA_{region}"{_quoted(str(entry.get("path") or ""))} {TOKEN_FORM}'
    query = str(entry.get("query") or "")
    place = str(entry.get("path") or "") + (f"?{query}" if query else "")
    body = _body(entry.get("request"))
    if len(body) > CURL_CHARACTERS:
        return ""
    lines = [
        f'curl -sS -X {_quoted(str(entry.get("method") or "GET"))} "$ADS_{region}"{_quoted(place)}',
        '-H "Authorization: Bearer $ACCESS_TOKEN"',
        '-H "Amazon-Advertising-API-ClientId: $CLIENT_ID"',
        *_scope(entry),
        *_headers(entry.get("headers")),
        *([f"--data {_quoted(body)}"] if body else []),
    ]
    return mask_text(" \\\n  ".join(lines))


def token(entry: Entry) -> str:
    """Return the command that sets the access token for a call as curl, in any POSIX shell."""
    find = r's/.*"access_token" *: *"\([^"]*\)".*/\1/'
    place = f'"$LWA_{entry.get("region")}/auth/o2/token"'
    return f"ACCESS_TOKEN=$(curl -sS {place} {TOKEN_FORM} | sed '{find}')"


def _scope(entry: Entry) -> list[str]:
    """Return the scope header; the mock mints other profiles in each run."""
    if not entry.get("profileId"):
        return []
    return [f'-H "Amazon-Advertising-API-Scope: $PROFILE_ID_{entry["region"]}"']


def _headers(headers: object) -> list[str]:
    named = headers.items() if isinstance(headers, Mapping) else ()
    return [
        f"-H {_quoted(f'{name}: {value}')}"
        for name, value in named
        if str(name).lower() not in _HEADERS_LEFT_OUT
    ]


def _body(request: object) -> str:
    if request is None:
        return ""
    masked = mask(request)
    return masked if isinstance(masked, str) else json.dumps(masked, ensure_ascii=False)


def _quoted(text: str) -> str:
    return shlex.quote(text.replace(MASK, "REDACTED"))

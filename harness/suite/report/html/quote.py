"""A call quoted as evidence: what the program sent, and what the mock answered."""

import json
from dataclasses import dataclass

from adsmock.harness.suite.report.html.labels import answer, fault_kind, fault_rule, tone
from adsmock.harness.suite.report.html.lane import seq_of
from adsmock.harness.suite.report.html.masking import mask, mask_text
from adsmock.harness.suite.report.html.reproduce import curl, token
from adsmock.harness.suite.report.html.timeline import Entry, duration, moment

BODY_SHOWN = 420


@dataclass(frozen=True, slots=True)
class Quote:
    """One call in short: the line of the request, both bodies, the fault and the call as curl."""

    seq: int
    case: str
    time: str
    call: str
    request: str
    answer: str
    reply: str
    tone: str
    fault: str
    curl: str
    token: str


def quote(entry: Entry, case: str, zero: float, timebase: str) -> Quote:
    """Return a call of a case whose first call arrived at `zero`; `case` is its anchor."""
    query = str(entry.get("query") or "")
    path = str(entry.get("path") or "") + (f"?{query}" if query else "")
    retry_after = entry.get("retryAfter")
    rule, kind = fault_rule(entry), fault_kind(entry)
    return Quote(
        seq=seq_of(entry),
        case=case,
        time=f"+{duration(moment(entry, timebase).arrive - zero)}",
        call=_cut(mask_text(f"{entry.get('method') or ''} {path}".strip())),
        request=_body(entry.get("request")),
        answer=answer(entry) + (f", Retry-After: {retry_after}" if retry_after else ""),
        reply=_body(entry.get("reply")),
        tone=tone(entry),
        fault=mask_text(f"{rule} ({kind})" if rule and rule != kind else kind),
        curl=curl(entry),
        token=token(entry),
    )


def _body(value: object) -> str:
    """Return a body on one line, masked and cut."""
    if value is None:
        return ""
    masked = mask(value)
    text = (
        masked if isinstance(masked, str) else json.dumps(masked, default=str, ensure_ascii=False)
    )
    return _cut(mask_text(text))


def _cut(text: str) -> str:
    rest = len(text) - BODY_SHOWN
    return text if rest <= 0 else f"{text[:BODY_SHOWN]} ... {rest} more characters"

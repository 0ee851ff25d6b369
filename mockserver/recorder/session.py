"""One recording: policy, budget, upstream, redaction and file, in this order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from adsmock.mockserver.core.clock import epoch
from adsmock.mockserver.recorder.budget import Budget, BudgetExhausted
from adsmock.mockserver.recorder.har_file import HarFile
from adsmock.mockserver.recorder.message import Answer, Message, header
from adsmock.mockserver.recorder.policy import Policy
from adsmock.mockserver.recorder.redact import Redactor
from adsmock.mockserver.recorder.upstream import Upstream, UpstreamError

FORBIDDEN, BAD_GATEWAY, UNAVAILABLE = 403, 502, 503


@dataclass(slots=True)
class Session:
    """Answers calls from the service and records them. Callable from any thread."""

    policy: Policy
    budget: Budget
    upstream: Upstream
    redactor: Redactor
    file: HarFile
    now: Callable[[], float] = epoch
    refused: Counter[str] = field(default_factory=Counter)

    def answer(self, message: Message) -> Answer:
        """Return the service's reply, or why the call was not sent."""
        reason = self.policy.refusal(message)
        if reason:
            return self._refuse(FORBIDDEN, reason)
        try:
            self.budget.take()
        except BudgetExhausted as error:
            return self._refuse(UNAVAILABLE, str(error))
        began = self.now()
        try:
            answer = self.upstream.send(message)
        except UpstreamError as error:
            return self._refuse(BAD_GATEWAY, str(error))
        self.budget.note(answer.status, header(answer.headers, "retry-after"))
        self.policy.note(message, answer)
        self.file.append(self.redactor.entry(message, answer, began, self.now() - began))
        return answer

    def _refuse(self, status: int, reason: str) -> Answer:
        self.refused[reason] += 1
        body = {"type": "about:blank", "title": "Not sent by adsmock record", "status": status}
        return Answer(
            status,
            "Not Sent",
            [("Content-Type", "application/problem+json")],
            orjson.dumps(body | {"detail": reason}),
        )

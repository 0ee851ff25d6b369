"""Two mocks in this process, as the sides of a twin run, on one clock that a test moves."""

from dataclasses import dataclass, field
from typing import Any

from adsmock.harness.client.transport import Reply, Request
from adsmock.harness.fidelity.twin import Side
from adsmock.mockserver.app import create_app

NOON = "2026-11-27T12:00:00Z"
NOON_SECONDS = 1_795_780_800.0


@dataclass
class TestClock:
    """The clock of a run; ``sleep`` also advances the sandboxes of ``sides``."""

    seconds: float = NOON_SECONDS
    movers: list[Any] = field(default_factory=list)

    __test__ = False

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        for move in self.movers:
            move(seconds)


class InProcess:
    """A transport that calls a Flask application."""

    def __init__(self, app: Any) -> None:
        self._client = app.test_client()

    def send(self, request: Request) -> Reply:
        answer = self._client.open(
            request.url.removeprefix("http://localhost"),
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, headers, answer.data)


def create_side(
    name: str,
    clock: TestClock,
    *,
    seed: int = 7,
    campaigns: int = 12,
    start: str = NOON,
    **changes: Any,
) -> Side:
    """Return a side that is a mock with invented campaigns."""
    app = create_app()
    control = app.test_client()
    wanted = {"id": "twin", "seed": seed, "clock": {"mode": "frozen", "start": start}}
    made = control.post("/_mock/v1/sandboxes", json=wanted | changes)
    assert made.status_code == 201, made.data
    sandbox = made.json
    filled = control.post("/_mock/v1/sandboxes/twin/state/invention", json={"campaigns": campaigns})
    assert filled.status_code < 300, filled.data
    clock.movers.append(
        lambda seconds: control.post(
            "/_mock/v1/sandboxes/twin/clock/advance", json={"seconds": seconds}
        )
    )
    profile = next(row for row in sandbox["profiles"] if row["region"] == "NA")
    return Side(
        name,
        "http://localhost/na",
        "http://localhost/na",
        sandbox["client"]["clientId"],
        sandbox["client"]["clientSecret"],
        sandbox["client"]["refreshToken"],
        profile["profileId"],
        InProcess(app),
        clock,
    )

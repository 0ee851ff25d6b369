"""A twin run: its plan, its budget, the limits that it obeys, and what a switch covers."""

import json
from pathlib import Path
from typing import Any

import pytest

from adsmock.cli.main import main
from adsmock.contracts import ledger
from adsmock.contracts.loader import load
from adsmock.contracts.reads import is_read
from adsmock.harness.client.transport import Reply, RequestsTransport
from adsmock.harness.fidelity import compare
from adsmock.harness.fidelity.twin import Budget, Side, Twins, read_plan, run
from adsmock.mockserver.app import Mock
from tests.unit.harness.fidelity.fixtures import TestClock, create_side

ROOT = Path(__file__).parents[4]


class Throttling:
    """A transport that answers 429 to the calls of these numbers, counted from 1."""

    def __init__(self, inner: Any, *numbers: int, retry_after: str = "3") -> None:
        self._inner, self._numbers, self._after = inner, numbers, retry_after
        self.count = 0

    def send(self, request: Any) -> Reply:
        self.count += 1
        if self.count in self._numbers:
            return Reply(429, {"retry-after": self._after}, b"{}")
        return self._inner.send(request)


def twins(**changes: Any) -> tuple[Side, Side, TestClock]:
    clock = TestClock()
    return create_side("service", clock, **changes), create_side("mock", clock, seed=8), clock


def test_the_plan_reads_and_provokes_harmless_errors() -> None:
    reads = [step for step in read_plan() if not step.wants]
    errors = [step for step in read_plan() if step.wants]
    known = {row.id for row in ledger.rows()}

    assert len(reads) >= 40
    assert len(errors) >= 25
    assert all(is_read(step.row) for step in read_plan())
    assert {step.wants for step in errors} <= set(load().kinds)
    assert {fact for step in read_plan() for fact in step.facts} <= known
    assert len({step.id for step in read_plan()}) == len(read_plan())


def test_every_error_of_the_plan_is_refused_as_the_plan_says() -> None:
    service, mock, clock = twins()

    found = run(read_plan(), Twins(service, mock, clock))

    statuses = {pair.mock.step: pair.mock.status for pair in found.pairs if pair.mock.wants}
    wanted = {step.id: load().kinds[step.wants] for step in read_plan() if step.wants}
    assert statuses == wanted


def test_switches_of_the_service_are_allowed_variations() -> None:
    choices = {"export.working": "PROCESSING", "export.seconds": "300", "report.seconds": "1"}
    service, mock, clock = twins(seed=9, choices=choices, retryAfter="never")

    found = run(read_plan(), Twins(service, mock, clock))
    comparison = compare(found.pairs, found.unchecked)

    assert comparison.drift == ()
    switches = {row.switch for row in comparison.variations}
    assert switches == {
        "choices.export.working",
        "choices.export.seconds",
        "choices.report.seconds",
    }
    assert comparison.standings["exports.fields.status"] == "variation"


def test_clocks_of_different_days_make_no_difference() -> None:
    clock = TestClock()
    service = create_side("service", clock, start="2026-12-24T23:10:00Z")
    mock = create_side("mock", clock, seed=8)

    found = run(
        [step for step in read_plan() if step.operation != "reporting.create"],
        Twins(service, mock, clock),
    )

    assert compare(found.pairs, found.unchecked).differences == ()


def test_one_429_is_obeyed_and_the_second_ends_the_run() -> None:
    service, mock, clock = twins()
    inner = service.transport
    service.transport = Throttling(inner, 3)

    found = run(read_plan()[:4], Twins(service, mock, clock))

    assert found.stopped == ""
    assert {pair.service.status for pair in found.pairs} == {200}
    service.transport = Throttling(inner, 3, 5)
    found = run(read_plan()[:6], Twins(service, mock, clock))
    assert found.stopped == "the service throttled twice"
    assert service.transport.count == 5
    assert len(found.unchecked) == 3
    assert compare(found.pairs, found.unchecked).drift == ()


def test_a_long_retry_after_ends_the_run() -> None:
    service, mock, clock = twins()
    service.transport = Throttling(service.transport, 2, retry_after="900")

    found = run(read_plan()[:4], Twins(service, mock, clock))

    assert found.stopped == "the service asked for a pause of 900 s"


def test_the_budget_ends_the_run() -> None:
    service, mock, clock = twins()

    found = run(read_plan(), Twins(service, mock, clock, Budget(calls=5)))

    assert service.sent == 5
    assert found.stopped == "the budget of 5 calls is used up"
    assert len(found.pairs) == 5
    assert len(found.unchecked) == len(read_plan()) - 4


def test_calls_keep_their_distance() -> None:
    service, mock, clock = twins()
    began = clock.now()

    run(read_plan()[:3], Twins(service, mock, clock, Budget(per_minute=6)))

    assert clock.now() - began == 30.0


def test_the_service_may_be_a_mock_behind_tls_with_amazons_host_names() -> None:
    """The real transport, the real host names; the proxy leads to a second mock."""
    with Mock(tls=True, seed=5) as mock:
        mock.control.call("clock.put", {"mode": "frozen"})
        mock.control.call("state.invent", {"campaigns": 12})
        clock = TestClock(movers=[lambda s: mock.control.call("clock.advance", {"seconds": s})])
        own = mock.default.credentials
        profile = next(row for row in mock.default.profiles.values() if row.region == "NA")
        service = Side(
            "service",
            "https://advertising-api.amazon.com",
            "https://api.amazon.com",
            own.client_id,
            own.client_secret,
            own.refresh_token,
            profile.id,
            RequestsTransport(proxy=mock.secure["proxy"], verify=mock.secure["ca"]),
            clock,
        )
        found = run(read_plan(), Twins(service, create_side("mock", clock), clock))

    comparison = compare(found.pairs, found.unchecked)
    assert comparison.drift == ()
    assert comparison.pairs > 60


def test_nothing_is_sent_without_permission(capsys, monkeypatch) -> None:
    monkeypatch.setenv("CLIENT_ID", "amzn1.application-oa2-client.x")

    assert main(["twin", "--profile", "1"]) == 2

    assert "add --allow-upstream" in capsys.readouterr().err


def test_missing_credentials_are_named(capsys, monkeypatch) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "PROFILE_ID"):
        monkeypatch.delenv(name, raising=False)

    assert main(["twin", "--allow-upstream"]) == 2

    assert "CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, PROFILE_ID" in capsys.readouterr().err


def test_a_sandbox_file_that_is_no_json_is_a_usage_error(capsys, monkeypatch, tmp_path) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "PROFILE_ID"):
        monkeypatch.setenv(name, "x")
    file = tmp_path / "sandbox.json"
    file.write_text("[")

    assert main(["twin", "--allow-upstream", "--sandbox", str(file)]) == 2

    error = capsys.readouterr().err
    assert json.dumps(str(file))[1:-1] in error
    assert "use members of sandboxes.create" in error


@pytest.mark.parametrize("pointer", ["/a/0/b", "/a/0", "/a"])
def test_a_pointer_finds_values(pointer: str) -> None:
    from adsmock.harness.fidelity.twin.plan import at  # noqa: PLC0415 -- for this test only

    assert at({"a": [{"b": 1}]}, pointer) is not None
    assert at({"a": []}, "/a/0/b") is None


def test_the_page_shows_the_scheduled_workflow() -> None:
    page = (ROOT / "docs" / "how-to" / "measure-fidelity.md").read_text("utf-8")

    assert (ROOT / "tests" / "examples" / "github-drift.yml").read_text("utf-8") in page

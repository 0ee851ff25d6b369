"""What ``exec --summary`` prints about the calls of a mock."""

from adsmock.mockserver.command.exec_summary import SHOWN, lines
from adsmock.mockserver.core.journal import Entry


def call(operation="sp.campaigns.list", status=200, at=0.0, **members):
    given = {"t_end": at + 0.5, "ended": "complete"} | members
    return Entry("POST", "/x", at, operation=operation, status=status, **given)


def text(entries, *, orphans=0, dropped=0):
    return "\n".join(lines(entries, orphans=orphans, dropped=dropped))


def test_it_counts_calls_by_operation_and_status():
    found = text([call(), call(status=429, at=1.0), call("lwa.token", at=2.0)])
    assert "3 calls of 2 operations in 2.5 s" in found
    assert "sp.campaigns.list      2  200: 1, 429: 1" in found
    assert "throttled     1 of 3 (33.3% of all calls)" in found


def test_a_retry_follows_an_equal_call_that_failed():
    repeated = [call(chain="a"), call(chain="a"), call(chain="a", status=503), call(chain="a")]
    assert "retries       1" in text(repeated)


def test_a_call_after_a_lost_answer_is_a_retry():
    lost = call(chain="a", status=0, ended="timeout")
    found = text([lost, call(chain="a")])
    assert "retries       1" in found
    assert "lost answers  1 (timeout: 1)" in found


def test_faults_are_counted_by_kind():
    fault = {"id": "x", "kind": "http"}
    assert "faults        2 (http: 2)" in text([call(fault=fault), call(fault=fault), call()])


def test_a_call_of_an_unknown_path_is_named_by_its_path():
    assert "POST /x" in text([call(operation=None, status=404)])


def test_many_operations_are_cut_to_those_with_the_most_calls():
    entries = [call(f"o{number}") for number in range(SHOWN + 2)] + [call("o1")]
    found = text(entries)
    assert "and 2 more operations with 2 calls" in found


def test_calls_that_are_missing_are_mentioned():
    found = text([], orphans=2, dropped=5)
    assert "of no client  2" in found
    assert "not counted   5 older calls" in found


def test_a_mock_without_calls_has_a_summary():
    assert text([]).startswith("adsmock: 0 calls of 0 operations")


def test_faults_of_deliveries_are_no_calls():
    fault = {"id": "x", "kind": "stream-late", "point": "delivery"}
    late = call("delivery.sp-traffic", status=0, fault=fault, items=12)
    found = text([call(), late])
    assert "1 call of 1 operation" in found
    assert "messages      12 (stream-late: 12) with a fault" in found
    assert "faults        0" in found
    assert "messages" not in text([call()])

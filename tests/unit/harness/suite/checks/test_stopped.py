"""What a client left when a time limit or a signal ended it is not judged as its own end."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.checks.export_poll import exports_all_finish, polling_ends
from adsmock.harness.suite.checks.security import flawed_listener_is_refused
from adsmock.harness.suite.journal import CaseView, Ending
from tests.unit.harness.suite.journal_rows import record
from tests.unit.harness.suite.sample_export import twelve, x07
from tests.unit.harness.suite.sample_security import FLAWED, secure, shake

STOPPED = [Ending(timed_out=True, exit_code=-15), Ending(exit_code=-9)]


@pytest.mark.parametrize("ending", STOPPED)
def test_exports_that_a_stop_cut_off_are_unproven(ending):
    found = record("X05", *twelve(done=11))

    assert exports_all_finish(CaseView.of(found), 12).outcome == "broken"
    cut = exports_all_finish(CaseView.of(replace(found, ending=ending)), 12)
    assert cut.outcome == "unproven"
    assert cut.sentence == (
        "11 exports finished; the task needs 12; the client was stopped before its end"
    )


@pytest.mark.parametrize("ending", STOPPED)
def test_polling_that_a_stop_ended_is_unproven(ending):
    found = x07()["PASS"]

    assert polling_ends(CaseView.of(found), 21600.0, 1).outcome == "holds"
    cut = polling_ends(CaseView.of(replace(found, ending=ending)), 21600.0, 1)
    assert cut.outcome == "unproven"


def test_stop_before_a_call_over_tls_is_no_lack_of_trust():
    rows = [shake(n, FLAWED, "unknown-ca", error="TLSV1_ALERT_UNKNOWN_CA") for n in range(27)]
    found = record("S01", *rows)

    def says(found):
        return flawed_listener_is_refused(CaseView.of(found), "unknown-ca").sentence

    assert says(found) == (
        "no call succeeded over trusted TLS, so the client may trust no server at all"
    )
    stopped = replace(found, ending=Ending(timed_out=True, exit_code=-15))
    assert says(stopped) == (
        "no call succeeded over trusted TLS before the client was stopped at its time limit; "
        "27 handshakes"
    )
    failed = record("S01", *rows, secure(30, status=500))
    assert says(failed) == ("no call succeeded over trusted TLS, although 1 call arrived over it")

"""``exec`` says why a program made no call, by what its connections show."""

import pytest

from adsmock.mockserver.command import no_contact
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.stages.connection_event import HANDSHAKE, REFUSED_HOST


def entry(operation, host=""):
    return Entry("CONNECT" if host else "", "", 1.0, operation=operation, host=host)


@pytest.mark.parametrize(
    ("orphans", "said"),
    [
        ([entry(HANDSHAKE)], "did not trust the mock's certificate"),
        (
            [entry(REFUSED_HOST, "b.example:443"), entry(REFUSED_HOST, "a.example:443")],
            "refused: a",
        ),
        ([], "CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN"),
        ([entry(REFUSED_HOST, "a.example:443"), entry(HANDSHAKE)], "certificate"),
    ],
)
def test_reason_is_what_the_connections_show(orphans, said):
    assert said in no_contact.reason(orphans)


@pytest.mark.parametrize(
    ("calls", "said"),
    [(1, "its only call names no client"), (3, "none of its 3 calls names a client")],
)
def test_calls_of_nobody_are_counted_and_name_the_credentials(calls, said):
    sentence = no_contact.of_nobody(calls)

    assert said in sentence
    assert sentence.endswith("CLIENT_ID, CLIENT_SECRET and REFRESH_TOKEN")

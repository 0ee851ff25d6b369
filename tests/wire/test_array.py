"""The reference client and a family of bare arrays, over sockets."""

import pytest

from adsmock.mockserver.app import Mock
from tests.wire.account import AccountFixture

FAMILY = "sd.campaigns"


@pytest.fixture(scope="module")
def mock():
    with Mock(port=0, journal="full") as mock:
        yield mock


@pytest.fixture
def account(mock):
    account = AccountFixture(mock)
    yield account
    account.client.close()


def campaign(name):
    return {"name": name, "tactic": "T00020", "state": "enabled", "startDate": "20991231"}


def test_client_writes_reads_and_archives_bare_arrays(account):
    client, profile = account.client, account.profile
    items = [campaign(name) for name in ("A", "A", "B")]

    made = client.create(FAMILY, profile, items)
    changed = client.update(FAMILY, profile, [{"campaignId": made[2].id, "state": "paused"}])
    archived = client.archive(FAMILY, profile, [made[0].id])
    rows = client.list(FAMILY, profile, {"stateFilter": ["paused", "archived"]}, page_size=1)

    assert [one.is_done for one in made] == [True, False, True]
    assert made[1].errors[0].message == "Campaign with name=A already exists!"
    assert (changed[0].is_done, archived[0].is_done) == (True, True)
    assert [(row["name"], row["state"]) for row in rows] == [("A", "archived"), ("B", "paused")]

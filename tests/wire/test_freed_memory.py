"""What is deleted is freed at once.

The mock freezes old objects, so that its pauses stay short: the garbage collector never finds a
circle of references among them. A sandbox in such a circle would stay until the mock ends.
"""

import gc

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from adsmock.mockserver.app import Mock
from adsmock.mockserver.control.client import Control
from adsmock.mockserver.core.sandbox import Sandbox
from tests.wire.account import AccountFixture

LIST = "sp.campaigns.list"


@pytest.fixture
def mock():
    with Mock(port=0) as mock:
        yield mock


@pytest.fixture
def no_collector():
    """Only counting of references frees what a test leaves."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def alive(kind):
    return [each for each in gc.get_objects() if type(each) is kind]


def refused(account):
    rule = {"id": "down", "when": {"times": 1}, "effect": {"kind": "http", "status": 503}}
    account.control.call("faults.create", data=rule, sandbox=account.made["id"])
    listed(account)


def reset(account):
    rule = {"id": "reset", "when": {"times": 1}, "effect": {"kind": "reset"}}
    account.control.call("faults.create", data=rule, sandbox=account.made["id"])
    listed(account)


def listed(account):
    account.client.call(LIST, account.profile, {"maxResults": 1})


def invalid(account):
    with pytest.raises(Exception, match="400"):
        account.client.call(LIST, account.profile, {"maxResults": -1})


def exported(account):
    account.plant()
    account.client.export("campaigns", account.profile)


@pytest.mark.parametrize("calls", [listed, refused, reset, invalid, exported])
@pytest.mark.usefixtures("no_collector")
def test_deleted_sandbox_is_freed(mock, calls):
    account = AccountFixture(mock)
    before = len(alive(Sandbox))
    calls(account)
    account.client.close()

    account.control.call("sandboxes.delete", sandbox=account.made["id"])
    listed_names = account.control.call("sandboxes.list")

    assert account.made["id"] not in str(listed_names)
    assert len(alive(Sandbox)) == before - 1


@pytest.mark.usefixtures("no_collector")
def test_request_to_the_control_plane_is_freed(mock):
    """Its body may have megabytes."""
    control = Control(mock.control_url)
    for _ in range(5):
        made = control.call("sandboxes.create", data={"seed": 3})
        control.call("journal.get", sandbox=made["id"])

    assert len(alive(RequestResponseCycle)) <= 1, "the last one of the connection"

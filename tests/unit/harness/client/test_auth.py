"""Tokens: one flight for all threads, renewed in time, replaced once after a 401."""

import sys
import threading

import pytest

from adsmock.harness.client import Settings
from adsmock.harness.client.errors import BadCredentials, GaveUp, Refused
from tests.unit.harness.client.fake_service import EU, NA, TASK, ClientFixture, json_reply

TOKEN = "/auth/o2/token"
LIST = "/sp/campaigns/list"
UNAUTHORIZED = json_reply(401, {"code": "UNAUTHORIZED", "message": "Unauthorized"})
INVALID_GRANT = json_reply(400, {"error": "invalid_grant", "error_description": "bad : token"})


@pytest.fixture
def eager_threads():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(work, number=16):
    barrier = threading.Barrier(number)

    def one():
        barrier.wait()
        work()

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def used(fixture):
    return [sent.headers["Authorization"] for sent in fixture.service.to(LIST)]


@pytest.mark.usefixtures("eager_threads")
def test_threads_share_one_grant():
    fixture = ClientFixture()
    together(lambda: fixture.client.list("sp.campaigns", NA))
    assert fixture.service.grants == 1
    assert used(fixture) == ["Bearer token-1"] * 16


@pytest.mark.usefixtures("eager_threads")
def test_threads_that_all_meet_a_401_share_one_new_grant():
    fixture = ClientFixture()
    fixture.client.list("sp.campaigns", NA)
    barrier = threading.Barrier(8)

    def refuse(_):
        barrier.wait(60)
        return UNAUTHORIZED

    fixture.plan(LIST, *[refuse] * 8)
    together(lambda: fixture.client.list("sp.campaigns", NA), number=8)
    assert fixture.service.grants == 2


def test_token_serves_all_regions():
    fixture = ClientFixture()
    fixture.client.list("sp.campaigns", NA)
    fixture.client.list("sp.campaigns", EU)
    assert fixture.service.grants == 1


def test_401_costs_one_grant_and_the_same_request_is_sent_once_more():
    fixture = ClientFixture()
    fixture.plan(LIST, UNAUTHORIZED)
    fixture.client.list("sp.campaigns", NA)
    assert used(fixture) == ["Bearer token-1", "Bearer token-2"]
    first, second = fixture.service.to(LIST)
    assert (first.body, first.url) == (second.body, second.url)


def test_401_that_outlives_a_new_token_is_final():
    fixture = ClientFixture()
    fixture.plan(LIST, *[UNAUTHORIZED] * 9)
    with pytest.raises(Refused):
        fixture.client.list("sp.campaigns", NA)
    assert len(used(fixture)) == 2
    assert fixture.service.grants == 2


@pytest.mark.parametrize(("lifetime", "fresh_for"), [(3600, 3540), (100, 90), (10, 9)])
def test_token_is_renewed_ahead_of_its_end_but_not_at_birth(lifetime, fresh_for):
    fixture = ClientFixture()
    fixture.service.lifetime = lifetime
    fixture.client.list("sp.campaigns", NA)
    fixture.clock.sleep(fresh_for - 0.5)
    fixture.client.list("sp.campaigns", NA)
    assert fixture.service.grants == 1
    fixture.clock.sleep(1)
    fixture.client.list("sp.campaigns", NA)
    assert fixture.service.grants == 2


def test_invalid_grant_is_final_for_the_life_of_the_client():
    fixture = ClientFixture()
    fixture.plan(TOKEN, *[INVALID_GRANT] * 9)
    for _ in range(3):
        with pytest.raises(BadCredentials, match="bad : token"):
            fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(TOKEN)) == 1
    assert fixture.service.to(LIST) == []


def test_refused_token_request_is_final_and_not_blamed_on_the_credentials():
    fixture = ClientFixture()
    fixture.plan(TOKEN, *[json_reply(406, {"message": "no"})] * 9)
    for _ in range(2):
        with pytest.raises(Refused, match="406: no") as caught:
            fixture.client.list("sp.campaigns", NA)
        assert type(caught.value) is Refused
    assert len(fixture.service.to(TOKEN)) == 1


def test_token_endpoint_is_retried_while_it_is_down():
    fixture = ClientFixture()
    fixture.plan(TOKEN, json_reply(503, {}), json_reply(503, {}))
    fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(TOKEN)) == 3


def test_dead_token_endpoint_is_not_retried_by_two_layers():
    fixture = ClientFixture()
    fixture.plan(TOKEN, *[json_reply(503, {})] * 99)
    with pytest.raises(GaveUp):
        fixture.client.list("sp.campaigns", NA)
    assert len(fixture.service.to(TOKEN)) == 11


def test_secrets_stay_out_of_repr():
    shown = repr(Settings.from_task(TASK))
    assert "client" in shown
    assert "hush" not in shown
    assert "'refresh'" not in shown

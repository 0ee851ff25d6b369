"""Broken clients: each shows its one defect, and is built like the reference client."""

import inspect
import subprocess
import sys
from itertools import pairwise

import pytest

from adsmock.harness.client import AdsClient, Reply
from adsmock.harness.client.errors import AdsError, TransportError
from adsmock.harness.mutants import MUTANTS
from tests.unit.harness.client.fake_service import (
    EU,
    NA,
    ClientFixture,
    campaigns,
    failure,
    fill,
    json_reply,
    lose_answer,
    throttled,
)

CREATE = "/sp/campaigns"
LIST = "/sp/campaigns/list"


def attempt(work):
    try:
        work()
    except AdsError:
        return


def list_campaigns(fixture, profile=NA, times=1):
    for _ in range(times):
        attempt(lambda: fixture.client.list("sp.campaigns", profile, page_size=10))


def gaps(fixture, end):
    at = [sent.at for sent in fixture.service.to(end)]
    return [later - earlier for earlier, later in pairwise(at)]


def forgets_the_scope(fixture):
    list_campaigns(fixture, times=4)
    return any("Amazon-Advertising-API-Scope" not in s.headers for s in fixture.service.to(LIST))


def repeats_a_dead_token(fixture):
    fixture.plan(LIST, *[json_reply(401, {"message": "Unauthorized"})] * 2)
    list_campaigns(fixture)
    tokens = [sent.headers["Authorization"] for sent in fixture.service.to(LIST)]
    return len(tokens) > len(set(tokens))


def goes_astray(fixture):
    fixture.plan("eu.test/eu" + LIST, *[TransportError("connect", "")] * 3)
    list_campaigns(fixture, EU)
    return any(sent.url.startswith("http://na.test") for sent in fixture.service.to(LIST))


def returns_early(fixture):
    fixture.plan(LIST, throttled(3), throttled(1), throttled(4))
    list_campaigns(fixture)
    return any(gap < wait - 0.05 for gap, wait in zip(gaps(fixture, LIST), [3, 1, 4], strict=True))


def waits_evenly(fixture):
    fixture.plan(LIST, *[throttled()] * 5)
    list_campaigns(fixture)
    return gaps(fixture, LIST)[-1] < 4


def repeats_a_refusal(fixture):
    fixture.plan(LIST, *[json_reply(400, {"message": "no"})] * 3)
    list_campaigns(fixture)
    return len(fixture.service.to(LIST)) > 1


def repeats_a_duplicate(fixture):
    fixture.plan(CREATE, lose_answer())
    attempt(lambda: fixture.client.create("sp.campaigns", NA, campaigns("a")))
    return len(fixture.service.to(CREATE)) > 2


def repeats_a_success(fixture):
    reply = {"success": [{"index": 0, "campaignId": "1"}], "error": [failure(1)]}
    fixture.plan(CREATE, json_reply(207, {"campaigns": reply}))
    attempt(lambda: fixture.client.create("sp.campaigns", NA, campaigns("a", "b")))
    later = fixture.service.to(CREATE)[1:]
    return any(item["name"] == "a" for sent in later for item in sent.body["campaigns"])


def stops_after_a_page(fixture):
    fill(fixture.service, 25)
    list_campaigns(fixture)
    return len(fixture.service.to(LIST)) < 3


def repeats_a_dead_address(fixture):
    fixture.plan("/file/1", *[Reply(403, {}, b"<Error>")] * 3)
    attempt(lambda: fixture.client.export("campaigns", NA))
    return len(fixture.service.to("/file/1")) > 1


def repeats_a_dead_version(fixture):
    gone = json_reply(404, {"code": "NOT_FOUND", "details": "Method Not Found"})
    fixture.plan(LIST, *[gone] * 3)
    list_campaigns(fixture)
    return len(fixture.service.to(LIST)) > 1


def sends_orphans(fixture):
    fixture.plan(CREATE, json_reply(207, {"campaigns": {"error": [failure(0, "budgetError")]}}))
    tree = {"name": "t", "adGroups": [{"name": "g"}]}
    attempt(lambda: fixture.client.create_tree(NA, [tree]))
    return fixture.service.to("/sp/adGroups") != []


DEFECTS = {
    "noscope": forgets_the_scope,
    "stale-token": repeats_a_dead_token,
    "other-region": goes_astray,
    "no-retry-after": returns_early,
    "constant-backoff": waits_evenly,
    "retry-4xx": repeats_a_refusal,
    "blind-create": repeats_a_duplicate,
    "resend-batch": repeats_a_success,
    "first-page": stops_after_a_page,
    "dead-url": repeats_a_dead_address,
    "old-version": repeats_a_dead_version,
    "orphan-children": sends_orphans,
}


def test_defects_shown_here_belong_to_broken_clients():
    # Not of every broken client: the kill matrix plays all of them against the mock itself.
    assert set(DEFECTS) <= set(MUTANTS)


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("name", ["reference", *DEFECTS])
def test_client_shows_its_own_defect_and_no_other(name, defect):
    factory = MUTANTS[name].factory if name in MUTANTS else AdsClient
    assert DEFECTS[defect](ClientFixture(factory)) == (name == defect)


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_broken_client_is_built_like_the_reference(mutant):
    assert inspect.signature(mutant.factory) == inspect.signature(AdsClient)
    assert mutant.kills


def test_no_two_broken_clients_share_a_name_or_a_defect():
    rows = MUTANTS.values()
    assert len({mutant.defect for mutant in rows}) == len({mutant.name for mutant in rows})


def test_a_run_of_another_program_imports_no_broken_client():
    script = (
        "import sys; from adsmock.harness.command import suite_run; "
        "print(*(name for name in sys.modules if name.startswith('adsmock.harness.mutants.')))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["adsmock.harness.mutants.mutant"]

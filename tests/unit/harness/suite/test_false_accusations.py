"""Correct programs that a check once accused, because of another profile, region or long reply."""

import pytest

from tests.unit.harness.suite import sample_export
from tests.unit.harness.suite.journal_rows import call, grant, met, record
from tests.unit.harness.suite.sample_batch import SAMPLES, sent
from tests.unit.harness.suite.sample_report import FIRST, SECOND, create, look
from tests.unit.harness.suite.sample_tree import ADS, CAMPAIGN, GROUP, created, half
from tests.unit.harness.suite.test_samples import verdict_of


def dated(at, answer="Wed, 01 Jul 2026 12:00:12 GMT"):
    throttled = call("sp.campaigns.list", 0, 429, retryAfter=answer)
    return record("I05", throttled, call("sp.campaigns.list", at))


def test_date_in_retry_after_is_judged_by_t09_alone():
    assert verdict_of("I05.early", dated(2)).status == "N/A"
    assert verdict_of("I05.early", dated(2, "12")).status == "FAIL"


def refused(at, **more):
    return call("sp.campaigns.list", at, 401, fault=met("scope-missing"), **more)


def test_token_of_the_next_region_is_no_second_token_for_a_refused_call():
    calls = (grant(0), refused(1), grant(2), refused(3))
    other = call("sp.adGroups.list", 5, 401, fault=met("no-advertiser"))

    assert verdict_of("A10.once", record("A10", *calls, grant(4, region="EU"), other)).status == (
        "PASS"
    )
    assert verdict_of("A10.once", record("A10", *calls, grant(4), refused(4.5), other)).status == (
        "WARN"
    )


@pytest.mark.parametrize(
    ("region", "status"), [("EU", "PASS"), ("NA", "FAIL")], ids=["other region", "same region"]
)
def test_other_region_may_renew_its_token_at_the_same_time(region, status):
    lost = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))
    more = grant(2.2, token="tok-3", region=region)
    again = call("sp.campaigns.list", 3, token="tok-2")
    rows = (grant(0), lost, grant(2), more, again)

    assert verdict_of("A03.refresh", record("A03", *rows)).status == status


def test_one_host_may_grant_the_tokens_of_all_regions():
    lost = call(
        "sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"), region="EU"
    )
    again = call("sp.campaigns.list", 3, token="tok-2", region="EU")

    assert verdict_of("A03.refresh", record("A03", grant(0), lost, grant(2), again)).status == (
        "PASS"
    )


@pytest.mark.parametrize(
    ("profile", "status"), [("22", "PASS"), (None, "WARN")], ids=["other", "same"]
)
def test_campaign_with_the_same_name_in_another_profile_is_no_second_one(profile, status):
    more = {"profileId": profile} if profile else {}
    again = created(4, "campaigns", {"name": "Grown tree 1"}, **more)
    rows = (
        CAMPAIGN,
        created(2, "adGroups", GROUP),
        half(),
        again,
        created(5, "productAds", ADS[1]),
    )

    assert verdict_of("C03.once", record("C03", *rows)).status == status


def long_page(at, given, wanted=None):
    body = {"nextToken": wanted} if wanted else {}
    return call(
        "sp.campaigns.list", at, request=body, reply=None, nextToken=given, chain=f"page {at}"
    )


@pytest.mark.parametrize(
    ("last", "status"), [("", "PASS"), ("c", "FAIL")], ids=["last page", "stopped early"]
)
def test_pages_that_are_too_long_for_the_journal_are_judged_by_their_tokens(last, status):
    rows = (long_page(0, "a"), long_page(1, "b", "a"), long_page(2, last, "b"))

    assert verdict_of("P01.pages", record("P01", *rows)).status == status
    assert verdict_of("I07.end", record("I07", *rows)).status == status.replace("FAIL", "WARN")
    assert verdict_of("I07.token", record("I07", *rows)).status == "PASS"


def revoked(at, region, token="tok-1", **more):
    """Return a list that got 401 for a revoked token: by a fault, or since another had got one."""
    state = {} if more else {"tokenState": "revoked"}
    return call(
        "sp.campaigns.list", at, 401, region=region, token=token, chain=region, **state, **more
    )


def by_fault(region):
    return {"fault": met(f"revoked-in-{region.lower()}", "token-revoked")}


def listed(at, region, token):
    return call("sp.campaigns.list", at, region=region, token=token, chain=region)


def new(at, number):
    return grant(at, f"tok-{number}", reply={"access_token": f"tok-{number}"})


SHARED = (new(0, 1), revoked(1, "EU", **by_fault("EU")), new(2, 2), revoked(2.1, "FE"))
"""Two regions share a token: the fault in EU kills it for a call to FE that is on its way."""


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ((*SHARED, listed(3, "EU", "tok-2"), listed(3, "FE", "tok-2")), "PASS"),
        ((*SHARED, listed(3, "EU", "tok-2"), revoked(3, "FE")), "FAIL"),
        ((*SHARED, listed(3, "EU", "tok-2")), "FAIL"),
        (
            (
                *SHARED[:3],
                revoked(2.1, "FE", "tok-2", **by_fault("FE")),
                new(2.2, 3),
                revoked(2.3, "EU", "tok-2"),
                listed(3, "FE", "tok-3"),
            ),
            "PASS",
        ),
        ((*SHARED, new(2.2, 3), listed(3, "EU", "tok-2"), listed(3, "FE", "tok-3")), "PASS"),
        (
            (*SHARED, new(2.2, 3), new(2.3, 4), *(listed(3, x, "tok-4") for x in ("EU", "FE"))),
            "FAIL",
        ),
        ((*SHARED[:3], listed(3, "EU", "tok-2"), listed(3, "FE", "tok-2")), "UNPROVEN"),
    ],
    ids=[
        "taken from the other region",
        "sent again",
        "never repeated",
        "new token revoked too",
        "one each",
        "two for one",
        "one region only",
    ],
)
def test_regions_with_one_token_replace_it_once(rows, status):
    assert verdict_of("A11.refresh", record("A11", *rows)).status == status


def test_evidence_of_a_replaced_token_has_no_tokens_of_other_regions():
    lost = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))
    abroad = grant(2, region="EU"), grant(3, region="FE")
    dropped = verdict_of("A03.refresh", record("A03", grant(0), lost, *abroad))

    assert dropped.status == "FAIL"
    assert [row.seq for row in dropped.rows] == [2]


def test_token_counts_in_the_region_that_uses_it_whatever_host_granted_it():
    lost = call("sp.campaigns.list", 1, 401, fault=met("revoked-early", "token-revoked"))
    of_eu = grant(2, reply={"access_token": "tok-eu"})
    used = call("sp.campaigns.list", 2.5, region="EU", token="tok-eu", chain="eu")
    mine = grant(3, reply={"access_token": "tok-2"})
    again = call("sp.campaigns.list", 4, token="tok-2")
    rows = (grant(0), lost, of_eu, used, mine, again)

    verdict = verdict_of("A03.refresh", record("A03", *rows))
    assert verdict.status == "PASS"
    assert verdict.numbers["grants"] == 1


@pytest.mark.parametrize(
    ("more", "status"), [({"profileId": "22"}, "PASS"), ({}, "FAIL")], ids=["other", "same"]
)
def test_equal_item_of_another_profile_is_no_refused_item_sent_again(more, status):
    kept = [dict(row) for row in SAMPLES["B02.permanent"]["PASS"].rows]
    again = sent(7, ["Mixed 3"], **more)

    assert verdict_of("B02.permanent", record("B02", *kept, again)).status == status


@pytest.mark.parametrize(
    ("state", "status"),
    [("absent", "PASS"), ("valid", "FAIL")],
    ids=["without token", "with token"],
)
def test_redirect_to_a_host_of_another_region_is_not_the_choice_of_the_program(state, status):
    redirected = call("sp.campaigns.list", 1, 307, region="EU")
    followed = call("sp.campaigns.list", 2, 401, profileId="22", tokenState=state)

    assert verdict_of("I01.home", record("I01", redirected, followed)).status == status


def polled_at(job, *moments):
    """Return a job that is created and polled at these moments."""
    if job == "execution":
        path = "/amc/reporting/amc1/workflowExecutions/"
        made = call("amc.workflowExecutions.create", 0, 200, path=path.rstrip("/"))
        looks = (call("amc.workflowExecutions.get", at, path=f"{path}x1") for at in moments)
        return made, *looks
    if job == "export":
        return sample_export.made(0), *(sample_export.poll(at) for at in moments)
    return create(0), *(look(at, "PROCESSING") for at in moments)


@pytest.mark.parametrize("job", ["report", "export", "execution"])
@pytest.mark.parametrize(
    ("gap", "status"), [(1.0, "PASS"), (0.996, "PASS"), (0.9, "FAIL")], ids=["1 s", "early", "0.9"]
)
def test_first_poll_may_follow_the_creation_at_once(job, gap, status):
    polls = polled_at(job, *(0.03 + gap * number for number in range(10)))

    assert verdict_of("I09.spaced", record("I09", *polls)).status == status


@pytest.mark.parametrize(("gap", "status"), [(1.01, "PASS"), (0.9, "FAIL")])
def test_export_may_be_polled_once_at_once_and_then_each_second(gap, status):
    polls = polled_at("export", *(0.03 + gap * number for number in range(7)))

    assert verdict_of("X02.pace", record("X02", *polls)).status == status


def finished(at, job, file):
    """Return a status that shows the URL of a file."""
    return look(at, "COMPLETED", job, reply={"url": f"https://files.test/{file}?sig=1"})


def expired(*later):
    """Return a record in which the URL of the first report had expired, and what followed."""
    dead = call(
        "storage.get",
        12,
        403,
        fault=met("address-expired", "url-expired"),
        path="/one",
        chain="old",
        profileId=None,
    )
    return record("R07", create(1), finished(11, FIRST, "one"), dead, *later)


def fetched(at, file, chain="new"):
    return call("storage.get", at, path=f"/{file}", chain=chain, profileId=None)


RENEWED = finished(13, FIRST, "one"), fetched(14, "one")


@pytest.mark.parametrize(
    ("days", "other", "status"),
    [
        ((), {"profileId": "44"}, "PASS"),
        (("2026-05-01", "2026-05-31"), {}, "PASS"),
        ((), {"columns": ["campaignId", "cost"]}, "PASS"),
        ((), {}, "FAIL"),
    ],
    ids=["profile", "days", "columns", "same"],
)
def test_other_report_is_no_second_job_for_an_expired_file(days, other, status):
    more = create(20, 200, *days, **other, reply={"reportId": SECOND})

    assert verdict_of("R07.fresh", expired(*RENEWED, more)).status == status


def test_report_that_is_requested_again_under_another_name_is_a_second_job():
    again = create(13)
    again["request"] = {**again["request"], "name": "second attempt"}

    assert verdict_of("R07.fresh", expired(again, *RENEWED)).status == "FAIL"


def test_file_of_the_next_profile_is_no_renewal_of_an_expired_one():
    more = create(20, profileId="44", reply={"reportId": SECOND})
    verdict = verdict_of(
        "R07.fresh", expired(more, finished(31, SECOND, "two"), fetched(32, "two"))
    )

    assert verdict.status == "FAIL"
    assert verdict.sentence == "there was no status call after the 403"

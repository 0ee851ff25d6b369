"""What a partner's own tests may look like."""

import pytest
from sync import Ads


def ads_in(sandbox):
    profile = next(row for row in sandbox.profiles if row["region"] == "NA")
    return Ads(sandbox.urls["NA"], sandbox.credentials), profile["profileId"]


def do(run):
    """Do the lists of a case with the library under test."""
    ads, _ = ads_in(run)
    for task in run.task["tasks"]:
        args = task["args"]
        if args.get("resource") != "sp.campaigns":
            continue
        size = {"maxResults": args["pageSize"]} if "pageSize" in args else {}
        ads.campaigns(args["profile"], **args.get("filter", {}), **size)


def test_throttled_list_succeeds(ads_sandbox, ads_faults, ads_journal):
    ads_faults.add(
        {
            "id": "busy",
            "match": {"operation": ["sp.campaigns.list"]},
            "when": {"times": 1},
            "effect": {"kind": "http", "status": 429, "retryAfter": 1},
        }
    )
    ads, profile = ads_in(ads_sandbox)

    assert ads.campaigns(profile) == []

    assert ads_faults.met("busy") == 1
    assert [entry["status"] for entry in ads_journal.of("sp.campaigns.list")] == [429, 200]


def test_token_of_yesterday_is_replaced(ads_sandbox, ads_clock, ads_journal):
    ads_clock.freeze()
    ads, profile = ads_in(ads_sandbox)
    ads.campaigns(profile)

    ads_clock.advance(24 * 3600)
    ads.campaigns(profile)

    assert len(ads_journal.of("lwa.token")) == 2


def test_pages_are_read_to_the_last(ads_case):
    with ads_case("P01") as run:
        do(run)


@pytest.mark.ads(case="A03")
def test_dead_token_is_replaced_once(ads_sandbox):
    do(ads_sandbox)


@pytest.mark.ads
def test_every_selected_case(ads_sandbox):
    do(ads_sandbox)

"""Subscriptions of the first generation: states, limits, refusals, ownership, headers."""

import pytest

from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from adsmock.mockserver.services.stream.facts import extra
from adsmock.mockserver.services.stream.subscription import short_time
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from tests.unit.mockserver.fixtures import NOON, contract_set, value
from tests.unit.mockserver.services.stream.stream_calls import (
    DSP_PATH,
    PATH,
    VENDOR,
    body,
    call,
    create_server,
    firehose,
    made,
    queue_arn,
    show,
    status,
    subscribe,
)

HOUR, DAY = 3_600.0, 86_400.0
GUIDE = "application/vnd.MarketingStreamSubscriptions.StreamSubscriptionResource.v1.0+json"
DSP_GUIDE = "application/vnd.MarketingStreamSubscriptions.DspStreamSubscriptionResource.v1.0+json"


def texts():
    return extra()["texts"]


def confirm(own, subscription_id):
    subscriptions = Subscriptions(own.sandbox, own.sandbox.clock.now())
    subscriptions.confirm(subscriptions.get(subscription_id))


def activated(own, **members):
    subscription_id = made(own, **members)
    own.sandbox.clock.advance(10)
    confirm(own, subscription_id)
    return subscription_id


def test_a_queue_subscription_waits_for_its_confirmation_and_is_then_active():
    own = create_server()
    subscription_id = made(own, notes="mine")
    first = show(own, subscription_id)
    own.sandbox.clock.advance(3.5)
    second = show(own, subscription_id)
    own.sandbox.clock.advance(10)
    confirm(own, subscription_id)
    third = show(own, subscription_id)

    assert subscription_id.startswith("amzn1.fead.cs1.")
    assert len(subscription_id) == len("amzn1.fead.cs1.") + 22
    assert [row["status"] for row in (first, second, third)] == [
        "PROVISIONING",
        "PENDING_CONFIRMATION",
        "ACTIVE",
    ]
    assert first["destinationArn"] == queue_arn()
    assert first["destination"] == {"sqsDestination": {"queueArn": queue_arn()}}
    assert first["notes"] == "mine"
    assert first["createdDate"] == third["createdDate"] == "2026-07-01T12:00:00Z"
    assert second["updatedDate"] == "2026-07-01T12:00:03.4Z"
    assert third["updatedDate"] == "2026-07-01T12:00:13.5Z"


def test_times_lose_their_trailing_zeros_as_in_the_sample():
    assert short_time(NOON + 30.02) == "2026-07-01T12:00:30.02Z"
    assert short_time(NOON + 30.125) == "2026-07-01T12:00:30.125Z"
    assert short_time(NOON) == "2026-07-01T12:00:00Z"


@pytest.mark.parametrize(("choices", "days"), [({}, 3), ({"stream.confirmWithin": "172800"}, 2)])
def test_an_unconfirmed_subscription_fails_when_its_time_is_over(choices, days):
    own = create_server(choices=choices)
    subscription_id = made(own)
    own.sandbox.clock.advance(days * DAY)
    early = status(own, subscription_id)
    own.sandbox.clock.advance(5)
    late = status(own, subscription_id)
    confirm(own, subscription_id)

    assert (early, late) == ("PENDING_CONFIRMATION", "FAILED_CONFIRMATION")
    assert status(own, subscription_id) == "FAILED_CONFIRMATION"


def test_a_firehose_needs_no_confirmation_but_roles_of_its_own_account():
    own = create_server()
    good = made(own, destinationArn=None, destination=firehose())
    bad = made(own, dataset="sp-conversion", destinationArn=None, destination=firehose("9" * 12))
    early = status(own, good)
    own.sandbox.clock.advance(5)

    assert early == "PROVISIONING"
    assert (status(own, good), status(own, bad)) == ("ACTIVE", "FAILED_PROVISIONING")
    assert show(own, good)["destination"] == firehose()
    assert "destinationArn" not in show(own, good)


def test_an_active_subscription_is_archived_for_good():
    own = create_server()
    subscription_id = activated(own)
    path = f"{PATH}/{subscription_id}"
    noted = call(own, "PUT", path, {"notes": "new"})
    own.sandbox.clock.advance(7)
    archived = call(own, "PUT", path, {"status": "ARCHIVED"})
    again = call(own, "PUT", path, {"notes": "later"})

    assert (noted.status, noted.body, archived.status, archived.body) == (200, b"", 200, b"")
    shown = show(own, subscription_id)
    assert (shown["status"], shown["notes"]) == ("ARCHIVED", "new")
    assert shown["updatedDate"] == "2026-07-01T12:00:17Z"
    assert (again.status, value(again)) == (409, {"message": texts()["inactive"]})


def test_only_an_active_subscription_takes_updates_and_only_one_status():
    own = create_server()
    subscription_id = made(own)
    pending = call(own, "PUT", f"{PATH}/{subscription_id}", {"status": "ARCHIVED"})
    active = activated(own, dataset="sp-conversion")
    other = call(own, "PUT", f"{PATH}/{active}", {"status": "ACTIVE"})
    nothing = call(own, "PUT", f"{PATH}/{active}")

    assert (pending.status, other.status, nothing.status) == (409, 400, 200)
    assert status(own, active) == "ACTIVE"


def test_the_same_token_and_body_return_the_same_subscription():
    own = create_server()
    content = body()
    first, second = call(own, "POST", PATH, content), call(own, "POST", PATH, content)
    other = call(own, "POST", PATH, content | {"notes": "changed"})

    assert value(first) == value(second)
    assert value(first)["clientRequestToken"] == content["clientRequestToken"]
    assert (other.status, value(other)["message"]) == (409, texts()["token"])
    assert len(value(call(own, "GET", PATH))["subscriptions"]) == 1


def test_limits_per_destination_and_account_count_what_is_not_final():
    own = create_server()
    first = activated(own)
    same = subscribe(own)
    made(own, destinationArn=queue_arn("second"))
    third = subscribe(own, destinationArn=queue_arn("third"))
    call(own, "PUT", f"{PATH}/{first}", {"status": "ARCHIVED"})
    freed = subscribe(own)

    assert (same.status, value(same)["message"]) == (409, texts()["destination"])
    assert (third.status, value(third)["message"]) == (409, texts()["account"])
    assert freed.status == 200


@pytest.mark.parametrize(("limit", "text"), [("per_dataset", "dataset"), ("pending", "pending")])
def test_limits_of_an_application(monkeypatch, limit, text):
    monkeypatch.setitem(contract_set().by_name["stream"].extra, limit, 3)
    own = create_server()
    accounts = [f"{number}{'0' * 9}" for number in range(1, 5)]
    replies = [
        call(
            own, "POST", PATH, body(), Amazon_Ads_AccountId=each, Amazon_Advertising_API_Scope=None
        )
        for each in accounts
    ]

    assert [reply.status for reply in replies] == [200, 200, 200, 409]
    assert value(replies[-1]) == {"message": texts()[text]}
    own.sandbox.clock.advance(4 * DAY)
    assert subscribe(own).status == 200  # the unconfirmed ones have failed


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"destinationArn": queue_arn(region="eu-west-1")}, "eu-west-1 region is not supported"),
        ({"destinationArn": queue_arn("orders.fifo")}, "Only standard SQS queues are supported"),
        ({"destinationArn": "arn:aws:sns:us-east-1:111122223333:x"}, "Destination must be"),
        ({"destinationArn": None}, "Exactly one of destination"),
        ({"destination": firehose()}, "Exactly one of destination"),
        ({"destinationArn": None, "destination": {}}, "Exactly one of destination"),
        ({"dataset": "sp-trafic"}, "dataSetId is not supported: sp-trafic"),
        ({"dataset": "adsp-campaigns"}, "dataSetId is not supported: adsp-campaigns"),
        ({"token": "short"}, "clientRequestToken"),
        ({"notes": "x" * 129}, "notes"),
        (
            {"destinationArn": None, "destination": firehose(region="us-west-2")},
            "us-west-2 region is not supported",
        ),
    ],
)
def test_requests_that_are_refused(changes, text):
    own = create_server()
    reply = subscribe(own, **changes)
    assert reply.status == 400
    assert text in value(reply)["message"]
    assert value(call(own, "GET", PATH)) == {"subscriptions": []}


def test_each_region_takes_destinations_of_its_own_aws_region():
    own = create_server()
    scope = {"Amazon_Advertising_API_Scope": own.profile("EU").id}
    own.endpoint = own.endpoint.__class__("EU", 1, "EU")
    wrong = call(own, "POST", PATH, body(), **scope)
    right = call(own, "POST", PATH, body(destinationArn=queue_arn(region="eu-west-1")), **scope)

    assert (wrong.status, right.status) == (400, 200)


def test_a_subscription_belongs_to_the_user_behind_the_refresh_token():
    own = create_server()
    subscription_id = made(own)
    own.sandbox.choices["stream.user"] = "colleague"
    hidden = call(own, "GET", f"{PATH}/{subscription_id}")
    listed = value(call(own, "GET", PATH))
    del own.sandbox.choices["stream.user"]
    own.sign_in()  # a new token of the same user sees everything

    assert hidden.status == 404
    assert listed == {"subscriptions": []}
    assert status(own, subscription_id) == "PROVISIONING"


def test_every_spelling_of_the_account_header_names_the_same_account():
    own = create_server()
    subscription_id = made(own)
    names = ("Amazon_Ads_Account_ID", "Amazon_Ads_AccountId", "Amazon_Advertising_API_Account_ID")
    for name in names:
        changes = {name: own.profile().account_id, "Amazon_Advertising_API_Scope": None}
        rows = value(call(own, "GET", PATH, **changes))["subscriptions"]
        assert [row["subscriptionId"] for row in rows] == [subscription_id]


def test_calls_without_an_account_or_with_an_unknown_one_are_refused():
    own = create_server()
    scope = {"Amazon_Advertising_API_Scope": None}
    nobody = call(own, "GET", PATH, **scope)
    dsp = call(own, "GET", DSP_PATH, **scope)
    foreign = call(own, "GET", PATH, Amazon_Advertising_API_Scope=own.profile("EU").id)
    unknown = call(own, "GET", PATH, Amazon_Ads_AccountId="ENTITYX", **scope)

    assert [each.status for each in (nobody, dsp, foreign, unknown)] == [401, 400, 401, 403]
    assert value(dsp)["message"] == texts()["accountHeader"]


def test_dsp_subscriptions_have_their_own_path_datasets_and_account():
    own = create_server()
    account = {"Amazon_Ads_Account_ID": "583000111", "Amazon_Advertising_API_Scope": None}
    made_at = call(own, "POST", DSP_PATH, body("adsp-campaigns"), **account)
    wrong = call(own, "POST", DSP_PATH, body("sp-traffic"), **account)
    listed = value(call(own, "GET", DSP_PATH, **account))["subscriptions"]
    elsewhere = value(call(own, "GET", PATH, **account))["subscriptions"]

    assert (made_at.status, wrong.status) == (200, 400)
    assert [row["dataSetId"] for row in listed] == ["adsp-campaigns"]
    assert elsewhere == []


def test_a_list_is_read_page_by_page():
    own = create_server()
    wanted = [made(own, dataset=name) for name in ("sp-traffic", "sp-conversion", "budget-usage")]
    first = value(call(own, "GET", f"{PATH}?maxResults=2"))
    second = value(call(own, "GET", f"{PATH}?maxResults=2&startingToken={first['nextToken']}"))
    bad = [
        call(own, "GET", f"{PATH}?{query}").status
        for query in ("maxResults=0", "maxResults=5001", "maxResults=x", "startingToken=x")
    ]

    rows = first["subscriptions"] + second["subscriptions"]
    assert [row["subscriptionId"] for row in rows] == wanted
    assert "nextToken" not in second
    assert bad == [400, 400, 400, 400]


@pytest.mark.parametrize("media", [VENDOR, GUIDE, "application/json", "application/json; x=1"])
def test_all_media_types_are_taken(media):
    own = create_server()
    reply = call(own, "POST", PATH, body(), media=media)
    assert (reply.status, reply.content_type) == (200, "application/json")


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (VENDOR, VENDOR),
        (GUIDE, GUIDE),
    ],
)
def test_the_reply_has_the_type_that_was_accepted(accept, answered):
    own = create_server()
    assert call(own, "GET", PATH, Accept=accept).content_type == answered
    assert call(own, "GET", PATH, Accept="text/csv").status == 406
    assert call(own, "POST", PATH, body(), media="text/csv").status == 415


def test_the_dsp_guides_media_type_is_taken():
    own = create_server()
    account = {"Amazon_Advertising_API_Account_ID": "583000111", "Accept": DSP_GUIDE}
    reply = call(own, "POST", DSP_PATH, body("adsp-traffic"), media=DSP_GUIDE, **account)
    assert (reply.status, reply.content_type) == (200, DSP_GUIDE)


@pytest.mark.parametrize("path", [PATH, DSP_PATH])
def test_a_trailing_slash_is_no_path(path):
    own = create_server()
    assert call(own, "GET", f"{path}/").status == 404
    assert call(own, "GET", f"{path}/amzn1.fead.cs1.x/").status == 404


def test_subscriptions_survive_a_snapshot():
    own = create_server()
    subscription_id = activated(own)
    kept = dump_state(own.sandbox)
    call(own, "PUT", f"{PATH}/{subscription_id}", {"status": "ARCHIVED"})
    restore_state(own.sandbox, kept, contract_set(), own.runtime.sandboxes.source)

    assert status(own, subscription_id) == "ACTIVE"

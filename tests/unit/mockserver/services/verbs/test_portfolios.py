"""Portfolios: keyed batches without an archive, and lists without a page size."""

import pytest

from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import create_server, value

MEDIA = "application/vnd.spPortfolio.v3+json"


def send(own, path, items=None, method="POST", media=MEDIA, **body):
    raw = {"portfolios": items} if items is not None else body
    return value(own.call(f"/portfolios{path}", raw, method, media=media))


def one(own, name="P"):
    (row,) = send(own, "", [{"name": name, "state": "ENABLED"}])["portfolios"]["success"]
    return row["portfolioId"]


def test_a_name_is_taken_once():
    own = create_server()
    one(own)

    (row,) = send(own, "", [{"name": "P", "state": "ENABLED"}])["portfolios"]["error"]

    assert row["errors"][0]["errorType"] == "duplicateValueError"


def test_a_portfolio_is_changed_and_listed_in_plain_json():
    own = create_server()
    found = one(own)

    send(own, "", [{"portfolioId": found, "name": "Q"}], "PUT")
    answer = send(own, "/list", media="application/json", nameFilter={"include": ["q"]})

    (row,) = answer["portfolios"]
    assert (row["portfolioId"], row["name"], row["inBudget"]) == (found, "Q", True)
    assert set(answer) == {"portfolios", "totalResults"}


def test_extended_data_gives_reasons_as_plain_words():
    own = create_server()
    one(own)

    (row,) = send(own, "/list", includeExtendedDataFields=True)["portfolios"]

    data = row["extendedData"]
    assert data["servingStatus"] == "PORTFOLIO_STATUS_ENABLED"
    assert data["statusReasons"] == ["PORTFOLIO_STATUS_ENABLED_DETAIL"]
    assert data["creationDateTime"] == "2026-07-01T12:00:00.000Z"


def test_an_unknown_portfolio_is_named_as_one():
    answer = send(create_server(), "", [{"portfolioId": "4", "name": "Q"}], "PUT")

    error = answer["portfolios"]["error"][0]["errors"][0]["errorValue"]["entityNotFoundError"]
    assert error["entityType"] == "PORTFOLIO"


def test_campaigns_are_found_by_the_portfolio_they_are_in():
    own = create_server()
    found = one(own)
    items = [{"name": name, "tactic": "T00020", "state": "enabled", "startDate": "20270101"}
             for name in "AB"]  # fmt: skip
    items[1]["portfolioId"] = found
    own.call("/sd/campaigns", items, "POST", media="application/json")

    query = f"/sd/campaigns?portfolioIdFilter={found}"
    (row,) = value(own.call(query, b"", "GET", media="application/json"))

    assert (row["name"], row["portfolioId"]) == ("B", int(found))


def test_version_two_is_gone():
    assert (
        create_server().call("/v2/portfolios", b"", "GET", media="application/json").status == 404
    )


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        (("2026-07-02", "2026-07-03"), "PORTFOLIO_PENDING_START_DATE"),
        (("2026-06-01", "2026-07-01"), "PORTFOLIO_STATUS_ENABLED"),
        (("2026-06-01", "2026-06-30"), "PORTFOLIO_ENDED"),
        ((), "PORTFOLIO_STATUS_ENABLED"),
    ],
)
def test_the_days_of_a_budget_tell_whether_a_portfolio_serves(days, wanted):
    server = create_server()
    row = {"name": "P", "state": "ENABLED", "portfolioId": "7"}
    if days:
        row["budget"] = {"policy": "DATE_RANGE", "startDate": days[0], "endDate": days[1]}
    state = {"profiles": {server.profile().id: {"portfolios": [row]}}}
    put_state(server.sandbox, server.runtime.resources, state, replace=True)
    body = {"includeExtendedDataFields": True}
    found = value(server.call("/portfolios/list", body, media="application/json"))
    (shown,) = found["portfolios"]
    assert shown["extendedData"]["servingStatus"] == wanted

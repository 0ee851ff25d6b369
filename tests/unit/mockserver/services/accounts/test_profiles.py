"""The daily budget of a profile: set row by row, of sellers alone."""

from tests.unit.mockserver.fixtures import ENDPOINTS, create_server, value


def put(own, rows, region="EU"):
    headers = own.headers("application/json")
    reply = own.send("PUT", "/v2/profiles", rows, headers, ENDPOINTS[region])
    return reply.status, value(reply)


def test_a_daily_budget_is_set_of_sellers_and_reported_row_by_row():
    own = create_server()
    by_country = {each.country: each for each in own.sandbox.profiles.values()}
    seller, vendor, foreign = (int(by_country[name].id) for name in ("UK", "DE", "US"))

    status, rows = put(
        own,
        [
            {"profileId": seller, "dailyBudget": 12.5, "countryCode": "UK", "timezone": "x"},
            {"profileId": str(vendor), "dailyBudget": 12.5},
            {"profileId": foreign, "dailyBudget": 12.5},
            {"profileId": seller, "dailyBudget": -1},
            {"profileId": seller},
        ],
    )

    assert status == 207
    assert [row["code"] for row in rows] == [
        "SUCCESS",
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "INVALID_ARGUMENT",
        "SUCCESS",
    ]
    assert [row["profileId"] for row in rows] == [seller, vendor, foreign, seller, seller]
    path, headers = f"/v2/profiles/{seller}", own.headers("application/json")
    shown = value(own.send("GET", path, b"", headers, ENDPOINTS["EU"]))
    assert (shown["dailyBudget"], shown["countryCode"]) == (12.5, "UK")
    assert own.sandbox.profiles[str(foreign)].daily_budget != 12.5


def test_what_is_no_row_of_a_profile_is_refused():
    own = create_server()
    for body in ({"profileId": 1}, [{"dailyBudget": 1}], [{"profileId": 1, "dailyBudget": "x"}]):
        assert put(own, body)[0] == 400

from tests.unit.mockserver.fixtures import EXPORT, desk, value


def test_one_url_expires_and_a_new_one_works():
    stand = desk()
    first, second = urls(stand)
    stand.plan("url-expired", times=1)

    assert [stand.send("GET", url).status for url in (first, first, second)] == [403, 403, 200]
    assert stand.sandbox.faults.find("url-expired").triggered == 1


def test_a_url_that_has_expired_by_itself_is_not_counted():
    stand = desk()
    first, _ = urls(stand)
    stand.plan("url-expired")
    stand.sandbox.clock.advance(3601)

    assert stand.send("GET", first).status == 403
    assert stand.sandbox.faults.find("url-expired").triggered == 0


def test_a_call_that_downloads_nothing_is_not_counted():
    stand = desk()
    stand.plan("url-expired")

    stand.call("/sp/campaigns/list")

    assert stand.sandbox.faults.find("url-expired").triggered == 0


def urls(stand):
    """Return two download URLs of a finished export."""
    export = value(stand.call("/campaigns/export", {}, media=EXPORT))["exportId"]
    stand.sandbox.clock.advance(10)
    looks = [stand.call(f"/exports/{export}", b"", "GET", media=EXPORT) for _ in range(2)]
    return [value(look)["url"].replace("http://storage.test", "/_storage") for look in looks]

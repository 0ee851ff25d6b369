from tests.unit.mockserver.fixtures import EXPORT, create_server, value


def test_one_url_expires_and_a_new_one_works():
    server = create_server()
    first, second = urls(server)
    server.plan("url-expired", times=1)

    assert [server.send("GET", url).status for url in (first, first, second)] == [403, 403, 200]
    assert server.sandbox.faults.find("url-expired").triggered == 1


def test_a_url_that_has_expired_by_itself_is_not_counted():
    server = create_server()
    first, _ = urls(server)
    server.plan("url-expired")
    server.sandbox.clock.advance(3601)

    assert server.send("GET", first).status == 403
    assert server.sandbox.faults.find("url-expired").triggered == 0


def test_a_call_that_downloads_nothing_is_not_counted():
    server = create_server()
    server.plan("url-expired")

    server.call("/sp/campaigns/list")

    assert server.sandbox.faults.find("url-expired").triggered == 0


def urls(server):
    """Return two download URLs of a finished export."""
    export = value(server.call("/campaigns/export", {}, media=EXPORT))["exportId"]
    server.sandbox.clock.advance(10)
    looks = [server.call(f"/exports/{export}", b"", "GET", media=EXPORT) for _ in range(2)]
    return [value(look)["url"].replace("http://storage.test", "/_storage") for look in looks]

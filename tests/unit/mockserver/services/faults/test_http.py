from tests.unit.mockserver.fixtures import campaign, create_server, value


def test_the_call_is_refused_and_nothing_is_done():
    server = create_server()
    server.plan("http", effect={"status": 503, "retry_after": "3"})

    reply = server.call("/sp/campaigns", {"campaigns": [campaign()]})

    assert (reply.status, reply.headers["Retry-After"]) == (503, "3")
    assert server.entries()[-1].committed is False
    assert server.sandbox.faults.find("http").triggered == 1


def test_after_the_work_a_call_that_was_refused_anyway_is_not_counted():
    server = create_server()
    server.plan("http", effect={"status": 500, "point": "after_commit"})

    assert server.call("/sp/campaigns", b"{not json").status == 400
    rule = server.sandbox.faults.find("http")

    assert (rule.selected, rule.triggered, server.entries()[-1].fault) == (1, 0, None)


def test_it_brings_its_own_body_and_headers():
    server = create_server()
    own = {"status": 418, "body": b'{"tea": true}', "headers": (("X-Pot", "1"),)}
    server.plan("http", effect=own)

    reply = server.call("/sp/campaigns/list")

    assert (value(reply), reply.headers["X-Pot"]) == ({"tea": True}, "1")

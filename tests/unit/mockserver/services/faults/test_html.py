from tests.unit.mockserver.fixtures import desk


def test_a_page_comes_where_json_is_expected():
    stand = desk()
    stand.plan("html", effect={"status": 502})

    reply = stand.call("/sp/campaigns/list")

    assert (reply.status, reply.content_type) == (502, "text/html")
    assert stand.sandbox.faults.find("html").triggered == 1

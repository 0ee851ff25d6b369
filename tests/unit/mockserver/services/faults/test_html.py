from tests.unit.mockserver.fixtures import create_server


def test_a_page_comes_where_json_is_expected():
    server = create_server()
    server.plan("html", effect={"status": 502})

    reply = server.call("/sp/campaigns/list")

    assert (reply.status, reply.content_type) == (502, "text/html")
    assert server.sandbox.faults.find("html").triggered == 1

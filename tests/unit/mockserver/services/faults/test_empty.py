from tests.unit.mockserver.fixtures import create_server


def test_a_status_comes_without_a_body():
    server = create_server()
    server.plan("empty")

    reply = server.call("/sp/campaigns/list")

    assert (reply.status, reply.body) == (200, b"")
    assert server.sandbox.faults.find("empty").triggered == 1

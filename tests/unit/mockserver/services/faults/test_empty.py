from tests.unit.mockserver.fixtures import desk


def test_a_status_comes_without_a_body():
    stand = desk()
    stand.plan("empty")

    reply = stand.call("/sp/campaigns/list")

    assert (reply.status, reply.body) == (200, b"")
    assert stand.sandbox.faults.find("empty").triggered == 1

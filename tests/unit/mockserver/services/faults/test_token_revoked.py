from tests.unit.mockserver.fixtures import create_server


def test_the_token_is_refused_for_good():
    server = create_server()
    server.plan("token-revoked", times=1)

    assert [server.call("/sp/campaigns/list").status for _ in range(2)] == [401, 401]
    assert server.sandbox.faults.find("token-revoked").triggered == 1
    server.sign_in()
    assert server.call("/sp/campaigns/list").status == 200


def test_it_can_be_late():
    server = create_server()
    server.plan("token-revoked", effect={"latency": 0.5})

    assert server.call("/sp/campaigns/list").fault.effect.latency == 0.5

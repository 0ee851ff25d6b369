from tests.unit.mockserver.fixtures import desk


def test_the_token_is_refused_for_good():
    stand = desk()
    stand.plan("token-revoked", times=1)

    assert [stand.call("/sp/campaigns/list").status for _ in range(2)] == [401, 401]
    assert stand.sandbox.faults.find("token-revoked").triggered == 1
    stand.sign_in()
    assert stand.call("/sp/campaigns/list").status == 200


def test_it_can_be_late():
    stand = desk()
    stand.plan("token-revoked", effect={"latency": 0.5})

    assert stand.call("/sp/campaigns/list").fault.effect.latency == 0.5

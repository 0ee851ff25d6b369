"""The audit of a journal with several clients, such as that of a free run."""

from adsmock.harness.volume.audit import audit
from tests.unit.harness.volume.test_audit import CONTRACTS, seen


def test_equal_waste_of_several_clients_is_one_row():
    calls = [
        seen(at, "lwa.token", line=10 * number + at + 1, client=client)
        for number, (client, tokens) in enumerate([("a", 2), ("b", 2), ("c", 2), ("d", 3)])
        for at in range(tokens)
    ]
    found = audit(calls, CONTRACTS).wastes

    assert sorted((waste.says, waste.saved) for waste in found) == [
        ("3 clients: 2 tokens were requested; 1 would be enough for each", 3),
        ("3 tokens were requested; 1 would be enough", 2),
    ]

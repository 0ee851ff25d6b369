"""A queue knows how many characters its messages have, whatever happened to them."""

from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.core.queue import Message, Queue, queue_row, read_queue

ARN = "arn:aws:sqs:us-east-1:111122223333:orders"
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "delay", "schedule", "receive", "delete", "wait", "purge"]),
              st.integers(1, 40)),
    max_size=30,
)  # fmt: skip


@given(STEPS)
def test_its_size_is_the_sum_of_its_messages(steps):
    queue, now = Queue(ARN, 0.0, {"MessageRetentionPeriod": "100"}), 0.0
    for number, (step, amount) in enumerate(steps):
        attributes = {"kind": {"DataType": "String", "StringValue": "y" * amount}}
        message = Message(f"m-{number}", "x" * amount, now, attributes)
        if step == "put":
            queue.put(message, now)
        elif step == "delay":
            queue.put(message, now, amount)
        elif step == "schedule":
            message.sent = now + amount
            queue.schedule(message)
        elif step == "receive":
            queue.receive(amount, now, 5.0, most=2)
        elif step == "delete":
            queue.delete(f"m-{amount}")
        elif step == "purge":
            queue.purge()
        else:
            now += amount
            queue.settle(now)
    rows = queue.rows().values()

    assert queue.size == sum(Message(*row).size for row in rows)
    assert read_queue(queue_row(queue)).size == queue.size
    assert all(Message(*row).size > 2 * len(row[1]) for row in rows)

"""The loop that reads a queue on the client's clock."""

from contextlib import ExitStack, closing
from decimal import Decimal

import pytest

from adsmock.harness.client.clock import RemoteClock
from adsmock.harness.client.errors import Misuse
from adsmock.harness.client.settings import AwsAccess, Settings
from adsmock.harness.client.stream import AwsError, SqsQueue
from adsmock.harness.client.stream.reader import StreamReader
from tests.unit.harness.client.stream.test_consumer import FakeQueue, delta

TASK = {
    "regions": {"NA": {"ads": "http://127.0.0.1:1", "lwa": "http://127.0.0.1:1"}},
    "profiles": [],
    "credentials": {"clientId": "a", "clientSecret": "b", "refreshToken": "c"},
}
AWS = {
    "sqs": "http://127.0.0.1:1",
    "sns": "http://127.0.0.1:2",
    "region": "us-east-1",
    "accessKeyId": "a",
    "secretAccessKey": "s",
}


@pytest.fixture
def reader_of():
    """Return what makes a reader of a queue in virtual time, and the list of its waits."""
    with ExitStack() as stack:

        def make(queue, path=":memory:", task=TASK | {"aws": AWS}):
            waits = []

            class Reader(StreamReader):
                def queue_class(self, url, aws, wait):
                    assert (url, aws.key_id, wait) == ("http://q", "a", 0)
                    return queue

            def advance(seconds):
                waits.append(seconds)
                return sum(waits)

            clock = RemoteClock(0.0, advance)
            reader = Reader(Settings.from_task(task), path, clock=clock, sleeper=clock)
            return stack.enter_context(closing(reader)), waits

        yield make


def test_access_to_aws_comes_from_the_task():
    assert Settings.from_task(TASK | {"aws": AWS}).aws == AwsAccess(
        "http://127.0.0.1:1", "http://127.0.0.1:2", "us-east-1", "a", "s"
    )


def test_an_empty_queue_is_read_every_twenty_seconds_until_the_time_is_over(reader_of):
    reader, waits = reader_of(FakeQueue(delta("1"), delta("2"), delta("1")))

    assert reader.read("http://q", 50)["sp-traffic"]["clicks"] == 2
    assert waits == [20, 20, 10]


def test_sums_survive_the_reader(reader_of, tmp_path):
    path = tmp_path / "stream.db"
    first, _ = reader_of(FakeQueue(delta("1")), path)
    first.read("http://q", 20)
    first.close()
    second, _ = reader_of(FakeQueue(delta("1"), delta("2")), path)

    assert second.read("http://q", 20)["sp-traffic"]["cost"] == Decimal("0.2")


def test_a_queue_that_fails_is_read_again_after_growing_pauses(reader_of):
    class Failing(FakeQueue):
        failures = 3

        def receive(self):
            if self.failures:
                self.failures -= 1
                raise AwsError("503")
            return super().receive()

    reader, waits = reader_of(Failing(delta("1")))

    assert reader.read("http://q", 30)["sp-traffic"]["clicks"] == 1
    assert waits == [1, 2, 4, 20, 3]


def test_a_client_without_access_to_aws_says_what_is_missing(reader_of):
    reader, _ = reader_of(FakeQueue(), task=TASK)

    with pytest.raises(Misuse, match="set the member aws"):
        reader.read("http://q", 1)


def test_a_queue_waits_twenty_seconds_unless_it_gets_another_time():
    assert SqsQueue("http://q", None).wait == 20

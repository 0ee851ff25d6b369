"""An adapter on the Python kit for test_kit.py: each verb behaves in one way."""

import os
import threading

from adsmock.harness.adapters import Adapter, Result, Unsupported

BOTH = threading.Barrier(2, timeout=60)


class Kit(Adapter):
    def __init__(self, connection):
        super().__init__(connection)
        self.calls = 0

    def list_profiles(self, args):
        print("a stray print")
        os.system("echo a stray child")
        return 3

    def list(self, args):
        self.calls += 1
        place = self.connection
        urls = place.regions[place.region_of(args["profile"])]
        return Result(done=self.calls, error=f"{urls.ads} {place.ca_bundle} {place.proxy}")

    def create(self, args):
        if args["resource"] != "sp.campaigns":
            raise Unsupported(args["resource"])
        return Result(done=1, failed=1, error="item 1: duplicate")

    def update(self, args):
        raise ValueError("no such id")

    def archive(self, args):
        return Result(failed=2)

    def consume_stream(self, args):
        aws = self.connection.aws
        assert args["queueUrl"].startswith(aws.sqs)
        return Result(done=1, sums={"sp-traffic": {"clicks": 0}})

    def idle(self, args):
        BOTH.wait()


Kit.run()

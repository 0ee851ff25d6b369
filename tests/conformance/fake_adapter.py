"""An adapter that does no work: it notes what it is asked and misbehaves as its argument says."""

import json
import os
import sys
import time
from pathlib import Path

MODE, NOTE = sys.argv[1], Path(sys.argv[2])


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


for line in sys.stdin:
    request = json.loads(line)
    variables = ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS") if MODE == "trusts" else ()
    with NOTE.open("a") as file:
        file.write(json.dumps(request | {name: os.environ.get(name) for name in variables}) + "\n")
    if request["verb"] == "shutdown":
        break
    if MODE == "dies" and request["id"] == 2:
        sys.stderr.write(f"out of memory, {request['credentials']['clientSecret']}\n")
        sys.exit(9)
    if MODE == "chats":
        say("working on it")
    if MODE == "deaf":
        time.sleep(60)  # noqa: TID251 -- a program of its own
    say(json.dumps({"id": request["id"], "status": "done"}))

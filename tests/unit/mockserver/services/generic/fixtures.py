"""Sandboxes on frozen clocks whose server reads OpenAPI documents; each runtime is built once."""

from functools import cache
from itertools import count

import orjson

from adsmock.contracts.loader import load
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.runtime import Runtime
from adsmock.mockserver.services.generic.document import Document
from adsmock.mockserver.services.generic.operations import with_documents
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from tests.unit.mockserver.fixtures import NOON, ServerFixture

_NUMBERS = count()


@cache
def _world(names, texts):
    documents = [
        Document(name, name, orjson.loads(text)) for name, text in zip(names, texts, strict=True)
    ]
    return Runtime.build(Sandboxes(), with_documents(load(), documents), "http://storage.test")


def create_server(*documents, start=NOON, seed=1):
    names = tuple(each.name for each in documents)
    runtime = _world(names, tuple(orjson.dumps(each.value) for each in documents))
    wanted = SandboxRequest(
        id=f"desk-{next(_NUMBERS)}",
        seed=seed,
        journal="full",
        clock_mode="frozen",
        clock_start=start,
    )
    made = ServerFixture(runtime, make_sandbox(runtime.sandboxes, runtime.contract_set, wanted))
    made.token = orjson.loads(made.grant().body)["access_token"]
    return made

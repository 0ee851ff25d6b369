"""Check every reply against the document that describes it."""

from collections.abc import Callable, Collection
from math import ceil

from schemathesis import checks, openapi
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.requests import ManagedCookiesSession

SAMPLE = 60

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

CHECKS = [
    checks.not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def labels(document: dict, omitted: Collection[str] = ()) -> list[str]:
    """Return the operations of a document, without those ids, by the names of Schemathesis."""
    return [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS and operation.get("operationId") not in omitted
    ]


def kept_session() -> ManagedCookiesSession:
    """Return a session that keeps its connection and reads no proxy or password of the machine.

    Without one each call makes a session: half of what the call costs.
    """
    session = ManagedCookiesSession()
    session.trust_env = False
    session.headers = {}  # those of a session would replace generated ones
    return session


def try_operation(
    document: dict, label: str, test: Callable[..., None], *, is_deep: bool, **fixtures
) -> None:
    """Call ``test`` with generated cases of one operation of a document.

    Schemathesis generates many cases when it builds a test. ``schema.parametrize()`` does so for
    all operations in each process that collects the tests: half of the time that collection took.
    Its validators keep 40 MB for each schema of the whole document, so each has one path.
    Of the cases with boundary values, up to 1,800 of one operation, ``SAMPLE`` at most are called,
    evenly over their list, and all of them in ``make deep``.
    """
    path = label.split(" ", 1)[1]
    schema = openapi.from_dict({**document, "paths": {path: document["paths"][path]}})
    (result,) = get_all_tests(
        schema=schema.include(name=label), test_func=test, settings=None, given_kwargs={}
    )
    _operation, generated = result.ok()
    boundary_cases = generated.hypothesis_explicit_examples
    step = 1 if is_deep else max(1, ceil(len(boundary_cases) / SAMPLE))
    generated.hypothesis_explicit_examples = boundary_cases[::step]
    generated(**fixtures)

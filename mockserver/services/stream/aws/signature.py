"""Read a call to SQS, SNS or S3: its service, action, region, access key id and parameters.

The signature is not checked: nobody here knows the secret access key.
Source: AWS General Reference, Signature Version 4 (documented: the form of Credential).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from adsmock.contracts.model import Operation
from adsmock.mockserver.catalog.aws import AWS_OPERATIONS, SNS_ACTIONS
from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.call import Call
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.services.stream.aws.error import unknown_action, unreadable
from adsmock.mockserver.services.stream.aws.query_protocol import read_parameters
from adsmock.mockserver.services.stream.aws.rest_protocol import read_action
from adsmock.mockserver.services.validation.request_body import parse

DEFAULT_REGION = "us-east-1"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/(\w+)/aws4_request")
_HOST = re.compile(r"(sqs|sns|s3)\.([a-z0-9-]+)\.amazonaws\.com")
_QUEUE_PATH = re.compile(r"(?:/.*)?/(\d{12})/([\w-]{1,80}(?:\.fifo)?)/?", re.ASCII)
_FORM = "application/x-www-form-urlencoded"


def read_request(call: Call, path: str, prefix: str, limits: Limits) -> AwsRequest:
    """Return a call as a request of SQS, SNS or S3; it never raises.

    ``path`` is without ``prefix``, which names a sandbox.
    """
    host = call.host.rsplit(":", 1)[0].lower()
    named = _HOST.fullmatch(host)
    query = call.parameters()
    text = (
        call.headers.get("authorization", "") or f"Credential={query.get('X-Amz-Credential', '')}"
    )
    signed = _CREDENTIAL.search(text)
    region = signed[2] if signed else named[2] if named else DEFAULT_REGION
    target = call.headers.get("x-amz-target", "")
    scheme = "https" if call.endpoint.tls else "http"
    base, access_key = f"{scheme}://{call.host}{prefix}", signed[1] if signed else ""
    if "s3" in {signed and signed[3], named and named[1]}:
        action, body = read_action(call, path, query)
        return AwsRequest("s3", action, region, "rest", body, access_key, base)
    action, body = _json(call, target, limits) if target else _form(call, query, limits)
    service = "sns" if action in SNS_ACTIONS else named[1] if named else "sqs"
    queue = _QUEUE_PATH.fullmatch(path)
    return AwsRequest(
        service=service,
        action=action,
        region=region,
        protocol="json" if target else "query",
        body=body,
        access_key=access_key,
        base=base,
        queue=(queue[1], queue[2]) if queue else None,
    )


def _json(call: Call, target: str, limits: Limits) -> tuple[str, dict[str, Any] | None]:
    action = target.rpartition(".")[2]
    body = parse(call.body, limits)
    return action, {"Action": action, **body} if isinstance(body, dict) else None


def _form(call: Call, query: dict[str, str], limits: Limits) -> tuple[str, dict[str, Any] | None]:
    pairs = dict(query)
    if call.body.count(b"&") > limits.json_values:
        return "", None
    if call.sent == _FORM:
        try:
            pairs |= dict(parse_qsl(call.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            return "", None
    body = read_parameters(pairs)
    return pairs.get("Action", ""), body


def find_action(request: AwsRequest) -> tuple[Operation, dict[str, str]]:
    """Return the operation of a call.

    Raises:
        ApiError: 400; its action is unknown, or its body cannot be read.
    """
    operation = AWS_OPERATIONS.get(f"{request.service}.{request.action}")
    if request.body is None:
        raise unreadable().worded(request.protocol)
    if operation is None:
        raise unknown_action(request.action, request.service).worded(request.protocol)
    return operation, {}

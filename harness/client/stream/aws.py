"""The few actions of SQS and SNS that a consumer needs, by requests; AWS SDKs are not needed.

Source: SQS API reference (JSON protocol), SNS API reference, Signature Version 4 (documented).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from ..clock import Clock, SystemClock
from .consumer import Message

BATCH = 10
WAIT_SECONDS = 20
TIMEOUT = 60.0
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_JSON = "application/x-amz-json-1.0"


class AwsError(RuntimeError):
    """AWS refused an action, or deleted only a part of a batch."""


@dataclass(frozen=True)
class Aws:
    """Credentials, region and endpoints; sends signed requests."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    token: str | None = field(default=None, repr=False)
    sqs_endpoint: str | None = None
    sns_endpoint: str | None = None
    session: requests.Session = field(default_factory=requests.Session, repr=False)
    clock: Clock = field(default_factory=SystemClock, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Aws:
        """Return what the variables of the AWS SDKs say.

        Raises:
            KeyError: a key or the region is missing.
        """
        return cls(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            environment["AWS_REGION"],
            environment.get("AWS_SESSION_TOKEN"),
            environment.get("AWS_ENDPOINT_URL_SQS"),
            environment.get("AWS_ENDPOINT_URL_SNS"),
        )

    def confirm(self, topic: str, token: str) -> None:
        """Confirm a subscription, in the region of its topic.

        Raises:
            AwsError: the token is not valid.
        """
        region = topic.split(":")[3]
        url = self.sns_endpoint or f"https://sns.{region}.amazonaws.com/"
        form = {"Action": "ConfirmSubscription", "Version": "2010-03-31"}
        text = urlencode({**form, "TopicArn": topic, "Token": token})
        self.send("sns", region, url, {"content-type": _FORM}, text.encode())

    def send(
        self, service: str, region: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> bytes:
        """Send a signed request and return the body of its reply.

        Raises:
            AwsError: it was refused.
            requests.RequestException: no reply came.
        """
        now = datetime.fromtimestamp(self.clock.now(), UTC)
        signed = sign(self, f"{region}/{service}", url, headers, body, now=now)
        reply = self.session.post(url, body, headers=signed, timeout=TIMEOUT)
        if not reply.ok:
            raise AwsError(f"{service}: {reply.status_code} {reply.text[:500]}")
        return reply.content


@dataclass(frozen=True)
class SqsQueue:
    """A queue of SQS; ``wait`` is how many seconds a receive waits for a message."""

    url: str
    aws: Aws
    wait: int = WAIT_SECONDS

    def receive(self) -> list[Message]:
        """Return up to ten messages, after a wait if there are none."""
        found = self._call("ReceiveMessage", MaxNumberOfMessages=BATCH, WaitTimeSeconds=self.wait)
        return [Message(row["Body"], row["ReceiptHandle"]) for row in found.get("Messages", [])]

    def delete(self, messages: list[Message]) -> None:
        """Delete up to ten messages.

        Raises:
            AwsError: one was not deleted; it comes again.
        """
        _verify(self._call("DeleteMessageBatch", Entries=_entries(messages)), messages)

    def _call(self, action: str, **members: Any) -> dict[str, Any]:
        body = json.dumps({"QueueUrl": self.url, **members}).encode()
        headers = {"content-type": _JSON, "x-amz-target": f"AmazonSQS.{action}"}
        parts = urlsplit(self.url)
        root = self.aws.sqs_endpoint or f"{parts.scheme}://{parts.netloc}/"
        found = json.loads(self.aws.send("sqs", self.aws.region, root, headers, body) or b"{}")
        return dict(found)


@dataclass(frozen=True)
class SdkQueue:
    """A queue that boto3 reads; ``client`` is ``boto3.client("sqs")``."""

    url: str
    client: Any

    def receive(self) -> list[Message]:
        """Return up to ten messages, after a wait of up to 20 seconds."""
        found = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=WAIT_SECONDS
        )
        return [Message(row["Body"], row["ReceiptHandle"]) for row in found.get("Messages", [])]

    def delete(self, messages: list[Message]) -> None:
        """Delete up to ten messages.

        Raises:
            AwsError: one was not deleted; it comes again.
        """
        found = self.client.delete_message_batch(QueueUrl=self.url, Entries=_entries(messages))
        _verify(found, messages)


def _entries(messages: list[Message]) -> list[dict[str, str]]:
    numbered = enumerate(messages)
    return [{"Id": str(index), "ReceiptHandle": each.handle} for index, each in numbered]


def _verify(reply: Mapping[str, Any], messages: list[Message]) -> None:
    failed = reply.get("Failed")
    if failed:
        raise AwsError(f"sqs: {len(failed)} of {len(messages)} messages were not deleted")


def sign(
    aws: Aws, scope: str, url: str, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> dict[str, str]:
    """Return the headers of a POST with its signature, version 4; names are in lower case.

    ``scope`` is region and service: ``us-east-1/sqs``.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{scope}/aws4_request"
    parts = urlsplit(url)
    signed = {**headers, "host": parts.netloc, "x-amz-date": stamp}
    if aws.token:
        signed["x-amz-security-token"] = aws.token
    names = ";".join(sorted(signed))
    lines = [f"{name}:{signed[name].strip()}" for name in sorted(signed)]
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join(["POST", parts.path or "/", "", *lines, "", names, digest])
    request = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request}"
    key = f"AWS4{aws.secret}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={aws.key_id}/{scope}, SignedHeaders={names}, "
        f"Signature={key.hex()}"
    )
    return signed

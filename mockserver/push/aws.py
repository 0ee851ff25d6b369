"""Channels to AWS-compatible servers: SQS, Firehose, and S3 with notifications by SQS.

They use botocore with keys that are not real: the access key id is the AWS account of the
destination, by which emulators choose the account. No file and no variable of AWS is read.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from threading import Lock
from typing import Any

from adsmock.mockserver.push.channel import Parcel, Unavailable

MISSING = "--stream-endpoint needs botocore: install it with pip install 'adsmock[stream]'"
CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0

_BAD_REQUEST = 400
_LATER = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "AccessDenied",
        "AccessDeniedException",
        "LimitExceededException",
        "NoSuchBucket",
        "QueueDoesNotExist",
        "RequestThrottled",
        "ResourceNotFoundException",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
    }
)
"""Error codes after which the same messages may be accepted later."""


def is_available() -> bool:
    """Say whether there is what the channels need."""
    return find_spec("botocore") is not None


class AwsClients:
    """Clients of AWS-compatible servers by service, region and account, created at first use."""

    def __init__(self, endpoints: dict[str, str]) -> None:
        import botocore.session  # noqa: PLC0415 -- heavy, and an option
        from botocore.config import Config  # noqa: PLC0415 -- as above

        self._endpoints = endpoints
        nothing: tuple[None, None, Any, None] = (None, None, None, None)
        nowhere = (None, None, os.devnull, None)
        self._session = botocore.session.Session(
            session_vars={
                "profile": nothing,
                "config_file": nowhere,
                "credentials_file": nowhere,
            }
        )
        self._config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 1},
            proxies={},
            s3={"addressing_style": "path"},
        )
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._lock = Lock()

    def get(self, service: str, parcel: Parcel) -> Any:
        """Return the client for the destination of a parcel."""
        key = (service, parcel.region, parcel.account)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.create_client(
                    service,
                    region_name=parcel.region,
                    endpoint_url=self._endpoints[service],
                    aws_access_key_id=parcel.account,
                    aws_secret_access_key="adsmock",
                    config=self._config,
                )
            return self._clients[key]

    def call(self, service: str, parcel: Parcel, method: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation of a service and return its reply.

        Raises:
            Refused: the server refuses these parameters.
            Unavailable: it does not answer, or may accept them later.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- as above

        try:
            client = self.get(service, parcel)
            reply: dict[str, Any] = getattr(client, method)(**parameters)
        except ClientError as error:
            raise _problem(error.response, f"{service} at {self._endpoints[service]}") from error
        except BotoCoreError as error:
            raise Unavailable(str(error)) from error
        return reply

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for each in self._clients.values():
                each.close()
            self._clients.clear()


class Refused(Exception):
    """The server refuses a request, and will do so again."""


def _problem(response: Any, where: str) -> Exception:
    code, text = response["Error"].get("Code", ""), response["Error"].get("Message", "")
    message = f"{where} answered {code}: {text}"
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    is_final = status == _BAD_REQUEST and code.rpartition("#")[2] not in _LATER
    return Refused(message) if is_final else Unavailable(message)


class SqsChannel:
    """Sends messages to queues, by their names."""

    size = 10

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients
        self._urls: dict[str, str] = {}
        """URLs of queues by ARN."""

    def send(self, parcel: Parcel) -> dict[str, str]:
        """Send messages and return those that were refused: the reason by message id.

        Raises:
            Unavailable: none was accepted.
        """
        url = self._urls.pop(parcel.arn, "") or self._url(parcel)
        entries = [
            {"Id": str(number), "MessageBody": message.body}
            for number, message in enumerate(parcel.messages)
        ]
        try:
            reply = self._clients.call(
                "sqs", parcel, "send_message_batch", QueueUrl=url, Entries=entries
            )
        except Refused as refusal:
            return dict.fromkeys((each.id for each in parcel.messages), str(refusal))
        self._urls[parcel.arn] = url  # it is asked for again after a failure
        return {
            parcel.messages[int(each["Id"])].id: f"{each['Code']}: {each.get('Message', '')}"
            for each in reply.get("Failed", ())
        }

    def _url(self, parcel: Parcel) -> str:
        try:
            reply = self._clients.call("sqs", parcel, "get_queue_url", QueueName=parcel.name)
        except Refused as refusal:
            raise Unavailable(str(refusal)) from refusal
        return str(reply["QueueUrl"])

    def close(self) -> None:
        """Close every connection."""
        self._clients.close()


class FirehoseChannel:
    """Puts records into delivery streams, each with a line feed at its end (assumed)."""

    size = 100

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def send(self, parcel: Parcel) -> dict[str, str]:
        """Put records and return those that were refused: the reason by message id.

        Raises:
            Unavailable: none was accepted.
        """
        records = [{"Data": f"{each.body}\n".encode()} for each in parcel.messages]
        try:
            reply = self._clients.call(
                "firehose",
                parcel,
                "put_record_batch",
                DeliveryStreamName=parcel.name,
                Records=records,
            )
        except Refused as refusal:
            return dict.fromkeys((each.id for each in parcel.messages), str(refusal))
        rows = zip(parcel.messages, reply["RequestResponses"], strict=True)
        return {
            message.id: f"{row['ErrorCode']}: {row.get('ErrorMessage', '')}"
            for message, row in rows
            if row.get("ErrorCode")
        }

    def close(self) -> None:
        """Close every connection."""
        self._clients.close()


class FileChannel:
    """Puts files into buckets, and then sends their notifications to queues."""

    size = 10

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients
        self._queues = SqsChannel(clients)

    def send(self, parcel: Parcel) -> dict[str, str]:
        """Send files and notifications and return those that were refused, by message id.

        Raises:
            Unavailable: no notification was accepted.
        """
        for file in parcel.files:
            try:
                self._clients.call(
                    "s3",
                    parcel,
                    "put_object",
                    Bucket=file.bucket,
                    Key=file.key,
                    Body=file.content,
                )
            except Refused as refusal:
                raise Unavailable(str(refusal)) from refusal
        return self._queues.send(parcel)

    def close(self) -> None:
        """Close every connection."""
        self._clients.close()

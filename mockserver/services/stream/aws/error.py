"""Refusals of SQS, SNS and S3, worded in the protocol of the call.

Source: Amazon SQS API reference (documented: codes of both protocols).
"""

from __future__ import annotations

from adsmock.mockserver.core.error import ApiError

_XML = {"query": "aws-query", "rest": "s3"}
"""The dialects of the protocols that answer in XML."""


class AwsError(Exception):
    """A refused call: its code in the query protocol, and in the JSON protocol if it differs."""

    def __init__(self, code: str, message: str, *, json_code: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.json_code = json_code or code
        self.status = status
        self.message = message

    def worded(self, protocol: str) -> ApiError:
        """Return the refusal in a protocol; the JSON one names the other code in a header."""
        if protocol in _XML:
            dialect = _XML[protocol]
            return ApiError(
                "invalid", self.status, code=self.code, message=self.message, dialect=dialect
            )
        return ApiError(
            "invalid",
            self.status,
            code=f"com.amazonaws.sqs#{self.json_code}",
            message=self.message,
            dialect="aws-json",
            headers={"x-amzn-query-error": f"{self.code};Sender"},
        )


def no_such_queue() -> AwsError:
    """Return the refusal of a queue that does not exist."""
    return AwsError(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        json_code="QueueDoesNotExist",
    )


def missing(name: str) -> AwsError:
    """Return the refusal of a call without a required parameter."""
    return AwsError("MissingParameter", f"The request must contain the parameter {name}.")


def invalid(value: object, name: str, reason: str) -> AwsError:
    """Return the refusal of a parameter's value."""
    text = f"Value {value} for parameter {name} is invalid. Reason: {reason}"
    return AwsError("InvalidParameterValue", text)


def unknown_key(access_key: str) -> AwsError:
    """Return the refusal of an access key id that is of no sandbox."""
    text = (
        f"The security token included in the request is invalid: no sandbox has the access key id "
        f'"{access_key}". Use the client id of a sandbox as AWS_ACCESS_KEY_ID.'
    )
    return AwsError("InvalidClientTokenId", text, status=403)


def unknown_action(action: str, service: str) -> AwsError:
    """Return the refusal of an action that is not served."""
    if service == "s3":
        text = "A header or operation you provided implies functionality that is not implemented"
        return AwsError("NotImplemented", text, status=501)
    text = f"The action {action or '(none)'} is not valid for this web service."
    return AwsError("InvalidAction", text)


def unreadable() -> AwsError:
    """Return the refusal of a body that is neither a form nor JSON."""
    return AwsError("MalformedInput", "The body of the request cannot be read.")

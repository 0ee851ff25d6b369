"""Calls of S3 in memory, signed with the sandbox's access key id."""

from xml.etree import ElementTree as ET


def s3(own, method, path, content=b"", region="us-east-1", **headers):
    """Call S3; ``path`` begins with the bucket."""
    key = own.sandbox.credentials.client_id
    signed = f"AWS4-HMAC-SHA256 Credential={key}/20260701/{region}/s3/aws4_request"
    held = {"Authorization": signed, "Host": "127.0.0.1:9087"}
    held |= {name.replace("_", "-"): text for name, text in headers.items()}
    return own.send(method, f"/_aws/{path}", content, held)


def code(reply):
    """Return the status and the code of a refusal."""
    return reply.status, ET.fromstring(reply.body).findtext("Code")


def texts(reply, name):
    """Return the texts of all elements of a name."""
    root = ET.fromstring(reply.body)
    return [each.text for each in root.iter() if each.tag.rpartition("}")[2] == name]

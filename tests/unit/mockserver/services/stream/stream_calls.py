"""Calls of Marketing Stream in memory, for tests of its room."""

from functools import cache
from itertools import count

from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import ENDPOINTS, value

NUMBERS = count()
TOKENS = count()
VENDOR = "application/vnd.amazonmarketingstreamsubscriptions.v1+json"
PATH, DSP_PATH = "/streams/subscriptions", "/dsp/streams/subscriptions"
REGIONS = {"NA": "us-east-1", "EU": "eu-west-1", "FE": "us-west-2"}
home = cache(fixtures.runtime)


def create_server(**request):
    return fixtures.create_server(home(), f"stream{next(NUMBERS)}", **request)


def queue_arn(name="orders", region="us-east-1"):
    return f"arn:aws:sqs:{region}:111122223333:{name}"


def firehose(account="111122223333", region="us-east-1"):
    role = "arn:aws:iam::{}:role/{}"
    return {
        "firehoseDestination": {
            "deliveryStreamArn": f"arn:aws:firehose:{region}:111122223333:deliverystream/ads",
            "subscriberRoleArn": role.format(account, "subscriber"),
            "subscriptionRoleArn": role.format("111122223333", "subscription"),
        }
    }


def body(dataset="sp-traffic", token="", **members):
    token = token or f"token-{next(TOKENS):022d}"
    plain = {"clientRequestToken": token, "dataSetId": dataset, "destinationArn": queue_arn()}
    return {name: held for name, held in (plain | members).items() if held is not None}


def call(own, method, path, content=b"", **changes):
    return own.call(path, content, method, **({"media": VENDOR, "Accept": "*/*"} | changes))


def subscribe(own, **members):
    return call(own, "POST", PATH, body(**members))


def made(own, **members):
    """Create a subscription that must succeed and return its id."""
    reply = subscribe(own, **members)
    assert reply.status == 200, reply.body
    return value(reply)["subscriptionId"]


def show(own, subscription_id, **changes):
    return value(call(own, "GET", f"{PATH}/{subscription_id}", **changes))["subscription"]


def status(own, subscription_id):
    return show(own, subscription_id)["status"]


def headers_of(region, own):
    return {"Amazon_Advertising_API_Scope": own.profile(region).id, "endpoint": ENDPOINTS[region]}


def aws(own, action, parameters, region="us-east-1"):
    """Call SQS by the JSON protocol, signed with the sandbox's access key id."""
    key = own.sandbox.credentials.client_id
    signed = f"AWS4-HMAC-SHA256 Credential={key}/20260701/{region}/sqs/aws4_request"
    headers = {
        "X-Amz-Target": f"AmazonSQS.{action}",
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": signed,
        "Host": "localhost:9087",
    }
    return own.send("POST", "/_aws/", parameters, headers)

"""The names that observers give to calls: each path leads to its own operation."""

from adsmock.harness.client.api import load_api
from adsmock.harness.client.observe import STORAGE, UNKNOWN, RouteTable
from adsmock.harness.client.settings import Credentials, Endpoint, Settings
from adsmock.harness.client.transport import Request

API = load_api()

ROUTES = RouteTable(
    API, Settings({"NA": Endpoint("http://na", "http://lwa")}, {}, Credentials("c", "s", "r"))
)


def test_path_of_each_operation_leads_to_it():
    for wanted in API.operations.values():
        path = "/".join("7" if part[:1] == "{" else part for part in wanted.path.split("/"))

        region, _, found = ROUTES.find(Request(wanted.method, f"http://na{path}?a=1"))

        assert region == "NA"
        assert (found.method, found.path) == (wanted.method, wanted.path)


def test_other_paths_have_no_operation():
    assert ROUTES.find(Request("GET", "http://na/nowhere")) == ("NA", UNKNOWN, None)
    assert ROUTES.find(Request("GET", "http://elsewhere/file")) == ("", STORAGE, None)

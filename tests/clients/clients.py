"""The public clients, and how each is started in the environment where it is installed."""

from dataclasses import dataclass
from pathlib import Path

FLOWS = Path(__file__).parent / "flows"


@dataclass(frozen=True)
class Client:
    """One client: its package in a registry, and the command that drives it.

    ``registry`` is ``pip`` or ``npm``; ``python`` the oldest version that it runs on. In
    ``command``, ``{python}`` is the interpreter of its environment and ``{folder}`` its programs.
    """

    name: str
    package: str
    command: tuple[str, ...]
    registry: str = "pip"
    python: tuple[int, int] = (3, 11)


CLIENTS = (
    Client(
        "python-amazon-ad-api",
        "python-amazon-ad-api==1.2.9",
        ("{python}", str(FLOWS / "python_amazon_ad_api.py")),
    ),
    Client(
        "amazon-ads-api-v1",
        "amazon-ads-api-v1==0.11.0",
        ("{python}", str(FLOWS / "amazon_ads_api_v1.py")),
        python=(3, 13),
    ),
    Client(
        "amazon-ads-cli",
        "amazon-ads-cli==0.3.0",
        ("sh", str(FLOWS / "amazon_ads_cli.sh"), "{python}"),
    ),
    Client(
        "airbyte-source-amazon-ads",
        "airbyte-source-amazon-ads==7.2.3",
        ("{python}", str(FLOWS / "airbyte_source.py"), "{folder}"),
    ),
    Client(
        "scaleleap",
        "@scaleleap/amazon-advertising-api-sdk@3.8.3",
        ("node", str(FLOWS / "scaleleap.cjs")),
        registry="npm",
    ),
)

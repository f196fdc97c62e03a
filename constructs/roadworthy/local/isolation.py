"""Environments for child processes: nothing of the user's AWS or CDK settings goes in, nothing leaves loopback."""

import ipaddress
import os
import urllib.parse
from pathlib import Path

from roadworthy.local.errors import LocalError
from roadworthy.local.names import base_url

ACCOUNT = "000000000000"
# An access key of twelve digits is ministack's root user of that account. Both are public: they open only loopback.
ACCESS_KEY, SECRET_KEY = ACCOUNT, "local"

_DROPPED = ("AWS_", "CDK_", "JSII_", "PYTHON", "VIRTUAL_ENV", "MINISTACK_", "LOCALSTACK_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def clean(*, proxies: bool = False) -> dict[str, str]:
    """The user's environment without what would steer AWS tools.

    Args:
        proxies: keep the HTTP proxies, for what must reach a package index; loopback never goes through one.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    if not proxies:
        kept = {name: value for name, value in kept.items() if name.lower() not in _PROXIES}
    return {**kept, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def aws(folder: Path, *, port: int, region: str) -> dict[str, str]:
    """The variables that point AWS tools at the local AWS, and at empty settings in `folder`."""
    empty = folder / "empty-aws-config"
    empty.touch()
    return {
        "AWS_ENDPOINT_URL": require_loopback(base_url(port)),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(empty),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty),
        "CDK_DISABLE_CLI_TELEMETRY": "1",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_HOME": str(folder / "cdk-home"),
    }


def require_loopback(url: str) -> str:
    """Answer `url` when its host is a loopback address.

    Raises:
        LocalError: it is not; what is meant for here must never reach a real account.
    """
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise LocalError(f"{url} is not a loopback address: the local AWS talks to 127.0.0.0/8 only")
    return url

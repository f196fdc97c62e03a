"""Environments for child processes: nothing of the user's AWS or CDK settings goes in, nothing leaves loopback."""

import ipaddress
import os
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.local.errors import LocalError
from roadworthy.local.names import base_url

if TYPE_CHECKING:
    import boto3.session

ACCOUNT = "000000000000"
# An access key of twelve digits is ministack's root user of that account. Both are public: they open only loopback.
ACCESS_KEY, SECRET_KEY = ACCOUNT, "local"

_DROPPED = ("AWS_", "CDK_", "JSII_", "NODE_OPTIONS", "PYTHON", "VIRTUAL_ENV", "MINISTACK_", "LOCALSTACK_")
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


def session(region: str) -> "boto3.session.Session":
    """A boto3 session of the local account's root user that reads neither the user's variables nor settings files."""
    import boto3  # noqa: PLC0415 - the command line starts without it
    import botocore.session  # noqa: PLC0415

    variables = {
        name: (None, None, default, convert)
        for name, (_file, _variable, default, convert) in botocore.session.Session.SESSION_VARIABLES.items()
    }
    for name in ("config_file", "credentials_file"):
        variables[name] = (None, None, os.devnull, None)
    return boto3.session.Session(
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=variables),
    )


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

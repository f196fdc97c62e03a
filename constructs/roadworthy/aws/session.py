"""A boto3 session, opened only where AWS is really asked."""

import os
import re
from typing import Any

from roadworthy.aws.trouble import refusal
from roadworthy.errors import RoadworthyError

_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class SessionError(RoadworthyError):
    """No session can be opened: boto3 is missing, no such profile, no region, or no usable credentials."""


def open_session(profile: str | None = None) -> Any:
    """The `boto3.Session` of a profile; None: boto3's own choice.

    Raises:
        SessionError: boto3 is not installed, or there is no such profile.
    """
    try:
        import boto3  # noqa: PLC0415 - only those who ask AWS need it
    except ImportError:
        raise SessionError("this needs the package `boto3`: pip install 'roadworthy[aws]'") from None
    try:
        return boto3.Session(profile_name=profile)
    except Exception as error:
        raise SessionError(refusal(error)) from None


def region_of(session: Any, region: str | None = None) -> str:
    """The region that is meant: the given one, the session's, or that of the environment variables.

    Raises:
        SessionError: none of them names one, or what they name can be none.
    """
    chosen = region or session.region_name or os.environ.get("AWS_REGION")
    if not chosen:
        raise SessionError("no AWS region: pass --region, or set AWS_DEFAULT_REGION")
    if not _REGION.fullmatch(str(chosen)):
        raise SessionError(f"{str(chosen)!r} is no AWS region: regions are called as in eu-west-1")
    return str(chosen)

"""Sessions of roles that AWS itself assumes: for a task, and for a lifecycle hook."""

import secrets

from roadworthy.local.shims.internals import sts


def credentials(role: str, account: str, name: str) -> tuple[str, str, str]:
    """Access key, secret key and token of a new session of the role of that name; its trust policy is not asked."""
    key, secret, token = "ASIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30), secrets.token_urlsafe(60)
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        "UserId": f"{role}:{name}",
        "SecretAccessKey": secret,
        "SessionToken": token,
    }
    sts.register_session(key, session)
    return key, secret, token

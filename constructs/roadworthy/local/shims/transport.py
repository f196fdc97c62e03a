"""TLS.

Lack: the emulator serves plain HTTP, so `aws:SecureTransport` is false in every policy.
Effect: with IAM enforced, the Deny that `enforce_ssl` writes refuses every request, beginning with the CDK's own
    publishing of assets.
Shim: each request counts as one over TLS.
Faithful: to a caller who uses HTTPS; that a plain request is refused cannot be tried here.
"""

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import app, iam_evaluator


def install(_: Settings) -> None:
    """Pin each request's transport as secure."""
    original = iam_evaluator.pin_request_origin

    def pin(source_ip: str, _secure: bool) -> None:
        original(source_ip, True)

    iam_evaluator.pin_request_origin = pin
    app.pin_request_origin = pin

"""What an exception of boto3 means, told in one line with its cure.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

from roadworthy.report.words import shown

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess", "403", "Forbidden"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
# Also the answer of a region that the account has not enabled.
INVALID = {
    "AuthFailure",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
THROTTLED = {
    "EC2ThrottledException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
}
# botocore's exceptions by name, because importing them would import botocore.
NO_CREDENTIALS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "InvalidConfigError",
    "SSOError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    "LoginError",
}
UNREACHABLE = {"HTTPClientError", "ConnectionError"}


def code_of(error: Exception) -> str:
    """AWS's error code: "AccessDeniedException"; empty when AWS did not answer."""
    details = _details(error)
    return str(details.get("Code", "")) if isinstance(details, dict) else ""


def message_of(error: Exception) -> str:
    """AWS's own words in one line that a terminal can show; the exception's where AWS did not answer."""
    details = _details(error)
    message = details.get("Message") if isinstance(details, dict) else None
    return shown(" ".join(str(message or error).split())) or type(error).__name__


def reason_of(error: Exception) -> str:
    """The error in a few words: AWS's code, or the exception's text."""
    return code_of(error) or shown(" ".join(str(error).split())) or type(error).__name__


def is_a(error: Exception, names: set[str]) -> bool:
    """Whether the error is one of botocore's exceptions with these names, or of a class derived from one."""
    return any(base.__name__ in names for base in type(error).__mro__ if base.__module__.startswith("botocore"))


def refusal(error: Exception) -> str:
    """Why nothing can be asked of AWS, and what to do, in one line."""
    code = code_of(error)
    if code in EXPIRED:
        return f"the AWS credentials have expired ({code}): log in again"
    if code in INVALID:
        return f"AWS does not accept the credentials ({code}): check them, or name others with --profile"
    if is_a(error, NO_CREDENTIALS):
        return f"no usable AWS credentials ({reason_of(error)}): log in, or name a profile with --profile"
    if is_a(error, UNREACHABLE):
        return f"AWS cannot be reached ({reason_of(error)}): check the network and --region"
    return f"AWS cannot be asked ({reason_of(error)}): check --profile and --region"


def _details(error: Exception) -> object:
    response = getattr(error, "response", None)
    return response.get("Error") if isinstance(response, dict) else None

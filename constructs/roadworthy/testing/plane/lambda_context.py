"""The context that AWS Lambda gives a function.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from dataclasses import dataclass

LIMIT_MS = 900_000  # a lifecycle hook must answer within 15 minutes


@dataclass(frozen=True)
class LambdaContext:
    """What a function can learn of its invocation."""

    invoked_function_arn: str
    aws_request_id: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = "128"
    log_stream_name: str = "2026/01/01/[$LATEST]00000000000000000000000000000000"

    @property
    def function_name(self) -> str:
        """The name at the end of the ARN."""
        return self.invoked_function_arn.rpartition(":function:")[2]

    @property
    def log_group_name(self) -> str:
        """The log group of the function."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """The time that is left; here always all of it."""
        return LIMIT_MS

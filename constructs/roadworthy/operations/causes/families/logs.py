"""The container's log cannot be written.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
"""

from roadworthy.operations.causes.families.network import UNREACHABLE
from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

LOGS = Family(
    r"logger args|logging driver|log stream|log group",
    (
        Wording(
            "log-group-missing",
            r"specified log group does not exist",
            "{log_group} does not exist in the task's region",
            "Create the log group, or set awslogs-create-group and allow logs:CreateLogGroup to the execution role",
        ),
        Wording(
            "log-options-incomplete",
            r"(?P<option>awslogs-[\w-]+) is required",
            "the container's log configuration has no `{option}`",
            "Set `{option}` in the log configuration's options",
        ),
        Wording(
            "permission-missing",
            r"AccessDenied",
            "the execution role lacks logs:CreateLogStream",
            "Allow logs:CreateLogStream and logs:PutLogEvents to the execution role",
        ),
        UNREACHABLE,
        Wording(
            "log-not-writable",
            ANYTHING,
            "the container's log cannot be written",
            "Check that {log_group} exists, and that the execution role has logs:CreateLogStream",
        ),
    ),
)

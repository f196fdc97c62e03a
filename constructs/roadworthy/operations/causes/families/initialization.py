"""Something else that a task needs before its containers start is not to be had.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
"""

from roadworthy.operations.causes.families.network import UNREACHABLE
from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

INITIALIZATION = Family(
    r"ResourceInitializationError",
    (
        UNREACHABLE,
        Wording(
            "initialization-failed",
            ANYTHING,
            "ECS could not prepare the task",
            "Read AWS's words, and check the task's network, roles, secrets and log group",
        ),
    ),
)

"""A role lacks an IAM action; AWS's message names it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from roadworthy.operations.causes.wording import ANYTHING, Family, Wording

KIND = "permission-missing"
LACKS = "{role} lacks {action} on {resource}"

PERMISSIONS = Family(
    r"not authorized to perform: [\w-]+:\w+",
    (
        Wording(
            KIND,
            r"explicit deny",
            "a policy denies {action} on {resource} to {role}",
            "Remove the explicit deny of {action} from the policy that AWS names",
        ),
        Wording(KIND, r"no VPC endpoint policy", LACKS, "Allow {action} in the policy of the VPC endpoint"),
        Wording(KIND, r"no resource-based policy", LACKS, "Allow {action} to {role} in the policy of {resource}"),
        Wording(KIND, r"no permissions boundary", LACKS, "Allow {action} in the permissions boundary of {role}"),
        Wording(KIND, r"on resource: \S", LACKS, "Allow {action} on {resource} to {role}"),
        Wording(KIND, ANYTHING, "{role} lacks {action}", "Allow {action} to {role}"),
    ),
)

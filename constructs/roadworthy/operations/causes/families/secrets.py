"""A secret, a parameter or an environment file cannot be read.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-not-found-error.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from roadworthy.operations.causes.families.network import UNREACHABLE
from roadworthy.operations.causes.wording import Family, Wording

DENIED = r"AccessDenied|403|Forbidden|KMS is not allowed|not authorized"

SECRETS = Family(
    r"secret|registry auth|\bssm\b|\basm\b|env files",
    (
        Wording(
            "secret-key-missing",
            r"did not contain json key (?P<key>[^\s,;]*\w)",
            "{secret} has no JSON key `{key}`",
            "Add key `{key}` to the secret, or name another in the container's secrets",
        ),
        Wording(
            "secret-not-json",
            r"invalid character .* looking for beginning of",
            "{secret} is not JSON, but the container asks for one of its keys",
            "Store the secret as a JSON object, or name it without a key in the container's secrets",
        ),
        Wording(
            "secret-key-unusable",
            r"KMSInvalidState|DisabledException|key/\S+ is (?:disabled|pending)",
            "the KMS key of {secret} is disabled, or is to be deleted",
            "Enable the key, or encrypt the secret with another",
        ),
        Wording(
            "ecs-throttled",
            r"ThrottlingException|Rate exceeded|TooManyRequests",
            "AWS throttles how often {endpoint} is asked for what the task needs",
            "Wait: ECS tries again by itself; start fewer tasks at a time",
        ),
        Wording(
            "parameter-missing",
            r"invalid ssm parameters",
            "{parameter} does not exist in the task's region",
            "Create the parameter, or name another; a secret of Secrets Manager is named by its ARN",
        ),
        Wording(
            "secret-without-value",
            r"secret value for staging label: (?P<label>\w+)",
            "{secret} has no value with the label `{label}`",
            "Give the secret a value",
        ),
        Wording(
            "secret-missing",
            r"marked for deletion|scheduled for deletion",
            "{secret} is scheduled for deletion",
            "Restore the secret, or name another in the container's secrets",
        ),
        Wording(
            "secret-missing",
            r"can't find the specified secret|secret exists in the specified region|secret ARN is correct",
            "{secret} does not exist in the task's region",
            "Create the secret, or correct its ARN in the container's secrets",
        ),
        Wording(
            "secret-reference-malformed",
            r"unexpected ARN format|invalid ARN",
            "the reference to {secret} is malformed",
            "Write valueFrom as the secret's ARN, followed by nothing or by `:json-key:version-stage:version-id`",
        ),
        Wording(
            "permission-missing",
            r"KMS is not allowed|can't decrypt",
            "the execution role may not use the key of {secret}",
            "Allow kms:Decrypt on the secret's KMS key to the execution role",
        ),
        Wording(
            "environment-file-unreadable",
            rf"env files.*(?:{DENIED}|404|not ?found|NoSuchKey)",
            "an environment file in Amazon S3 does not exist, or the execution role may not read it",
            "Upload the file, and allow s3:GetObject and s3:GetBucketLocation to the execution role",
        ),
        Wording(
            "permission-missing", DENIED, "the execution role lacks {action}", "Allow {action} to the execution role"
        ),
        UNREACHABLE,
        Wording(
            "secrets-unreadable",
            r"unable to (?:pull|retrieve)|failed to (?:fetch|download|retrieve)",
            "ECS cannot read from {endpoint} what the task needs to start",
            "Check what the execution role may read, and that the task's subnets have a way to {endpoint}",
        ),
    ),
)

import pytest

from roadworthy.operations.causes import cause_of_task

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
PULL = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
ASM = f"{PULL}unable to retrieve secret from asm: service call has been retried 1 time(s): "
LOGGER = "ResourceInitializationError: failed to validate logger args: "
EFS = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "
DENIED = (
    f"User: arn:aws:sts::111122223333:assumed-role/api-exec/01 is not authorized to perform: {{}} on resource: {ARN} "
)
ASM = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable "
    "to retrieve secret from asm: service call has been retried 1 time(s): "
)
CASES = {
    "the role may not read the secret": (
        f"{ASM}failed to fetch secret {ARN} from secrets manager: AccessDeniedException: "
        + DENIED.format("secretsmanager:GetSecretValue")
        + "because no identity-based policy allows the secretsmanager:GetSecretValue action",
        "permission-missing",
        f"role `api-exec` lacks secretsmanager:GetSecretValue on `{ARN}`",
        f"Allow secretsmanager:GetSecretValue on `{ARN}` to role `api-exec`",
    ),
    "a policy denies it": (
        f"{ASM}{DENIED.format('secretsmanager:GetSecretValue')}with an explicit deny in a service control policy",
        "permission-missing",
        f"a policy denies secretsmanager:GetSecretValue on `{ARN}` to role `api-exec`",
        "Remove the explicit deny of secretsmanager:GetSecretValue from the policy that AWS names",
    ),
    "cut off before the action": (
        f"{ASM}failed to fetch secret {ARN} from secrets manager: AccessDeniedException: User: arn:aws:sts::1111...",
        "permission-missing",
        "the execution role lacks secretsmanager:GetSecretValue",
        "Allow secretsmanager:GetSecretValue to the execution role",
    ),
    "denied for parameters": (
        f"{PULL}unable to retrieve secrets from ssm: AccessDeniedException",
        "permission-missing",
        "the execution role lacks ssm:GetParameters",
        "Allow ssm:GetParameters to the execution role",
    ),
    "the KMS key": (
        f"{ASM}failed to fetch secret {ARN} from secrets manager: AccessDeniedException: Access to KMS is not allowed",
        "permission-missing",
        f"the execution role may not use the key of secret `{ARN}`",
        "Allow kms:Decrypt on the secret's KMS key to the execution role",
    ),
    "no such secret": (
        f"{ASM}failed to fetch secret {ARN} from secrets manager: ResourceNotFoundException: Secrets Manager can't "
        "find the specified secret.",
        "secret-missing",
        f"secret `{ARN}` does not exist in the task's region",
        "Create the secret, or correct its ARN in the container's secrets",
    ),
    "a secret without a value": (
        f"{ASM}failed to fetch secret {ARN} from secrets manager: ResourceNotFoundException: Secrets Manager can't "
        "find the specified secret value for staging label: AWSCURRENT.",
        "secret-without-value",
        f"secret `{ARN}` has no value with the label `AWSCURRENT`",
        "Give the secret a value",
    ),
    "no such key": (
        f"{ASM}retrieved secret from Secrets Manager did not contain json key password",
        "secret-key-missing",
        "its secret has no JSON key `password`",
        "Add key `password` to the secret, or name another in the container's secrets",
    ),
    "no such parameter": (
        f"{PULL}unable to retrieve secrets from ssm: service call has been retried: invalid ssm parameters: /db",
        "parameter-missing",
        "parameter `/db` does not exist in the task's region",
        "Create the parameter, or name another; a secret of Secrets Manager is named by its ARN",
    ),
    "an ARN with too few colons": (
        f"{PULL}unexpected ARN format with parameters when trying to retrieve ASM secret",
        "secret-reference-malformed",
        "the reference to its secret is malformed",
        "Write valueFrom as the secret's ARN, followed by nothing or by `:json-key:version-stage:version-id`",
    ),
    "no way to Systems Manager": (
        f"{PULL}unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request "
        "context canceled caused by: context deadli...",
        "network-unreachable",
        "the task cannot reach Systems Manager",
        "Give the task's subnets a way to Systems Manager (a NAT gateway, or a public subnet with a public address, or "
        "the VPC endpoint ssm), and let its security group send TCP 443",
    ),
    "no way to ECR's tokens": (
        f"{PULL}unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send "
        'request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp: i/o timeout',
        "network-unreachable",
        "the task cannot reach Amazon ECR",
        "Give the task's subnets a way to Amazon ECR (a NAT gateway, or a public subnet with a public address, or the "
        "VPC endpoint ecr.api, ecr.dkr and the s3 gateway), and let its security group send TCP 443",
    ),
    "no way to CloudWatch": (
        f"{LOGGER}The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a "
        "connection issue between the task and Amazon CloudWatch. Check your network configuration. signal: killed",
        "network-unreachable",
        "the task cannot reach CloudWatch Logs",
        "Give the task's subnets a way to CloudWatch Logs (a NAT gateway, or a public subnet with a public address, or "
        "the VPC endpoint logs), and let its security group send TCP 443",
    ),
    "a log option is missing": (
        f"{LOGGER}unable to get awslogs driver arguments: awslogs-region is required",
        "log-options-incomplete",
        "the container's log configuration has no `awslogs-region`",
        "Set `awslogs-region` in the log configuration's options",
    ),
    "an environment file": (
        "ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation "
        "error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden.",
        "environment-file-unreadable",
        "an environment file in Amazon S3 does not exist, or the execution role may not read it",
        "Upload the file, and allow s3:GetObject and s3:GetBucketLocation to the execution role",
    ),
    "the file system's name": (
        f'{EFS}Failed to resolve "fs-0123abcd.efs.eu-west-1.amazonaws.com"',
        "efs-mount-failed",
        "the name of file system `fs-0123abcd` cannot be resolved from the task's subnet",
        "Make a mount target in each Availability Zone of the service, and let the VPC resolve DNS names",
    ),
    "the file system's port": (
        f"{EFS}Mount attempt 1/3 failed due to timeout after 15 sec",
        "efs-mount-failed",
        "the task cannot reach the file system",
        "Let the mount targets' security group take TCP 2049 from the task's security group",
    ),
    "something that nobody knows": (
        "ResourceInitializationError: the moon is full",
        "initialization-failed",
        "ECS could not prepare the task",
        "Read AWS's words, and check the task's network, roles, secrets and log group",
    ),
    "a secret that is no JSON": (
        f"{ASM}invalid character 'p' looking for beginning of value",
        "secret-not-json",
        "its secret is not JSON, but the container asks for one of its keys",
        "Store the secret as a JSON object, or name it without a key in the container's secrets",
    ),
    "a key that is disabled": (
        f"{ASM}KMSInvalidStateException: arn:aws:kms:eu-west-1:111122223333:key/1 is disabled.",
        "secret-key-unusable",
        "the KMS key of its secret is disabled, or is to be deleted",
        "Enable the key, or encrypt the secret with another",
    ),
    "too many at once": (
        f"{ASM}ThrottlingException: Rate exceeded",
        "ecs-throttled",
        "AWS throttles how often Secrets Manager is asked for what the task needs",
        "Wait: ECS tries again by itself; start fewer tasks at a time",
    ),
}


@pytest.mark.parametrize(("text", "kind", "what", "next_step"), CASES.values(), ids=CASES)
def test_why_a_task_cannot_be_prepared(start, text, kind, what, next_step):
    assert start(text) == (kind, what, next_step)


def test_the_log_group_is_named_where_the_task_definition_is_known(stopped):
    task = stopped("TaskFailedToStart", f"{LOGGER}ResourceNotFoundException: The specified log group does not exist.")
    options = {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1"}
    container = {"name": "api", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    cause = cause_of_task(task, {"containerDefinitions": [container]})
    assert (cause.kind, cause.what) == ("log-group-missing", "log group `/ecs/api` does not exist in the task's region")

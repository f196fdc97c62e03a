"""Roles that lack what ECS needs of them, and logs that cannot be written."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, put
from benchmarks.coverage.good.alternatives import blue_green
from benchmarks.coverage.variant import broken, synthesized

_LOG = "api.LogConfiguration.Options"
_TRUST = "AssumeRolePolicyDocument.Statement.0.Principal.Service"
_STATEMENTS = "ExecutionRole.Policies.0.PolicyDocument.Statement"
_ARN_WITHOUT_SUFFIX = "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:orders/database"
_CREATE = {f"{_LOG}.awslogs-create-group": "true", f"{_LOG}.awslogs-group": "/ecs/orders"}


def _allow(*actions: str, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def _policy(logical_id: str, *statements: dict[str, Any], role: str = "ExecutionRole") -> Edit:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return add(logical_id, "IAM::Policy", PolicyName=logical_id, Roles=[{"Ref": role}], PolicyDocument=document)


_READ_SECRET = _allow("secretsmanager:GetSecretValue", resource={"Ref": "DatabaseSecret"})
_READ_PARAMETER = _allow("ssm:GetParameters")
_KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}

VARIANTS = [
    # IA-01
    broken("execution-role-missing", "left out", put({"task.ExecutionRoleArn": REMOVED})),
    broken("execution-role-missing", "no value", put({"task.ExecutionRoleArn": {"Ref": "AWS::NoValue"}}), yaml=True),
    # IA-02
    broken("role-trust-policy", "ecs instead of ecs-tasks", put({f"ExecutionRole.{_TRUST}": "ecs.amazonaws.com"})),
    broken("role-trust-policy", "EC2 for the task role", put({f"TaskRole.{_TRUST}": ["ec2.amazonaws.com"]}), yaml=True),
    # IA-03
    broken("execution-role-cannot-pull", "no managed policy", put({"ExecutionRole.ManagedPolicyArns": REMOVED})),
    broken(
        "execution-role-cannot-pull",
        "token only",
        put(
            {
                "ExecutionRole.ManagedPolicyArns": REMOVED,
                f"{_STATEMENTS}.+": _allow("ecr:GetAuthorizationToken", "logs:CreateLogStream", "logs:PutLogEvents"),
            }
        ),
        yaml=True,
    ),
    # IA-04
    broken("execution-role-cannot-read-secret", "no statement", put({f"{_STATEMENTS}.0": REMOVED})),
    broken(
        "execution-role-cannot-read-secret",
        "GetParameter",
        put({f"{_STATEMENTS}.1.Action": ["ssm:GetParameter"]}),
        yaml=True,
    ),
    broken(
        "execution-role-cannot-read-secret",
        "ARN without the suffix",
        put({f"{_STATEMENTS}.0.Resource": {"Fn::Sub": _ARN_WITHOUT_SUFFIX}}),
    ),
    broken("execution-role-cannot-read-secret", "no policy at all", put({"ExecutionRole.Policies": REMOVED})),
    # IA-05
    broken(
        "grant-on-wrong-role",
        "secret for the task role",
        put({f"{_STATEMENTS}.0": REMOVED, "TaskRole.Policies.0.PolicyDocument.Statement.+": _READ_SECRET}),
        also="execution-role-cannot-read-secret",
    ),
    # IA-06
    broken(
        "policy-created-after-service",
        "of the execution role",
        put({"ExecutionRole.Policies": REMOVED}),
        _policy("ExecutionPolicy", _READ_SECRET, _READ_PARAMETER),
    ),
    broken(
        "policy-created-after-service",
        "that pulls",
        put({"ExecutionRole.ManagedPolicyArns": REMOVED}),
        _policy("ExecutionPolicy", _allow("ecr:*", "logs:*")),
        yaml=True,
    ),
    # IA-07, IA-08
    broken(
        "exec-needs-task-role",
        "left out",
        put({"task.TaskRoleArn": REMOVED}),
        also="efs-unreachable efs-config-invalid",
    ),
    broken(
        "exec-needs-task-role",
        "no value",
        put({"task.TaskRoleArn": {"Ref": "AWS::NoValue"}}),
        yaml=True,
        also="efs-unreachable efs-config-invalid",
    ),
    broken("exec-permissions", "no channels", put({"TaskRole.Policies.0": REMOVED})),
    # IA-09
    broken("awslogs-options", "no stream prefix", put({f"{_LOG}.awslogs-stream-prefix": REMOVED})),
    broken("awslogs-options", "no group", put({f"{_LOG}.awslogs-group": REMOVED})),
    broken("awslogs-options", "no region", put({f"{_LOG}.awslogs-region": REMOVED}), yaml=True),
    # IA-10
    broken("log-group-missing", "not declared", put({f"{_LOG}.awslogs-group": "/ecs/orders"})),
    broken(
        "log-group-missing",
        "declared, and not waited for",
        put({"LogGroup.LogGroupName": "/ecs/orders", f"{_LOG}.awslogs-group": "/ecs/orders"}),
        put(
            {
                f"{container}.LogConfiguration.Options.awslogs-group": "/ecs/orders"
                for container in ("migrate", "collector")
            }
        ),
        yaml=True,
    ),
    broken("log-group-missing", "logical id as text", put({f"{_LOG}.awslogs-group": "LogGroup"}), yaml=True),
    # IA-11
    broken("log-group-create-permission", "managed policy only", put(_CREATE)),
    broken("log-group-create-permission", "in YAML", put(_CREATE), yaml=True),
    # IA-12
    synthesized("log-region-mismatch", "another region", put({f"{_LOG}.awslogs-region": "us-east-1"})),
    # IA-13
    broken("log-driver-unsupported", "json-file", put({"api.LogConfiguration": {"LogDriver": "json-file"}})),
    broken(
        "log-driver-unsupported", "fluentd", put({"collector.LogConfiguration": {"LogDriver": "fluentd"}}), yaml=True
    ),
    # IA-14
    broken(
        "log-kms-policy",
        "key for the account only",
        add("LogKey", "KMS::Key", KeyPolicy=_KEY_POLICY),
        put({"LogGroup.KmsKeyId": {"Fn::GetAtt": ["LogKey", "Arn"]}}),
    ),
    # IA-15
    broken(
        "blue-green-infrastructure-role",
        "trusts tasks",
        blue_green,
        put({f"InfrastructureRole.{_TRUST}": "ecs-tasks.amazonaws.com"}),
    ),
    broken(
        "blue-green-infrastructure-role",
        "no policy",
        blue_green,
        put({"InfrastructureRole.ManagedPolicyArns": REMOVED}),
        yaml=True,
    ),
]

"""Builders of roles, policies and task definitions, for the tests of rules on permissions."""

import copy

TASKS = "ecs-tasks.amazonaws.com"
ECR = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:82f44fb"}
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-a1B2c3"
SECRETS = [{"Name": "TOKEN", "ValueFrom": "/api/token"}]
PARAMETERS = {"Open": {"Type": "String"}}


def role(*policies, trust=TASKS, **properties):
    """A role with one inline policy of the given statements."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": trust}}
    inline = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(policies)}}] if policies else []
    document = {"AssumeRolePolicyDocument": {"Statement": [statement]}, "Policies": inline}
    return {"Type": "AWS::IAM::Role", "Properties": {**document, **properties}}


def allow(action, resource="*", **more):
    """A statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def attached(kind, document, **properties):
    """A policy that attaches itself to roles."""
    return {"Type": f"AWS::IAM::{kind}", "Properties": {"PolicyDocument": {"Statement": [document]}, **properties}}


def on_fargate(execution_role, others=None, task_role=None, **container):
    """Resources: a task definition `Task` on Fargate with the execution role `Role`, and `others`."""
    properties = {
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "ContainerDefinitions": [{"Name": "api", "Image": "api:82f44fb", **copy.deepcopy(container)}],
    }
    roles = {"Role": execution_role}
    if task_role:
        properties["TaskRoleArn"] = {"Ref": "TaskRole"}
        roles["TaskRole"] = task_role
    return {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}, **roles, **(others or {})}

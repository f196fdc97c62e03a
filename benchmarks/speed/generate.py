"""Templates of many services: ten resources each and nine shared; one service in ten has five mistakes."""

from typing import Any

Resource = dict[str, Any]

_EVERY = 10  # the first of so many services is broken
DEFECTS = {
    "fargate-cpu-memory-combination": "a memory size that Fargate does not offer for the CPU",
    "duplicate-environment-name": "an environment variable twice",
    "health-check-path-mismatch": "container and target group check different paths",
    "latest-image-tag": "an image tagged latest",
    "env-secret-collision": "a name in environment and in secrets",
}


def template(services: int, defects: frozenset[str] = frozenset(DEFECTS)) -> dict[str, Any]:
    """A template; every tenth service, the first among them, has the given mistakes."""
    resources = _shared()
    for number in range(services):
        resources |= _service(number, defects if number % _EVERY == 0 else frozenset())
    return {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": _PARAMETERS, "Resources": resources}


_PARAMETERS = {"CertificateArn": {"Type": "String"}}
_EXECUTION_POLICY = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}
_GROUP = "AWS::EC2::SecurityGroup"
_LOAD_BALANCING = "AWS::ElasticLoadBalancingV2::"
_VPC = {"Ref": "Vpc"}


def _resource(kind: str, **properties: Any) -> Resource:
    return {"Type": kind, "Properties": properties}


def _shared() -> dict[str, Resource]:
    subnets = [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]
    group = {"Fn::GetAtt": ["LoadBalancerGroup", "GroupId"]}
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    return {
        "Vpc": _resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"),
        "SubnetA": _subnet("10.0.0.0/20", 0),
        "SubnetB": _subnet("10.0.16.0/20", 1),
        "Cluster": _resource("AWS::ECS::Cluster"),
        "Secret": _resource("AWS::SecretsManager::Secret", GenerateSecretString=_GENERATED),
        "LoadBalancerGroup": _resource(
            _GROUP, GroupDescription="load balancer", VpcId=_VPC, SecurityGroupIngress=[_tcp(443, CidrIp="10.0.0.0/8")]
        ),
        "LoadBalancer": _resource(
            f"{_LOAD_BALANCING}LoadBalancer", Scheme="internal", Subnets=subnets, SecurityGroups=[group]
        ),
        "Listener": _resource(
            f"{_LOAD_BALANCING}Listener",
            LoadBalancerArn={"Ref": "LoadBalancer"},
            Port=443,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": {"Ref": "CertificateArn"}}],
            DefaultActions=[answer],
        ),
        "Topic": _resource("AWS::SNS::Topic"),
    }


_GENERATED = {"SecretStringTemplate": '{"username": "shop"}', "GenerateStringKey": "password"}


def _subnet(cidr: str, zone: int) -> Resource:
    place = {"Fn::Select": [zone, {"Fn::GetAZs": ""}]}
    return _resource("AWS::EC2::Subnet", VpcId=_VPC, CidrBlock=cidr, AvailabilityZone=place)


def _tcp(port: int, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def _allow(actions: list[str], resource: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _role(**more: Any) -> Resource:
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return _resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [trust]}, **more)


def _service(number: int, defects: frozenset[str]) -> dict[str, Resource]:
    name = f"Service{number}"
    group = {"Fn::GetAtt": [f"{name}Group", "GroupId"]}
    secrets = {"PolicyName": "secrets", "PolicyDocument": _allow(["secretsmanager:GetSecretValue"], {"Ref": "Secret"})}
    path = "/ready" if "health-check-path-mismatch" in defects else "/health"
    return {
        f"{name}TaskRole": _role(),
        f"{name}TaskPolicy": _resource(
            "AWS::IAM::Policy",
            PolicyName=f"{name}-task",
            Roles=[{"Ref": f"{name}TaskRole"}],
            PolicyDocument=_allow(["sns:Publish"], {"Ref": "Topic"}),
        ),
        f"{name}ExecutionRole": _role(ManagedPolicyArns=[_EXECUTION_POLICY], Policies=[secrets]),
        f"{name}Logs": _resource("AWS::Logs::LogGroup", RetentionInDays=30),
        f"{name}Task": _task(name, defects),
        f"{name}Group": _resource(_GROUP, GroupDescription=name, VpcId=_VPC),
        f"{name}Ingress": _resource(
            "AWS::EC2::SecurityGroupIngress",
            GroupId=group,
            **_tcp(8000, SourceSecurityGroupId={"Fn::GetAtt": ["LoadBalancerGroup", "GroupId"]}),
        ),
        f"{name}Targets": _resource(
            f"{_LOAD_BALANCING}TargetGroup",
            VpcId=_VPC,
            TargetType="ip",
            Protocol="HTTP",
            Port=8000,
            HealthCheckPath=path,
            TargetGroupAttributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "20"}],
        ),
        f"{name}Rule": _resource(
            f"{_LOAD_BALANCING}ListenerRule",
            ListenerArn={"Ref": "Listener"},
            Priority=number + 1,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{name}/*"]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": {"Ref": f"{name}Targets"}}],
        ),
        name: _ecs_service(name, group),
    }


def _task(name: str, defects: frozenset[str]) -> Resource:
    return _resource(
        "AWS::ECS::TaskDefinition",
        Family=name.lower(),
        Cpu="512",
        Memory="1536" if "fargate-cpu-memory-combination" in defects else "1024",
        NetworkMode="awsvpc",
        RequiresCompatibilities=["FARGATE"],
        ExecutionRoleArn={"Fn::GetAtt": [f"{name}ExecutionRole", "Arn"]},
        TaskRoleArn={"Fn::GetAtt": [f"{name}TaskRole", "Arn"]},
        ContainerDefinitions=[_container(name, defects)],
    )


def _container(name: str, defects: frozenset[str]) -> dict[str, Any]:
    repository = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/" + name.lower()
    environment = [{"Name": "LOG_LEVEL", "Value": "INFO"}, {"Name": "TOPIC", "Value": {"Ref": "Topic"}}]
    if "duplicate-environment-name" in defects:
        environment.append({"Name": "LOG_LEVEL", "Value": "DEBUG"})
    if "env-secret-collision" in defects:
        environment.append({"Name": "DATABASE", "Value": {"Ref": "Topic"}})
    options = {
        "awslogs-group": {"Ref": f"{name}Logs"},
        "awslogs-region": {"Ref": "AWS::Region"},
        "awslogs-stream-prefix": name.lower(),
    }
    command = ["CMD-SHELL", "curl -f http://127.0.0.1:8000/health || exit 1"]
    return {
        "Name": "api",
        "Image": {"Fn::Sub": f"{repository}:{'latest' if 'latest-image-tag' in defects else '82f44fb'}"},
        "Essential": True,
        "PortMappings": [{"ContainerPort": 8000}],
        "Environment": environment,
        "Secrets": [{"Name": "DATABASE", "ValueFrom": {"Fn::Join": ["", [{"Ref": "Secret"}, ":password::"]]}}],
        "HealthCheck": {"Command": command, "Interval": 15, "Timeout": 5, "Retries": 3, "StartPeriod": 30},
        "LogConfiguration": {"LogDriver": "awslogs", "Options": options},
    }


def _ecs_service(name: str, group: dict[str, Any]) -> Resource:
    subnets = [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]
    resource = _resource(
        "AWS::ECS::Service",
        Cluster={"Ref": "Cluster"},
        TaskDefinition={"Ref": f"{name}Task"},
        LaunchType="FARGATE",
        DesiredCount=2,
        HealthCheckGracePeriodSeconds=120,
        NetworkConfiguration={"AwsvpcConfiguration": {"Subnets": subnets, "SecurityGroups": [group]}},
        LoadBalancers=[{"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": {"Ref": f"{name}Targets"}}],
        DeploymentConfiguration={
            "MinimumHealthyPercent": 100,
            "MaximumPercent": 200,
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        },
    )
    return {**resource, "DependsOn": [f"{name}Rule", f"{name}Ingress", f"{name}TaskPolicy"]}

"""Other right ways to build the same service, as edits of the template; variants break these, too."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, Template, drop, put

_TASKS = {"Fn::GetAtt": ["ServiceGroup", "GroupId"]}
_ENDPOINTS = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"]
_NAT = ["NatGateway", "NatAddress", "PrivateDefaultRoute"]
_REGISTRY = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com"


def edits(*parts: Edit) -> Edit:
    """Several edits as one."""

    def edit(template: Template) -> None:
        for part in parts:
            part(template)

    return edit


def endpoint_id(service: str) -> str:
    """The logical id of the endpoint for an AWS service, such as `ecr.api`."""
    return "".join(part.title() for part in service.split(".")) + "Endpoint"


def isolated(template: Template) -> None:
    """Subnets without a way out; VPC endpoints for all that the tasks need."""
    drop(*_NAT, "MountTargetA", "MountTargetB")(template)
    put({"task.Volumes": REMOVED, "api.MountPoints": REMOVED})(template)
    resources = template["Resources"]
    put({"collector.Image": {"Fn::Sub": f"{_REGISTRY}/collector:v0.43.1"}})(template)
    resources["EndpointGroup"] = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "endpoints",
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupIngress": [_https(_TASKS)],
        },
    }
    for service in _ENDPOINTS:
        resources[endpoint_id(service)] = _interface(service)
    resources["S3Endpoint"] = {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            **_endpoint("s3"),
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [{"Ref": "PrivateRoutes"}],
        },
    }
    resources["Service"]["DependsOn"] += ["S3Endpoint", *(endpoint_id(service) for service in _ENDPOINTS)]


def in_public_subnets(template: Template) -> None:
    """Tasks in public subnets, with public addresses."""
    drop(*_NAT)(template)
    subnets = [{"Ref": "PublicSubnetA"}, {"Ref": "PublicSubnetB"}]
    put({"awsvpc.Subnets": subnets, "awsvpc.AssignPublicIp": "ENABLED"})(template)
    put({"MountTargetA.SubnetId": subnets[0], "MountTargetB.SubnetId": subnets[1]})(template)
    template["Resources"]["Service"]["DependsOn"] += ["PublicDefaultRoute", "PublicAssociationA", "PublicAssociationB"]


def behind_network_load_balancer(template: Template) -> None:
    """A network load balancer without security groups; the tasks take what comes from anywhere."""
    drop("RedirectListener", "LoadBalancerGroup", "LoadBalancerToTasks", "RequestScaling", "ErrorAlarm")(template)
    put({"LoadBalancer.Type": "network", "LoadBalancer.SecurityGroups": REMOVED, "deployment.Alarms": REMOVED})(
        template
    )
    put({"Targets.Protocol": "TCP", "Targets.Matcher": REMOVED, "Targets.HealthCheckProtocol": "HTTP"})(template)
    listener = {"Protocol": "TCP", "Port": 8000, "Certificates": REMOVED, "SslPolicy": REMOVED}
    put({f"Listener.{key}": value for key, value in listener.items()})(template)
    put({"TasksFromLoadBalancer.CidrIp": "0.0.0.0/0", "TasksFromLoadBalancer.SourceSecurityGroupId": REMOVED})(template)


def blue_green(template: Template) -> None:
    """ECS's own blue/green deployments, with a second target group behind a test rule."""
    resources = template["Resources"]
    resources["GreenTargets"] = {**resources["Targets"], "Properties": dict(resources["Targets"]["Properties"])}
    for name, group, priority in (("ProductionRule", "Targets", 1), ("TestRule", "GreenTargets", 2)):
        resources[name] = _rule(group, priority)
    put({"Listener.DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]})(
        template
    )
    resources["InfrastructureRole"] = _infrastructure_role()
    put({"service.LoadBalancers.0.AdvancedConfiguration": _ADVANCED})(template)
    put({"deployment.Strategy": "BLUE_GREEN", "deployment.BakeTimeInMinutes": 5})(template)
    resources["Service"]["DependsOn"] += ["ProductionRule", "TestRule"]


def on_spot(template: Template) -> None:
    """Capacity providers that the cluster has."""
    put({"Cluster.CapacityProviders": ["FARGATE", "FARGATE_SPOT"], "service.LaunchType": REMOVED})(template)
    put({"service.CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]})(template)


_ADVANCED = {
    "AlternateTargetGroupArn": {"Ref": "GreenTargets"},
    "ProductionListenerRule": {"Ref": "ProductionRule"},
    "TestListenerRule": {"Ref": "TestRule"},
    "RoleArn": {"Fn::GetAtt": ["InfrastructureRole", "Arn"]},
}


def _https(source: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": source}


def _endpoint(service: str) -> dict[str, Any]:
    name = {"Fn::Sub": "com.amazonaws.${AWS::Region}." + service}
    return {"VpcId": {"Ref": "Vpc"}, "ServiceName": name}


def _interface(service: str) -> dict[str, Any]:
    properties = {
        **_endpoint(service),
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [{"Ref": "PrivateSubnetA"}, {"Ref": "PrivateSubnetB"}],
        "SecurityGroupIds": [{"Fn::GetAtt": ["EndpointGroup", "GroupId"]}],
    }
    return {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}


def _rule(group: str, priority: int) -> dict[str, Any]:
    paths = ["/*"] if group == "Targets" else ["/test/*"]
    properties = {
        "ListenerArn": {"Ref": "Listener"},
        "Priority": priority,
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": paths}}],
        "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": group}}],
    }
    return {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}


def _infrastructure_role() -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = "arn:${AWS::Partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    document = {"Version": "2012-10-17", "Statement": [trust]}
    properties = {"AssumeRolePolicyDocument": document, "ManagedPolicyArns": [{"Fn::Sub": policy}]}
    return {"Type": "AWS::IAM::Role", "Properties": properties}

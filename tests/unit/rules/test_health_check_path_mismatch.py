import pytest

from tests.unit.rules.conftest import merged

RULE = "health-check-path-mismatch"
CDK = {"Metadata": {"aws:cdk:path": "Stack/Task/Resource"}}
GOOD = {
    "Task": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "ContainerDefinitions": [
                {
                    "Name": "api",
                    "Image": "api:1",
                    "HealthCheck": {"Command": ["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"]},
                }
            ]
        },
    },
    "Group": {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {"Protocol": "HTTP", "Port": 80, "HealthCheckPath": "/health"},
    },
    "Service": {
        "Type": "AWS::ECS::Service",
        "Properties": {
            "TaskDefinition": {"Ref": "Task"},
            "LoadBalancers": [{"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": {"Ref": "Group"}}],
        },
    },
}
PARAMETERS = {"Path": {"Type": "String", "Default": "/status"}, "Open": {"Type": "String"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}


def group(**properties):
    return {"Group": {"Properties": properties}}


def service(**properties):
    return {"Service": {"Properties": properties}}


def command(*words):
    container = {**GOOD["Task"]["Properties"]["ContainerDefinitions"][0], "HealthCheck": {"Command": list(words)}}
    return {"Task": {"Properties": {"ContainerDefinitions": [container]}}}


def shell(line):
    return command("CMD-SHELL", line)


def balanced(**entry):
    return service(LoadBalancers=[{**GOOD["Service"]["Properties"]["LoadBalancers"][0], **entry}])


MISMATCHES = {
    "other path": group(HealthCheckPath="/status"),
    "default path": group(HealthCheckPath=None),
    "case": group(HealthCheckPath="/Health"),
    "exec form": merged(command("CMD", "curl", "-f", "http://localhost:8000/ok"), {}),
    "no path in the command": shell("curl -f http://localhost:8000"),
    "matcher of 200s": group(HealthCheckPath="/status", Matcher={"HttpCode": "200,204-299"}),
    "port as text": merged(group(HealthCheckPath="/status"), balanced(ContainerPort="8000")),
    "group by GetAtt": merged(
        group(HealthCheckPath="/status"), balanced(TargetGroupArn={"Fn::GetAtt": ["Group", "TargetGroupArn"]})
    ),
    "same port written out": group(HealthCheckPath="/status", HealthCheckPort="8000"),
    "network load balancer that checks over HTTP": group(
        Protocol="TCP", HealthCheckProtocol="HTTP", HealthCheckPath="/status"
    ),
    "the port of the group's own": merged(
        group(HealthCheckPath="/status", HealthCheckPort="9000"), shell("curl -f http://localhost:9000/live")
    ),
    "the alternate group": merged(
        {"Green": {"Type": GOOD["Group"]["Type"], "Properties": {"Protocol": "HTTP", "HealthCheckPath": "/live"}}},
        balanced(AdvancedConfiguration={"AlternateTargetGroupArn": {"Ref": "Green"}}),
    ),
    "path by Sub": shell({"Fn::Sub": "curl -f http://localhost:8000/${AWS::NoValue}live"}),
    "conditional balancer": merged(
        group(HealthCheckPath="/status"),
        service(
            LoadBalancers=[
                {"Fn::If": ["A", GOOD["Service"]["Properties"]["LoadBalancers"][0], {"Ref": "AWS::NoValue"}]}
            ]
        ),
    ),
}
SILENT = {
    "same": {},
    "slash at the end": group(HealthCheckPath="/health/"),
    "query": group(HealthCheckPath="/health?deep=1"),
    "unknown path": group(HealthCheckPath={"Ref": "Open"}),
    "path by condition": group(HealthCheckPath={"Fn::If": ["A", "/health", "/status"]}),
    "variable port": shell("curl -f http://localhost:$PORT/live"),
    "unknown port": shell({"Fn::Sub": "curl -f http://localhost:${Open}/live"}),
    "other port in the command": shell("curl -f http://localhost:9000/live"),
    "other host": shell("curl -f http://other:8000/live"),
    "one of several": shell("curl -f http://localhost:8000/live && curl -f http://localhost:8000/health"),
    "no URL": shell("pg_isready"),
    "no health check": merged(
        group(HealthCheckPath="/status"),
        {"Task": {"Properties": {"ContainerDefinitions": [{"Name": "api", "Image": "api:1"}]}}},
    ),
    "unknown port of the group": group(HealthCheckPath="/status", HealthCheckPort={"Ref": "Open"}),
    "the alternate group agrees": merged(
        {"Green": {"Type": GOOD["Group"]["Type"], "Properties": GOOD["Group"]["Properties"]}},
        balanced(AdvancedConfiguration={"AlternateTargetGroupArn": {"Ref": "Green"}}),
    ),
    "other port of the group": group(HealthCheckPath="/status", HealthCheckPort="9000"),
    "matcher takes a 404": group(HealthCheckPath="/status", Matcher={"HttpCode": "200-499"}),
    "matcher unknown": group(HealthCheckPath="/status", Matcher={"Ref": "Open"}),
    "TCP": group(Protocol="TCP", HealthCheckPath=None),
    "GRPC": group(ProtocolVersion="GRPC", HealthCheckPath="/status"),
    "protocol unknown": group(Protocol={"Ref": "Open"}, HealthCheckPath="/status"),
    "other container": merged(group(HealthCheckPath="/status"), balanced(ContainerName="proxy")),
    "other container port": merged(group(HealthCheckPath="/status"), balanced(ContainerPort=9000)),
    "unknown group": balanced(TargetGroupArn={"Ref": "Open"}),
    "unknown task": service(TaskDefinition="arn:aws:ecs:eu-west-1:1:task-definition/api:1"),
    "reference to another type": balanced(TargetGroupArn={"Ref": "Task"}),
}


@pytest.mark.parametrize("case", MISMATCHES)
def test_different_paths_are_an_error_in_what_cdk_wrote(found, case):
    resources = merged(merged(GOOD, {"Task": CDK}), MISMATCHES[case])
    findings = found(RULE, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)
    assert [severity for severity, _ in findings] == ["error"]


@pytest.mark.parametrize("case", SILENT)
def test_paths_that_agree_or_are_not_known_are_silent(found, case):
    resources = merged(merged(GOOD, {"Task": CDK}), SILENT[case])
    assert found(RULE, resources, Parameters=PARAMETERS, Conditions=CONDITIONS) == []


def test_the_message_shows_both_paths(found):
    ((_, message),) = found(RULE, merged(GOOD, group(HealthCheckPath="/status")))
    assert message == "container `api` checks `/health` on port 8000, its target group `Group` checks `/status`"


@pytest.mark.parametrize(("path", "severity"), [("/status", "warning"), ("/", "error"), (None, "error")])
def test_elsewhere_it_is_an_error_only_with_the_default_path(found, path, severity):
    assert [found for found, _ in found(RULE, merged(GOOD, group(HealthCheckPath=path)))] == [severity]


def test_a_path_by_a_parameters_default_is_a_warning(found):
    resources = merged(merged(GOOD, {"Task": CDK}), group(HealthCheckPath={"Ref": "Path"}))
    assert [severity for severity, _ in found(RULE, resources, Parameters=PARAMETERS)] == ["warning"]


def test_of_two_ports_the_balanced_one_is_compared(found):
    resources = merged(GOOD, shell("curl -f localhost:9000/live && curl -f localhost:8000/health"))
    assert found(RULE, resources) == []


@pytest.mark.parametrize(("path", "severity"), [("/status", "warning"), ("/", "error"), ("/health", None)])
def test_raw_files_that_are_given_together_are_joined(report_of, path, severity):
    container = {
        "name": "api",
        "image": "api:1",
        "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"]},
    }
    entry = {"containerName": "api", "containerPort": "8000", "targetGroupArn": "$TARGET_GROUP"}
    report = report_of(
        {"family": "api", "containerDefinitions": [container]},
        {"serviceName": "api", "taskDefinition": "api", "loadBalancers": [entry]},
        {"Name": "api", "Protocol": "HTTP", "TargetType": "ip", "HealthCheckPath": path},
    )
    found = [finding.severity for finding in report.findings if finding.rule == RULE]
    assert found == ([severity] if severity else [])


def test_parts_in_different_templates_are_joined_through_exports(report_of):
    groups = {"Group": merged(GOOD["Group"], {"Properties": {"HealthCheckPath": None}})}
    export = {"Out": {"Value": {"Ref": "Group"}, "Export": {"Name": "Net:Group"}}}
    rest = merged(GOOD, balanced(TargetGroupArn={"Fn::ImportValue": "Net:Group"}))
    del rest["Group"]
    report = report_of({"Resources": groups, "Outputs": export}, {"Resources": rest})
    (finding,) = [finding for finding in report.findings if finding.rule == RULE]
    assert (finding.file, finding.resource) == ("1.json", "Task")

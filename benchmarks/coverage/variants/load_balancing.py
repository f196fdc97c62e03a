"""Load balancers whose targets never become healthy, or that ECS does not accept."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, not_after, put
from benchmarks.coverage.good.alternatives import blue_green
from benchmarks.coverage.variant import broken

_NOT_FOUND = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
_REDIRECT = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
_PORT = "service.LoadBalancers.0.ContainerPort"
_ADVANCED = "service.LoadBalancers.0.AdvancedConfiguration"
_CLOSED = "lb-to-task-port-blocked lb-egress-blocks-task"
_SRV = {"DnsRecords": [{"Type": "SRV", "TTL": 60}], "NamespaceId": {"Fn::GetAtt": ["Namespace", "Id"]}}
_A = {"DnsRecords": [{"Type": "A", "TTL": 60}], "NamespaceId": {"Fn::GetAtt": ["Namespace", "Id"]}}


def _group(**more: Any) -> dict[str, Any]:
    return {"VpcId": {"Ref": "Vpc"}, "TargetType": "ip", "Protocol": "HTTP", "Port": 8000, **more}


def _targets(count: int) -> list[Edit]:
    """More target groups for the service, each with a listener rule."""
    parts = []
    for number in range(count):
        arn = {"Ref": f"More{number}"}
        parts += [
            add(f"More{number}", "ElasticLoadBalancingV2::TargetGroup", **_group(HealthCheckPath="/health")),
            _rule(f"MoreRule{number}", number + 1, arn),
            put({"service.LoadBalancers.+": {"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": arn}}),
        ]
    return parts


def _rule(logical_id: str, priority: int, arn: dict[str, str]) -> Edit:
    return add(
        logical_id,
        "ElasticLoadBalancingV2::ListenerRule",
        ListenerArn={"Ref": "Listener"},
        Priority=priority,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{logical_id}/*"]}}],
        Actions=[{"Type": "forward", "TargetGroupArn": arn}],
    )


def _second_service(template: dict[str, Any]) -> None:
    first = template["Resources"]["Service"]
    properties = {key: value for key, value in first["Properties"].items() if key != "ServiceConnectConfiguration"}
    template["Resources"]["Second"] = {
        **first,
        "Properties": {**properties, "ServiceName": "orders-2", "DesiredCount": 2},
    }


VARIANTS = [
    # LB-01
    broken("target-type-not-ip", "left out", put({"Targets.TargetType": REMOVED})),
    broken("target-type-not-ip", "instance", put({"Targets.TargetType": "instance"}), yaml=True),
    # LB-02, LB-03
    broken("lb-container-name-mismatch", "misspelt", put({"service.LoadBalancers.0.ContainerName": "web"})),
    broken(
        "lb-container-name-mismatch", "in capitals", put({"service.LoadBalancers.0.ContainerName": "API"}), yaml=True
    ),
    broken("lb-container-port-mismatch", "another port", put({_PORT: 80}), also=_CLOSED),
    broken("lb-container-port-mismatch", "of the other container", put({_PORT: "4317"}), also=_CLOSED, yaml=True),
    # LB-04
    broken("target-group-without-listener", "listener answers itself", put({"Listener.DefaultActions": _NOT_FOUND})),
    broken(
        "target-group-without-listener", "listener redirects", put({"Listener.DefaultActions": _REDIRECT}), yaml=True
    ),
    broken(
        "target-group-without-listener",
        "listener forwards to another",
        add("Other", "ElasticLoadBalancingV2::TargetGroup", **_group()),
        put(
            {
                "Listener.DefaultActions": [
                    {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": {"Ref": "Other"}}]}}
                ]
            }
        ),
    ),
    # LB-05
    broken("service-before-listener", "no DependsOn", not_after("Listener")),
    broken(
        "service-before-listener",
        "after the redirecting listener only",
        not_after("Listener"),
        lambda template: template["Resources"]["Service"]["DependsOn"].append("RedirectListener"),
        yaml=True,
    ),
    # LB-06
    broken("health-check-path-mismatch", "default path", put({"Targets.HealthCheckPath": REMOVED})),
    broken("health-check-path-mismatch", "another path", put({"Targets.HealthCheckPath": "/healthz"}), yaml=True),
    broken(
        "health-check-path-mismatch",
        "python command",
        put(
            {
                "api.HealthCheck.Command": [
                    "CMD",
                    "python",
                    "-c",
                    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready')",
                ]
            }
        ),
    ),
    # LB-07
    broken(
        "health-check-port-mismatch",
        "not exposed",
        put({"Targets.HealthCheckPort": "8081"}),
        also=_CLOSED,
    ),
    broken(
        "health-check-port-mismatch",
        "number",
        put({"Targets.HealthCheckPort": 80}),
        also=_CLOSED,
        yaml=True,
    ),
    # LB-08, LB-09
    broken("health-check-timing-invalid", "timeout over interval", put({"Targets.HealthCheckTimeoutSeconds": 20})),
    broken(
        "health-check-timing-invalid",
        "interval of three seconds",
        put({"Targets.HealthCheckIntervalSeconds": 3, "Targets.HealthCheckTimeoutSeconds": 2}),
        yaml=True,
    ),
    broken("health-check-timing-invalid", "threshold of one", put({"Targets.HealthyThresholdCount": 1})),
    broken("health-check-matcher", "gRPC codes for HTTP", put({"Targets.Matcher": {"GrpcCode": "0"}})),
    broken(
        "health-check-matcher", "HTTP codes out of range", put({"Targets.Matcher": {"HttpCode": "200-599"}}), yaml=True
    ),
    # LB-10
    broken("target-group-protocol-suspect", "HTTPS to 8000", put({"Targets.Protocol": "HTTPS"})),
    # LB-11
    broken("grace-period-too-short", "none", put({"service.HealthCheckGracePeriodSeconds": REMOVED})),
    broken(
        "grace-period-too-short",
        "shorter than the start",
        put({"service.HealthCheckGracePeriodSeconds": 10, "api.HealthCheck.StartPeriod": 120}),
        yaml=True,
    ),
    # LB-12 to LB-14
    broken("too-many-target-groups", "six", *_targets(5), also="service-before-listener"),
    broken("target-group-shared-by-services", "two services", _second_service),
    broken(
        "listener-rule-priority-duplicate",
        "two of 10",
        _rule("First", 10, {"Ref": "Targets"}),
        _rule("Other", 10, {"Ref": "Targets"}),
    ),
    # LB-15
    broken("https-listener-no-certificate", "left out", put({"Listener.Certificates": REMOVED})),
    # LB-17
    broken("alternate-target-group-config", "no advanced configuration", blue_green, put({_ADVANCED: REMOVED})),
    broken(
        "alternate-target-group-config",
        "the same group twice",
        blue_green,
        put({f"{_ADVANCED}.AlternateTargetGroupArn": {"Ref": "Targets"}}),
        yaml=True,
    ),
    broken(
        "alternate-target-group-config",
        "listener instead of a rule",
        blue_green,
        put({f"{_ADVANCED}.ProductionListenerRule": {"Ref": "Listener"}}),
    ),
    # LB-18
    broken(
        "service-registry-port",
        "A record with a port",
        add("Registry", "ServiceDiscovery::Service", DnsConfig=_A),
        put(
            {
                "service.ServiceRegistries": [
                    {"RegistryArn": {"Fn::GetAtt": ["Registry", "Arn"]}, "ContainerName": "api", "ContainerPort": 8000}
                ]
            }
        ),
    ),
    broken(
        "service-registry-port",
        "SRV record without one",
        add("Registry", "ServiceDiscovery::Service", DnsConfig=_SRV),
        put({"service.ServiceRegistries": [{"RegistryArn": {"Fn::GetAtt": ["Registry", "Arn"]}}]}),
        yaml=True,
    ),
]

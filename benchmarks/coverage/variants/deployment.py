"""Services that ECS refuses, deployments that cannot go on, scaling that does not work."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, drop, put
from benchmarks.coverage.good.alternatives import on_spot
from benchmarks.coverage.variant import broken

_FAMILY_ARN = "arn:aws:ecs:eu-west-1:111122223333:task-definition/orders"
_STRATEGY = "service.CapacityProviderStrategy"
_CODE_DEPLOY = put({"service.DeploymentController": {"Type": "CODE_DEPLOY"}})
_METRIC = "RequestScaling.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification"
_ALIAS = "service.ServiceConnectConfiguration.Services.0"
_UNSCALED = drop("RequestScaling", "CpuScaling", "ScalableTarget")


def _percents(minimum: int, maximum: int) -> Edit:
    return put({"deployment.MinimumHealthyPercent": minimum, "deployment.MaximumPercent": maximum})


def _provider(name: str) -> dict[str, Any]:
    return {"CapacityProvider": name, "Weight": 0}


def _client(**changes: Any) -> Edit:
    """A second service with Service Connect in the same namespace."""

    def edit(template: dict[str, Any]) -> None:
        first = template["Resources"]["Service"]["Properties"]
        kept = {
            key: value for key, value in first.items() if key not in {"LoadBalancers", "HealthCheckGracePeriodSeconds"}
        }
        after = list(template["Resources"]["Service"]["DependsOn"])
        properties = {**kept, "ServiceName": "client", "DesiredCount": 2, **changes}
        template["Resources"]["Client"] = {"Type": "AWS::ECS::Service", "DependsOn": after, "Properties": properties}

    return edit


_NO_ALIAS = {"Enabled": True, "Namespace": {"Fn::GetAtt": ["Namespace", "Arn"]}}

VARIANTS = [
    # DP-01, DP-02
    broken("min-max-both-100", "both", _percents(100, 100), also="rounding-deadlock az-rebalancing-max-percent"),
    broken(
        "min-max-both-100",
        "as text",
        put({"deployment.MinimumHealthyPercent": "100", "deployment.MaximumPercent": "100"}),
        also="rounding-deadlock az-rebalancing-max-percent",
        yaml=True,
    ),
    broken("rounding-deadlock", "one task", put({"service.DesiredCount": 1}), _UNSCALED, _percents(100, 150)),
    broken(
        "rounding-deadlock", "three tasks", put({"service.DesiredCount": 3}), _UNSCALED, _percents(75, 125), yaml=True
    ),
    broken("rounding-deadlock", "at the lowest scale", put({"ScalableTarget.MinCapacity": 1}), _percents(100, 150)),
    # DP-03 to DP-05
    broken("min-healthy-outage", "zero", _percents(0, 200)),
    broken(
        "circuit-breaker-disabled",
        "left out",
        put({"deployment.DeploymentCircuitBreaker": REMOVED, "deployment.Alarms": REMOVED}),
    ),
    broken(
        "circuit-breaker-disabled",
        "off",
        put({"deployment.DeploymentCircuitBreaker.Enable": False, "deployment.Alarms": REMOVED}),
        yaml=True,
    ),
    broken("circuit-breaker-wrong-controller", "CodeDeploy", _CODE_DEPLOY),
    # DP-06 to DP-10
    broken("launch-type-and-capacity-provider", "both", on_spot, put({"service.LaunchType": "FARGATE"})),
    broken(
        "launch-type-and-capacity-provider",
        "both, in YAML",
        put({_STRATEGY: [{"CapacityProvider": "FARGATE", "Weight": 1}]}),
        also="capacity-provider-not-associated",
        yaml=True,
    ),
    broken("capacity-provider-not-associated", "cluster without", on_spot, put({"Cluster.CapacityProviders": REMOVED})),
    broken(
        "capacity-provider-not-associated",
        "another",
        on_spot,
        put({"Cluster.CapacityProviders": ["FARGATE"]}),
        yaml=True,
    ),
    broken(
        "capacity-provider-not-associated",
        "association of another",
        on_spot,
        put({"Cluster.CapacityProviders": REMOVED}),
        add(
            "Association",
            "ECS::ClusterCapacityProviderAssociations",
            Cluster={"Ref": "Cluster"},
            CapacityProviders=["FARGATE"],
            DefaultCapacityProviderStrategy=[{"CapacityProvider": "FARGATE", "Weight": 1}],
        ),
    ),
    broken(
        "capacity-strategy-weights",
        "all zero",
        on_spot,
        put({_STRATEGY: [_provider("FARGATE"), _provider("FARGATE_SPOT")]}),
    ),
    broken(
        "capacity-strategy-weights",
        "two bases",
        on_spot,
        put(
            {
                _STRATEGY: [
                    {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
                    {"CapacityProvider": "FARGATE_SPOT", "Base": 1, "Weight": 1},
                ]
            }
        ),
        yaml=True,
    ),
    broken("no-launch-type-no-strategy", "neither", put({"service.LaunchType": REMOVED})),
    broken("daemon-on-fargate", "daemon", put({"service.SchedulingStrategy": "DAEMON"})),
    # DP-11 to DP-15
    broken("az-rebalancing-max-percent", "100", _percents(50, 100)),
    broken("autoscaling-bounds", "min over max", put({"ScalableTarget.MinCapacity": 8})),
    broken("autoscaling-bounds", "as text", put({"ScalableTarget.MaxCapacity": "1"}), yaml=True),
    broken(
        "autoscaling-target-mismatch",
        "no cluster",
        put({"ScalableTarget.ResourceId": {"Fn::Sub": "service/${Service.Name}"}}),
    ),
    broken(
        "autoscaling-target-mismatch",
        "another cluster",
        add("OtherCluster", "ECS::Cluster"),
        put({"ScalableTarget.ResourceId": {"Fn::Sub": "service/${OtherCluster}/${Service.Name}"}}),
        yaml=True,
    ),
    broken(
        "autoscaling-target-mismatch",
        "dimension",
        put({"ScalableTarget.ScalableDimension": "dynamodb:table:ReadCapacityUnits"}),
    ),
    broken("desired-count-vs-autoscaling", "below", put({"service.DesiredCount": 1})),
    broken("desired-count-vs-autoscaling", "inside", put({"service.DesiredCount": 3}), yaml=True),
    broken(
        "scaling-policy-resource-label",
        "left out",
        put({f"{_METRIC}.ResourceLabel": REMOVED}),
    ),
    # DP-16, DP-18
    broken("task-definition-unpinned", "family", put({"service.TaskDefinition": "orders"})),
    broken(
        "task-definition-unpinned", "ARN without a revision", put({"service.TaskDefinition": _FAMILY_ARN}), yaml=True
    ),
    broken(
        "duplicate-service-name",
        "two of one name",
        _client(ServiceName="orders", ServiceConnectConfiguration=_NO_ALIAS),
        also="service-connect-start-order",
    ),
    # DP-19 to DP-22
    broken("service-connect-port-name", "no such port", put({f"{_ALIAS}.PortName": "web"})),
    broken(
        "service-connect-port-name",
        "port without a name",
        put({"api.PortMappings.0.Name": REMOVED, "api.PortMappings.0.AppProtocol": REMOVED}),
        yaml=True,
    ),
    broken("service-connect-namespace", "none", put({"service.ServiceConnectConfiguration.Namespace": REMOVED})),
    broken("service-connect-name-clash", "same port name in two services", _client()),
    broken(
        "service-connect-start-order", "client not after the server", _client(ServiceConnectConfiguration=_NO_ALIAS)
    ),
]

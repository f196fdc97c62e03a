"""Scalable targets and scaling policies."""

import pytest

BOUNDS, TARGET, COUNT = "autoscaling-bounds", "autoscaling-target-mismatch", "desired-count-vs-autoscaling"
LABEL = "scaling-policy-resource-label"
PARAMETERS = {
    "Open": {"Type": "String"},
    "Env": {"Type": "String"},
    "Four": {"Type": "Number", "Default": 4},
}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}
BY_CDK = {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Fn::GetAtt": ["Service", "Name"]}]]}


def resource(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


@pytest.fixture
def of_target(found):
    def check(rule, resource_id=BY_CDK, service=None, depends_on=None, **properties):
        scaled = {
            "ServiceNamespace": "ecs",
            "ResourceId": resource_id,
            "MinCapacity": 2,
            "MaxCapacity": 4,
            **properties,
        }
        target = {**resource("ApplicationAutoScaling::ScalableTarget", **scaled), "DependsOn": depends_on}
        own = {"Cluster": {"Ref": "Cluster"}, "ServiceName": "api"} if service is None else service
        resources = {
            "Cluster": resource("ECS::Cluster"),
            "Other": resource("ECS::Cluster"),
            "Named": resource("ECS::Cluster", ClusterName="main"),
            "Prefixed": resource("ECS::Cluster", ClusterName={"Fn::Sub": "${Open}-cluster"}),
            "Default": resource("ECS::Cluster", ClusterName={"Ref": "Open"}),
            "Service": resource("ECS::Service", **own),
            "Scaling": target,
        }
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


@pytest.mark.parametrize(("low", "high"), [(5, 4), ("5", "4"), (1, 0)])
def test_bounds_that_exclude_every_count_are_an_error(of_target, low, high):
    message = f"scalable target `Scaling` has MinCapacity {low} above MaxCapacity {high}"
    assert of_target(BOUNDS, MinCapacity=low, MaxCapacity=high) == [("error", message)]


def test_bounds_by_a_parameters_default_are_a_warning(of_target):
    message = "scalable target `Scaling` has MinCapacity 5 above MaxCapacity 4 (by the default of parameter `Four`)"
    assert of_target(BOUNDS, MinCapacity=5, MaxCapacity={"Ref": "Four"}) == [("warning", message)]


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 0), (4, 4), (OPEN, 4), (5, OPEN), ({"Fn::If": ["A", 1, 5]}, {"Fn::If": ["A", 2, 9]}), (None, 1)],
)
def test_bounds_that_may_be_right_are_silent(of_target, low, high):
    assert of_target(BOUNDS, MinCapacity=low, MaxCapacity=high) == []


@pytest.mark.parametrize(
    ("resource_id", "service", "message"),
    [
        ("service/api", None, "has resource id `service/api`"),
        ("cluster/main/api", None, "has resource id `cluster/main/api`"),
        ({"Fn::Sub": "service/${Service.Name}"}, None, "has resource id `service/…`"),
        ({"Fn::Sub": "service/main/${Service}"}, None, "names `Service` by its ARN"),
        ({"Ref": "Service"}, None, "names `Service` by its ARN"),
        ({"Fn::Sub": "service/${Cluster.Arn}/${Service.Name}"}, None, "names `Cluster` by its ARN"),
        (
            {"Fn::Sub": "service/${Other}/${Service.Name}"},
            None,
            "names cluster `Other`, but service `api` runs in cluster `Cluster`",
        ),
        (
            {"Fn::Sub": "service/main/${Service.Name}"},
            {"Cluster": "other"},
            "names cluster `main`, but service `Service` runs in cluster `other`",
        ),
        (
            {"Fn::Sub": "service/default/${Service.Name}"},
            {"Cluster": {"Ref": "Named"}, "ServiceName": "api"},
            "names cluster `default`, but service `api` runs in cluster `Named`",
        ),
        (
            {"Fn::Sub": "service/default/${Service.Name}"},
            {"Cluster": {"Ref": "Prefixed"}},
            "names cluster `default`, but service `Service` runs in cluster `Prefixed`",
        ),
        (
            {"Fn::Sub": "service/main/${Service.Name}"},
            {"ServiceName": "api"},
            "names cluster `main`, but service `api` runs in cluster `default`",
        ),
        (
            {"Fn::Sub": "service/${Cluster}/api"},
            None,
            "is not made after service `api`, which it names by a text",
        ),
    ],
)
def test_a_target_that_is_no_service_is_an_error(of_target, resource_id, service, message):
    assert of_target(TARGET, resource_id, service) == [("error", f"scalable target `Scaling` {message}")]


def test_another_dimension_is_an_error(of_target):
    found = of_target(TARGET, ScalableDimension="ecs:service:TaskCount")
    assert found == [("error", "scalable target `Scaling` has dimension `ecs:service:TaskCount`")]


@pytest.mark.parametrize(
    ("resource_id", "options"),
    [
        (BY_CDK, {}),
        ({"Fn::Sub": "service/${Cluster}/api"}, {"depends_on": "Service"}),
        ({"Fn::Sub": "service/${Cluster}/api"}, {"depends_on": ["Service"]}),
        ("service/main/elsewhere", {}),
        ({"Fn::Sub": "service/${Open}/${Service.Name}"}, {}),
        ({"Fn::Sub": "service/main/${Service.Name}"}, {"service": {"Cluster": OPEN}}),
        ({"Fn::Sub": "service/main/${Service.Name}"}, {}),
        ({"Fn::Sub": "service/default/${Service.Name}"}, {"service": {"Cluster": {"Ref": "Default"}}}),
        (OPEN, {}),
        ({"Fn::Sub": "service/${Open}"}, {}),
        ({"Fn::ImportValue": "ResourceId"}, {}),
        ("table/main", {"ServiceNamespace": "dynamodb"}),
        ("table/main", {"ServiceNamespace": OPEN}),
        ({"Fn::Select": [1, {"Ref": "Open"}]}, {}),
        (None, {}),
    ],
)
def test_a_target_that_may_be_a_service_is_silent(of_target, resource_id, options):
    assert of_target(TARGET, resource_id, **options) == []


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (2, "and every update sets it back to DesiredCount 2"),
        ("3", "and every update sets it back to DesiredCount 3"),
        (5, "but wants DesiredCount 5"),
        (1, "but wants DesiredCount 1"),
    ],
)
def test_a_desired_count_of_a_scaled_service_is_a_warning(of_target, count, message):
    found = of_target(COUNT, service={"Cluster": {"Ref": "Cluster"}, "DesiredCount": count})
    assert found == [("warning", f"service `Service` is scaled between 2 and 4, {message}")]


def test_a_service_that_is_named_by_a_parameter_is_joined(of_target):
    service = {"ServiceName": OPEN, "DesiredCount": 3}
    found = of_target(COUNT, {"Fn::Sub": "service/main/${Open}"}, service)
    assert found == [
        ("warning", "service `Service` is scaled between 2 and 4, and every update sets it back to DesiredCount 3")
    ]


@pytest.mark.parametrize(
    ("resource_id", "count"),
    [(BY_CDK, NO_VALUE), (BY_CDK, OPEN), ("service/main/other", 2), ({"Fn::ImportValue": "Id"}, 2)],
)
def test_a_count_that_may_be_free_is_silent(of_target, resource_id, count):
    service = {"Cluster": {"Ref": "Cluster"}, "ServiceName": "api", "DesiredCount": count}
    assert of_target(COUNT, resource_id, service) == []


@pytest.fixture
def of_metric(found):
    def check(**metric):
        tracking = {"TargetValue": 1000, "PredefinedMetricSpecification": metric}
        resources = {
            "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
            "Targets": resource("ElasticLoadBalancingV2::TargetGroup"),
            "Policy": resource(
                "ApplicationAutoScaling::ScalingPolicy", TargetTrackingScalingPolicyConfiguration=tracking
            ),
        }
        return found(LABEL, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


REQUESTS, CPU = "ALBRequestCountPerTarget", "ECSServiceAverageCPUUtilization"
RIGHT = "app/main/50dc/targetgroup/api/943f"


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ({"PredefinedMetricType": REQUESTS}, "counts requests per target and has no ResourceLabel"),
        (
            {"PredefinedMetricType": CPU, "ResourceLabel": RIGHT},
            f"has a ResourceLabel, which {CPU} does not take",
        ),
        (
            {"PredefinedMetricType": REQUESTS, "ResourceLabel": "main/api"},
            "has a ResourceLabel `main/api`, not app/NAME/ID/targetgroup/NAME/ID",
        ),
        (
            {"PredefinedMetricType": REQUESTS, "ResourceLabel": {"Fn::Sub": "${Balancer}/${Targets}"}},
            "has a ResourceLabel with `Balancer`, not its LoadBalancerFullName",
        ),
        (
            {
                "PredefinedMetricType": REQUESTS,
                "ResourceLabel": {"Fn::Sub": "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupName}"},
            },
            "has a ResourceLabel with `Targets.TargetGroupName`, not its TargetGroupFullName",
        ),
        (
            {
                "PredefinedMetricType": REQUESTS,
                "ResourceLabel": {"Fn::Sub": "${Targets.TargetGroupFullName}/${Balancer.LoadBalancerFullName}"},
            },
            "has a ResourceLabel `${Targets.TargetGroupFullName}/${Balancer.LoadBalancerFullName}`, "
            "not app/NAME/ID/targetgroup/NAME/ID",
        ),
        (
            {"PredefinedMetricType": REQUESTS, "ResourceLabel": {"Fn::GetAtt": ["Targets", "TargetGroupFullName"]}},
            "has a ResourceLabel `${Targets.TargetGroupFullName}`, not app/NAME/ID/targetgroup/NAME/ID",
        ),
    ],
)
def test_a_label_that_application_auto_scaling_refuses_is_an_error(of_metric, metric, message):
    assert of_metric(**metric) == [("error", f"scaling policy `Policy` {message}")]


@pytest.mark.parametrize(
    "metric",
    [
        {"PredefinedMetricType": CPU},
        {"PredefinedMetricType": REQUESTS, "ResourceLabel": RIGHT},
        {
            "PredefinedMetricType": REQUESTS,
            "ResourceLabel": {"Fn::Sub": "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupFullName}"},
        },
        {"PredefinedMetricType": REQUESTS, "ResourceLabel": {"Fn::Sub": "${Open}/${Targets.TargetGroupFullName}"}},
        {"PredefinedMetricType": REQUESTS, "ResourceLabel": OPEN},
        {"PredefinedMetricType": OPEN, "ResourceLabel": RIGHT},
        {
            "PredefinedMetricType": {"Fn::If": ["A", REQUESTS, CPU]},
            "ResourceLabel": {"Fn::If": ["A", RIGHT, NO_VALUE]},
        },
        {},
    ],
)
def test_a_label_that_may_be_right_is_silent(of_metric, metric):
    assert of_metric(**metric) == []

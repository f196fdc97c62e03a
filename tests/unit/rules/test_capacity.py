"""Where a service runs: launch type, capacity providers, scheduling strategy, its name and its registry."""

import pytest

BOTH, NEITHER = "launch-type-and-capacity-provider", "no-launch-type-no-strategy"
NOT_ASSOCIATED, WEIGHTS, DAEMON = "capacity-provider-not-associated", "capacity-strategy-weights", "daemon-on-fargate"
UNPINNED, SAME_NAME, REGISTRY = "task-definition-unpinned", "duplicate-service-name", "service-registry-port"
PARAMETERS = {"Open": {"Type": "String"}, "Env": {"Type": "String"}, "Family": {"Type": "String", "Default": "api"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotA": {"Fn::Not": [{"Condition": "A"}]}}
OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}
SPOT = {"CapacityProvider": "FARGATE_SPOT", "Weight": 1}
FARGATE = {"CapacityProvider": "FARGATE", "Weight": 1}


def resource(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


@pytest.fixture
def of_service(found):
    def check(rule, resources=None, **properties):
        service = resource("ECS::Service", **properties)
        return found(rule, {"Service": service, **(resources or {})}, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


def test_a_launch_type_beside_a_strategy_is_an_error(of_service):
    message = "service `Service` has launch type FARGATE and a capacity provider strategy"
    assert of_service(BOTH, LaunchType="FARGATE", CapacityProviderStrategy=[SPOT]) == [("error", message)]


@pytest.mark.parametrize(
    ("launch", "strategy"),
    [
        ("FARGATE", NO_VALUE),
        ("FARGATE", []),
        ("FARGATE", OPEN),
        (OPEN, [SPOT]),
        (NO_VALUE, [SPOT]),
        ("", [SPOT]),
        ({"Fn::If": ["A", "FARGATE", NO_VALUE]}, {"Fn::If": ["A", NO_VALUE, [SPOT]]}),
    ],
)
def test_a_launch_type_or_a_strategy_is_silent(of_service, launch, strategy):
    assert of_service(BOTH, LaunchType=launch, CapacityProviderStrategy=strategy) == []


def cluster(**properties):
    return {"Cluster": resource("ECS::Cluster", **properties)}


def associations(*providers):
    return {
        "Associations": resource(
            "ECS::ClusterCapacityProviderAssociations",
            Cluster={"Ref": "Cluster"},
            CapacityProviders=list(providers),
            DefaultCapacityProviderStrategy=[],
        )
    }


@pytest.mark.parametrize(
    "resources",
    [
        cluster(),
        cluster(CapacityProviders=["FARGATE"]),
        {**cluster(), **associations("FARGATE", {"Ref": "Own"}), "Own": resource("ECS::CapacityProvider")},
    ],
)
def test_a_capacity_provider_that_the_cluster_lacks_is_an_error(of_service, resources):
    found = of_service(NOT_ASSOCIATED, resources, Cluster={"Ref": "Cluster"}, CapacityProviderStrategy=[SPOT])
    message = "service `Service` uses capacity provider FARGATE_SPOT, "
    assert found == [("error", message + "which is not associated with its cluster `Cluster`")]


def test_a_capacity_provider_that_may_come_later_is_a_warning_once(of_service):
    resources = {**cluster(), **associations("FARGATE", "FARGATE_SPOT")}
    found = of_service(NOT_ASSOCIATED, resources, Cluster={"Ref": "Cluster"}, CapacityProviderStrategy=[FARGATE, SPOT])
    message = "service `Service` uses capacity provider FARGATE and may be made before that is associated "
    assert found == [("warning", message + "with its cluster `Cluster`")]


@pytest.mark.parametrize(
    ("resources", "named"),
    [
        (cluster(CapacityProviders=["FARGATE_SPOT"]), {"Ref": "Cluster"}),
        (cluster(CapacityProviders=[OPEN]), {"Ref": "Cluster"}),
        (cluster(CapacityProviders=OPEN), {"Ref": "Cluster"}),
        (cluster(CapacityProviders={"Fn::If": ["A", ["FARGATE_SPOT"], []]}), {"Ref": "Cluster"}),
        (cluster(), OPEN),
        (cluster(), {"Fn::ImportValue": "Cluster"}),
        (
            {**cluster(), **associations("FARGATE_SPOT")},
            {"Fn::Sub": ["${Cluster}", {"After": {"Ref": "Associations"}}]},
        ),
    ],
)
def test_a_capacity_provider_that_the_cluster_may_have_is_silent(of_service, resources, named):
    assert of_service(NOT_ASSOCIATED, resources, Cluster=named, CapacityProviderStrategy=[SPOT]) == []


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        ([{"CapacityProvider": "FARGATE"}, {**SPOT, "Weight": 0}], "of 2 providers whose weights are all 0"),
        ([{**FARGATE, "Base": 1}, {**SPOT, "Base": "2"}], "in which 2 providers have a base"),
        ([FARGATE, {"CapacityProvider": "own", "Weight": 1}], "that mixes Fargate with other capacity providers"),
    ],
)
def test_a_strategy_that_ecs_refuses_is_an_error(of_service, strategy, message):
    found = of_service(WEIGHTS, CapacityProviderStrategy=strategy)
    assert found == [("error", f"service `Service` has a capacity provider strategy {message}")]


@pytest.mark.parametrize(
    "strategy",
    [
        [{**FARGATE, "Base": 1}, SPOT],
        [{"CapacityProvider": "FARGATE"}],
        [{"CapacityProvider": "FARGATE"}, {"CapacityProvider": "FARGATE_SPOT", "Weight": OPEN}],
        [{**FARGATE, "Base": 1}, {**SPOT, "Base": 0}],
        [FARGATE, {"CapacityProvider": OPEN, "Weight": 1}],
        [{**FARGATE, "Weight": 0}, {"Fn::If": ["A", {**SPOT, "Weight": 0}, NO_VALUE]}],
        OPEN,
    ],
)
def test_a_strategy_that_may_be_right_is_silent(of_service, strategy):
    assert of_service(WEIGHTS, CapacityProviderStrategy=strategy) == []


def fargate_task(*compatibilities):
    return {"Task": resource("ECS::TaskDefinition", RequiresCompatibilities=list(compatibilities))}


def test_a_service_for_fargate_that_does_not_say_so_is_an_error(of_service):
    resources = {**cluster(), **fargate_task("FARGATE")}
    found = of_service(NEITHER, resources, Cluster={"Ref": "Cluster"}, TaskDefinition={"Ref": "Task"})
    message = "service `Service` has no launch type and its cluster `Cluster` no default capacity provider strategy: "
    assert found == [("error", message + "its tasks for Fargate are placed on instances")]


@pytest.mark.parametrize(
    ("resources", "properties"),
    [
        (cluster(), {"LaunchType": "FARGATE"}),
        (cluster(), {"LaunchType": OPEN}),
        (cluster(), {"CapacityProviderStrategy": [SPOT]}),
        (cluster(), {"DeploymentController": {"Type": "EXTERNAL"}}),
        (cluster(DefaultCapacityProviderStrategy=[FARGATE]), {}),
        (cluster(DefaultCapacityProviderStrategy=OPEN), {}),
        ({"Cluster": resource("ECS::Cluster", **{"Fn::Transform": {"Name": "M"}})}, {}),
        (cluster(), {"Cluster": OPEN}),
        ({**cluster(), **fargate_task("EC2", "FARGATE")}, {}),
        (
            cluster(),
            {
                "LaunchType": {"Fn::If": ["A", "FARGATE", NO_VALUE]},
                "CapacityProviderStrategy": {"Fn::If": ["A", NO_VALUE, [SPOT]]},
            },
        ),
    ],
)
def test_a_service_that_may_run_on_fargate_is_silent(of_service, resources, properties):
    named = {"Cluster": {"Ref": "Cluster"}, "TaskDefinition": {"Ref": "Task"}, **properties}
    assert of_service(NEITHER, {**fargate_task("FARGATE"), **resources}, **named) == []


@pytest.mark.parametrize("runs", [{"LaunchType": "FARGATE"}, {"CapacityProviderStrategy": [SPOT]}])
def test_a_daemon_on_fargate_is_an_error(of_service, runs):
    message = "service `Service` runs on Fargate with scheduling strategy DAEMON"
    assert of_service(DAEMON, SchedulingStrategy="DAEMON", **runs) == [("error", message)]


@pytest.mark.parametrize(
    ("strategy", "launch"),
    [
        ("REPLICA", "FARGATE"),
        ("DAEMON", "EC2"),
        ("DAEMON", OPEN),
        (OPEN, "FARGATE"),
        ({"Fn::If": ["A", "DAEMON", "REPLICA"]}, {"Fn::If": ["A", "EC2", "FARGATE"]}),
    ],
)
def test_daemons_elsewhere_are_silent(of_service, strategy, launch):
    assert of_service(DAEMON, SchedulingStrategy=strategy, LaunchType=launch) == []


@pytest.mark.parametrize("family", ["api", "arn:aws:ecs:eu-west-1:1:task-definition/api"])
def test_a_family_without_a_revision_is_a_warning(of_service, family):
    message = f"service `Service` runs task definition `{family}` without a revision"
    assert of_service(UNPINNED, TaskDefinition=family) == [("warning", message)]


def test_the_arn_of_a_family_in_any_region_is_a_warning(of_service):
    family = {"Fn::Sub": "arn:aws:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/api"}
    message = "service `Service` runs task definition `arn:aws:ecs:…:…:task-definition/api` without a revision"
    assert of_service(UNPINNED, TaskDefinition=family) == [("warning", message)]


@pytest.mark.parametrize(
    "properties",
    [
        {"TaskDefinition": "api:7"},
        {"TaskDefinition": "arn:aws:ecs:eu-west-1:1:task-definition/api:7"},
        {"TaskDefinition": {"Fn::Sub": "arn:aws:ecs:${AWS::Region}:1:task-definition/${Open}"}},
        {"TaskDefinition": {"Ref": "Task"}},
        {"TaskDefinition": {"Ref": "Family"}},
        {"TaskDefinition": OPEN},
        {"TaskDefinition": "api", "DeploymentController": {"Type": "CODE_DEPLOY"}},
    ],
)
def test_a_revision_that_may_be_named_is_silent(of_service, properties):
    assert of_service(UNPINNED, **properties) == []


def test_a_raw_services_family_is_silent(report_of):
    report = report_of({"serviceName": "api", "taskDefinition": "api"})
    assert [each for each in report.findings if each.rule == UNPINNED] == []


def test_two_services_of_one_name_are_an_error(of_service):
    other = {"Other": resource("ECS::Service", Cluster="main", ServiceName={"Fn::Sub": "api"})}
    message = "services `Service` and `Other` are both named `api` in one cluster"
    assert of_service(SAME_NAME, other, Cluster="main", ServiceName="api") == [("error", message)]


@pytest.mark.parametrize(
    "other",
    [
        resource("ECS::Service", Cluster="main", ServiceName="web"),
        resource("ECS::Service", Cluster="other", ServiceName="api"),
        resource("ECS::Service", ServiceName="api"),
        resource("ECS::Service", Cluster={"Fn::ImportValue": "Main"}, ServiceName="api"),
        resource("ECS::Service", Cluster="main"),
        {**resource("ECS::Service", Cluster="main", ServiceName="api"), "Condition": "A"},
    ],
)
def test_services_that_may_differ_are_silent(found, other):
    service = {**resource("ECS::Service", Cluster="main", ServiceName="api"), "Condition": "NotA"}
    sections = {"Parameters": PARAMETERS, "Conditions": CONDITIONS}
    assert found(SAME_NAME, {"Service": service, "Other": other}, **sections) == []


def test_a_cluster_is_the_same_by_its_name_and_its_arn(of_service):
    cluster = {"Fn::GetAtt": ["Cluster", "Arn"]}
    other = {"Cluster": resource("ECS::Cluster"), "Other": resource("ECS::Service", Cluster=cluster, ServiceName="api")}
    message = "services `Service` and `Other` are both named `api` in one cluster"
    assert of_service(SAME_NAME, other, Cluster={"Ref": "Cluster"}, ServiceName="api") == [("error", message)]


@pytest.mark.parametrize(("metadata", "findings"), [({"aws:cdk:path": "Stack/X"}, 1), ({}, 0)])
def test_only_stacks_of_one_app_are_deployed_together(report_of, metadata, findings):
    service = resource("ECS::Service", Cluster={"Fn::ImportValue": "Main"}, ServiceName="api")
    outputs = {"Main": {"Value": {"Ref": "Cluster"}, "Export": {"Name": "Main"}}}
    base = {"Resources": {"Cluster": {**resource("ECS::Cluster"), "Metadata": metadata}}, "Outputs": outputs}
    stacks = [{"Resources": {"Service": {**service, "Metadata": metadata}}} for _ in range(2)]
    found = [each for each in report_of(base, *stacks).findings if each.rule == SAME_NAME]
    assert len(found) == findings


def registry(*types):
    records = [{"Type": each, "TTL": 60} for each in types]
    return {"Registry": resource("ServiceDiscovery::Service", DnsConfig={"DnsRecords": records})}


ENTRY = {"RegistryArn": {"Fn::GetAtt": ["Registry", "Arn"]}}


@pytest.mark.parametrize(
    ("types", "entries", "message"),
    [
        (["SRV"], [ENTRY], "gives no port to service registry `Registry`, of type SRV"),
        (["A"], [{**ENTRY, "ContainerPort": 80}], "gives ContainerPort to service registry `Registry`, of type A"),
        (["SRV"], [{**ENTRY, "Port": 1, "ContainerPort": 1}], "gives its service registry both Port and ContainerPort"),
        (["A"], [ENTRY, ENTRY], "has 2 service registries, ECS takes one"),
    ],
)
def test_a_registry_that_ecs_refuses_is_an_error(of_service, types, entries, message):
    found = of_service(REGISTRY, registry(*types), LaunchType="FARGATE", ServiceRegistries=entries)
    assert found == [("error", f"service `Service` {message}")]


@pytest.mark.parametrize(
    ("types", "entries", "launch"),
    [
        (["SRV"], [{**ENTRY, "Port": 80}], "FARGATE"),
        (["SRV"], [{**ENTRY, "ContainerName": "api", "ContainerPort": 80}], "FARGATE"),
        (["A"], [ENTRY], "FARGATE"),
        (["A", "SRV"], [{**ENTRY, "ContainerPort": 80}], "FARGATE"),
        ([OPEN], [ENTRY], "FARGATE"),
        (["SRV"], [{"RegistryArn": OPEN}], "FARGATE"),
        (["SRV"], [ENTRY], OPEN),
        (["SRV"], [{"Fn::If": ["A", ENTRY, NO_VALUE]}, {"Fn::If": ["A", NO_VALUE, {**ENTRY, "Port": 1}]}], "EC2"),
        (["SRV"], OPEN, "FARGATE"),
    ],
)
def test_a_registry_that_may_be_right_is_silent(of_service, types, entries, launch):
    assert of_service(REGISTRY, registry(*types), LaunchType=launch, ServiceRegistries=entries) == []

import pytest

OPEN = {"Ref": "Open"}
NO_VALUE = {"Ref": "AWS::NoValue"}
SECTIONS = {"Parameters": {"Open": {"Type": "String"}}, "Conditions": {"A": {"Fn::Equals": [OPEN, "a"]}}}
FIRELENS, EXEC = "firelens-router-missing", "exec-readonly-rootfs"
APP = {"Name": "app", "Image": "x:1", "LogConfiguration": {"LogDriver": "awsfirelens"}}


def router(name="router", **options):
    return {"Name": name, "Image": "x:1", "FirelensConfiguration": {"Type": "fluentbit", "Options": options}}


def only_if(value):
    return {"Fn::If": ["A", value, NO_VALUE]}


def unless(value):
    return {"Fn::If": ["A", NO_VALUE, value]}


def task(*containers, **properties):
    resource = {"ContainerDefinitions": list(containers), "RequiresCompatibilities": ["FARGATE"], **properties}
    return {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": resource}}


MISTAKES = {
    "no router": ([APP], "container `app` logs through `awsfirelens`, no container is the log router"),
    "never together": ([only_if(APP), unless(router())], "no container is the log router"),
    "two routers": ([router(), router("second")], "containers `router` and `second` are both log routers of one task"),
    "S3": ([APP, router(**{"config-file-type": "s3"})], "log router `router` has its configuration in S3"),
}
RIGHT = {
    "a router": [APP, router()],
    "other driver": [{**APP, "LogConfiguration": {"LogDriver": "awslogs"}}],
    "unknown driver": [{**APP, "LogConfiguration": {"LogDriver": OPEN}}],
    "unknown container": [APP, OPEN],
    "unknown router": [APP, {"Name": "r", "Image": "x:1", "FirelensConfiguration": OPEN}],
    "one router at a time": [only_if(router()), unless(router("second"))],
    "a file": [router(**{"config-file-type": "file"})],
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_task_without_its_one_log_router_is_an_error(found, case):
    containers, expected = MISTAKES[case]
    ((severity, message),) = found(FIRELENS, task(*containers), **SECTIONS)
    assert severity == "error"
    assert expected in message


@pytest.mark.parametrize("case", RIGHT)
def test_a_task_with_one_router_or_without_need_is_silent(found, case):
    assert found(FIRELENS, task(*RIGHT[case]), **SECTIONS) == []


def test_on_ec2_the_routers_configuration_may_be_in_s3(found):
    resources = task(router(**{"config-file-type": "s3"}), RequiresCompatibilities=["EC2"])
    assert found(FIRELENS, resources) == []


def with_exec(enabled=True, **container):
    service = {"TaskDefinition": {"Ref": "Task"}, "EnableExecuteCommand": enabled}
    api = {"Name": "api", "Image": "x:1", "ReadonlyRootFilesystem": True, **container}
    return {**task(api), "Service": {"Type": "AWS::ECS::Service", "Properties": service}}


@pytest.mark.parametrize("resources", [with_exec(), with_exec("true"), with_exec(ReadonlyRootFilesystem="true")])
def test_exec_with_a_read_only_root_is_a_warning(found, resources):
    message = "container `api` has a read-only root file system, service `Service` enables ECS Exec"
    assert found(EXEC, resources) == [("warning", message)]


@pytest.mark.parametrize(
    "resources",
    [
        with_exec(enabled=False),
        with_exec(OPEN),
        with_exec(ReadonlyRootFilesystem=False),
        with_exec(ReadonlyRootFilesystem=OPEN),
        with_exec(only_if(value=True), ReadonlyRootFilesystem=unless(value=True)),
        with_exec(MountPoints=[{"SourceVolume": "x", "ContainerPath": "/var/lib/amazon"}]),
        with_exec(MountPoints=[{"SourceVolume": "x", "ContainerPath": OPEN}]),
        with_exec(MountPoints=OPEN),
    ],
)
def test_exec_that_can_write_or_is_not_known_is_silent(found, resources):
    assert found(EXEC, resources, **SECTIONS) == []

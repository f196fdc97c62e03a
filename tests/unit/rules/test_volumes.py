import pytest

PARAMETERS = {"Open": {"Type": "String"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
NO_VALUE = {"Ref": "AWS::NoValue"}
MOUNT, EFS = "volume-mount-mismatch", "efs-config-invalid"


@pytest.fixture
def of_task(found):
    """What a rule finds on a task definition with the given volumes and containers, and on a service that runs it."""

    def check(rule, volumes, *containers, service=None, **properties):
        named = [{"Name": f"c{index}", "Image": "api:1", **each} for index, each in enumerate(containers or [{}])]
        whole = {"ContainerDefinitions": named, "Volumes": volumes, **properties}
        resources = {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": whole}}
        if service is not None:
            joined = {"TaskDefinition": {"Ref": "Task"}, **service}
            resources["Service"] = {"Type": "AWS::ECS::Service", "Properties": joined}
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


def mounting(*names):
    return {"MountPoints": [{"SourceVolume": name, "ContainerPath": "/data"} for name in names]}


def test_a_mount_of_an_unknown_volume_is_an_error(of_task):
    message = "container `c0` mounts volume `cache`, which is not defined"
    assert of_task(MOUNT, [{"Name": "data"}], mounting("cache")) == [("error", message)]
    assert of_task(MOUNT, None, mounting("cache")) == [("error", message)]
    assert of_task(MOUNT, [{"Fn::If": ["A", {"Name": "data"}, NO_VALUE]}], mounting("cache")) == [("error", message)]


def test_volumes_from_an_unknown_container_is_an_error(of_task):
    findings = of_task(MOUNT, [], {"VolumesFrom": [{"SourceContainer": "db"}]})
    assert findings == [("error", "container `c0` takes the volumes of `db`, which does not exist")]


def test_two_volumes_of_one_name_are_an_error(of_task):
    assert of_task(MOUNT, [{"Name": "data"}, {"Name": "data"}]) == [("error", "two volumes have the name `data`")]


@pytest.mark.parametrize(
    ("volumes", "container"),
    [
        ([{"Name": "data"}], mounting("data")),
        ([{"Name": "data"}, {"Name": {"Ref": "Open"}}], mounting("cache")),
        ([{"Name": "data"}], mounting({"Ref": "Open"})),
        ({"Ref": "Open"}, mounting("cache")),
        ([{"Fn::Transform": {"Name": "M"}}], mounting("cache")),
        ([{"Name": {"Fn::Sub": "data"}}], mounting("data")),
        ([], mounting("${VOLUME}")),
        ([{"Name": "a"}], {"VolumesFrom": [{"SourceContainer": "c0"}, {"SourceContainer": {"Ref": "Open"}}]}),
        ([{"Fn::If": ["A", {"Name": "d"}, NO_VALUE]}, {"Fn::If": ["A", NO_VALUE, {"Name": "d"}]}], {}),
        ("data", {"MountPoints": "data", "VolumesFrom": [None]}),
    ],
)
def test_mounts_that_exist_or_are_not_known_are_silent(of_task, volumes, container):
    assert of_task(MOUNT, volumes, container) == []


LAUNCH = [{"Name": "data", "ConfiguredAtLaunch": True}]
CONFIGURED = {"VolumeConfigurations": [{"Name": "data", "ManagedEBSVolume": {"RoleArn": "arn"}}]}


@pytest.mark.parametrize(
    ("volumes", "container", "service", "message"),
    [
        (LAUNCH, {}, CONFIGURED, "volume `data` is configured at launch and no container mounts it"),
        (
            LAUNCH,
            mounting("data"),
            {},
            "the service does not configure volume `data`, which its task definition leaves to it",
        ),
        (
            [{"Name": "data"}],
            mounting("data"),
            CONFIGURED,
            "the service configures volume `data`, which its task definition does not leave to it",
        ),
        (
            [*LAUNCH, {"Name": "more", "ConfiguredAtLaunch": True}],
            mounting("data", "more"),
            CONFIGURED,
            "`data` and `more` are configured at launch",
        ),
    ],
)
def test_a_volume_that_only_one_side_knows_at_launch_is_an_error(of_task, volumes, container, service, message):
    assert of_task(MOUNT, volumes, container, service=service) == [("error", message)]


@pytest.mark.parametrize(
    ("volumes", "service"),
    [
        (LAUNCH, CONFIGURED),
        (LAUNCH, {"VolumeConfigurations": {"Ref": "Open"}}),
        ([{"Name": "data", "ConfiguredAtLaunch": {"Ref": "Open"}}], CONFIGURED),
        ([{"Name": "data"}], {}),
    ],
)
def test_volumes_at_launch_that_agree_or_are_not_known_are_silent(of_task, volumes, service):
    assert of_task(MOUNT, volumes, mounting("data"), service=service) == []


def efs(**configuration):
    return [{"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": "fs-1", **configuration}}]


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({"AuthorizationConfig": {"IAM": "ENABLED"}}, "has IAM authorization and no transit encryption"),
        (
            {"AuthorizationConfig": {"AccessPointId": {"Ref": "Point"}}, "TransitEncryption": "DISABLED"},
            "has an access point and no transit encryption",
        ),
        ({"TransitEncryptionPort": 2999}, "has a port for it and no transit encryption"),
        (
            {
                "AuthorizationConfig": {"AccessPointId": "fsap-1"},
                "TransitEncryption": "ENABLED",
                "RootDirectory": "/data",
            },
            "has an access point and the root directory `/data`",
        ),
    ],
)
def test_an_efs_volume_that_ecs_refuses_is_an_error(of_task, configuration, message):
    assert of_task(EFS, efs(**configuration)) == [("error", f"volume `data` {message}")]


@pytest.mark.parametrize(
    "configuration",
    [
        {},
        {"RootDirectory": "/data"},
        {"AuthorizationConfig": {"IAM": "ENABLED"}, "TransitEncryption": "ENABLED"},
        {"AuthorizationConfig": {"IAM": "ENABLED"}, "TransitEncryption": {"Ref": "Open"}},
        {"AuthorizationConfig": {"IAM": {"Ref": "Open"}}},
        {"AuthorizationConfig": {"AccessPointId": NO_VALUE}},
        {
            "AuthorizationConfig": {"Fn::If": ["A", {"IAM": "ENABLED"}, NO_VALUE]},
            "TransitEncryption": {"Fn::If": ["A", "ENABLED", NO_VALUE]},
        },
    ],
)
def test_efs_volumes_that_ecs_takes_are_silent(of_task, configuration):
    assert of_task(EFS, efs(**configuration)) == []


def test_raw_task_definitions_spell_efs_in_their_own_way(report_of):
    configuration = {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}
    volumes = [{"name": "data", "efsVolumeConfiguration": configuration}]
    tree = {"family": "f", "containerDefinitions": [{"name": "a", "image": "a:1"}], "volumes": volumes}
    (finding,) = [finding for finding in report_of(tree).findings if finding.rule == EFS]
    assert finding.message == "volume `data` has IAM authorization and no transit encryption"
    assert finding.fix == "Set `transitEncryption` to `ENABLED`"

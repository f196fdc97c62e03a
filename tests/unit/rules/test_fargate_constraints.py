import pytest

PARAMETERS = {"Open": {"Type": "String"}, "Mode": {"Type": "String", "Default": "bridge"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}
NO_VALUE = {"Ref": "AWS::NoValue"}
UNSUPPORTED, NETWORK, WINDOWS = "fargate-unsupported-parameter", "fargate-network-mode", "windows-or-arm-constraint"


@pytest.fixture
def of_task(found):
    """What a rule finds on a Fargate task definition with the given container and properties."""

    def check(rule, container=None, **properties):
        containers = [{"Name": "api", "Image": "api:1", **(container or {})}]
        whole = {
            "RequiresCompatibilities": ["FARGATE"],
            "NetworkMode": "awsvpc",
            "Cpu": 1024,
            "Memory": 2048,
            "ContainerDefinitions": containers,
            **properties,
        }
        resources = {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": whole}}
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


@pytest.mark.parametrize(
    ("container", "what"),
    [
        ({"Privileged": True}, "`Privileged` `true`"),
        ({"Privileged": "true"}, "`Privileged` `true`"),
        ({"Privileged": {"Fn::If": ["A", True, False]}}, "`Privileged` `true`"),
        ({"DisableNetworking": True}, "`DisableNetworking` `true`"),
        ({"Links": ["db"]}, "`Links`"),
        ({"DnsServers": ["10.0.0.2"]}, "`DnsServers`"),
        ({"DnsSearchDomains": ["internal"]}, "`DnsSearchDomains`"),
        ({"ExtraHosts": [{"Hostname": "db", "IpAddress": "10.0.0.9"}]}, "`ExtraHosts`"),
        ({"Hostname": "api"}, "`Hostname` `api`"),
        ({"DockerSecurityOptions": ["no-new-privileges"]}, "`DockerSecurityOptions`"),
        ({"ResourceRequirements": [{"Type": "GPU", "Value": "1"}]}, "`ResourceRequirements` `GPU`"),
        ({"LinuxParameters": {"Devices": [{"HostPath": "/dev/fuse"}]}}, "`Devices`"),
        ({"LinuxParameters": {"SharedMemorySize": 64}}, "`SharedMemorySize` `64`"),
        ({"LinuxParameters": {"MaxSwap": 64}}, "`MaxSwap` `64`"),
        ({"LinuxParameters": {"Swappiness": 10}}, "`Swappiness` `10`"),
        ({"LinuxParameters": {"Capabilities": {"Add": ["SYS_PTRACE", "NET_ADMIN"]}}}, "`Capabilities.Add` `NET_ADMIN`"),
    ],
)
def test_a_containers_parameter_that_fargate_lacks_is_an_error(of_task, container, what):
    message = f"container `api` has {what}, which Fargate does not support"
    assert of_task(UNSUPPORTED, container) == [("error", message)]


@pytest.mark.parametrize(
    ("properties", "what"),
    [
        ({"IpcMode": "task"}, "`IpcMode` `task`"),
        ({"PidMode": "host"}, "`PidMode` `host`"),
        ({"PlacementConstraints": [{"Type": "memberOf"}]}, "`PlacementConstraints`"),
        ({"InferenceAccelerators": [{"DeviceName": "d", "DeviceType": "eia2.medium"}]}, "`InferenceAccelerators`"),
        ({"Volumes": [{"Name": "v", "Host": {"SourcePath": "/data"}}]}, "`SourcePath` `/data`"),
        ({"Volumes": [{"Name": "v", "DockerVolumeConfiguration": {"Scope": "task"}}]}, "`DockerVolumeConfiguration`"),
    ],
)
def test_a_tasks_parameter_that_fargate_lacks_is_an_error(of_task, properties, what):
    message = f"the task definition has {what}, which Fargate does not support"
    assert of_task(UNSUPPORTED, **properties) == [("error", message)]


def test_tmpfs_is_a_warning(of_task):
    ((severity, _),) = of_task(UNSUPPORTED, {"LinuxParameters": {"Tmpfs": [{"ContainerPath": "/cache", "Size": 64}]}})
    assert severity == "warning"


@pytest.mark.parametrize(
    ("container", "properties"),
    [
        ({"Privileged": False, "Links": [], "ExtraHosts": [], "Hostname": ""}, {"PlacementConstraints": []}),
        ({"Privileged": {"Ref": "Open"}, "Hostname": {"Ref": "Open"}, "Links": {"Ref": "Open"}}, {}),
        ({"Links": [NO_VALUE]}, {"PidMode": "task"}),
        ({"LinuxParameters": {"InitProcessEnabled": True, "SharedMemorySize": 0, "Tmpfs": []}}, {}),
        ({"LinuxParameters": {"Capabilities": {"Add": ["SYS_PTRACE"], "Drop": ["ALL"]}}}, {}),
        ({"SystemControls": [{"Namespace": "net.core.somaxconn", "Value": "1"}]}, {"Volumes": [{"Name": "v"}]}),
        ({}, {"Volumes": [{"Name": "v", "Host": {}}]}),
        ({"Privileged": True}, {"RequiresCompatibilities": ["EC2"]}),
    ],
)
def test_what_fargate_takes_and_what_is_not_known_is_silent(of_task, container, properties):
    assert of_task(UNSUPPORTED, container, **properties) == []


def test_names_are_spelled_as_the_file_does(report_of):
    container = {"name": "api", "image": "api:1", "linuxParameters": {"capabilities": {"add": ["NET_RAW"]}}}
    report = report_of({"family": "f", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [container]})
    (message,) = [finding.message for finding in report.findings if finding.rule == UNSUPPORTED]
    assert message == "container `api` has `capabilities.add` `NET_RAW`, which Fargate does not support"


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("bridge", "`bridge`"),
        ("host", "`host`"),
        (None, "`bridge` (the default)"),
        (NO_VALUE, "`bridge` (the default)"),
    ],
)
def test_another_network_mode_than_awsvpc_is_an_error(of_task, mode, shown):
    message = f"the task definition runs on Fargate with network mode {shown}"
    assert of_task(NETWORK, NetworkMode=mode) == [("error", message)]


@pytest.mark.parametrize("mode", ["awsvpc", {"Ref": "Open"}, {"Fn::ImportValue": "mode"}])
def test_awsvpc_and_unknown_modes_are_silent(of_task, mode):
    assert of_task(NETWORK, NetworkMode=mode) == []


def test_a_mode_that_only_instances_get_is_silent(of_task):
    either = {"Fn::If": ["A", "FARGATE", "EC2"]}
    mode = {"Fn::If": ["A", "awsvpc", "bridge"]}
    assert of_task(NETWORK, RequiresCompatibilities=[either], NetworkMode=mode) == []


def test_a_mode_by_a_parameters_default_is_a_warning(of_task):
    ((severity, _),) = of_task(NETWORK, NetworkMode={"Ref": "Mode"})
    assert severity == "warning"


def windows(architecture="X86_64", family="WINDOWS_SERVER_2022_CORE"):
    return {"OperatingSystemFamily": family, "CpuArchitecture": architecture}


@pytest.mark.parametrize(
    ("container", "properties", "finding"),
    [
        ({}, {"RuntimePlatform": windows("ARM64")}, ("error", "does not run on ARM64 on Fargate")),
        ({}, {"Cpu": 512}, ("error", "does not run with 512 CPU units on Fargate")),
        (
            {},
            {"Volumes": [{"Name": "v", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}]},
            ("error", "does not support `efsVolumeConfiguration`"),
        ),
        ({"ReadonlyRootFilesystem": True}, {}, ("warning", "does not support `readonlyRootFilesystem`")),
        ({"Ulimits": [{"Name": "nofile"}]}, {}, ("warning", "does not support `ulimits`")),
    ],
)
def test_what_windows_lacks_is_reported(of_task, container, properties, finding):
    severity, message = finding
    expected = (severity, f"`WINDOWS_SERVER_2022_CORE` {message}")
    assert of_task(WINDOWS, container, **{"RuntimePlatform": windows(), **properties}) == [expected]


@pytest.mark.parametrize(
    ("container", "properties"),
    [
        ({"ReadonlyRootFilesystem": True}, {"RuntimePlatform": windows("ARM64", "LINUX"), "Cpu": 256}),
        ({"ReadonlyRootFilesystem": False, "Ulimits": []}, {"RuntimePlatform": windows()}),
        ({}, {"RuntimePlatform": windows({"Ref": "Open"}), "Cpu": {"Ref": "Open"}}),
        ({"ReadonlyRootFilesystem": True}, {"RuntimePlatform": windows("ARM64", {"Ref": "Open"})}),
        ({}, {"RuntimePlatform": windows("ARM64"), "RequiresCompatibilities": ["EC2"]}),
        ({}, {"RuntimePlatform": "WINDOWS_SERVER_2022_CORE"}),
    ],
)
def test_linux_and_unknown_platforms_are_silent(of_task, container, properties):
    assert of_task(WINDOWS, container, **properties) == []

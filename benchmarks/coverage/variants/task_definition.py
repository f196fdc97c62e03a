"""Task definitions that ECS refuses on Fargate, or that cannot start: sizes, modes, names, volumes."""

from benchmarks.coverage.edits import REMOVED, add, drop, not_after, put
from benchmarks.coverage.variant import broken

_EFS = "task.Volumes.files.EFSVolumeConfiguration"
_SIDECARS = [{"Name": f"sidecar{number}", "Image": "nginx:1.27.3", "Essential": False} for number in range(9)]
_PARAMETER = {"Type": "String", "Default": "1536"}
_SIZES = {"Sizes": {"prod": {"Memory": "9000"}}}
_NO_ACCESS_POINT = {f"{_EFS}.AuthorizationConfig.AccessPointId": REMOVED}

VARIANTS = [
    # TD-01
    broken("fargate-cpu-memory-combination", "memory not offered for the cpu", put({"task.Memory": "1536"})),
    broken("fargate-cpu-memory-combination", "cpu that does not exist", put({"task.Cpu": "1000"})),
    broken("fargate-cpu-memory-combination", "no memory", put({"task.Memory": REMOVED})),
    broken(
        "fargate-cpu-memory-combination", "vCPU and GB in words", put({"task.Cpu": "1 vCPU", "task.Memory": "16 GB"})
    ),
    broken(
        "fargate-cpu-memory-combination",
        "parameter default",
        put({"Parameters.Memory": _PARAMETER, "task.Memory": {"Ref": "Memory"}}),
        yaml=True,
    ),
    broken(
        "fargate-cpu-memory-combination",
        "mapping",
        lambda template: template.update(Mappings=_SIZES),
        put({"task.Memory": {"Fn::FindInMap": ["Sizes", "prod", "Memory"]}}),
    ),
    # TD-02
    broken("fargate-unsupported-parameter", "privileged", put({"api.Privileged": True})),
    broken("fargate-unsupported-parameter", "links", put({"api.Links": ["collector"]})),
    broken("fargate-unsupported-parameter", "dns servers", put({"api.DnsServers": ["10.0.0.2"]}), yaml=True),
    broken(
        "fargate-unsupported-parameter",
        "extra hosts",
        put({"api.ExtraHosts": [{"Hostname": "db", "IpAddress": "10.0.0.9"}]}),
    ),
    broken("fargate-unsupported-parameter", "hostname", put({"api.Hostname": "orders"})),
    broken("fargate-unsupported-parameter", "pid mode of the host", put({"task.PidMode": "host"})),
    broken("fargate-unsupported-parameter", "ipc mode", put({"task.IpcMode": "task"})),
    broken(
        "fargate-unsupported-parameter",
        "placement constraints",
        put({"task.PlacementConstraints": [{"Type": "memberOf", "Expression": "attribute:ecs.os-type == linux"}]}),
    ),
    broken("fargate-unsupported-parameter", "gpu", put({"api.ResourceRequirements": [{"Type": "GPU", "Value": "1"}]})),
    broken("fargate-unsupported-parameter", "swap", put({"api.LinuxParameters": {"MaxSwap": 512}})),
    broken(
        "fargate-unsupported-parameter",
        "capability",
        put({"api.LinuxParameters": {"Capabilities": {"Add": ["NET_ADMIN"]}}}),
    ),
    broken(
        "fargate-unsupported-parameter",
        "volume of the host",
        put({"task.Volumes.+": {"Name": "docker", "Host": {"SourcePath": "/var/run/docker.sock"}}}),
    ),
    # TD-03 to TD-06
    broken("container-cpu-exceeds-task", "one container", put({"api.Cpu": 2048})),
    broken("container-cpu-exceeds-task", "sum of two", put({"api.Cpu": 900, "collector.Cpu": 256}), yaml=True),
    broken(
        "container-memory-exceeds-task",
        "hard limit",
        put({"api.Memory": 4096}),
        also="container-memory-sum-exceeds-task",
    ),
    broken(
        "container-memory-exceeds-task",
        "reservation",
        put({"api.Memory": REMOVED, "api.MemoryReservation": 4096}),
        also="container-memory-sum-exceeds-task",
    ),
    broken(
        "container-memory-sum-exceeds-task",
        "reservations",
        put(
            {
                "api.MemoryReservation": 1024,
                "collector.MemoryReservation": 700,
                "collector.Memory": 1000,
                "migrate.MemoryReservation": 600,
                "migrate.Memory": 700,
            }
        ),
    ),
    broken(
        "container-memory-sum-exceeds-task",
        "reservations as text",
        put({"api.MemoryReservation": "1024", "collector.Memory": REMOVED, "collector.MemoryReservation": "1024"}),
        put({"migrate.Memory": REMOVED, "migrate.MemoryReservation": "512"}),
        yaml=True,
    ),
    broken("memory-reservation-above-memory", "one container", put({"collector.MemoryReservation": 512})),
    # TD-07
    broken("fargate-network-mode", "bridge", put({"task.NetworkMode": "bridge"}), also="target-type-not-ip"),
    broken("fargate-network-mode", "left out", put({"task.NetworkMode": REMOVED}), yaml=True),
    # TD-08
    broken("platform-version-too-old", "EFS", put({"service.PlatformVersion": "1.3.0"})),
    broken(
        "platform-version-too-old",
        "ephemeral storage",
        put({"service.PlatformVersion": "1.3.0", "task.Volumes": REMOVED, "api.MountPoints": REMOVED}),
        put({"task.EphemeralStorage": {"SizeInGiB": 50}}),
        drop("MountTargetA", "MountTargetB"),
    ),
    # TD-09, TD-10
    broken("ephemeral-storage-range", "too small", put({"task.EphemeralStorage": {"SizeInGiB": 20}})),
    broken("ephemeral-storage-range", "too large", put({"task.EphemeralStorage": {"SizeInGiB": 201}}), yaml=True),
    broken(
        "windows-or-arm-constraint",
        "Windows on ARM64",
        put(
            {"task.RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "CpuArchitecture": "ARM64"}}
        ),
    ),
    broken(
        "windows-or-arm-constraint",
        "Windows with a read-only root",
        put({"task.RuntimePlatform.OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}),
        put({"collector.ReadonlyRootFilesystem": True}),
        also="exec-readonly-rootfs",
    ),
    # TD-11 to TD-14
    broken(
        "task-definition-too-large",
        "70 KB of environment",
        put({"api.Environment.+": {"Name": "SETTINGS", "Value": "x" * 70_000}}),
    ),
    broken("too-many-containers", "twelve", *[put({"task.ContainerDefinitions.+": each}) for each in _SIDECARS]),
    broken(
        "invalid-names",
        "container with a dot",
        put({"collector.Name": "otel.collector"}),
        put({"api.DependsOn": REMOVED}),
    ),
    broken("invalid-names", "family with a slash", put({"task.Family": "shop/orders"})),
    broken("invalid-names", "port name in capitals", put({"collector.PortMappings.0.Name": "OTLP"}), yaml=True),
    broken(
        "shared-family-in-assembly",
        "two of one family",
        add(
            "Worker",
            "ECS::TaskDefinition",
            Family="orders",
            Cpu="256",
            Memory="512",
            NetworkMode="awsvpc",
            RequiresCompatibilities=["FARGATE"],
            ContainerDefinitions=[{"Name": "worker", "Image": "public.ecr.aws/nginx/nginx:1.27.3"}],
        ),
    ),
    # TD-15
    broken("volume-mount-mismatch", "unknown volume", put({"api.MountPoints.0.SourceVolume": "uploads"})),
    broken(
        "volume-mount-mismatch",
        "volumes from an unknown container",
        put({"api.VolumesFrom": [{"SourceContainer": "data"}]}),
    ),
    broken("volume-mount-mismatch", "no volumes", put({"task.Volumes": REMOVED}), yaml=True),
    broken(
        "volume-mount-mismatch",
        "configured at launch and not named by the service",
        put({"task.Volumes.+": {"Name": "scratch", "ConfiguredAtLaunch": True}}),
        put({"api.MountPoints.+": {"SourceVolume": "scratch", "ContainerPath": "/scratch"}}),
    ),
    broken("volume-mount-mismatch", "two volumes of one name", put({"task.Volumes.+": {"Name": "files"}})),
    # TD-16
    broken("efs-config-invalid", "IAM without encryption", put({f"{_EFS}.TransitEncryption": "DISABLED"})),
    broken(
        "efs-config-invalid",
        "access point without encryption",
        put({f"{_EFS}.TransitEncryption": REMOVED, f"{_EFS}.AuthorizationConfig.IAM": REMOVED}),
        yaml=True,
    ),
    broken("efs-config-invalid", "access point with a root directory", put({f"{_EFS}.RootDirectory": "/data"})),
    # TD-17
    broken("efs-unreachable", "no mount target in a zone", drop("MountTargetB")),
    broken("efs-unreachable", "security group closed", drop("FileSystemFromTasks"), yaml=True),
    broken(
        "efs-unreachable", "no DNS in the VPC", put({"Vpc.EnableDnsSupport": False, "Vpc.EnableDnsHostnames": False})
    ),
    broken("efs-unreachable", "role may not mount", put({"TaskRole.Policies.1": REMOVED}), put(_NO_ACCESS_POINT)),
    broken("efs-unreachable", "service not after the mount targets", not_after("MountTargetA", "MountTargetB")),
]

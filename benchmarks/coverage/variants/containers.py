"""Containers that ECS refuses, that never start, or whose health check can never pass."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, put
from benchmarks.coverage.variant import broken

_VALUE = {"Name": "DB_PASSWORD", "Value": "changeme"}
_NOTHING = {"Ref": "AWS::NoValue"}
_CONDITION = put({"Conditions.Debug": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}})


def _health(*command: str) -> Edit:
    return put({"api.HealthCheck.Command": list(command)})


def _router(**more: Any) -> dict[str, Any]:
    image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.4"
    return {"Name": "router", "Image": image, "Essential": True, "Memory": 128, **more}


_FIRELENS = {"LogDriver": "awsfirelens", "Options": {"Name": "cloudwatch"}}
_S3_CONFIGURATION = {"config-file-type": "s3", "config-file-value": "arn:aws:s3:::settings/extra.conf"}

VARIANTS = [
    # CN-01, CN-02
    broken("env-secret-collision", "same name in both", put({"api.Environment.+": _VALUE})),
    broken(
        "env-secret-collision",
        "in one branch of a condition",
        _CONDITION,
        put({"api.Environment.+": {"Fn::If": ["Debug", _VALUE, _NOTHING]}}),
        yaml=True,
    ),
    broken(
        "env-secret-collision",
        "twice among the secrets",
        put({"api.Secrets.+": {"Name": "LIMITS", "ValueFrom": {"Ref": "DatabaseSecret"}}}),
    ),
    broken(
        "duplicate-environment-name", "two values", put({"api.Environment.+": {"Name": "LOG_LEVEL", "Value": "DEBUG"}})
    ),
    broken(
        "duplicate-environment-name",
        "the second in a condition",
        _CONDITION,
        put({"api.Environment.+": {"Fn::If": ["Debug", {"Name": "LOG_LEVEL", "Value": "DEBUG"}, _NOTHING]}}),
        yaml=True,
    ),
    # CN-03
    broken(
        "duplicate-container-name",
        "two of one name",
        put({"task.ContainerDefinitions.+": {"Name": "migrate", "Image": "public.ecr.aws/nginx/nginx:1.27.3"}}),
        put({"api.DependsOn.0": REMOVED}),
    ),
    broken(
        "duplicate-container-name", "renamed", put({"api.DependsOn": REMOVED, "migrate.Name": "collector"}), yaml=True
    ),
    # CN-04
    broken("port-used-by-two-containers", "same port", put({"collector.PortMappings.+": {"ContainerPort": 8000}})),
    broken(
        "port-used-by-two-containers",
        "inside a range",
        put({"collector.PortMappings.+": {"ContainerPortRange": "7990-8010"}}),
        yaml=True,
    ),
    # CN-05
    broken("host-port-mismatch", "another number", put({"api.PortMappings.0.HostPort": 80})),
    broken("host-port-mismatch", "dynamic", put({"api.PortMappings.0.HostPort": 0}), yaml=True),
    # CN-06 to CN-09
    broken("depends-on-unknown-container", "misspelt", put({"api.DependsOn.1.ContainerName": "colector"})),
    broken(
        "depends-on-unknown-container",
        "no such sidecar",
        put({"migrate.DependsOn": [{"ContainerName": "db", "Condition": "START"}]}),
        yaml=True,
    ),
    broken(
        "depends-on-cycle", "of two", put({"collector.DependsOn": [{"ContainerName": "api", "Condition": "START"}]})
    ),
    broken(
        "depends-on-cycle",
        "on itself",
        put({"api.DependsOn.+": {"ContainerName": "api", "Condition": "START"}}),
        yaml=True,
    ),
    broken("depends-on-healthy-without-healthcheck", "no health check", put({"collector.HealthCheck": REMOVED})),
    broken(
        "depends-on-healthy-without-healthcheck",
        "of the migration",
        put({"api.DependsOn.0.Condition": "HEALTHY"}),
        yaml=True,
    ),
    broken(
        "depends-on-complete-essential",
        "essential by default",
        put({"migrate.Essential": REMOVED}),
        also="one-shot-container-essential",
    ),
    broken(
        "depends-on-complete-essential",
        "COMPLETE on a server",
        put({"api.DependsOn.1.Condition": "COMPLETE"}),
        yaml=True,
    ),
    # CN-10 to CN-12
    broken(
        "no-essential-container",
        "all false",
        put({"api.Essential": False, "collector.Essential": False}),
        also="lb-target-container-not-essential",
    ),
    broken(
        "no-essential-container",
        "false as text",
        put({"api.Essential": "false", "collector.Essential": "false"}),
        also="lb-target-container-not-essential",
        yaml=True,
    ),
    broken(
        "one-shot-container-essential",
        "a migration",
        put({"migrate.Essential": True, "api.DependsOn.0.Condition": "START"}),
    ),
    broken("lb-target-container-not-essential", "only the collector is", put({"api.Essential": False})),
    # CN-13
    broken("healthcheck-command-form", "no CMD", _health("curl", "-f", "http://127.0.0.1:8000/health")),
    broken("healthcheck-command-form", "CMD with one string", _health("CMD", "curl -f http://127.0.0.1:8000/health")),
    broken(
        "healthcheck-command-form",
        "CMD-SHELL with words",
        _health("CMD-SHELL", "curl", "-f", "http://127.0.0.1:8000/health"),
    ),
    broken(
        "healthcheck-command-form",
        "CMD-SHELL inside the string",
        _health("CMD-SHELL, curl -f http://127.0.0.1:8000/health"),
        yaml=True,
    ),
    # CN-14, CN-15
    broken(
        "healthcheck-range",
        "start period of ten minutes",
        put({"api.HealthCheck.StartPeriod": 600}),
        also="grace-period-too-short",
    ),
    broken(
        "healthcheck-range",
        "interval of two seconds",
        put({"api.HealthCheck.Interval": 2, "api.HealthCheck.Timeout": 2}),
    ),
    broken(
        "healthcheck-range",
        "timeout of 90 seconds",
        put({"api.HealthCheck.Timeout": 90, "api.HealthCheck.Interval": 120}),
        yaml=True,
        also="grace-period-too-short",
    ),
    broken("healthcheck-range", "eleven retries", put({"api.HealthCheck.Retries": 11}), also="grace-period-too-short"),
    broken("healthcheck-timeout-exceeds-interval", "20 over 15", put({"api.HealthCheck.Timeout": 20})),
    # CN-16, CN-17
    broken(
        "healthcheck-port-not-exposed", "curl", _health("CMD-SHELL", "curl -f http://127.0.0.1:8080/health || exit 1")
    ),
    broken("healthcheck-port-not-exposed", "nc", _health("CMD-SHELL", "nc -z localhost 9999"), yaml=True),
    broken(
        "healthcheck-tool-missing",
        "curl on alpine",
        put({"api.Image": "public.ecr.aws/docker/library/python:3.12.7-alpine"}),
    ),
    broken(
        "healthcheck-tool-missing",
        "curl on distroless",
        put({"api.Image": "gcr.io/distroless/python3-debian12:3f1a2b4"}),
        yaml=True,
    ),
    broken(
        "healthcheck-tool-missing",
        "wget on slim",
        put({"api.Image": "python:3.12.7-slim"}),
        _health("CMD-SHELL", "wget -qO- http://127.0.0.1:8000/health || exit 1"),
    ),
    # CN-19, CN-20
    broken("command-not-exec-form", "one string", put({"migrate.Command": ["npm run migrate"]})),
    broken(
        "command-not-exec-form",
        "shell operators",
        put({"api.Command": ["alembic", "upgrade", "&&", "uvicorn", "orders:app"]}),
        yaml=True,
    ),
    broken("port-env-mismatch", "PORT", put({"api.Environment.PORT.Value": "3000", "api.Command": REMOVED})),
    broken("port-env-mismatch", "command", put({"api.Environment.0": REMOVED, "api.Command.5": "3000"}), yaml=True),
    # CN-21 to CN-24
    broken("start-stop-timeout-range", "stop", put({"api.StopTimeout": 300})),
    broken("start-stop-timeout-range", "start", put({"collector.StartTimeout": 600}), yaml=True),
    broken("stop-timeout-below-deregistration", "default delay", put({"Targets.TargetGroupAttributes": REMOVED})),
    broken(
        "restart-policy-and-ulimit-ranges",
        "restart period",
        put({"collector.RestartPolicy": {"Enabled": True, "RestartAttemptPeriod": 10}}),
    ),
    broken(
        "restart-policy-and-ulimit-ranges",
        "soft over hard",
        put({"api.Ulimits": [{"Name": "nofile", "SoftLimit": 65535, "HardLimit": 1024}]}),
    ),
    broken("exec-readonly-rootfs", "read-only", put({"api.ReadonlyRootFilesystem": True})),
    broken("exec-readonly-rootfs", "as text", put({"api.ReadonlyRootFilesystem": "true"}), yaml=True),
    # CN-25
    broken("firelens-router-missing", "no router", put({"api.LogConfiguration": _FIRELENS})),
    broken(
        "firelens-router-missing",
        "two routers",
        put({"api.LogConfiguration": _FIRELENS}),
        put({"task.ContainerDefinitions.+": _router(FirelensConfiguration={"Type": "fluentbit"})}),
        put({"task.ContainerDefinitions.+": _router(FirelensConfiguration={"Type": "fluentbit"}) | {"Name": "second"}}),
    ),
    broken(
        "firelens-router-missing",
        "configuration in S3",
        put({"api.LogConfiguration": _FIRELENS}),
        put(
            {
                "task.ContainerDefinitions.+": _router(
                    FirelensConfiguration={"Type": "fluentbit", "Options": _S3_CONFIGURATION}
                )
            }
        ),
        yaml=True,
    ),
    # What real files show beyond the catalogue
    broken("healthcheck-cannot-fail", "exit 0", _health("CMD-SHELL", "curl -f http://127.0.0.1:8000/health || exit 0")),
    broken("healthcheck-cannot-fail", "echo", _health("CMD-SHELL", "echo ok"), yaml=True),
    broken(
        "plaintext-secret",
        "password",
        put({"api.Environment.+": {"Name": "REDIS_PASSWORD", "Value": "s3cr3t-Hunter2!"}}),
    ),
    broken(
        "plaintext-secret",
        "access key",
        put(
            {
                "api.Environment.+": {
                    "Name": "AWS_SECRET_ACCESS_KEY",
                    "Value": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
                }
            }
        ),
    ),
    broken(
        "literal-intrinsic",
        "Ref in a string",
        put({"api.Environment.+": {"Name": "TABLE", "Value": "!Ref CertificateArn"}}),
        yaml=True,
    ),
    broken(
        "literal-intrinsic",
        "Sub forgotten",
        put({"migrate.Environment": [{"Name": "CERTIFICATE", "Value": "${CertificateArn}"}]}),
    ),
]

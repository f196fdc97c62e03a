"""Images that cannot be pulled, secrets that cannot be read."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, drop, put
from benchmarks.coverage.variant import broken, synthesized

_SECRET = {"Ref": "DatabaseSecret"}
_NO_WAY_OUT = "no-egress-private-subnet missing-vpc-endpoint"
_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/database-a1B2c3"
_ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders"
_DATABASE = add(
    "Database",
    "RDS::DBInstance",
    Engine="postgres",
    DBInstanceClass="db.t4g.micro",
    AllocatedStorage="20",
    MasterUsername="orders",
    MasterUserPassword={"Fn::Sub": "{{resolve:secretsmanager:${DatabaseSecret}::password}}"},
)
_ATTACHMENT = add(
    "Attachment",
    "SecretsManager::SecretTargetAttachment",
    SecretId=_SECRET,
    TargetId={"Ref": "Database"},
    TargetType="AWS::RDS::DBInstance",
)


def _image(value: Any) -> Edit:
    return put({"api.Image": value})


def _secret(value: Any) -> Edit:
    return put({"api.Secrets.DB_PASSWORD.ValueFrom": value})


def _repository_image(tag: str) -> dict[str, Any]:
    return {"Fn::Sub": "${Repository.RepositoryUri}" + tag}


VARIANTS = [
    # IM-01
    broken(
        "latest-image-tag",
        "latest",
        _image({"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders:latest"}),
    ),
    broken("latest-image-tag", "no tag", _image(_ECR), yaml=True),
    broken(
        "latest-image-tag",
        "joined",
        _image({"Fn::Join": ["", [{"Ref": "AWS::AccountId"}, ".dkr.ecr.eu-west-1.amazonaws.com/orders:", "latest"]]}),
    ),
    broken(
        "latest-image-tag",
        "default of a parameter",
        put({"Parameters.Tag": {"Type": "String", "Default": "latest"}}),
        _image({"Fn::Sub": _ECR + ":${Tag}"}),
        yaml=True,
    ),
    # IM-02
    broken(
        "image-from-repository-created-here",
        "Sub",
        add("Repository", "ECR::Repository", RepositoryName="orders"),
        _image(_repository_image(":82f44fb")),
    ),
    broken(
        "image-from-repository-created-here",
        "Join",
        add("Repository", "ECR::Repository"),
        _image({"Fn::Join": [":", [{"Fn::GetAtt": ["Repository", "RepositoryUri"]}, "82f44fb"]]}),
        yaml=True,
    ),
    # IM-05
    broken("image-reference-malformed", "short digest", _image(f"{_ECR}@sha256:9f86d081884c7d65")),
    broken("image-reference-malformed", "https", _image(f"https://{_ECR}:82f44fb")),
    broken("image-reference-malformed", "capitals", _image("ghcr.io/Shop/Orders:82f44fb"), yaml=True),
    broken("image-reference-malformed", "longer than 255", _image(f"{_ECR}/{'long/' * 50}orders:82f44fb")),
    # IM-06
    synthesized(
        "image-cross-region-or-account",
        "another region",
        _image("111122223333.dkr.ecr.us-east-1.amazonaws.com/orders:82f44fb"),
    ),
    synthesized(
        "image-cross-region-or-account",
        "another account",
        _image("999900001111.dkr.ecr.eu-west-1.amazonaws.com/orders:82f44fb"),
    ),
    # IM-07
    broken(
        "public-registry-without-egress",
        "public ECR",
        drop("PrivateDefaultRoute"),
        also=_NO_WAY_OUT,
    ),
    broken(
        "public-registry-without-egress",
        "Docker Hub",
        _image("nginx:1.27.3"),
        drop("PrivateDefaultRoute"),
        also=_NO_WAY_OUT,
        yaml=True,
    ),
    # IM-08
    broken(
        "private-registry-credentials",
        "no secret",
        _image("registry.example.com/orders:82f44fb"),
        put(
            {
                "api.RepositoryCredentials": {
                    "CredentialsParameter": "arn:aws:ssm:eu-west-1:111122223333:parameter/registry"
                }
            }
        ),
    ),
    broken(
        "private-registry-credentials",
        "role may not read it",
        add("RegistrySecret", "SecretsManager::Secret", SecretString='{"username": "u", "password": "p"}'),
        _image("registry.example.com/orders:82f44fb"),
        put({"api.RepositoryCredentials": {"CredentialsParameter": {"Ref": "RegistrySecret"}}}),
        also="execution-role-cannot-read-secret",
        yaml=True,
    ),
    # IM-09
    broken("secret-arn-shape", "one colon", _secret(f"{_ARN}:password"), also="execution-role-cannot-read-secret"),
    broken("secret-arn-shape", "joined, one colon", _secret({"Fn::Join": ["", [_SECRET, ":password"]]})),
    broken("secret-arn-shape", "Sub, two colons", _secret({"Fn::Sub": "${DatabaseSecret}:password:"}), yaml=True),
    broken(
        "secret-arn-without-suffix",
        "name for ARN",
        _secret(f"{_ARN[:-7]}:password::"),
        also="execution-role-cannot-read-secret",
    ),
    # IM-10
    broken(
        "secret-name-instead-of-arn",
        "name of the secret",
        _secret("orders/database"),
        also="execution-role-cannot-read-secret",
    ),
    broken(
        "secret-name-instead-of-arn",
        "in YAML",
        put({"migrate.Secrets.DB_PASSWORD.ValueFrom": "orders/database"}),
        also="execution-role-cannot-read-secret",
        yaml=True,
    ),
    # IM-11
    broken(
        "secret-dynamic-reference",
        "in secrets",
        _secret("{{resolve:secretsmanager:orders/database:SecretString:password}}"),
    ),
    broken(
        "secret-dynamic-reference",
        "in environment",
        put(
            {
                "api.Environment.+": {
                    "Name": "TOKEN",
                    "Value": {"Fn::Sub": "{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"},
                }
            }
        ),
        yaml=True,
    ),
    # IM-12
    broken("secret-json-key-unknown", "generated", _secret({"Fn::Join": ["", [_SECRET, ":passwd::"]]})),
    broken("secret-json-key-unknown", "Sub", _secret({"Fn::Sub": "${DatabaseSecret}:host::"}), yaml=True),
    broken(
        "secret-json-key-unknown",
        "literal",
        put(
            {
                "DatabaseSecret.GenerateSecretString": REMOVED,
                "DatabaseSecret.SecretString": '{"username": "orders", "pass": "x"}',
            }
        ),
    ),
    broken(
        "secret-json-key-unknown",
        "plain string",
        put({"DatabaseSecret.GenerateSecretString": {"PasswordLength": 32}}),
    ),
    # IM-13
    broken(
        "secret-attachment-race",
        "host",
        _DATABASE,
        _ATTACHMENT,
        put({"api.Secrets.+": {"Name": "DB_HOST", "ValueFrom": {"Fn::Join": ["", [_SECRET, ":host::"]]}}}),
    ),
    # IM-15, IM-16
    broken(
        "environment-file-invalid",
        "not .env",
        put({"api.EnvironmentFiles": [{"Type": "s3", "Value": "arn:aws:s3:::settings/orders.txt"}]}),
    ),
    broken(
        "environment-file-invalid",
        "no ARN",
        put({"api.EnvironmentFiles": [{"Type": "s3", "Value": "s3://settings/orders.env"}]}),
        yaml=True,
    ),
    broken("empty-env-value-from-token", "no value", put({"api.Environment.+": {"Name": "REGION"}})),
    # Secrets in the wrong form
    broken("secret-entry-form", "value in secrets", put({"api.Secrets.+": {"Name": "TOKEN", "Value": "x"}})),
    broken(
        "secret-entry-form",
        "valueFrom in environment",
        put({"api.Environment.+": {"Name": "TOKEN", "ValueFrom": _SECRET}}),
        yaml=True,
        also="empty-env-value-from-token",
    ),
]

import pytest

from roadworthy.rules.facts.malformed_image import what_is_wrong
from roadworthy.template.values import HOLE
from tests.unit.rules.permissions import ECR, PARAMETERS, SECRET_ARN, allow, on_fargate, role

REPOSITORY = {"Type": "AWS::ECR::Repository"}
TAGGED = {"Fn::Sub": "${Repository.RepositoryUri}:82f44fb"}
OF_CDK = {
    "Fn::Join": [
        "",
        [
            {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Repository", "Arn"]}]}]},
            ".dkr.ecr.",
            {"Ref": "AWS::Region"},
            ".",
            {"Ref": "AWS::URLSuffix"},
            "/",
            {"Ref": "Repository"},
            ":82f44fb",
        ],
    ]
}


def serving(task, image, **properties):
    service = {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task"}, **properties}}
    return {**task(Image=image), "Repository": REPOSITORY, "Service": service}


class TestRepositoryCreatedHere:
    MESSAGE = (
        "container `api` runs an image of repository `Repository`, which is created together with service "
        "`Service` and is empty then"
    )

    @pytest.mark.parametrize("image", [TAGGED, OF_CDK], ids=["Sub", "CDK"])
    def test_a_repository_of_the_same_stack_is_empty(self, found, task, image):
        findings = found("image-from-repository-created-here", serving(task, image))
        assert findings == [("warning", self.MESSAGE)]

    @pytest.mark.parametrize("count", [0, "0", {"Ref": "Open"}])
    def test_a_service_that_may_start_without_tasks_is_silent(self, found, task, count):
        resources = serving(task, TAGGED, DesiredCount=count)
        assert found("image-from-repository-created-here", resources, Parameters=PARAMETERS) == []

    @pytest.mark.parametrize("image", [ECR, "nginx:1.27", {"Ref": "Open"}, {"Fn::ImportValue": "image"}])
    def test_images_from_elsewhere_are_silent(self, found, task, image):
        assert found("image-from-repository-created-here", serving(task, image), Parameters=PARAMETERS) == []

    def test_a_repository_of_another_stack_of_the_app_is_right(self, report_of, task):
        repository = {
            "Resources": {"Repository": REPOSITORY},
            "Outputs": {"U": {"Value": {"Fn::GetAtt": ["Repository", "RepositoryUri"]}, "Export": {"Name": "uri"}}},
        }
        resources = serving(task, {"Fn::Sub": ["${U}:1", {"U": {"Fn::ImportValue": "uri"}}]})
        del resources["Repository"]
        rules = {finding.rule for finding in report_of(repository, {"Resources": resources}).findings}
        assert "image-from-repository-created-here" not in rules

    def test_a_custom_resource_may_fill_the_repository(self, found, task):
        resources = serving(task, TAGGED)
        resources["Push"] = {"Type": "Custom::Push", "Properties": {"To": {"Ref": "Repository"}}}
        resources["Service"]["DependsOn"] = "Push"
        assert found("image-from-repository-created-here", resources) == []


class TestMalformed:
    @pytest.mark.parametrize(
        ("image", "wrong"),
        [
            ("https://nginx:1.27", "begins with a scheme, `https://`"),
            ("nginx :1.27", "contains white space"),
            ("nginx:", "has an empty tag"),
            ("nginx:a:b", "has the tag `a:b`"),
            ("", "is empty"),
            ("team/Api:1", "has upper case in its repository's name"),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/teamApi:1", "has upper case in its repository's name"),
            ("api@sha256:abc", "has the digest `sha256:abc`, which is not `sha256:` and 64 hexadecimal digits"),
            ("dkr.ecr.eu-west-1.amazonaws.com/api:1", "names an ECR registry without its account"),
            ("123456789012.dkr.ecr.amazonaws.com/api:1", "names an ECR registry without its region"),
            ("a" * 256, "is longer than 255 characters"),
        ],
    )
    def test_what_no_registry_can_have_is_named(self, found, task, image, wrong):
        findings = found("image-reference-malformed", task(Image=image))
        assert findings == [("error", f"image `{image}` of container `api` {wrong}")]

    @pytest.mark.parametrize(
        "image",
        [
            "nginx",
            "nginx:1.27-Alpine_1",
            "localhost:5000/api",
            "Registry.example.com/team/api:1",
            "quay.io/a/b/c__d:v1@sha256:" + "0" * 64,
            "public.ecr.aws/docker/library/nginx:1.27",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api:1",
            "123456789012.dkr-ecr.eu-west-1.on.aws/api:1",
            "IMAGE_TAG",
            "<IMAGE>",
            "<your image here>",
            "${IMAGE}",
            "{{ must_env `IMAGE` }}:{{ must_env `TAG` }}",
            "REPOSITORY_URI:latest",
            "put your image here",
            f"{HOLE}:{HOLE}",
            f"{HOLE}.dkr.ecr.{HOLE}.amazonaws.com/api:{HOLE}",
            f"api@sha256:{HOLE}",
            f"api@{HOLE}",
        ],
    )
    def test_right_images_and_placeholders_are_silent(self, image):
        assert what_is_wrong(image) is None

    def test_an_ecr_registry_of_any_account_has_a_region(self, found, task):
        image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.amazonaws.com/api:1"}
        message = "image `….dkr.ecr.amazonaws.com/api:1` of container `api` names an ECR registry without its region"
        assert found("image-reference-malformed", task(Image=image)) == [("error", message)]

    def test_a_default_that_is_to_be_given_is_silent(self, found, task):
        parameters = {"Image": {"Type": "String", "Default": ""}}
        assert found("image-reference-malformed", task(Image={"Ref": "Image"}), Parameters=parameters) == []

    def test_raw_task_definitions_are_warned_of(self, report_of):
        findings = report_of({"containerDefinitions": [{"name": "api", "image": ""}]}).findings
        assert [f.severity for f in findings if f.rule == "image-reference-malformed"] == ["warning"]


ZONE = {"Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": "eu-west-1a"}}}


class TestElsewhere:
    def test_another_region_is_a_hazard(self, found, task):
        resources = {**task(Image="123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1"), **ZONE}
        message = "container `api` pulls its image from region `us-east-1`; the stack is in `eu-west-1`"
        assert found("image-cross-region-or-account", resources) == [("warning", message)]

    @pytest.mark.parametrize("image", [ECR, "nginx:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1"])
    def test_the_same_and_unknown_regions_are_silent(self, found, task, image):
        assert found("image-cross-region-or-account", {**task(Image=image), **ZONE}) == []

    def test_a_stack_of_unknown_region_is_silent(self, found, task):
        resources = task(Image="123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1")
        assert found("image-cross-region-or-account", resources) == []


class TestCredentials:
    RULE = "private-registry-credentials"

    def resources(self, value, execution_role=None, **others):
        credentials = {"CredentialsParameter": value}
        image = "registry.example.com/api:1"
        execution_role = execution_role or role(allow("*"))
        return on_fargate(execution_role, others, Image=image, RepositoryCredentials=credentials)

    @pytest.mark.parametrize(
        ("value", "wrong"),
        [
            (
                "arn:aws:ssm:eu-west-1:123456789012:parameter/registry",
                "with `arn:aws:ssm:eu-west-1:123456789012:parameter/registry`, which is a parameter of Systems Manager",
            ),
            (f"{SECRET_ARN}:key::", f"with `{SECRET_ARN}:key::`, which has a JSON key behind the secret"),
        ],
    )
    def test_what_is_no_secret_is_refused(self, found, value, wrong):
        message = f"container `api` logs in to its registry {wrong}"
        assert found(self.RULE, self.resources(value)) == [("error", message)]

    def test_the_execution_role_must_read_them(self, found):
        message = (
            "execution role `Role` has no permission `secretsmanager:GetSecretValue` to read "
            f"`{SECRET_ARN}`, the credentials of container `api`'s registry"
        )
        assert found(self.RULE, self.resources(SECRET_ARN, role(allow("sqs:*")))) == [("error", message)]

    def test_an_execution_role_is_needed(self, found):
        resources = self.resources(SECRET_ARN)
        del resources["Task"]["Properties"]["ExecutionRoleArn"]
        message = "container `api` logs in to its registry, but the task definition has no execution role"
        assert found(self.RULE, resources) == [("error", message)]

    @pytest.mark.parametrize("value", [SECRET_ARN, "registry", {"Ref": "Secret"}, {"Ref": "Open"}])
    def test_secrets_names_and_unknown_ones_are_silent(self, found, value):
        secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
        assert found(self.RULE, self.resources(value, Secret=secret), Parameters=PARAMETERS) == []

import pytest

RULE = "latest-image-tag"
ECR = {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Repo", "Arn"]}]}]}
PARAMETERS = {"Tag": {"Type": "String", "Default": "latest"}, "Open": {"Type": "String"}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}}

METADATA = {"aws:cdk:path": "App/Task/Resource"}
ERRORS = {
    "latest": "nginx:latest",
    "no tag": "nginx",
    "Sub": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:latest"},
    "Join": {"Fn::Join": ["", [{"Ref": "Repo"}, ":latest"]]},
    "as CDK writes an ECR repository": {
        "Fn::Join": [
            "",
            [ECR, ".dkr.ecr.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/", {"Ref": "Repo"}, ":latest"],
        ]
    },
    "one branch": {"Fn::If": ["A", "nginx:latest", "nginx:1.27"]},
}
SILENT = {
    "fixed": "nginx:1.27",
    "digest": "nginx@sha256:" + "0" * 64,
    "unknown": {"Ref": "Open"},
    "unknown tag": {"Fn::Sub": "nginx:${Open}"},
    "GetAtt": {"Fn::GetAtt": ["Repo", "RepositoryUri"]},
    "asset": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/cdk-assets:0a1b"},
    "import": {"Fn::ImportValue": "image"},
    "ssm": "{{resolve:ssm:/image}}",
    "null": None,
    "list": ["nginx"],
}


@pytest.mark.parametrize("case", ERRORS)
def test_latest_is_an_error_in_what_cdk_wrote(found, task, case):
    findings = found(RULE, task(METADATA, Image=ERRORS[case]), Parameters=PARAMETERS, Conditions=CONDITIONS)
    assert [severity for severity, _ in findings] == ["error"]


@pytest.mark.parametrize("case", ERRORS)
def test_latest_is_a_warning_in_a_template_that_people_wrote(found, task, case):
    findings = found(RULE, task(Image=ERRORS[case]), Parameters=PARAMETERS, Conditions=CONDITIONS)
    assert [severity for severity, _ in findings] == ["warning"]


@pytest.mark.parametrize("case", SILENT)
def test_fixed_and_unknown_images_are_silent(found, task, case):
    resources = task()
    resources["Task"]["Properties"]["ContainerDefinitions"][0]["Image"] = SILENT[case]
    assert found(RULE, resources, Parameters=PARAMETERS, Conditions=CONDITIONS) == []


def test_the_message_shows_what_is_known_of_the_image(found, task):
    findings = found(RULE, task(Image={"Fn::Sub": "${Repo}:latest"}))
    assert findings == [("warning", "container `api` uses image `…:latest` with the tag `latest`")]


def test_latest_as_a_parameters_default_is_a_warning(found, task):
    findings = found(RULE, task(Image={"Fn::Sub": "nginx:${Tag}"}), Parameters=PARAMETERS)
    assert [severity for severity, _ in findings] == ["warning"]


def test_raw_task_definitions_are_warned_of(report_of):
    (finding,) = report_of({"containerDefinitions": [{"name": "api", "image": "api"}]}).findings
    assert finding.severity == "warning"


REPOSITORY = {"Repository": {"Type": "AWS::ECR::Repository"}}
OF_REPOSITORY = {
    "its address": {"Fn::GetAtt": ["Repository", "RepositoryUri"]},
    "its address in a text": {"Fn::Sub": "${Repository.RepositoryUri}"},
    "its name": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/${Repository}"},
}


@pytest.mark.parametrize("case", OF_REPOSITORY)
def test_a_repository_of_the_template_has_no_tag_of_its_own(found, task, case):
    ((severity, message),) = found(RULE, {**task(Image=OF_REPOSITORY[case]), **REPOSITORY})
    assert severity == "warning"
    assert message.endswith("with no tag, which means `latest`")


@pytest.mark.parametrize(
    "image", ["${Repository.RepositoryUri}:1", "${Repository.RepositoryUri}@${Open}", "x:${Repository}"]
)
def test_a_repository_with_a_tag_or_as_a_tag_is_silent(found, task, image):
    assert found(RULE, {**task(Image={"Fn::Sub": image}), **REPOSITORY}, Parameters=PARAMETERS) == []

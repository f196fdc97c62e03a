"""The native engine's findings in CDK's report. A bucket has no `Colour`."""

import json
from pathlib import Path

import pytest

from roadworthy.synthesis.validation_report import has_failed, validate, violations_of

METADATA = {
    "/Api/Bucket/Resource": [{"type": "aws:cdk:logicalId", "data": "Bucket"}],
    "/Api": [{"type": "aws:cdk:templateFile", "data": "Api.template.json"}],
}


def bucket(**properties):
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}


BROKEN = bucket(Colour="red")


def test_a_right_template_adds_nothing(assembly):
    folder = assembly(bucket(), METADATA)
    assert validate(folder, errors_fail=True)
    assert not Path(folder, "validation-report.json").exists()


def test_a_broken_template_fails_with_its_construct_and_property(assembly):
    folder = assembly(BROKEN, METADATA)
    assert not validate(folder, errors_fail=True)
    (violation,) = violations_of(folder)
    assert (violation.severity, violation.construct_path, violation.logical_id) == (
        "error",
        "Api/Bucket/Resource",
        "Bucket",
    )
    assert "Colour" in violation.description
    assert has_failed(folder)


def test_without_cdks_feature_flag_errors_are_warnings(assembly):
    folder = assembly(BROKEN, METADATA)
    assert validate(folder, errors_fail=False)
    assert [violation.severity for violation in violations_of(folder)] == ["warning"]
    assert not has_failed(folder)


def test_an_acknowledged_rule_is_suppressed_with_its_reason(assembly):
    folder = assembly(BROKEN, METADATA)
    validate(folder, errors_fail=True)
    (violation,) = violations_of(folder)
    Path(folder, "validation-report.json").unlink()
    accepted = {"type": "aws:cdk:acknowledged-rules", "data": {f"CloudFormation-Validate::{violation.rule}": "known"}}
    folder = assembly(BROKEN, {**METADATA, "/Api": [*METADATA["/Api"], accepted]})
    assert validate(folder, errors_fail=True)
    assert list(violations_of(folder)) == []
    (plugin,) = json.loads(Path(folder, "validation-report.json").read_text())["pluginReports"]
    assert [each["reason"] for each in plugin["suppressedViolations"]] == ["known"]


def test_what_other_plugins_said_stays(assembly):
    folder = assembly(BROKEN, METADATA)
    other = {"pluginName": "nag", "conclusion": "success", "violations": [{"ruleName": "X1", "description": "d"}]}
    Path(folder, "validation-report.json").write_text(json.dumps({"pluginReports": [other]}))
    validate(folder, errors_fail=True)
    assert [violation.plugin for violation in violations_of(folder)] == ["nag", "CloudFormation Validate"]
    assert [violation.plugin for violation in violations_of(folder, without="nag")] == ["CloudFormation Validate"]


@pytest.mark.parametrize("report", [{}, {"pluginReports": [1, {"pluginName": "x", "violations": [{}]}]}])
def test_a_report_of_any_shape_is_read(assembly, report):
    folder = assembly(bucket(), METADATA)
    Path(folder, "validation-report.json").write_text(json.dumps(report))
    assert not has_failed(folder)
    assert all(violation.rule for violation in violations_of(folder))

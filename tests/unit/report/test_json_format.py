import json

from roadworthy.report.json_format import render

MEMBERS = ["rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source"]


def test_the_document_has_four_members_and_a_finding_ten(report):
    document = json.loads(render(report))
    assert list(document) == ["findings", "files", "skipped", "waived"]
    assert list(document["findings"][0]) == MEMBERS


def test_skipped_and_waived_carry_their_reasons(report):
    document = json.loads(render(report))
    assert document["skipped"] == [{"file": "package.json", "reason": "not a template"}]
    assert list(document["waived"][0]) == [*MEMBERS, "reason"]


def test_a_raw_finding_has_neither_resource_nor_path(report):
    raw = json.loads(render(report))["findings"][1]
    assert (raw["resource"], raw["path"]) == (None, None)

import json
import os
import threading

import pytest

from roadworthy.template.problems import UnreadableError
from roadworthy.template.sources import read

TASK = {"Type": "AWS::ECS::TaskDefinition", "Properties": {}}


def names(documents):
    return sorted(os.path.basename(document.file) for document in documents)


def test_a_folder_is_searched_and_other_files_are_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.yaml").write_text("Resources: {}")
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "folder.json").mkdir()
    sources = read([str(tmp_path)])
    assert names(sources.documents) == ["a.yaml"]
    assert {os.path.basename(skipped.file) for skipped in sources.skipped} == {"package.json", "broken.json"}


def test_links_that_lead_in_a_circle_end(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.json").symlink_to(tmp_path / "self.json")
    assert read([str(tmp_path)]).documents == []


@pytest.mark.parametrize("name", ["absent.json", "dangling.json", "nul\0.json"])
def test_a_path_that_cannot_be_read_is_one_line(tmp_path, name):
    (tmp_path / "dangling.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match=r"^[^\n]*json[^\n]*: [^\n]+$"):
        read([str(tmp_path / name)])


def test_a_pipe_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=("Resources: {}",))
    writer.start()
    assert names(read([str(tmp_path / "pipe")]).documents) == ["pipe"]
    writer.join()


def test_a_file_without_an_end_is_refused():
    with pytest.raises(UnreadableError, match="/dev/zero: larger than 64 MB"):
        read(["/dev/zero"])


@pytest.mark.parametrize(
    "manifest", ['{"artifacts": {"S": []}}', '{"artifacts": []}', '{"artifacts": {"S": {"type": 1}}}']
)
def test_an_odd_manifest_does_not_crash(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    assert read([str(tmp_path)]).documents == []


@pytest.mark.parametrize("manifest", ["", '{"artifacts": {', "{}", '{"artifacts": {"S": %s}}'])
def test_a_damaged_assembly_is_named_and_its_templates_are_checked_in_a_folder_alone(tmp_path, manifest):
    inner = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "cdk.out").write_text('{"version":"48.0.0"}')
    (tmp_path / "out" / "S.template.json").write_text('{"Resources": {}}')
    (tmp_path / "out" / "manifest.json").write_text(manifest.replace("%s", json.dumps(inner)))
    with pytest.raises(UnreadableError, match=r"out/manifest\.json: [^\n]*; synthesize the app again"):
        read([str(tmp_path / "out")])
    sources = read([str(tmp_path)])
    assert names(sources.documents) == ["S.template.json"]
    assert (sources.skipped[0].file, "again" in sources.skipped[0].reason) == (str(tmp_path / "out"), True)


def test_a_template_of_an_assembly_that_is_none_is_refused(assembly):
    with open(os.path.join(assembly, "S.template.json"), "w") as file:
        file.write("[]")
    with pytest.raises(UnreadableError, match=r"S\.template\.json: not a template: synthesize the app again"):
        read([assembly])


def test_an_assembly_without_its_template_says_so(tmp_path):
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"S": stack}}))
    with pytest.raises(UnreadableError, match=r"S\.template\.json: no such file"):
        read([str(tmp_path)])


def test_an_assembly_gives_stacks_stages_and_nested_stacks_with_their_paths(assembly):
    documents = {os.path.basename(document.file): document for document in read([assembly]).documents}
    assert sorted(documents) == ["Inner.template.json", "Nested.nested.template.json", "S.template.json"]
    assert documents["S.template.json"].construct_path("Task") == "S/Task/Resource"
    nested = documents["Nested.nested.template.json"]
    assert nested.construct_path("Task") == "S/Nested/Task/Resource"
    assert documents["S.template.json"].nested == {"NestedStack": nested}
    assert all(document.synthesized for document in documents.values())


def test_a_nested_stack_is_deployed_where_its_stack_is(assembly):
    manifest = os.path.join(assembly, "manifest.json")
    with open(manifest) as file:
        artifacts = json.load(file)
    artifacts["artifacts"]["S"]["environment"] = "aws://111122223333/eu-west-1"
    with open(manifest, "w") as file:
        json.dump(artifacts, file)
    documents = {os.path.basename(document.file): document for document in read([assembly]).documents}
    places = {file: (document.account, document.region) for file, document in documents.items()}
    here = ("111122223333", "eu-west-1")
    nowhere = (None, None)
    assert places == {"S.template.json": here, "Nested.nested.template.json": here, "Inner.template.json": nowhere}


def test_an_export_name_that_two_templates_use_is_unknown(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("Resources: {}\nOutputs: {O: {Value: x, Export: {Name: shared}}}")
    assert read([str(tmp_path)]).documents[0].exports == {}


def test_a_file_that_is_named_twice_is_read_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("Resources: {}\nOutputs: {O: {Value: x, Export: {Name: shared}}}")
    (document,) = read(["a.yaml", ".", str(tmp_path / "a.yaml")]).documents
    assert (document.file, list(document.exports)) == ("a.yaml", ["shared"])


def test_a_template_that_is_named_beside_its_assembly_is_the_assemblys(assembly):
    documents = read([os.path.join(assembly, "S.template.json"), assembly]).documents
    paths = {os.path.basename(document.file): document.construct_path("Task") for document in documents}
    assert (len(documents), paths["S.template.json"]) == (3, "S/Task/Resource")


@pytest.fixture
def assembly(tmp_path):
    """An assembly as CDK writes it without its command line: paths are in the metadata alone."""

    def put(name, content):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))

    def stack(template):
        properties = {"templateFile": template}
        return {
            "type": "aws:cloudformation:stack",
            "properties": properties,
            "additionalMetadataFile": "S.metadata.json",
        }

    def logical_id(value):
        return [{"type": "aws:cdk:logicalId", "data": value}]

    nested_assembly = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    put("manifest.json", {"artifacts": {"S": stack("S.template.json"), "Prod": nested_assembly}})
    put("assembly-Prod/manifest.json", {"artifacts": {"Inner": stack("Inner.template.json")}})
    put("assembly-Prod/Inner.template.json", {"Resources": {}})
    put("assembly-Prod/S.metadata.json", {})
    put("S.template.json", {"Resources": {"Task": TASK, "NestedStack": {"Type": "AWS::CloudFormation::Stack"}}})
    put("Nested.nested.template.json", {"Resources": {"Task": TASK}})
    put(
        "S.metadata.json",
        {
            "/S": [{"type": "aws:cdk:templateFile", "data": "S.template.json"}],
            "/S/Nested": [{"type": "aws:cdk:templateFile", "data": "Nested.nested.template.json"}],
            "/S/Task/Resource": logical_id("Task"),
            "/S/Nested/Task/Resource": logical_id("Task"),
            "/S/Nested.NestedStack/Nested.NestedStackResource": logical_id("NestedStack"),
        },
    )
    return str(tmp_path)

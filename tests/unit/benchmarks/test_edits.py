"""The examiner's own tools."""

from benchmarks.coverage import good
from benchmarks.coverage.edits import REMOVED, drop, put
from benchmarks.coverage.variants import BROKEN, TRAPS
from benchmarks.coverage.yaml_form import as_yaml


def test_a_path_names_a_container_and_its_property():
    template = good.template()
    put({"api.Cpu": 300})(template)
    assert template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"][2]["Cpu"] == 300


def test_an_edit_of_one_copy_leaves_the_next_as_it_was():
    put({"Targets.TargetType": REMOVED})(good.template())
    assert good.template()["Resources"]["Targets"]["Properties"]["TargetType"] == "ip"


def test_a_dropped_resource_leaves_every_dependency():
    template = good.template()
    drop("PrivateDefaultRoute")(template)
    assert "PrivateDefaultRoute" not in template["Resources"]["Service"]["DependsOn"]


def test_the_yaml_form_has_short_intrinsics():
    template = {"A": {"Ref": "X"}, "B": {"Fn::GetAtt": ["X", "Arn"]}, "C": {"Fn::Join": ["", [{"Fn::Sub": "a${X}"}]]}}
    assert as_yaml(template) == "A: !Ref 'X'\nB: !GetAtt 'X.Arn'\nC: !Join\n- ''\n- - !Sub 'a${X}'\n"


def test_no_two_variants_share_a_folder():
    ids = [variant.id for variant in [*BROKEN, *TRAPS]]
    assert sorted(ids) == sorted(set(ids))


def test_a_value_that_was_put_is_the_templates_own():
    tags = [{"Key": "team", "Value": "shop"}]
    put({"service.Tags": tags, "service.Tags.0.Value": "basket"})(good.template())
    assert tags == [{"Key": "team", "Value": "shop"}]

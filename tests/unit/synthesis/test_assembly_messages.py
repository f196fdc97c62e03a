from roadworthy.synthesis.assembly_messages import messages, missing

WARNING = {"type": "aws:cdk:warning", "data": "mind the gap"}
ERROR = {"type": "aws:cdk:error", "data": "no"}


def test_annotations_are_read_with_their_construct_each_once(assembly):
    folder = assembly(
        {}, {"/Api/Task": [WARNING, WARNING, ERROR], "/Api": [{"type": "aws:cdk:stack-tags", "data": []}]}
    )
    found = [(each.severity, each.description, each.construct_path) for each in messages(folder)]
    assert found == [("warning", "mind the gap", "Api/Task"), ("error", "no", "Api/Task")]


def test_context_that_is_missing_is_named(assembly):
    assert missing(assembly({}, missing=[{"key": "vpc:b"}, {"key": "ami:a"}])) == ["ami:a", "vpc:b"]


def test_an_assembly_that_has_all_its_context_misses_none(assembly):
    assert missing(assembly({})) == []

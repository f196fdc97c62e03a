import json

import pytest

MANIFEST = {
    "version": "55.0.0",
    "artifacts": {
        "Api": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111122223333/eu-west-1",
            "properties": {"templateFile": "Api.template.json"},
            "displayName": "Api",
        }
    },
}


@pytest.fixture
def assembly(tmp_path):
    """A cloud assembly of one stack with the given resources, metadata and manifest entries."""

    def build(resources, metadata=None, **manifest):
        artifact = {**MANIFEST["artifacts"]["Api"], "metadata": metadata or {}}
        (tmp_path / "manifest.json").write_text(json.dumps({**MANIFEST, "artifacts": {"Api": artifact}, **manifest}))
        (tmp_path / "Api.template.json").write_text(json.dumps({"Resources": resources}))
        return str(tmp_path)

    return build

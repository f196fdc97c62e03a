"""How the other tools are installed, started and read."""

import json
from pathlib import Path

import pytest

from benchmarks.peers import PEERS, cfn_lint, checkov, cloudformation_validate, trivy
from benchmarks.peers.peer import Peer, PeerError

LOCKS = sorted(Path(cfn_lint.__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_peers_lock_names_hashes_and_no_registry(lock):
    text = lock.read_text()
    assert "://" not in text
    assert 0 < text.count("==") <= text.count("--hash=sha256:")


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer.module], ids=lambda peer: peer.name)
def test_a_peers_lock_holds_the_version_that_its_name_says(peer):
    lock = next(lock for lock in LOCKS if lock.stem == peer.module)
    assert "\n" + peer.name.replace(" ", "==") + " " in "\n" + lock.read_text()


def test_cfn_lint_is_read_by_file_rule_and_resource():
    match = {"Filename": "a.json", "Rule": {"Id": "E3047"}, "Location": {"Path": ["Resources", "Task", "Properties"]}}
    assert cfn_lint.PEER.read(json.dumps([match])) == {Path("a.json"): {"E3047 Task"}}


def test_checkov_is_read_by_file_rule_and_resource():
    check = {"check_id": "CKV_AWS_97", "file_abs_path": "/a.json", "resource": "AWS::ECS::TaskDefinition.Task"}
    answer = {"results": {"failed_checks": [check]}}
    assert checkov.PEER.read(json.dumps(answer)) == {Path("/a.json"): {"CKV_AWS_97 Task"}}


def test_checkov_that_found_nothing_says_nothing():
    assert checkov.PEER.read('{"passed": 0, "failed": 0}') == {}


def test_the_engine_is_read_by_file():
    assert cloudformation_validate.PEER.read('{"a.json": ["E3047 Task"]}') == {Path("a.json"): {"E3047 Task"}}


def test_trivy_is_asked_for_the_folder_that_holds_all_files():
    command = trivy.PEER.arguments([Path("/b/one/template.json"), Path("/b/two/template.json")])
    assert command[-1] == "/b"


def test_a_peer_that_prints_no_report_is_named_with_what_it_printed(tmp_path):
    echo = Peer("echo 1", "", "/bin/echo", lambda files: ["broken"], json.loads)
    with pytest.raises(PeerError, match=r"echo 1 ended with 0 and no report .*broken"):
        echo.check([tmp_path])

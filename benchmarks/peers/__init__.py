"""The tools that Roadworthy is compared with, each in an environment of its own."""

from benchmarks.peers import cdk_preflight, cfn_lint, checkov, cloudformation_validate, roadworthy, trivy
from benchmarks.peers.peer import Peer

OURS = roadworthy.PEER
PEERS: list[Peer] = [
    cloudformation_validate.PEER,
    cdk_preflight.PEER,
    cfn_lint.PEER,
    checkov.PEER,
    *([trivy.PEER] if trivy.PEER.executable().exists() else []),
]

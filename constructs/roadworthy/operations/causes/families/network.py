"""A task cannot reach what it needs to start.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/verify-connectivity.html
"""

from roadworthy.operations.causes.wording import Wording

UNREACHABLE = Wording(
    "network-unreachable",
    r"i/o timeout|connection issue|check your (?:task |host )?network|request cancell?ed|RequestCanceled|"
    r"context (?:deadline exceeded|cancell?ed)|connection (?:refused|reset|timed out)|no route to host|"
    r"network is unreachable|TLS handshake timeout|send request failed|signal: killed|nil pointer dereference",
    "the task cannot reach {endpoint}",
    "Give the task's subnets a way to {endpoint} ({way}), and let its security group send TCP 443",
)

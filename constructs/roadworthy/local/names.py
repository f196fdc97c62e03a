"""AWS host names as local URLs: what stands in for DNS.

`*.execute-api.*.amazonaws.com` and `*.elb.amazonaws.com` do not resolve on a laptop, and must not leave it. The
emulator serves them under paths of its own port:

- a REST API: `/_aws/execute-api/{api}/{stage}/...`
- a REST API through an interface endpoint: `/_vpce/{endpoint}/{api}/{stage}/...` (the door, see shims/private_api.py)
- a load balancer: `/_alb/{load balancer's name}/...`
"""

import re

# https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
_API = re.compile(r"https://([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
_API_AND_ENDPOINT = re.compile(r"https://([a-z0-9]+)-(vpce-[0-9a-z]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com")


def base_url(port: int) -> str:
    """The emulator's address."""
    return f"http://127.0.0.1:{port}"


def localise_apis(text: str, *, port: int, endpoint: str | None = None) -> str:
    """Replace the URLs of REST APIs in `text` by local ones.

    Args:
        text: any value of an environment variable, or a stack output.
        port: the emulator's port.
        endpoint: the id of the execute-api interface endpoint whose private DNS the caller's VPC uses; it then answers
            for every REST API's host name, as in AWS. None: the caller is outside such a VPC.
    """
    base = base_url(port)
    text = _API_AND_ENDPOINT.sub(rf"{base}/_vpce/\2/\1", text)
    through = f"_vpce/{endpoint}" if endpoint else "_aws/execute-api"
    return _API.sub(rf"{base}/{through}/\1", text)

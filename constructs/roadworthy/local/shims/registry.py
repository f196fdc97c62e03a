"""Asking ECR for images and repositories.

Lack: DescribeImages of an unknown tag or digest answers an empty list; DescribeRepositories of a named repository is
    authorized for `*` instead of that repository.
Effect: a gate that waits for ImageNotFoundException lets a missing image pass; a role that may describe one repository
    is denied. DescribePullThroughCacheRules does not exist: whether a missing tag is an error cannot be told.
Shim: the first of the named images that is not there ends the call with that exception; a single named repository is
    the resource that IAM decides on; there are no pull through cache rules.
Faithful: fully, but for a call that names several repositories, which still needs `*`.
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

import json
from typing import Any

from roadworthy.local.shims import Settings
from roadworthy.local.shims.internals import ecr, iam_actions, responses


def install(_: Settings) -> None:
    """Refuse what is not there, and authorize by name."""
    describe, extract, handle = ecr._describe_images, iam_actions.extract_resource_arn, ecr.handle_request

    def described(request: dict[str, Any]) -> Any:
        repository = request.get("repositoryName", "")
        for image in (request.get("imageIds") or []) if repository in ecr._repositories else []:
            if ecr._find_image(repository, image) is None:
                return responses.error_response_json("ImageNotFoundException", _told(image, repository), 400)
        return describe(request)

    def extracted(service: str, *request: Any, **named: Any) -> str:
        resource = str(extract(service, *request, **named))
        bodies = [part for part in (*request, *named.values()) if isinstance(part, bytes)]
        return _repository_arn(bodies[0]) or resource if service == "ecr" and bodies and resource == "*" else resource

    async def handled(method: str, path: str, headers: dict[str, str], *rest: Any) -> Any:
        if headers.get("x-amz-target", "").endswith(".DescribePullThroughCacheRules"):
            return responses.json_response({"pullThroughCacheRules": []})
        return await handle(method, path, headers, *rest)

    ecr._describe_images = described
    ecr.handle_request = handled
    iam_actions.extract_resource_arn = extracted


def _repository_arn(body: bytes) -> str | None:
    """The ARN of the one repository that a request names in `repositoryNames`."""
    try:
        names = json.loads(body)["repositoryNames"]
    except (KeyError, TypeError, ValueError):
        return None
    return str(ecr._repo_arn(names[0])) if isinstance(names, list) and len(names) == 1 else None


def _told(image: dict[str, str], repository: str) -> str:
    digest, tag = (f"'{image[key]}'" if image.get(key) else "'null'" for key in ("imageDigest", "imageTag"))
    place = f"the repository with name '{repository}' in the registry with id '{responses.get_account_id()}'"
    return f"The image with imageId {{imageDigest:{digest}, imageTag:{tag}}} does not exist within {place}"

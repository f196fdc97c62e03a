"""From which sources a deployment comes, as the CI's environment variables tell.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
https://docs.gitlab.com/ci/variables/predefined_variables/
https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
"""

from collections.abc import Mapping

_VARIABLES = {
    "branch": ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_BRANCH", "BITBUCKET_BRANCH"),
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA", "BITBUCKET_COMMIT"),
    "message": ("CI_COMMIT_MESSAGE",),
}


def of_ci(variables: Mapping[str, str]) -> dict[str, str]:
    """`branch`, `commit` and `message`, empty where no CI tells them."""
    return {
        what: next((variables[name] for name in names if variables.get(name)), "") for what, names in _VARIABLES.items()
    }

"""The grammar of image references, for those who take only whole ones.

Sources: https://github.com/distribution/reference/blob/main/reference.go
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html
"""

import re

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
REFERENCE = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?",
    re.ASCII,
)

"""The partition of a region, as ARNs of IAM have it."""


def partition_of(region: str) -> str:
    """`aws`, `aws-cn` or `aws-us-gov`."""
    lower = region.lower()
    if lower.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if lower.startswith("us-gov") else "aws"

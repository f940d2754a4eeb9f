"""Region names: their form, those known, and the region of the instance that the program runs on."""

import re

from awsmini.errors import AwsminiError

_HOST_LABEL = re.compile(r"(?![0-9]+$)(?!-)[a-zA-Z0-9-]{,63}(?<!-)$")


class InvalidRegionError(AwsminiError):
    def __init__(self, region: str) -> None:
        super().__init__(f"Provided region_name '{region}' doesn't match a supported format.")


def check_region(region: str | None) -> None:
    """A region becomes part of a host name, so it must be a host label."""
    if region is not None and not _HOST_LABEL.match(region):
        raise InvalidRegionError(region)


def split_fips(region: str) -> tuple[str, bool]:
    """The region behind an old pseudo region (`fips-us-east-1`, `us-east-1-fips`), and whether it was one."""
    plain = region.replace("fips-", "").replace("-fips", "")
    return plain, plain != region

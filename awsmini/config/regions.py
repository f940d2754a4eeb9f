"""Region names: their form, and the pseudo regions that older configurations have."""

from awsmini.config.rules import is_valid_host_label
from awsmini.errors import AwsminiError


class InvalidRegionError(AwsminiError, ValueError):
    """The region could not be part of a host name."""

    def __init__(self, region: str) -> None:
        super().__init__(f"Provided region_name '{region}' doesn't match a supported format.")


def check_region(region: str) -> None:
    """A region becomes part of a host name, so it must be a host label, or empty; raises InvalidRegionError."""
    if region and (region.isdigit() or not is_valid_host_label(region)):
        raise InvalidRegionError(region)


def split_fips(region: str) -> tuple[str, bool]:
    """The region behind an old pseudo region (`fips-us-east-1`, `us-east-1-fips`), and whether it was one."""
    plain = region.replace("fips-", "").replace("-fips", "")
    return plain, plain != region

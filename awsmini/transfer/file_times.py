"""A file's time in an object's metadata, in the form that rclone reads and writes: seconds since 1970, `1706691845.25`."""

import re

METADATA = "mtime"  # the entry: x-amz-meta-mtime
HEADER = f"x-amz-meta-{METADATA}"
BILLION = 1_000_000_000
_SECONDS = r"(-?)([0-9]{1,12})(?:\.([0-9]*))?"


def to_text(nanoseconds: int) -> str:
    """As many decimals as it takes."""
    seconds, rest = divmod(abs(nanoseconds), BILLION)
    decimals = f"{rest:09}".rstrip("0")
    return f"{'-' if nanoseconds < 0 else ''}{seconds}{'.' if decimals else ''}{decimals}"


def from_text(text: str | None) -> int | None:
    """Nanoseconds since 1970; None where the text says no time."""
    found = re.fullmatch(_SECONDS, text or "")
    if found is None:
        return None
    sign, seconds, decimals = found.groups()
    nanoseconds = int(seconds) * BILLION + int((decimals or "")[:9].ljust(9, "0"))
    return -nanoseconds if sign else nanoseconds

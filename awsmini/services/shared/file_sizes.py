"""Sizes of files as people read them."""

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def readable_size(count: float) -> str:
    """`1 Byte`, `512 Bytes`, `1.0 MiB` …: the largest unit that leaves something before the point."""
    if count == 1:
        return "1 Byte"
    if count < 1024:
        return f"{int(count)} Bytes"
    for unit in _UNITS:
        count /= 1024
        if round(count) < 1024 or unit == _UNITS[-1]:
            break
    return f"{count:.1f} {unit}"

"""Sizes as people write and read them."""

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_FACTORS: dict[str, int] = {
    unit.lower().replace("i", infix): 1024 ** (power + 1)
    for power, unit in enumerate(_UNITS[:4])
    for infix in ("", "i")
}


def readable(size: float) -> str:
    """`1 Byte`, `10 Bytes`, `1.0 KiB`."""
    if size == 1:
        return "1 Byte"
    if size < 1024:
        return f"{int(size)} Bytes"
    for power, unit in enumerate(_UNITS, start=2):
        if round(size / 1024**power * 1024) < 1024:
            return f"{1024 * size / 1024**power:.1f} {unit}"
    return f"{size / 1024**6:.1f} EiB"


def to_int(text: str) -> int:
    """`8MB`, `1GiB` or `1024` in bytes. Raises ValueError."""
    text = text.lower()
    suffix = text[-3:] if text.endswith("ib") else text[-2:]
    if suffix in _FACTORS:
        return int(text.removesuffix(suffix)) * _FACTORS[suffix]
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"Invalid size value: {text}") from None

"""Files of models that awsmini keeps for the user end with a line that tells whether they are whole."""

from pathlib import Path
from zlib import crc32

from awsmini.errors import ModelError

_SEAL = b"~\tcrc32\t"  # sorts after all other lines


def sealed(lines: bytes) -> bytes:
    """The lines of a model as they are kept."""
    lines = lines.rstrip(b"\n") + b"\n"
    return lines + _SEAL + b"%08x\n" % crc32(lines)


def unsealed(path: Path, text: bytes) -> bytes:
    """The lines that were kept in a file. Raises ModelError, with the way back, where they are others by now."""
    lines, _, told = text.rpartition(_SEAL)
    if told != b"%08x\n" % crc32(lines):
        raise ModelError(f"The model {path} is damaged. {way_back(path)}")
    return lines


def way_back(path: Path) -> str:
    """What to do about a file that cannot be used."""
    if path.parent.name == "added":
        return f"Add it anew with 'awsmini models add', or forget it: awsmini models remove {path.stem}"
    return (
        "Fetch it anew with 'awsmini models update', or go back to what awsmini ships: awsmini models remove --updates"
    )

"""CRCs of a whole from the CRCs of its parts, and the checksums that an object states.

To append n bytes to what a CRC is the sum of is to multiply it by x^(8n), modulo the polynomial, and to add the CRC of
those bytes. The constants before and after cancel out, as all the CRCs here have all ones for both.
"""

from base64 import b64decode
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from awsmini.send.checksums import PREFERENCE, has_crt
from awsmini.send.crc import CRC32C, CRC64NVME

POLYNOMIALS = {"crc32": (0xEDB88320, 32), "crc32c": (CRC32C, 32), "crc64nvme": (CRC64NVME, 64)}  # reflected; bits
SLOW_LIMIT = 64 * 1024  # bytes that are summed in Python where C has no such sum
PREFIX = "x-amz-checksum-"


class Stated(NamedTuple):
    """A checksum that an object states."""

    algorithm: str
    value: str  # base64; of the sums of its parts where `parts` is not 0
    parts: int = 0


def combine(algorithm: str, first: int, second: int, length: int) -> int:
    """The CRC of two pieces of data, one after the other, of which the second has `length` bytes."""
    polynomial, bits = POLYNOMIALS[algorithm]
    return _multiply(first, _power(polynomial, bits, length), polynomial, bits) ^ second


def stated_checksum(headers: Mapping[str, str], size: int | None = None, *, ranged: bool = False) -> Stated | None:
    """Of the checksums in an answer's headers the first that can be computed here.

    `size`: how much there is to sum, where that counts. `ranged`: only CRCs of the whole can be put together.
    """
    for algorithm in PREFERENCE:
        text = headers.get(PREFIX + algorithm)
        if not text:
            continue
        value, _, parts = text.strip().partition("-")
        if parts and not parts.isdecimal():
            continue
        if ranged and not parts and algorithm not in POLYNOMIALS:
            continue
        if can_sum(algorithm, size):
            return Stated(algorithm, value, int(parts or 0))
    return None


def can_sum(algorithm: str, size: int | None) -> bool:
    """Whether there is an implementation that is fast enough."""
    if algorithm in ("crc32", "sha1", "sha256", "sha512") or has_crt():
        return True
    return algorithm in POLYNOMIALS and size is not None and size <= SLOW_LIMIT


def crc_of(digest: bytes) -> int:
    return int.from_bytes(digest, "big")


def decoded(value: str) -> bytes:
    """A checksum's bytes; none where it is no base64."""
    try:
        return b64decode(value, validate=True)
    except ValueError:
        return b""


@lru_cache(maxsize=256)
def _power(polynomial: int, bits: int, length: int) -> int:
    """x^(8 * length), reflected: the highest bit stands for x^0."""
    result = 1 << (bits - 1)
    square = 1 << (bits - 9)  # x^8
    while length:
        if length & 1:
            result = _multiply(result, square, polynomial, bits)
        square = _multiply(square, square, polynomial, bits)
        length >>= 1
    return result


def _multiply(first: int, second: int, polynomial: int, bits: int) -> int:
    """The product of two reflected polynomials."""
    product = 0
    mask = 1 << (bits - 1)
    while mask:
        if first & mask:
            product ^= second
        second = (second >> 1) ^ (polynomial if second & 1 else 0)
        mask >>= 1
    return product

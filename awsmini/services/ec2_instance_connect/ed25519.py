"""A key pair for one session: Ed25519 (RFC 8032), in the form that OpenSSH keeps keys in.

Nothing is signed here: that is ssh's part. So all that is needed of the curve is one multiplication.
"""

import struct
from base64 import b64encode
from hashlib import sha512
from typing import NamedTuple

ALGORITHM = b"ssh-ed25519"
MAGIC = b"openssh-key-v1\0"
BLOCK = 8  # bytes that the private part is filled up to
LINE = 70  # characters of base64

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, xy = T/Z


class KeyPair(NamedTuple):
    """The public key as a line of `authorized_keys`, and the private one as a file."""

    public: str
    private: str


def make(seed: bytes, check: bytes) -> KeyPair:
    """The pair that 32 random bytes stand for. `check` is four more, by which a wrong password would be found."""
    key = public_key(seed)
    public = _text(ALGORITHM) + _text(key)
    private = check + check + public + _text(seed + key) + _text(b"")
    private += bytes(range(1, BLOCK + 1))[: -len(private) % BLOCK]
    no_password = _text(b"none") + _text(b"none") + _text(b"")
    whole = b64encode(MAGIC + no_password + struct.pack("!I", 1) + _text(public) + _text(private)).decode()
    lines = "\n".join(whole[at : at + LINE] for at in range(0, len(whole), LINE))
    return KeyPair(
        f"{ALGORITHM.decode()} {b64encode(public).decode()}",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----\n",
    )


def public_key(seed: bytes) -> bytes:
    """The public key of 32 bytes."""
    secret = int.from_bytes(sha512(seed).digest()[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    x, y, z, _ = _times(secret, (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P))
    inverse = pow(z, -1, _P)
    return (y * inverse % _P | (x * inverse % _P & 1) << 255).to_bytes(32, "little")


def _times(factor: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    for bit in range(256):  # as many steps whatever the factor
        added = _sum(result, point)
        result = added if factor >> bit & 1 else result
        point = _sum(point, point)
    return result


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _text(value: bytes) -> bytes:
    """A string of SSH's: its length first."""
    return struct.pack("!I", len(value)) + value

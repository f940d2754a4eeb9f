"""ECDSA on the curve P-256 with SHA-256: just enough to prove possession of a key (RFC 9449) and for SigV4A.

A command makes a signature or a few, on the user's own machine, so plain integers serve and nobody is near to
measure their time. Nonces are RFC 6979's: the same message gives the same signature.
"""

import base64
import hmac
import secrets
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
CURVE_OID = bytes.fromhex("06082a8648ce3d030107")
SIZE = 32  # bytes of a coordinate, a scalar and half a signature

Point = tuple[int, int, int]  # Jacobian coordinates; z = 0 is the point at infinity


def double(point: Point) -> Point:
    x, y, z = point
    if not z or not y:
        return (0, 1, 0)
    squared = y * y % P
    s = 4 * x * squared % P
    z_squared = z * z % P
    m = 3 * (x - z_squared) * (x + z_squared) % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * squared * squared) % P, 2 * y * z % P


def add(one: Point, other: Point) -> Point:
    if not one[2]:
        return other
    if not other[2]:
        return one
    x1, y1, z1 = one
    x2, y2, z2 = other
    z1_squared, z2_squared = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2_squared % P, x2 * z1_squared % P
    s1, s2 = y1 * z2 * z2_squared % P, y2 * z1 * z1_squared % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    if not h:
        return (0, 1, 0) if r else double(one)
    h_squared = h * h % P
    h_cubed = h * h_squared % P
    v = u1 * h_squared % P
    x3 = (r * r - h_cubed - 2 * v) % P
    return x3, (r * (v - x3) - s1 * h_cubed) % P, h * z1 * z2 % P


def multiply(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    """scalar × point, in plain coordinates."""
    result: Point = (0, 1, 0)
    addend: Point = (*point, 1)
    while scalar:
        if scalar & 1:
            result = add(result, addend)
        addend = double(addend)
        scalar >>= 1
    x, y, z = result
    inverse = pow(z, -1, P)
    return x * inverse * inverse % P, y * inverse * inverse * inverse % P


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """A secret number and the point it stands for."""

    secret: int
    public: tuple[int, int]

    @classmethod
    def of(cls, secret: int) -> "PrivateKey":
        """Raises ValueError for a number that is no key."""
        if not 0 < secret < N:
            raise ValueError("not a private key of P-256")
        return cls(secret, multiply(secret, G))

    @classmethod
    def generate(cls) -> "PrivateKey":
        return cls.of(1 + secrets.randbelow(N - 1))

    @classmethod
    def from_pem(cls, text: str) -> "PrivateKey":
        """From SEC 1 or PKCS #8, in PEM. Raises ValueError."""
        lines = [line for line in text.splitlines() if not line.startswith(("-----BEGIN", "-----END"))]
        return cls.of(_secret_of_der(base64.b64decode("".join(lines).strip(), validate=True)))

    def to_pem(self) -> str:
        """SEC 1, in PEM with lines of 64."""
        x, y = self.public
        point = b"\x04" + x.to_bytes(SIZE, "big") + y.to_bytes(SIZE, "big")
        body = (
            _der(0x02, b"\x01")
            + _der(0x04, self.secret.to_bytes(SIZE, "big"))
            + _der(0xA0, CURVE_OID)
            + _der(0xA1, _der(0x03, b"\x00" + point))
        )
        wrapped = textwrap.fill(base64.b64encode(_der(0x30, body)).decode(), width=64)
        return f"-----BEGIN EC PRIVATE KEY-----\n{wrapped}\n-----END EC PRIVATE KEY-----\n"

    def sign(self, message: bytes) -> bytes:
        """The signature's two numbers, 32 bytes each, big-endian."""
        digest = sha256(message).digest()
        number = int.from_bytes(digest, "big")
        for nonce in _nonces(self.secret, digest):
            r = multiply(nonce, G)[0] % N
            s = pow(nonce, -1, N) * (number + r * self.secret) % N
            if r and s:
                return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")
        raise AssertionError("unreachable")


def _nonces(secret: int, digest: bytes) -> Iterator[int]:
    """RFC 6979, 3.2, for a hash as wide as the curve."""
    key, value = b"\0" * SIZE, b"\1" * SIZE
    seed = secret.to_bytes(SIZE, "big") + (int.from_bytes(digest, "big") % N).to_bytes(SIZE, "big")
    for step in (b"\0", b"\1"):
        key = hmac.digest(key, value + step + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < N:
            yield nonce
        key = hmac.digest(key, value + b"\0", "sha256")
        value = hmac.digest(key, value, "sha256")


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    return bytes((tag, length) if length < 128 else (tag, 0x81, length)) + content


def _read_der(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first element, which must have that tag, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("not an EC private key")
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if start + length > len(data):
        raise ValueError("an EC private key cut short")
    return data[start : start + length], data[start + length :]


def _secret_of_der(der: bytes) -> int:
    body, _ = _read_der(der, 0x30)
    version, rest = _read_der(body, 0x02)
    if version == b"\0":  # PKCS #8 wraps SEC 1
        _, rest = _read_der(rest, 0x30)
        wrapped, _ = _read_der(rest, 0x04)
        return _secret_of_der(wrapped)
    secret, _ = _read_der(rest, 0x04)
    return int.from_bytes(secret, "big")

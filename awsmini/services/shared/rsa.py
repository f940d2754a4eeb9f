"""RSA with a private key from a PEM file: decryption (PKCS #1 v1.5, RFC 8017), in plain Python.

Two commands need RSA, on the user's own machine and with the user's own key; neither is worth a compiled
dependency. Keys are `RSA PRIVATE KEY` (PKCS #1) or `PRIVATE KEY` (PKCS #8), without a passphrase.
"""

import base64
import binascii
import re
from typing import NamedTuple

from awsmini.errors import AwsminiError

_PEM = re.compile(rb"-----BEGIN (RSA )?PRIVATE KEY-----(.+?)-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_SEQUENCE = 0x30


class PrivateKeyError(AwsminiError):
    """The file is no RSA key that can be read, or the message was not encrypted for it."""


class PrivateKey(NamedTuple):
    """Modulus and private exponent. Its text form shows neither."""

    modulus: int
    exponent: int

    def __repr__(self) -> str:
        return f"PrivateKey({self.size * 8} bits)"

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return (self.modulus.bit_length() + 7) // 8

    def apply(self, message: bytes) -> bytes:
        """The bare RSA operation on a message as long as the modulus."""
        number = int.from_bytes(message, "big")
        if len(message) != self.size or number >= self.modulus:
            raise PrivateKeyError("The message has another length than the key")
        return pow(number, self.exponent, self.modulus).to_bytes(self.size, "big")

    def decrypt(self, message: bytes) -> bytes:
        """The text of a message encrypted as RSAES-PKCS1-v1_5."""
        padded = self.apply(message)
        end = padded.find(b"\x00", 2)
        if padded[:2] != b"\x00\x02" or end < 10:
            raise PrivateKeyError("The message was not encrypted for this key")
        return padded[end + 1 :]


def load_private_key(pem: bytes) -> PrivateKey:
    """The key in the text of a PEM file. Raises PrivateKeyError."""
    match = _PEM.search(pem)
    if match is None:
        raise PrivateKeyError("The file holds no RSA private key in PEM form")
    try:
        der = base64.b64decode(b"".join(match.group(2).split()), validate=True)
        fields = _fields(der)
        if match.group(1) is None:
            fields = _fields(fields[2])  # PKCS #8: version, algorithm, then the PKCS #1 key
        modulus, _, exponent = (int.from_bytes(field, "big") for field in fields[1:4])
    except (binascii.Error, IndexError, ValueError):
        raise PrivateKeyError("The RSA private key cannot be read") from None
    return PrivateKey(modulus, exponent)


def _fields(der: bytes) -> list[bytes]:
    """The contents of the elements of a DER sequence."""
    tag, content, _ = _element(der)
    if tag != _SEQUENCE:
        raise ValueError("no sequence")
    found = []
    while content:
        tag, value, content = _element(content)
        found.append(value)
    return found


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """The tag and content of the first DER element, and what follows it."""
    tag, length, start = der[0], der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("cut short")
    return tag, der[start : start + length], der[start + length :]

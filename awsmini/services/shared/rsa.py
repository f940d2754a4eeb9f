"""RSA in plain Python (PKCS #1 v1.5, RFC 8017): decryption and signing with a private key, verifying with a public one.

Few commands need RSA: with the user's own key on the user's own machine, or to check what somebody has signed. None
is worth a compiled dependency. Private keys are `RSA PRIVATE KEY` (PKCS #1) or `PRIVATE KEY` (PKCS #8) in PEM, without
a passphrase; public keys are PKCS #1 in DER.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import NamedTuple

from awsmini.errors import AwsminiError

_PEM = re.compile(rb"-----BEGIN (RSA )?PRIVATE KEY-----(.+?)-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
_SEQUENCE = 0x30
_INTEGER = 0x02
# The DigestInfo of RFC 8017 in DER, up to the digest.
_DIGEST_INFO = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}


class PrivateKeyError(AwsminiError):
    """The file is no RSA key that can be read, or the message was not encrypted for it."""


class PublicKeyError(AwsminiError):
    """The bytes are no RSA public key in PKCS #1."""


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

    def sign(self, message: bytes, algorithm: str) -> bytes:
        """The RSASSA-PKCS1-v1_5 signature of a message, of which `algorithm` (`sha1`, `sha256`) makes the digest."""
        try:
            padded = _padded(message, algorithm, self.size)
        except ValueError:
            raise PrivateKeyError("The RSA private key is too short to sign with") from None
        return self.apply(padded)


class PublicKey(NamedTuple):
    """Modulus and public exponent."""

    modulus: int
    exponent: int

    def verifies(self, signature: bytes, message: bytes, algorithm: str) -> bool:
        """Whether this is the RSASSA-PKCS1-v1_5 signature of a message.

        The whole padding is made anew and compared, so that none of it can be left to whoever signs.
        """
        size = (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(signature, "big")
        if len(signature) != size or number >= self.modulus:
            return False
        found = pow(number, self.exponent, self.modulus).to_bytes(size, "big")
        try:
            return hmac.compare_digest(found, _padded(message, algorithm, size))
        except ValueError:
            return False


def load_public_key(der: bytes) -> PublicKey:
    """The key in PKCS #1's form. Raises PublicKeyError for any other."""
    try:
        tag, content, rest = _element(der)
        numbers = list(_elements(content))
    except (IndexError, ValueError):
        raise PublicKeyError("The RSA public key cannot be read") from None
    if tag != _SEQUENCE or rest or [kind for kind, _ in numbers] != [_INTEGER, _INTEGER]:
        raise PublicKeyError("The RSA public key is not in the form of PKCS #1")
    modulus, exponent = (int.from_bytes(value, "big", signed=True) for _, value in numbers)
    if modulus < 3 or exponent < 3 or not modulus & exponent & 1:
        raise PublicKeyError("The numbers of the RSA public key are none that a key has")
    return PublicKey(modulus, exponent)


def _padded(message: bytes, algorithm: str, size: int) -> bytes:
    """What a signature of that size is of: EMSA-PKCS1-v1_5. Raises ValueError where a key is too short."""
    digest = _DIGEST_INFO[algorithm] + hashlib.new(algorithm, message, usedforsecurity=False).digest()
    if size < len(digest) + 11:
        raise ValueError("the key is too short")
    return b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest


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
    return [value for _, value in _elements(content)]


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and content of each DER element."""
    while content:
        tag, value, content = _element(content)
        yield tag, value


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """The tag and content of the first DER element, and what follows it."""
    tag, length, start = der[0], der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("cut short")
    return tag, der[start : start + length], der[start + length :]

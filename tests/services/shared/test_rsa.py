"""RSA in plain Python, beside OpenSSL (by way of `cryptography`)."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from awsmini.services.shared.rsa import (
    PrivateKeyError,
    PublicKey,
    PublicKeyError,
    load_private_key,
    load_public_key,
)
from tests.rsa_keys import key
from tests.trails import public_key

MESSAGE = b"a message"
_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
FORMS = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8)


def pem(form: serialization.PrivateFormat) -> bytes:
    return key(1).private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("algorithm", "theirs"), [("sha1", hashes.SHA1()), ("sha256", hashes.SHA256())])
def test_signatures_are_openssls(form, algorithm, theirs):
    assert load_private_key(pem(form)).sign(MESSAGE, algorithm) == key(1).sign(MESSAGE, padding.PKCS1v15(), theirs)


def test_what_openssl_has_signed_is_verified():
    signature = key(1).sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    known = load_public_key(public_key())
    assert known.verifies(signature, MESSAGE, "sha256")
    assert not known.verifies(signature, MESSAGE + b"!", "sha256")
    assert not known.verifies(signature, MESSAGE, "sha1")
    assert not load_public_key(public_key(2)).verifies(signature, MESSAGE, "sha256")


def encrypted(block: bytes) -> bytes:
    """A block, as long as the key, to the private exponent: what a signer of bad intent could hand in."""
    numbers = key(1).private_numbers()
    size = key(1).key_size // 8
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


DIGEST = _INFO + hashlib.sha256(MESSAGE).digest()
SIZE = key(1).key_size // 8
FULL = b"\x00\x01" + b"\xff" * (SIZE - len(DIGEST) - 3) + b"\x00" + DIGEST


@pytest.mark.parametrize(
    ("block", "good"),
    [
        (FULL, True),
        (b"\x00\x01" + b"\xff" * 8 + b"\x00" + DIGEST + b"\x00" * (SIZE - len(DIGEST) - 11), False),
        (b"\x00\x02" + FULL[2:], False),
        (b"\x00\x01\xfe" + FULL[3:], False),
        (b"\x00\x01" + b"\xff" * (SIZE - 35) + b"\x00" + hashlib.sha256(MESSAGE).digest(), False),
        (b"\x00" * SIZE, False),
    ],
    ids=[
        "as it should be",
        "rubbish behind the digest",
        "block of encryption",
        "a byte of padding",
        "no algorithm",
        "zeros",
    ],
)
def test_the_whole_padding_counts(block, good):
    assert load_public_key(public_key()).verifies(encrypted(block), MESSAGE, "sha256") is good


def test_a_signature_has_the_length_of_the_key():
    signature = encrypted(FULL)
    known = load_public_key(public_key())
    assert not known.verifies(b"\x00" + signature, MESSAGE, "sha256")
    assert not known.verifies(signature[1:], MESSAGE, "sha256")
    assert not known.verifies(b"", MESSAGE, "sha256")
    assert not known.verifies(b"\xff" * SIZE, MESSAGE, "sha256")
    assert not PublicKey(3233, 17).verifies(b"\x00\x01", MESSAGE, "sha256")


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"no",
        public_key(1, serialization.PublicFormat.SubjectPublicKeyInfo),
        public_key() + b"\x00",
        public_key()[:-3],
        bytes.fromhex("3006020103020101"),  # exponent 1: everything would be its own signature
        bytes.fromhex("3006020104020103"),
        bytes.fromhex("30060201ff020103"),
    ],
)
def test_what_is_no_pkcs1_key_is_refused(der):
    with pytest.raises(PublicKeyError):
        load_public_key(der)


def test_a_key_of_another_kind_is_refused():
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, FORMS[1], serialization.NoEncryption()
    )
    with pytest.raises(PrivateKeyError):
        load_private_key(other)

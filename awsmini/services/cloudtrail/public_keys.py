"""The keys that CloudTrail signs with."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from awsmini.client import Client
from awsmini.services.shared.rsa import PublicKey, PublicKeyError, load_public_key

ALGORITHM = "SHA256withRSA"  # the only one; what names another is not believed
HASH = "SHA-256"


def listed(client: Client, start: datetime, end: datetime | str) -> dict[str, Any]:
    """The keys (in base64) of a time, by fingerprint."""
    found: dict[str, Any] = {}
    params: dict[str, Any] = {"StartTime": start, "EndTime": end}
    while True:
        answer = client._make_api_call("ListPublicKeys", params)
        found |= {key.get("Fingerprint"): key.get("Value") for key in answer.get("PublicKeyList", [])}
        if not answer.get("NextToken"):
            return found
        params["NextToken"] = answer["NextToken"]


def load(value: Any) -> PublicKey:
    """The key of an answer. Raises PublicKeyError."""
    if isinstance(value, str):
        try:
            value = base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise PublicKeyError(str(error)) from None
    if not isinstance(value, bytes):
        raise PublicKeyError("There is no public key in the answer")
    return load_public_key(value)


def signs(key: PublicKey, signature: str, message: bytes) -> bool:
    """Whether a signature in hexadecimal is the key's. Raises ValueError where it is no hexadecimal text."""
    return key.verifies(binascii.unhexlify(signature), message, "sha256")


def names_other_algorithm(names: Mapping[str, Any], expected: Mapping[str, str]) -> bool:
    """Whether one of the algorithms that are named is not the one to be expected. What is left out says nothing."""
    return any(names.get(name) not in (None, algorithm) for name, algorithm in expected.items())

"""RSA keys for tests, the same in every run, so that nothing secret has to lie in a file."""

import random
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

EXPONENT = 65537


@cache
def key(seed: int, bits: int = 1024) -> rsa.RSAPrivateKey:
    """The key of a seed."""
    source = random.Random(seed)
    while True:
        p, q = _prime(source, bits // 2), _prime(source, bits // 2)
        phi = (p - 1) * (q - 1)
        if p > q and (p * q).bit_length() == bits and phi % EXPONENT:
            break
    d = pow(EXPONENT, -1, phi)
    public = rsa.RSAPublicNumbers(EXPONENT, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


def _prime(source: random.Random, bits: int) -> int:
    while True:
        candidate = source.getrandbits(bits) | 1 | 3 << bits - 2
        if all(candidate % small for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31)) and _is_prime(candidate, source):
            return candidate


def _is_prime(candidate: int, source: random.Random) -> bool:
    """Miller and Rabin's test."""
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        power = pow(source.randrange(2, candidate - 1), odd, candidate)
        if power in (1, candidate - 1):
            continue
        if not any((power := power * power % candidate) == candidate - 1 for _ in range(twos - 1)):
            return False
    return True

"""cloudfront sign."""

from cryptography.hazmat.primitives import serialization
from side_by_side import Scenario

from tests.rsa_keys import key

_PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL
_PKCS8 = serialization.PrivateFormat.PKCS8


def _pem(form: serialization.PrivateFormat, bits: int = 1024, password: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key(1, bits).private_bytes(serialization.Encoding.PEM, form, lock)


_KEYS = {
    "one.pem": _pem(_PKCS1),
    "eight.pem": _pem(_PKCS8),
    "public.pem": key(1)
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    "large.pem": _pem(_PKCS1, 2048),
    "broken.pem": b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
}
_PLAIN = "plain words in the place of a C library's error"
_SIGN = "cloudfront sign --key-pair-id K1 --private-key file://one.pem"
_URL = "--url https://d.cloudfront.net/a.html"
_UNTIL = "--date-less-than 2026-02-01"


def _sign(name: str, line: str, **more: object) -> Scenario:
    return Scenario(f"sign {name}", (line,), files=_KEYS, **more)  # type: ignore[arg-type]


SCENARIOS = (
    _sign("canned", f"{_SIGN} {_URL} {_UNTIL}"),
    _sign("PKCS 8", f"{_SIGN.replace('one', 'eight')} {_URL} {_UNTIL}"),
    _sign("2048 bits", f"{_SIGN.replace('one', 'large')} {_URL} {_UNTIL}"),
    _sign("query in the URL", f"{_SIGN} --url 'https://d/a?x=1&y=é' {_UNTIL}"),
    _sign("quotes in the URL", f"{_SIGN} --url 'https://d/a\"b\\c' {_UNTIL}"),
    _sign("URL that looks like a file", f"{_SIGN} --url file://one.pem {_UNTIL}"),
    _sign("address", f"{_SIGN} {_URL} {_UNTIL} --ip-address 10.0.0.1"),
    _sign("network", f"{_SIGN} {_URL} {_UNTIL} --ip-address 10.0.0.0/8"),
    _sign("empty address", f"{_SIGN} {_URL} {_UNTIL} --ip-address="),
    _sign("from", f"{_SIGN} {_URL} {_UNTIL} --date-greater-than 2026-01-01"),
    _sign("from and address", f"{_SIGN} {_URL} {_UNTIL} --date-greater-than 2026-01-01 --ip-address 1.2.3.4"),
    _sign("wildcard", f"{_SIGN} --url 'https://d/*' {_UNTIL} --ip-address 0.0.0.0/0"),
    _sign("date with a time", f"{_SIGN} {_URL} --date-less-than 2026-02-01T10:11:12"),
    _sign("date with an offset", f"{_SIGN} {_URL} --date-less-than 2026-02-01T10:11:12+02:30"),
    _sign("date with a fraction", f"{_SIGN} {_URL} --date-less-than 2026-02-01T10:11:12.9Z"),
    _sign("epoch", f"{_SIGN} {_URL} --date-less-than 1769904000"),
    _sign("digits", f"{_SIGN} {_URL} --date-less-than 20260201"),
    _sign("date before 1970", f"{_SIGN} {_URL} --date-less-than 1960-01-01"),
    _sign("no date", f"{_SIGN} {_URL} --date-less-than never"),
    _sign("no date from", f"{_SIGN} {_URL} {_UNTIL} --date-greater-than never"),
    _sign("key missing", f"{_SIGN.replace('one', 'none')} {_URL} {_UNTIL}"),
    _sign("key inline", f"cloudfront sign --key-pair-id K1 --private-key x {_URL} {_UNTIL}", differs=_PLAIN),
    _sign("key public", f"{_SIGN.replace('one', 'public')} {_URL} {_UNTIL}", differs=_PLAIN),
    _sign("key broken", f"{_SIGN.replace('one', 'broken')} {_URL} {_UNTIL}", differs=_PLAIN),
    _sign("options missing", "cloudfront sign"),
    _sign(
        "no region, no credentials",
        f"{_SIGN} {_URL} {_UNTIL}",
        env={"AWS_DEFAULT_REGION": None, "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    ),
)

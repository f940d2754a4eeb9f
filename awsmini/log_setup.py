"""The logging behind --debug: AWS CLI v2's line format, and what a line must not show.

Secrets are recognized by the names they go by (of headers, JSON members, XML elements, query parameters and
options), wherever in a record they are, tracebacks included.
"""

import logging
import re
from typing import Any, TextIO

from awsmini.log import Sink

LINE = "%(asctime)s - %(threadName)s - %(name)s - %(levelname)s - %(message)s"
LOGGERS = ("awsmini", "urllib3", "requests")
HIDDEN = "****"

_NAMES = (
    r"(?:aws_?)?secret_?(?:access_?)?key|(?:aws_?)?(?:session|security|access|refresh|id|bearer|auth|authorization)_?token"
    r"|x-amz-security-token|x-amz-s3session-token|x-amz-sso_bearer_token|x-aws-ec2-metadata-token|x-amz-signature"
    r"|authorization(?!token)|proxy-authorization|cookie|set-cookie|client_?secret|device_?code|code_?verifier"
    r"|token_?code|mfa_?code|password|passcode|passphrase|private_?key|secret_?(?:string|binary)|secret|signature|token"
)
_KEY = rf"(?:{_NAMES})"
_PATTERNS = (
    # "SecretKey": "…", 'token': b'…', ("Authorization", "…"): a quoted name, then a quoted value
    (re.compile(rf"""(["']{_KEY}["']\s*[:,=]\s*b?)(["'])(?:\\.|(?!\2).)*\2""", re.I | re.S), rf"\1\2{HIDDEN}\2"),
    # secret_key='…' in a repr
    (re.compile(rf"""(\b{_KEY}\s*=\s*b?)(["'])(?:\\.|(?!\2).)*\2""", re.I | re.S), rf"\1\2{HIDDEN}\2"),
    # '--token-code', '123456' in a command line
    (
        re.compile(
            r"""(["']--(?:token-code|password|[a-z-]*-password|secret-string|secret-binary|secret-access-key"""
            r"""|[a-z-]*-token|token|private-key|[a-z-]*-secret|passphrase)["']\s*,\s*)(["'])(?:\\.|(?!\2).)*\2""",
            re.I | re.S,
        ),
        rf"\1\2{HIDDEN}\2",
    ),
    # <SecretAccessKey>…</SecretAccessKey>
    (re.compile(rf"(<({_KEY})\b[^>]*>)[^<]*(?=</)", re.I), rf"\1{HIDDEN}"),
    # Authorization: AWS4-HMAC-SHA256 … up to the end of the line; the credential scope is no secret
    (re.compile(rf"((?:^|[\s'\"\[{{,])({_KEY})\s*:\s)[^\r\n'\"]+", re.I | re.M), rf"\1{HIDDEN}"),
    # X-Amz-Signature=… in a URL or a form
    (
        re.compile(rf"([?&;\s]{_KEY}=|\b(?:X-Amz-Signature|X-Amz-Security-Token|Signature)=)[^&\s\"'<>,]+", re.I),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\bBearer\s+[\w.~+/=-]{8,}", re.I), f"Bearer {HIDDEN}"),
)


def redact(text: str) -> str:
    """The text with the values of secrets hidden."""
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Hides secrets in the finished line, whatever part of the record they came from."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure(stderr: TextIO) -> Sink:
    """Send the records of all loggers to `stderr`; returns where awsmini's own are put in."""
    remove()
    handler = logging.StreamHandler(stderr)
    handler.set_name("awsmini")
    handler.setFormatter(RedactingFormatter(LINE))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)

    def sink(stage: str, message: str, args: tuple[Any, ...], raised: BaseException | None) -> None:
        logging.getLogger(f"awsmini.{stage}").debug(message, *args, exc_info=raised)

    return sink


def remove() -> None:
    """Take back what `configure` has set up."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        for handler in [handler for handler in logger.handlers if handler.get_name() == "awsmini"]:
            logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)

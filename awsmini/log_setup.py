"""The logging behind --debug: AWS CLI v2's line format, and what a line must not show.

Secrets are recognized by the names they go by (of headers, JSON members, XML elements, query parameters and
options), wherever in a record they are, tracebacks included.
"""

import logging
import re
from typing import Any, TextIO

from awsmini.log import Sink, begin

LINE = "%(asctime)s - %(threadName)s - %(name)s - %(levelname)s - %(message)s"
LOGGERS = ("awsmini", "urllib3", "requests")
HIDDEN = "****"

_HEADERS = (
    r"x-amz-security-token|x-amz-s3session-token|x-amz-sso_bearer_token|x-aws-ec2-metadata-token(?!-ttl)"
    r"|x-amz-(?:copy-source-)?server-side-encryption-customer-key"
    r"|authorization|proxy-authorization|cookie|set-cookie"
)
_NAMES = (
    rf"(?:{_HEADERS}|(?:aws_?)?secret_?(?:access_?)?key|(?:aws_?)?(?:session|security|access|refresh|id|bearer|auth|authorization|web_?identity)_?token"
    r"|saml_?assertion"
    r"|x-amz-signature|client_?secret|device_?code|code_?verifier|token_?code|mfa_?code|[a-z]{0,40}password|passcode|passphrase"
    r"|(?:copy_?source_?)?sse_?(?:customer|c|c_copy_source)_?key|private_?key|secret_?(?:string|binary)|secret|signature|token)"
)
_OPTIONS = (  # the beginning of an option may stand for it
    r"(?:csv|tok(?:en?)?|token-c[a-z]*|[a-z-]*passw[a-z]*|secret-[abs][a-z-]*|[a-z-]*-secret|private-key|passphrase"
    r"|(?:copy-source-)?sse-customer-key|sse-c-(?:copy-source-)?k(?:ey?)?"
    r"|(?:session-|access-|refresh-|security-|auth-|web-identity-)?token|saml-assertion)"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)
_QUOTED = r"""(["'])(?:\\.|(?!\2).)*(?:\2|\Z)"""  # what was cut off has no closing quote
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL | re.MULTILINE), shown)
    for pattern, shown in (
        # "SecretKey": "…", 'token'=b'…'
        (rf"""(["']{_NAMES}["']\s*[:=]\s*b?){_QUOTED}""", rf"\1\2{HIDDEN}\2"),
        # ("Authorization", "…")
        (rf"""(["'](?:{_HEADERS})["']\s*,\s*b?){_QUOTED}""", rf"\1\2{HIDDEN}\2"),
        # secret_key='…' in a repr
        (rf"(\b{_NAMES}\s*=\s*b?){_QUOTED}", rf"\1\2{HIDDEN}\2"),
        # 'aws_secret_access_key', '…' among the words of `configure set`
        (
            rf"""(["'][\w.]*aws_(?:secret_access_key|session_token|security_token)["']\s*,\s*){_QUOTED}""",
            rf"\1\2{HIDDEN}\2",
        ),
        # '--token-code', '123456' in a command line, and --token-code=123456
        (rf"""(["']--{_OPTIONS}["']\s*,\s*){_QUOTED}""", rf"\1\2{HIDDEN}\2"),
        (rf"""(--{_OPTIONS}=)[^\s"']+""", rf"\1{HIDDEN}"),
        # <SecretAccessKey>…</SecretAccessKey>
        (rf"(<{_NAMES}\b[^>]*>)[^<]*[^<\s][^<]*", rf"\1{HIDDEN}"),
        # Authorization: … up to the end of the line, but for "unclosed token: line 1", which is said of XML
        (rf"""((?:^|[\s'"\[{{,])(?:{_NAMES}\s*:\s(?!line \d)|(?:{_HEADERS}):))[^\r\n'"]+""", rf"\1{HIDDEN}"),
        # X-Amz-Signature=… in a URL or a form, KdcAdminPassword=… in shorthand
        (rf"""((?:^|[?&;,{{"'\s]){_NAMES}=)[^&\s"'<>,]+""", rf"\1{HIDDEN}"),
        (r"\bBearer\s+[\w.~+/=-]{8,}", f"Bearer {HIDDEN}"),
    )
)


def is_secret_name(name: str) -> bool:
    """Whether what goes by that name is a secret."""
    return _NAME.fullmatch(name) is not None


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
    return sink


def sink(stage: str, message: str, args: tuple[Any, ...], raised: BaseException | None) -> None:
    logging.getLogger(f"awsmini.{stage}").debug(message, *args, exc_info=raised)


def set_stream_logger(name: str = "awsmini", level: int = logging.DEBUG, format_string: str | None = None) -> None:
    """Write what a logger and those below it say to stderr, secrets hidden; an empty name is all of them."""
    handler = logging.StreamHandler()
    handler.setLevel(level)
    handler.setFormatter(RedactingFormatter(format_string or "%(asctime)s %(name)s [%(levelname)s] %(message)s"))
    logger = logging.getLogger(name)
    logger.setLevel(level)
    logger.addHandler(handler)
    begin(sink)


def remove() -> None:
    """Take back what `configure` has set up."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        for handler in [handler for handler in logger.handlers if handler.get_name() == "awsmini"]:
            logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)

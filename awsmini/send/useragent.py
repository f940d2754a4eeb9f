"""The User-Agent header: awsmini's name and version, then the fields that AWS's tools share (layout `ua/2.1`).

The features used stand under `m/` as short codes, whose list is AWS's (`botocore/useragent.py`).
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from awsmini.records import Call, Request
from awsmini.version import __version__

ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$%&'*+-.^_`|~,")
FEATURES_SIZE = 1024  # bytes; codes beyond are left out

FEATURES = {
    "WAITER": "B", "PAGINATOR": "C", "RETRY_MODE_STANDARD": "E", "RETRY_MODE_ADAPTIVE": "F", "S3_TRANSFER": "G",
    "GZIP_REQUEST_COMPRESSION": "L", "PROTOCOL_RPC_V2_CBOR": "M", "ENDPOINT_OVERRIDE": "N",
    "ACCOUNT_ID_MODE_PREFERRED": "P", "ACCOUNT_ID_MODE_DISABLED": "Q", "ACCOUNT_ID_MODE_REQUIRED": "R",
    "SIGV4A_SIGNING": "S", "RESOLVED_ACCOUNT_ID": "T", "FLEXIBLE_CHECKSUMS_REQ_CRC32": "U",
    "FLEXIBLE_CHECKSUMS_REQ_CRC32C": "V", "FLEXIBLE_CHECKSUMS_REQ_CRC64": "W", "FLEXIBLE_CHECKSUMS_REQ_SHA1": "X",
    "FLEXIBLE_CHECKSUMS_REQ_SHA256": "Y", "FLEXIBLE_CHECKSUMS_REQ_WHEN_SUPPORTED": "Z",
    "FLEXIBLE_CHECKSUMS_REQ_WHEN_REQUIRED": "a", "FLEXIBLE_CHECKSUMS_RES_WHEN_SUPPORTED": "b",
    "FLEXIBLE_CHECKSUMS_RES_WHEN_REQUIRED": "c", "CREDENTIALS_CODE": "e", "CREDENTIALS_ENV_VARS": "g",
    "CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN": "h", "CREDENTIALS_STS_ASSUME_ROLE": "i",
    "CREDENTIALS_STS_ASSUME_ROLE_WEB_ID": "k", "CREDENTIALS_PROFILE": "n", "CREDENTIALS_PROFILE_SOURCE_PROFILE": "o",
    "CREDENTIALS_PROFILE_NAMED_PROVIDER": "p", "CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN": "q",
    "CREDENTIALS_PROFILE_SSO": "r", "CREDENTIALS_SSO": "s", "CREDENTIALS_PROFILE_SSO_LEGACY": "t",
    "CREDENTIALS_SSO_LEGACY": "u", "CREDENTIALS_PROFILE_PROCESS": "v", "CREDENTIALS_PROCESS": "w",
    "CREDENTIALS_BOTO2_CONFIG_FILE": "x", "CREDENTIALS_HTTP": "z", "CREDENTIALS_IMDS": "0",
    "BEARER_SERVICE_ENV_VARS": "3", "LOGIN_SAME_DEVICE": "AA", "LOGIN_CROSS_DEVICE": "AB",
    "CREDENTIALS_PROFILE_LOGIN": "AC", "CREDENTIALS_LOGIN": "AD", "FLEXIBLE_CHECKSUMS_REQ_MD5": "AE",
    "FLEXIBLE_CHECKSUMS_REQ_SHA512": "AF", "FLEXIBLE_CHECKSUMS_REQ_XXHASH3": "AG",
    "FLEXIBLE_CHECKSUMS_REQ_XXHASH64": "AH", "FLEXIBLE_CHECKSUMS_REQ_XXHASH128": "AI", "SSO_LOGIN_VANITY_URL": "AM",
}  # fmt: skip

# Programs that run other people's commands, by the variable they set: its value (None for any) and their code.
CALLERS = {
    "CLAUDECODE": ("1", "AN"),
    "GEMINI_CLI": ("1", "AO"),
    "CODEX_THREAD_ID": (None, "AP"),
    "KIRO_SESSION_ID": (None, "AQ"),
    "OPENCODE": ("1", "AR"),
    "ANTIGRAVITY_AGENT": (None, "AS"),
    "AMP_CURRENT_THREAD_ID": (None, "AT"),
    "PI_CODING_AGENT": ("true", "AU"),
    "COPILOT_CLI": ("1", "AV"),
    "CURSOR_AGENT": ("1", "AW"),
}
SYSTEMS = {"linux": "linux", "darwin": "macos", "windows": "windows", "android": "android"}
IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy"}


def user_agent(
    env: Mapping[str, str],
    *,
    features: Iterable[str] = (),
    retry_mode: str = "standard",
    app_id: str | None = None,
    command: str | None = None,
    prompt: str = "off",
    session: str | None = None,
    extra: str = "",
) -> str:
    """The header's value. `features` are keys of FEATURES, `command` is `service.operation` of the command line.

    `prompt` is on, partial or off; `extra` is further fields, as they are to be sent.
    """
    parts = [product()]
    if execution := env.get("AWS_EXECUTION_ENV"):
        parts.append(f"exec-env/{clean(execution, '#')}")
    if codes := feature_codes(features, env):
        parts.append(f"m/{codes}")
    parts.append(f"cfg/retry-mode#{retry_mode}")
    if app_id:
        parts.append(f"app/{clean(app_id, '#')}")
    if session:
        parts.append(f"sid/{session}")
    if command:
        parts.append(f"md/prompt#{prompt} md/command#{clean(command, '#')}")
    if extra:
        parts.append(extra)
    return " ".join(parts)


def call_features(call: Call, request: Request, env_token: bool = False) -> Iterator[str]:
    """The features that one request uses, but for checksums and credentials; `env_token`: a variable has a token."""
    yield from call.features
    yield from call.endpoint.features
    if call.scope.auth == "v4a":
        yield "SIGV4A_SIGNING"
    if call.scope.auth == "bearer" and env_token:
        yield "BEARER_SERVICE_ENV_VARS"
    if call.operation.service_model.protocol == "smithy-rpc-v2-cbor":
        yield "PROTOCOL_RPC_V2_CBOR"
    if call.operation.request_compression and "Content-Encoding" in request.headers:
        yield "GZIP_REQUEST_COMPRESSION"


@lru_cache(maxsize=1)
def product() -> str:
    """What stays the same in one process: awsmini, the system and Python."""
    system, release, machine = _system()
    known = SYSTEMS.get(system.lower())
    name = f"os/{known}#{clean(release, '#')}" if known else f"os/other md/{clean(system)}#{clean(release, '#')}"
    python = sys.version.split()[0].rstrip("+")
    implementation = IMPLEMENTATIONS.get(sys.implementation.name, sys.implementation.name)
    return (
        f"awsmini/{__version__} ua/2.1 {name} md/arch#{clean(machine.lower(), '#')} "
        f"lang/python#{clean(python, '#')} md/pyimpl#{clean(implementation, '#')}"
    )


def feature_codes(features: Iterable[str], env: Mapping[str, str]) -> str:
    """The codes of features and of the calling program, sorted, so that the same call has the same header."""
    codes = {FEATURES[feature] for feature in features}
    codes |= {
        code for name, (value, code) in CALLERS.items() if (env.get(name) if value is None else env.get(name) == value)
    }
    text = ",".join(sorted(codes))
    while len(text) > FEATURES_SIZE - len("m/"):
        text = text.rpartition(",")[0]
    return text


def clean(text: str, also: str = "") -> str:
    """The text with a dash for each character that may not stand in a field."""
    return "".join(char if char in ALLOWED or char in also else "-" for char in text)


def _system() -> tuple[str, str, str]:
    """The system's name, its release and the machine's type; `platform` would load much to say the same."""
    if hasattr(os, "uname"):
        uname = os.uname()
        return uname.sysname, uname.release, uname.machine
    import platform  # only where there is no os.uname

    return platform.system(), platform.release(), platform.machine()

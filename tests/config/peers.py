"""The services that credentials come from, as far as credentials go: STS, SSO, SSO OIDC, sign-in, IMDS, a container host.

One `Peers` is a responder for a CaptureServer. It checks what it is sent as the real services would, answers with
their errors, and counts. What it hands out carries the word SECRET, so that a test can look for it where it must
not be.
"""

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tests.servers import Answer, Received, answer

ACCOUNT = "123456789012"
START_URL = "https://d-1234567890.awsapps.com/start"
LOGIN_SESSION = f"arn:aws:iam::{ACCOUNT}:user/me"
METADATA_ROLE = "/latest/meta-data/iam/security-credentials/"


def later(seconds: float = 3600) -> str:
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Peers:
    """Options say what is amiss; `calls` counts operations."""

    role_seconds: float = 3600
    mfa_code: str = "246810"
    web_token: str = "WEB-SECRET-TOKEN"
    sso_token: str = "SSO-SECRET-TOKEN"
    pending: int = 0  # so many times the device is not yet allowed
    slow_down: bool = False
    device_expired: bool = False
    accounts: list[dict[str, str]] = field(default_factory=lambda: [{"accountId": ACCOUNT, "accountName": "Main"}])
    roles: list[str] = field(default_factory=lambda: ["Admin"])
    login_error: str | None = None  # `error` of an AccessDeniedException
    imds_token_status: int = 200
    imds_role: str | None = "the-role"
    imds_expiration: str | None = None
    imds_garbage: bytes | None = None
    container_authorization: str | None = None
    container_failures: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    access_keys: list[str] = field(default_factory=list)  # who signed, call by call

    def __call__(self, request: Received) -> Answer:
        path = request.path
        if path.startswith("/latest/"):
            return self._imds(request)
        if path.startswith("/container"):
            return self._container(request)
        handler = {
            "/": self._sts,
            "/federation/credentials": self._role_credentials,
            "/assignment/accounts": self._list_accounts,
            "/assignment/roles": self._list_roles,
            "/logout": self._logout,
            "/client/register": self._register,
            "/device_authorization": self._device,
            "/token": self._sso_create_token,
            "/v1/token": self._sign_in,
        }.get(path)
        return answer(404, {"message": path}) if handler is None else handler(request)

    # STS: the query protocol

    def _sts(self, request: Received) -> Answer:
        form = request.form
        action = form["Action"]
        self.calls[action] += 1
        authorization = request.headers.get("Authorization")
        if action == "AssumeRoleWithWebIdentity":
            if authorization is not None:
                return sts_error(400, "InvalidRequest", "a web identity needs no signature")
            if form["WebIdentityToken"] != self.web_token:
                return sts_error(400, "InvalidIdentityToken", "the token is not ours")
        elif authorization is None:
            return sts_error(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        else:
            self.access_keys.append(authorization.partition("Credential=")[2].partition("/")[0])
        if action == "GetCallerIdentity":
            return _sts_answer(action, f"<Arn>{form['Version']}</Arn><UserId>u</UserId><Account>{ACCOUNT}</Account>")
        if "SerialNumber" in form and form.get("TokenCode") != self.mfa_code:
            return sts_error(
                403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code."
            )
        name = form.get("RoleSessionName", "session")
        user = f"<AssumedRoleUser><Arn>arn:aws:sts::{ACCOUNT}:assumed-role/r/{name}</Arn></AssumedRoleUser>"
        return _sts_answer(action, self._sts_credentials() + ("" if action == "GetSessionToken" else user))

    def _sts_credentials(self) -> str:
        number = sum(self.calls.values())
        return (
            f"<Credentials><AccessKeyId>ASIAROLE{number}</AccessKeyId><SecretAccessKey>ROLE-SECRET-KEY</SecretAccessKey>"
            f"<SessionToken>ROLE-SECRET-SESSION</SessionToken><Expiration>{later(self.role_seconds)}</Expiration>"
            "</Credentials>"
        )

    # IAM Identity Center: REST and JSON

    def _authorized(self, request: Received) -> bool:
        return request.headers.get("x-amz-sso_bearer_token") == self.sso_token

    def _role_credentials(self, request: Received) -> Answer:
        self.calls["GetRoleCredentials"] += 1
        if not self._authorized(request):
            return _error(401, "UnauthorizedException", "Session token not found or invalid")
        if request.query["role_name"] != ["Admin"] or request.query["account_id"] != [ACCOUNT]:
            return _error(403, "ForbiddenException", "No access")
        expires = datetime.now(timezone.utc) + timedelta(seconds=self.role_seconds)
        keys = {
            "accessKeyId": f"ASIASSO{self.calls['GetRoleCredentials']}",
            "secretAccessKey": "SSO-SECRET-KEY",
            "sessionToken": "SSO-SECRET-SESSION",
            "expiration": int(expires.timestamp() * 1000),
        }
        return answer(200, {"roleCredentials": keys})

    def _list_accounts(self, request: Received) -> Answer:
        self.calls["ListAccounts"] += 1
        if not self._authorized(request):
            return _error(401, "UnauthorizedException", "Session token not found or invalid")
        at = int(request.query.get("next_token", ["0"])[0])  # one account a page
        more = {"nextToken": str(at + 1)} if at + 1 < len(self.accounts) else {}
        return answer(200, {"accountList": self.accounts[at : at + 1], **more})

    def _list_roles(self, request: Received) -> Answer:
        self.calls["ListAccountRoles"] += 1
        account = request.query["account_id"][0]
        return answer(200, {"roleList": [{"roleName": name, "accountId": account} for name in self.roles]})

    def _logout(self, request: Received) -> Answer:
        self.calls["Logout"] += 1
        return answer(200) if self._authorized(request) else _error(401, "UnauthorizedException", "unknown token")

    # SSO OIDC

    def _register(self, request: Received) -> Answer:
        self.calls["RegisterClient"] += 1
        asked = request.json
        if not asked["clientName"].startswith("botocore-client-") or asked["clientType"] != "public":
            return _error(400, "InvalidClientMetadataException", "bad registration")
        if "grantTypes" in asked and asked["redirectUris"] != ["http://127.0.0.1/oauth/callback"]:
            return _error(400, "InvalidRedirectUriException", "bad redirect")
        expires = int(datetime.now(timezone.utc).timestamp()) + 90 * 86400
        return answer(200, {"clientId": "client", "clientSecret": "CLIENT-SECRET", "clientSecretExpiresAt": expires})

    def _device(self, request: Received) -> Answer:
        self.calls["StartDeviceAuthorization"] += 1
        if request.json != {"clientId": "client", "clientSecret": "CLIENT-SECRET", "startUrl": START_URL}:
            return _error(400, "InvalidRequestException", "bad device authorization")
        page = "https://device.sso.us-east-1.amazonaws.com/"
        return answer(
            200,
            {
                "deviceCode": "device",
                "userCode": "ABCD-EFGH",
                "verificationUri": page,
                "verificationUriComplete": f"{page}?user_code=ABCD-EFGH",
                "expiresIn": 600,
                "interval": 1,
            },
        )

    def _sso_create_token(self, request: Received) -> Answer:
        self.calls["CreateToken"] += 1
        asked = request.json
        if (asked["clientId"], asked["clientSecret"]) != ("client", "CLIENT-SECRET"):
            return _error(401, "InvalidClientException", "unknown client")
        grant = asked["grantType"]
        if grant == "refresh_token" and asked["refreshToken"] != "REFRESH-SECRET":
            return _error(400, "InvalidGrantException", "bad refresh token")
        if grant == "authorization_code" and not (asked["code"] == "AUTH-CODE" and len(asked["codeVerifier"]) == 64):
            return _error(400, "InvalidGrantException", "bad code")
        if grant == "urn:ietf:params:oauth:grant-type:device_code":
            if self.device_expired:
                return _error(400, "ExpiredTokenException", "the device code is old")
            if self.pending:
                self.pending -= 1
                return _error(400, "SlowDownException" if self.slow_down else "AuthorizationPendingException", "wait")
        return answer(
            200, {"accessToken": self.sso_token, "expiresIn": 28800, "refreshToken": "REFRESH-SECRET", "tokenType": "B"}
        )

    # Console sign-in

    def _sign_in(self, request: Received) -> Answer:
        self.calls["CreateOAuth2Token"] += 1
        asked = request.json
        problem = dpop_problem(request)
        if problem:
            return _error(400, "ValidationException", problem)
        if self.login_error:
            return answer(
                403,
                {"error": self.login_error, "message": "denied"},
                {"x-amzn-ErrorType": "AccessDeniedException", "Content-Type": "application/json"},
            )
        if asked["grantType"] == "refresh_token" and asked["refreshToken"] != "LOGIN-REFRESH-SECRET":
            return _error(400, "ValidationException", "bad refresh token")
        payload = base64.urlsafe_b64encode(json.dumps({"sub": LOGIN_SESSION}).encode()).rstrip(b"=").decode()
        return answer(
            200,
            {
                "accessToken": {
                    "accessKeyId": f"ASIALOGIN{self.calls['CreateOAuth2Token']}",
                    "secretAccessKey": "LOGIN-SECRET-KEY",
                    "sessionToken": "LOGIN-SECRET-SESSION",
                },
                "tokenType": "aws_sigv4",
                "expiresIn": 900,
                "refreshToken": "LOGIN-REFRESH-SECRET",
                "idToken": f"e30.{payload}.c2ln",
            },
        )

    # Metadata services

    def _imds(self, request: Received) -> Answer:
        self.calls[f"{request.method} {request.path}"] += 1
        if request.path == "/latest/api/token":
            if request.method != "PUT" or request.headers.get("x-aws-ec2-metadata-token-ttl-seconds") != "21600":
                return answer(400)
            return answer(self.imds_token_status, "IMDS-SECRET-TOKEN")
        token = request.headers.get("x-aws-ec2-metadata-token")
        if token != ("IMDS-SECRET-TOKEN" if self.imds_token_status == 200 else None):
            return answer(401)
        if self.imds_garbage is not None:
            return answer(200, self.imds_garbage)
        if request.path == "/latest/meta-data/placement/availability-zone/":
            return answer(200, "eu-north-1b")
        if self.imds_role is None or not request.path.startswith(METADATA_ROLE):
            return answer(404)
        if request.path == METADATA_ROLE:
            return answer(200, self.imds_role)
        return answer(200, _metadata_keys("ASIAIMDS", self.imds_expiration or later(6 * 3600)))

    def _container(self, request: Received) -> Answer:
        self.calls["container"] += 1
        if request.headers.get("Authorization") != self.container_authorization:
            return answer(401, "who are you?")
        if self.container_failures:
            self.container_failures -= 1
            return answer(500, "not now")
        return answer(200, {**_metadata_keys("ASIACONTAINER", later()), "AccountId": ACCOUNT})


def _metadata_keys(access_key: str, expiration: str) -> dict[str, str]:
    return {
        "Code": "Success",
        "AccessKeyId": access_key,
        "SecretAccessKey": "METADATA-SECRET-KEY",
        "Token": "METADATA-SECRET-SESSION",
        "Expiration": expiration,
    }


def _sts_answer(action: str, result: str) -> Answer:
    space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    body = f"<{action}Response {space}><{action}Result>{result}</{action}Result></{action}Response>"
    return answer(200, body, {"Content-Type": "text/xml"})


def sts_error(status: int, code: str, message: str) -> Answer:
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return answer(status, body, {"Content-Type": "text/xml"})


def _error(status: int, code: str, message: str) -> Answer:
    headers = {"x-amzn-ErrorType": code, "Content-Type": "application/json"}
    return answer(status, {"message": message}, headers)


def dpop_problem(request: Received) -> str | None:
    """What is wrong with the request's proof of possession (RFC 9449); None for a good one."""
    parts = request.headers.get("DPoP", "").split(".")
    if len(parts) != 3:
        return "no proof"
    header, payload = (json.loads(_decode(part)) for part in parts[:2])
    jwk = header["jwk"]
    if (header["typ"], header["alg"], jwk["crv"]) != ("dpop+jwt", "ES256", "P-256"):
        return f"bad header {header}"
    if payload["htm"] != "POST" or urlsplit(payload["htu"]).path != request.path or not payload["jti"]:
        return f"bad payload {payload}"
    x, y = (int.from_bytes(_decode(jwk[name]), "big") for name in "xy")
    signature = _decode(parts[2])
    der = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    key.verify(der, f"{parts[0]}.{parts[1]}".encode(), ec.ECDSA(hashes.SHA256()))
    return None


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def query_of(url: str) -> dict[str, Any]:
    """The parameters of a page to sign in at."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

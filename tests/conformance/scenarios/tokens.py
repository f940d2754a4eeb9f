"""Tokens to log in with: ecr, ecr-public, rds, dsql, and what git asks of codecommit."""

import base64

from side_by_side import Scenario

SESSION = {"AWS_SESSION_TOKEN": "session/token+=="}
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
REFUSED = ((400, {"__type": "ServerException", "message": "out of order"}),)
DENIED = ((403, {"__type": "AccessDeniedException", "message": "not for you"}),)


def _ecr(token: str) -> tuple[tuple[int, object], ...]:
    encoded = base64.b64encode(token.encode()).decode()
    return ((200, {"authorizationData": [{"authorizationToken": encoded, "proxyEndpoint": "https://r"}]}),)


def _public(token: str) -> tuple[tuple[int, object], ...]:
    return ((200, {"authorizationData": {"authorizationToken": base64.b64encode(token.encode()).decode()}}),)


_RDS = "rds generate-db-auth-token"
_DSQL = "dsql generate-db-connect-auth-token"
_ADMIN = "dsql generate-db-connect-admin-auth-token"
_GIT = "codecommit credential-helper"
_ASKED = "protocol=https\nhost=git-codecommit.us-west-2.amazonaws.com\npath=v1/repos/r\n"


def _asked(host: str, path: str = "v1/repos/r", protocol: str = "https") -> str:
    return f"protocol={protocol}\nhost={host}\npath={path}\n"


_ANSWER = "an answer without a password is told in plain words"
_COLON = "a password may hold a colon"
_CRASHES = "AWS CLI v2 crashes; told as by any other command"
_STRICTER = "the whole host name has to be CodeCommit's before credentials are given"

SCENARIOS = (
    Scenario("ecr password", ("ecr get-login-password",), _ecr("AWS:pass/word=")),
    Scenario("ecr region", ("ecr get-login-password --region eu-west-1",), _ecr("AWS:pw")),
    Scenario(
        "ecr endpoint url",
        ("ecr get-login-password --endpoint-url {url}",),
        _ecr("AWS:pw"),
        env={"AWS_ENDPOINT_URL": None},
    ),
    Scenario("ecr query is of no use", ("ecr get-login-password --query x --output table",), _ecr("AWS:pw")),
    Scenario("ecr two colons", ("ecr get-login-password",), _ecr("AWS:p:w"), differs=_COLON),
    Scenario("ecr no colon", ("ecr get-login-password",), _ecr("AWS"), differs=_ANSWER),
    Scenario("ecr no data", ("ecr get-login-password",), ((200, {"authorizationData": []}),), differs=_ANSWER),
    Scenario("ecr nothing", ("ecr get-login-password",), ((200, {}),), differs=_ANSWER),
    Scenario(
        "ecr no base64",
        ("ecr get-login-password",),
        ((200, {"authorizationData": [{"authorizationToken": "a"}]}),),
        differs=_ANSWER,
    ),
    Scenario(
        "ecr no text",
        ("ecr get-login-password",),
        ((200, {"authorizationData": [{"authorizationToken": "/w=="}]}),),
        differs=_ANSWER,
    ),
    Scenario("ecr no token", ("ecr get-login-password",), ((200, {"authorizationData": [{}]}),), differs=_ANSWER),
    Scenario("ecr denied", ("ecr get-login-password",), DENIED),
    Scenario("ecr refused", ("ecr get-login-password",), REFUSED),
    Scenario("ecr no region", ("ecr get-login-password",), env={"AWS_DEFAULT_REGION": None}),
    Scenario("ecr no credentials", ("ecr get-login-password",), env=NO_KEYS),
    Scenario("ecr unknown option", ("ecr get-login-password --no-include-email",)),
    Scenario("ecr get-login is no more", ("ecr get-login",)),
    Scenario("ecr unsigned", ("ecr get-login-password --no-sign-request",), _ecr("AWS:pw")),
    Scenario("ecr unreachable", ("ecr get-login-password",), env={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}),
    Scenario("ecr-public password", ("ecr-public get-login-password",), _public("AWS:pass/word=")),
    Scenario("ecr-public region", ("ecr-public get-login-password --region eu-west-1",), _public("AWS:pw")),
    Scenario("ecr-public two colons", ("ecr-public get-login-password",), _public("AWS:p:w"), differs=_COLON),
    Scenario("ecr-public nothing", ("ecr-public get-login-password",), ((200, {}),), differs=_ANSWER),
    Scenario("ecr-public denied", ("ecr-public get-login-password",), DENIED),
    #
    Scenario("rds token", (f"{_RDS} --hostname h --port 3306 --username u",)),
    Scenario("rds session token", (f"{_RDS} --hostname h --port 3306 --username u",), env=SESSION),
    Scenario("rds capitals", (f"{_RDS} --hostname H.Ex --port 3306 --username u",)),
    Scenario("rds port 443", (f"{_RDS} --hostname h --port 443 --username u",)),
    Scenario("rds port 80", (f"{_RDS} --hostname h --port 80 --username u",)),
    Scenario("rds port zero", (f"{_RDS} --hostname h --port 0 --username u",)),
    Scenario("rds port negative", (f"{_RDS} --hostname h --port -5 --username u",)),
    Scenario("rds port is text", (f"{_RDS} --hostname h --port x --username u",)),
    Scenario("rds port too big", (f"{_RDS} --hostname h --port 99999 --username u",)),
    Scenario("rds port with spaces", (f"{_RDS} --hostname h --port ' 5432 ' --username u",)),
    Scenario("rds odd user", ((*_RDS.split(), "--hostname", "h", "--port", "1", "--username", "u/ x@é&a=b"),)),
    Scenario("rds empty user", ((*_RDS.split(), "--hostname", "h", "--port", "1", "--username", ""),)),
    Scenario("rds with a scheme", (f"{_RDS} --hostname http://h --port 1 --username u",)),
    Scenario("rds with a path", (f"{_RDS} --hostname h/p --port 1 --username u",)),
    Scenario("rds IPv6", (f"{_RDS} --hostname [::1] --port 5 --username u",)),
    Scenario("rds region", (f"{_RDS} --hostname h --port 1 --username u --region eu-central-1",)),
    Scenario(
        "rds empty region", ((*_RDS.split(), "--hostname", "h", "--port", "1", "--username", "u", "--region", ""),)
    ),
    Scenario("rds no region", (f"{_RDS} --hostname h --port 1 --username u",), env={"AWS_DEFAULT_REGION": None}),
    Scenario("rds no credentials", (f"{_RDS} --hostname h --port 1 --username u",), env=NO_KEYS),
    Scenario("rds unsigned", (f"{_RDS} --hostname h --port 80 --username u --no-sign-request",)),
    Scenario("rds hostname missing", (f"{_RDS} --port 80 --username u",)),
    Scenario("rds all missing", (_RDS,)),
    Scenario("rds unknown option", (f"{_RDS} --hostname h --port 80 --username u --expires-in 5",)),
    Scenario("rds abbreviated", (f"{_RDS} --host h --po 80 --user u",)),
    Scenario("rds user from a file", (f"{_RDS} --hostname h --port 80 --username file://u",), files={"u": "me"}),
    Scenario("rds user from no file", (f"{_RDS} --hostname h --port 80 --username file://u",)),
    Scenario(
        "rds profile",
        (f"{_RDS} --hostname h --port 80 --username u --profile p",),
        env={**NO_KEYS, "AWS_DEFAULT_REGION": None},
        files={".aws/config": "[profile p]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-north-1\n"},
    ),
    #
    Scenario("dsql token", (f"{_DSQL} --hostname test.example.com",)),
    Scenario("dsql admin", (f"{_ADMIN} --hostname test.example.com",)),
    Scenario("dsql session token", (f"{_ADMIN} --hostname test.example.com",), env=SESSION),
    Scenario("dsql with a scheme", (f"{_DSQL} --hostname http://test.example.com",)),
    Scenario("dsql https and a path", (f"{_DSQL} --hostname https://test.example.com/p?x=1",)),
    Scenario("dsql expires", (f"{_DSQL} --hostname h --expires-in 3600",)),
    Scenario("dsql expires never", (f"{_DSQL} --hostname h --expires-in 0",)),
    Scenario("dsql expired", (f"{_DSQL} --hostname h --expires-in -5",)),
    Scenario("dsql expires text", (f"{_DSQL} --hostname h --expires-in x",)),
    Scenario("dsql capitals and port", (f"{_DSQL} --hostname H.Ex:443",)),
    Scenario("dsql region", (f"{_DSQL} --hostname h --region eu-west-1",)),
    Scenario("dsql no region", (f"{_DSQL} --hostname h",), env={"AWS_DEFAULT_REGION": None}),
    Scenario("dsql no hostname", (_DSQL,)),
    Scenario("dsql admin no hostname", (_ADMIN,)),
    Scenario("dsql no credentials", (f"{_DSQL} --hostname h",), env=NO_KEYS),
    Scenario("dsql unsigned", (f"{_DSQL} --hostname h --no-sign-request",)),
    #
    Scenario("codecommit get", (f"{_GIT} get",), stdin=_ASKED),
    Scenario("codecommit session token", (f"{_GIT} get",), stdin=_ASKED, env=SESSION),
    Scenario("codecommit fips", (f"{_GIT} get",), stdin=_asked("git-codecommit-fips.us-west-2.amazonaws.com")),
    Scenario(
        "codecommit vpce", (f"{_GIT} get",), stdin=_asked("vpce-0a-b.git-codecommit.us-east-2.vpce.amazonaws.com")
    ),
    Scenario("codecommit china", (f"{_GIT} get",), stdin=_asked("git-codecommit.cn-north-1.amazonaws.com.cn")),
    Scenario(
        "codecommit more fields", (f"{_GIT} get",), stdin=_ASKED + 'capability[]=authtype\nwwwauth[]=Basic realm="x"\n'
    ),
    Scenario(
        "codecommit blank line", (f"{_GIT} get",), stdin="protocol=https\n\n" + _ASKED.removeprefix("protocol=https\n")
    ),
    Scenario("codecommit port", (f"{_GIT} get",), stdin=_asked("git-codecommit.us-west-2.amazonaws.com:8443")),
    Scenario("codecommit odd path", (f"{_GIT} get",), stdin=_asked("git-codecommit.us-west-2.amazonaws.com", "x y/é")),
    Scenario(
        "codecommit slash", (f"{_GIT} get",), stdin=_asked("git-codecommit.us-west-2.amazonaws.com", "/v1/repos/r")
    ),
    Scenario(
        "codecommit path with a query",
        (f"{_GIT} get",),
        stdin=_asked("git-codecommit.us-west-2.amazonaws.com", "v1?x=1#y"),
    ),
    Scenario(
        "codecommit http", (f"{_GIT} get",), stdin=_asked("git-codecommit.us-west-2.amazonaws.com", protocol="http")
    ),
    Scenario("codecommit github", (f"{_GIT} get",), stdin=_asked("github.com")),
    Scenario("codecommit any host", (f"{_GIT} get --ignore-host-check",), stdin=_asked("git.example.com")),
    Scenario(
        "codecommit any host, region",
        (f"{_GIT} get --ignore-host-check --region eu-west-3",),
        stdin=_asked("git.example.com"),
    ),
    Scenario("codecommit the host's region counts", (f"{_GIT} get --region eu-west-3",), stdin=_ASKED),
    Scenario(
        "codecommit another service", (f"{_GIT} get",), stdin=_asked("s3.us-west-2.amazonaws.com"), differs=_STRICTER
    ),
    Scenario(
        "codecommit a longer name",
        (f"{_GIT} get",),
        stdin=_asked("git-codecommit.us-west-2.amazonaws.com.example.com"),
        differs=_STRICTER,
    ),
    Scenario("codecommit a name inside", (f"{_GIT} get",), stdin=_asked("amazon.com.example.net"), differs=_STRICTER),
    Scenario(
        "codecommit no path", (f"{_GIT} get",), stdin="protocol=https\nhost=git-codecommit.us-west-2.amazonaws.com\n"
    ),
    Scenario("codecommit no protocol", (f"{_GIT} get",), stdin="host=git-codecommit.us-west-2.amazonaws.com\npath=x\n"),
    Scenario("codecommit no input", (f"{_GIT} get",)),
    Scenario("codecommit no pair", (f"{_GIT} get",), stdin="protocol\n"),
    Scenario("codecommit carriage returns", (f"{_GIT} get",), stdin=_ASKED.replace("\n", "\r\n")),
    Scenario("codecommit no credentials", (f"{_GIT} get",), stdin=_ASKED, env=NO_KEYS, differs=_CRASHES),
    Scenario(
        "codecommit no region",
        (f"{_GIT} get --ignore-host-check",),
        stdin=_asked("git.example.com"),
        env={"AWS_DEFAULT_REGION": None},
        differs=_CRASHES,
    ),
    Scenario("codecommit store", (f"{_GIT} store",), stdin=_ASKED),
    Scenario("codecommit erase", (f"{_GIT} erase",), stdin=_ASKED),
    Scenario("codecommit capability", (f"{_GIT} capability",)),
    Scenario("codecommit bare", (_GIT,)),
    Scenario("codecommit words too many", (f"{_GIT} get x",), stdin=_ASKED),
    Scenario("codecommit store words too many", (f"{_GIT} store --x",), stdin=_ASKED),
)

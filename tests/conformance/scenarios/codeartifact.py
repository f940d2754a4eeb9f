"""codeartifact login: what it writes, runs and says for each tool."""

from side_by_side import File, Reply, Scenario

_ENDPOINT = "https://dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/{format}/repo/"
_TOKEN = "eyJ.TOK/en%1=="
_EXPIRES = 1767366000  # 2026-01-02T15:00:00Z, somewhat less than 12 hours after the clock of the scenarios


def _answers(
    format_: str, *, token: str = _TOKEN, expires: float = _EXPIRES, endpoint: str = _ENDPOINT
) -> tuple[Reply, Reply]:
    return (
        (200, {"authorizationToken": token, "expiration": expires}),
        (200, {"repositoryEndpoint": endpoint.format(format=format_)}),
    )


_REFUSED = (403, {"message": "not for you"}, {"x-amzn-ErrorType": "AccessDeniedException"})
# The words as they came; the program's own path is not among them.
_SEEN = 'umask 022; printf "%s|" "$@" >> {home}/calls; echo >> {home}/calls\n'
_LOGIN = "codeartifact login --domain dom --repository repo --tool"
_ONLY = {"PATH": "{home}/../bin"}
_SOURCES = """cat <<'END'
Registered Sources:

  1.  nuget.org [Enabled]
      https://api.nuget.org/v3/index.json
{more}
END
"""
_NUGET_URL = _ENDPOINT.format(format="nuget") + "v3/index.json"


def _sources(tool: str, more: str = "", then: str = "") -> str:
    """A stand-in that lists sources, and records what else it is told."""
    listing = _SOURCES.replace("{more}", more)
    return _SEEN + f'case "$*" in *list*) {listing};; *) {then or ":"};; esac\n'


_LINK = "a link stays a link"
_SHOWN = "the token is hidden in what a failing tool says"
_NPMRC = ".npmrc"
_PYPIRC = "[distutils]\nindex-servers =\n    pypi\n    other\n\n[pypi]\nusername: Me\n# kept by nobody\nPassword=x\n\n[other]\nrepository=https://o/\n"

PIP = (
    Scenario("codeartifact pip", (f"{_LOGIN} pip",), _answers("pypi"), tools={"pip": _SEEN}),
    Scenario("codeartifact pip dry run", (f"{_LOGIN} pip --dry-run",), _answers("pypi")),
    Scenario("codeartifact pip missing", (f"{_LOGIN} pip",), _answers("pypi"), tools={"x": ""}, env=_ONLY),
    Scenario(
        "codeartifact pip fails", (f"{_LOGIN} pip",), _answers("pypi"), tools={"pip": _SEEN + "echo no >&2; exit 2\n"}
    ),
    Scenario("codeartifact pip fails silently", (f"{_LOGIN} pip",), _answers("pypi"), tools={"pip": "exit 2\n"}),
    Scenario(
        "codeartifact pip repeats the token",
        (f"{_LOGIN} pip",),
        _answers("pypi"),
        tools={"pip": 'echo "bad $4" >&2; exit 2\n'},
        differs=_SHOWN,
    ),
    Scenario("codeartifact pip killed", (f"{_LOGIN} pip",), _answers("pypi"), tools={"pip": "kill -9 $$\n"}),
    Scenario(
        "codeartifact pip not to be run",
        (f"{_LOGIN} pip",),
        _answers("pypi"),
        prepare=lambda home, url: _unrunnable(home),
        env={"PATH": "{home}/none"},
    ),
    Scenario(
        "codeartifact pip owner and duration",
        (f"{_LOGIN} pip --domain-owner 111122223333 --duration-seconds 900 --endpoint-type ipv4",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip duration of zero",
        (f"{_LOGIN} pip --duration-seconds 0",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario("codeartifact pip duration of text", (f"{_LOGIN} pip --duration-seconds x",)),
    Scenario(
        "codeartifact pip duration too short",
        (f"{_LOGIN} pip --duration-seconds 5",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip duration too long",
        (f"{_LOGIN} pip --duration-seconds 50000",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip duration negative",
        (f"{_LOGIN} pip --duration-seconds -1",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario("codeartifact pip namespace", (f"{_LOGIN} pip --namespace n",), _answers("pypi")),
    Scenario(
        "codeartifact pip wrong endpoint type",
        (f"{_LOGIN} pip --endpoint-type ipv9",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip expired", (f"{_LOGIN} pip",), _answers("pypi", expires=1767323000), tools={"pip": _SEEN}
    ),
    Scenario(
        "codeartifact pip one minute",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 60),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip an hour",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 3600),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip nearly 12 hours",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 43171),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip days",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 3 * 86400 + 3700),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip a month and more",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 40 * 86400),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip years",
        (f"{_LOGIN} pip",),
        _answers("pypi", expires=1767323045 + 800 * 86400),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip fraction", (f"{_LOGIN} pip",), _answers("pypi", expires=1767366000.25), tools={"pip": _SEEN}
    ),
    Scenario("codeartifact pip token refused", (f"{_LOGIN} pip",), (_REFUSED,)),
    Scenario("codeartifact pip endpoint refused", (f"{_LOGIN} pip",), (_answers("pypi")[0], _REFUSED)),
    Scenario(
        "codeartifact pip in a local index",
        (f"{_LOGIN} pip",),
        _answers("pypi", endpoint="http://127.0.0.1:9/pypi/repo/"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact pip no credentials",
        (f"{_LOGIN} pip",),
        env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    ),
    Scenario("codeartifact no tool", ("codeartifact login --domain d --repository r",)),
    Scenario("codeartifact nothing", ("codeartifact login",)),
    Scenario("codeartifact wrong tool", (f"{_LOGIN} cargo",)),
    Scenario("codeartifact tool in capitals", (f"{_LOGIN} PIP",)),
    Scenario(
        "codeartifact region",
        (f"{_LOGIN} pip --region eu-west-1 --endpoint-url {{url}}",),
        _answers("pypi"),
        tools={"pip": _SEEN},
    ),
    Scenario(
        "codeartifact real pip",
        (f"{_LOGIN} pip",),
        _answers("pypi"),
        differs="a file that the token stands in is private",
    ),
)
NPM = (
    Scenario("codeartifact npm", (f"{_LOGIN} npm",), _answers("npm"), tools={"npm": _SEEN}),
    Scenario("codeartifact npm dry run", (f"{_LOGIN} npm --dry-run",), _answers("npm"), tools={"npm": _SEEN}),
    Scenario("codeartifact npm dry run with a scope", (f"{_LOGIN} npm --dry-run --namespace @ns",), _answers("npm")),
    Scenario("codeartifact npm scope", (f"{_LOGIN} npm --namespace ns",), _answers("npm"), tools={"npm": _SEEN}),
    Scenario(
        "codeartifact npm scope in capitals", (f"{_LOGIN} npm --namespace @NS",), _answers("npm"), tools={"npm": _SEEN}
    ),
    Scenario("codeartifact npm odd scope", (f"{_LOGIN} npm --namespace a/b",), _answers("npm"), tools={"npm": _SEEN}),
    Scenario("codeartifact npm empty scope", (f"{_LOGIN} npm --namespace=",), _answers("npm"), tools={"npm": _SEEN}),
    Scenario(
        "codeartifact npm always-auth fails",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN + 'case "$*" in *always-auth*) exit 1;; esac\n'},
    ),
    Scenario(
        "codeartifact npm fails", (f"{_LOGIN} npm",), _answers("npm"), tools={"npm": _SEEN + "echo no >&2; exit 1\n"}
    ),
    Scenario("codeartifact npm missing", (f"{_LOGIN} npm",), _answers("npm"), tools={"x": ""}, env=_ONLY),
    Scenario(
        "codeartifact npm old token",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={
            _NPMRC: "a=b\n//dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo/:_authToken=old\nc = d"
        },
    ),
    Scenario(
        "codeartifact npm old tokens",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={
            _NPMRC: '//dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo/:_authToken=old\n//dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo/:_authToken = "old"\n'
        },
    ),
    Scenario(
        "codeartifact npm other lines",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={_NPMRC: File("; mine\n//other/:_authToken=x\nregistry=https://r/", 0o644)},
    ),
    Scenario(
        "codeartifact npm carriage returns",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={_NPMRC: "a=b\r\nc=d\r\n"},
    ),
    Scenario(
        "codeartifact npm empty file", (f"{_LOGIN} npm",), _answers("npm"), tools={"npm": _SEEN}, files={_NPMRC: ""}
    ),
    Scenario(
        "codeartifact npm commented token",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={
            _NPMRC: "# //dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo/:_authToken=old\n  //dom-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/repo/:_authToken=old\n"
        },
    ),
    Scenario(
        "codeartifact npm link",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={"real": "a=b\n"},
        links={_NPMRC: "{home}/real"},
        differs=_LINK,
    ),
    Scenario(
        "codeartifact npm userconfig",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"NPM_CONFIG_USERCONFIG": "{home}/other"},
    ),
    Scenario(
        "codeartifact npm userconfig in small letters",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"npm_config_userconfig": "{home}/other"},
    ),
    Scenario(
        "codeartifact npm userconfig of both spellings",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"npm_config_userconfig": "{home}/small", "NPM_CONFIG_USERCONFIG": "{home}/big"},
    ),
    Scenario(
        "codeartifact npm userconfig with a tilde",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"NPM_CONFIG_USERCONFIG": "~/other"},
    ),
    Scenario(
        "codeartifact npm userconfig in no folder",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"NPM_CONFIG_USERCONFIG": "{home}/no/such/file"},
    ),
    Scenario(
        "codeartifact npm userconfig empty",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        env={"NPM_CONFIG_USERCONFIG": ""},
    ),
    Scenario(
        "codeartifact npm file that is no text",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={_NPMRC: b"\xff\n"},
    ),
    Scenario(
        "codeartifact npm odd line breaks",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={_NPMRC: "a=b\n\n\nc=d\u2028e\x0cf\n\n"},
    ),
    Scenario(
        "codeartifact npm folder in the way",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        tools={"npm": _SEEN},
        files={".npmrc/x": ""},
    ),
    Scenario(
        "codeartifact npm twice",
        (f"{_LOGIN} npm", f"{_LOGIN} npm"),
        (*_answers("npm"), *_answers("npm", token="second")),
        tools={"npm": _SEEN},
    ),
    Scenario(
        "codeartifact npm port",
        (f"{_LOGIN} npm",),
        _answers("npm", endpoint="http://127.0.0.1:4873/npm/repo/"),
        tools={"npm": _SEEN},
    ),
    Scenario(
        "codeartifact npm no slash at the end",
        (f"{_LOGIN} npm",),
        _answers("npm", endpoint="https://h/npm/repo"),
        tools={"npm": _SEEN},
    ),
    Scenario(
        "codeartifact real npm",
        (f"{_LOGIN} npm",),
        _answers("npm"),
        stop_clock=False,
        blur=((r"expires in .* at", "expires in ... at"),),
    ),
)
TWINE = (
    Scenario("codeartifact twine", (f"{_LOGIN} twine",), _answers("pypi")),
    Scenario("codeartifact twine dry run", (f"{_LOGIN} twine --dry-run",), _answers("pypi")),
    Scenario(
        "codeartifact twine twice",
        (f"{_LOGIN} twine", f"{_LOGIN} twine"),
        (*_answers("pypi"), *_answers("pypi", token="second")),
    ),
    Scenario("codeartifact twine old file", (f"{_LOGIN} twine",), _answers("pypi"), files={".pypirc": _PYPIRC}),
    Scenario(
        "codeartifact twine old file, dry run",
        (f"{_LOGIN} twine --dry-run",),
        _answers("pypi"),
        files={".pypirc": _PYPIRC},
    ),
    Scenario(
        "codeartifact twine one line of servers",
        (f"{_LOGIN} twine",),
        _answers("pypi"),
        files={".pypirc": "[distutils]\nindex-servers = pypi\n"},
    ),
    Scenario(
        "codeartifact twine listed, no section",
        (f"{_LOGIN} twine",),
        _answers("pypi"),
        files={".pypirc": "[distutils]\nindex-servers =\n codeartifact\n"},
    ),
    Scenario(
        "codeartifact twine no distutils",
        (f"{_LOGIN} twine",),
        _answers("pypi"),
        files={".pypirc": "[pypi]\nusername: a\n"},
    ),
    Scenario(
        "codeartifact twine no servers", (f"{_LOGIN} twine",), _answers("pypi"), files={".pypirc": "[distutils]\n"}
    ),
    Scenario("codeartifact twine empty file", (f"{_LOGIN} twine",), _answers("pypi"), files={".pypirc": ""}),
    Scenario(
        "codeartifact twine broken file", (f"{_LOGIN} twine",), _answers("pypi"), files={".pypirc": "no section\n"}
    ),
    Scenario(
        "codeartifact twine a section twice",
        (f"{_LOGIN} twine",),
        _answers("pypi"),
        files={".pypirc": "[distutils]\nindex-servers=\n a\n[distutils]\n"},
    ),
    Scenario("codeartifact twine namespace", (f"{_LOGIN} twine --namespace n",), _answers("pypi")),
    Scenario(
        "codeartifact twine link",
        (f"{_LOGIN} twine",),
        _answers("pypi"),
        files={"real": _PYPIRC},
        links={".pypirc": "{home}/real"},
    ),
)
NUGET = (
    Scenario("codeartifact nuget", (f"{_LOGIN} nuget",), _answers("nuget"), tools={"nuget": _sources("nuget")}),
    Scenario(
        "codeartifact nuget dry run",
        (f"{_LOGIN} nuget --dry-run",),
        _answers("nuget"),
        tools={"nuget": _sources("nuget")},
    ),
    Scenario(
        "codeartifact nuget known URL",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": _sources("nuget", f"  2.  mine and more [Disabled]\n      {_NUGET_URL}")},
    ),
    Scenario(
        "codeartifact nuget known name",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": _sources("nuget", "  2.  dom/repo [Enabled]\n      https://else/")},
    ),
    Scenario(
        "codeartifact nuget list fails",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": "echo no >&2; exit 4\n"},
    ),
    Scenario(
        "codeartifact nuget add fails",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": _sources("nuget", then="echo no >&2; exit 4")},
    ),
    Scenario(
        "codeartifact nuget repeats the token",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": _sources("nuget", then='echo "$*" >&2; exit 4')},
        differs=_SHOWN,
    ),
    Scenario("codeartifact nuget missing", (f"{_LOGIN} nuget",), _answers("nuget"), tools={"x": ""}, env=_ONLY),
    Scenario(
        "codeartifact nuget missing, dry run",
        (f"{_LOGIN} nuget --dry-run",),
        _answers("nuget"),
        tools={"x": ""},
        env=_ONLY,
    ),
    Scenario("codeartifact nuget no sources", (f"{_LOGIN} nuget",), _answers("nuget"), tools={"nuget": _SEEN}),
    Scenario(
        "codeartifact nuget last line is a name",
        (f"{_LOGIN} nuget",),
        _answers("nuget"),
        tools={"nuget": 'echo "1. a [Enabled]"\n'},
        differs="told in plain words",
    ),
    Scenario("codeartifact nuget namespace", (f"{_LOGIN} nuget --namespace n",), _answers("nuget")),
    Scenario("codeartifact dotnet", (f"{_LOGIN} dotnet",), _answers("nuget"), tools={"dotnet": _sources("dotnet")}),
    Scenario(
        "codeartifact dotnet dry run",
        (f"{_LOGIN} dotnet --dry-run",),
        _answers("nuget"),
        tools={"dotnet": _sources("dotnet")},
    ),
    Scenario(
        "codeartifact dotnet known URL",
        (f"{_LOGIN} dotnet",),
        _answers("nuget"),
        tools={"dotnet": _sources("dotnet", f"  12.  mine [Enabled]\n      {_NUGET_URL}")},
    ),
    Scenario(
        "codeartifact dotnet add fails",
        (f"{_LOGIN} dotnet",),
        _answers("nuget"),
        tools={"dotnet": _sources("dotnet", then="echo no >&2; exit 4")},
    ),
    Scenario("codeartifact dotnet missing", (f"{_LOGIN} dotnet",), _answers("nuget"), tools={"x": ""}, env=_ONLY),
)
SWIFT = (
    Scenario("codeartifact swift", (f"{_LOGIN} swift",), _answers("swift"), tools={"swift": _SEEN}),
    Scenario("codeartifact swift dry run", (f"{_LOGIN} swift --dry-run",), _answers("swift"), tools={"swift": _SEEN}),
    Scenario(
        "codeartifact swift scope", (f"{_LOGIN} swift --namespace ab-c",), _answers("swift"), tools={"swift": _SEEN}
    ),
    Scenario(
        "codeartifact swift odd scope", (f"{_LOGIN} swift --namespace a_b",), _answers("swift"), tools={"swift": _SEEN}
    ),
    Scenario("codeartifact swift missing", (f"{_LOGIN} swift",), _answers("swift"), tools={"x": ""}, env=_ONLY),
    Scenario(
        "codeartifact swift set fails",
        (f"{_LOGIN} swift",),
        _answers("swift"),
        tools={"swift": _SEEN + "echo no >&2; exit 1\n"},
    ),
    Scenario(
        "codeartifact swift login fails",
        (f"{_LOGIN} swift",),
        _answers("swift"),
        tools={"swift": _SEEN + "test $2 = set || { echo no >&2; exit 1; }\n"},
    ),
    Scenario(
        "codeartifact swift netrc of others",
        (f"{_LOGIN} swift",),
        _answers("swift"),
        tools={"swift": _SEEN},
        files={".netrc": "machine h login l password p"},
    ),
    Scenario(
        "codeartifact swift netrc of its own",
        (f"{_LOGIN} swift",),
        _answers("swift"),
        tools={"swift": _SEEN},
        files={
            ".netrc": "machine h login l password p\nmachine dom-111122223333.d.codeartifact.us-east-1.amazonaws.com login token password old\n"
        },
    ),
    Scenario(
        "codeartifact swift netrc over lines",
        (f"{_LOGIN} swift",),
        _answers("swift"),
        tools={"swift": _SEEN},
        files={
            ".netrc": "machine dom-111122223333.d.codeartifact.us-east-1.amazonaws.com\n  login me\n  password old\n"
        },
    ),
    Scenario(
        "codeartifact swift twice, other token",
        (f"{_LOGIN} swift", f"{_LOGIN} swift"),
        (*_answers("swift"), *_answers("swift", token="second")),
        tools={"swift": _SEEN},
    ),
    Scenario(
        "codeartifact swift twice, same token",
        (f"{_LOGIN} swift", f"{_LOGIN} swift"),
        (*_answers("swift"), *_answers("swift")),
        tools={"swift": _SEEN},
        differs="the same line is not written twice",
    ),
)


def _unrunnable(home: object) -> None:
    import os
    from pathlib import Path

    folder = Path(str(home)) / "none"
    folder.mkdir()
    (folder / "pip").write_text("x")
    os.chmod(folder / "pip", 0o644)


SCENARIOS = (*PIP, *NPM, *TWINE, *NUGET, *SWIFT)

"""The same command lines in AWS CLI v2 and here, against the same scripted server, each in a home of its own.

    SCENARIOS = (
        Scenario("ecr get-login-password", ("ecr get-login-password",), answers=((200, {...}),)),
        ...
    )
    if __name__ == "__main__":
        main(SCENARIOS)

    python tests/conformance/custom_side_by_side.py --aws /path/to/aws [--only WORD …] [--show] [--keep FOLDER]

Compared are stdout, stderr and exit code of each command line, the requests that came, and the files that were left
with their bytes and modes. What differs by nature (the port, the home folder, the program's name) is made the same
first; the clock stands still for both where `faketime` is installed. A scenario that is meant to differ says why in
`differs`, and is listed with its reason; one that says so and does not differ is an error, as any other difference.
Scenarios of a package's own stand in a module of their own: `main` takes the tables of all of them.
"""

import argparse
import difflib
import json
import os
import re
import shlex
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.servers import Answer, CaptureServer, Received, answer, capture_server

PROJECT = Path(__file__).parent.parent.parent
CLOCK = "2026-01-02 03:04:05"  # what both programs take for now
FAKETIME = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
# Headers whose values are the command's doing; the rest (user agent, invocation id …) is compared by other tests.
HEADERS = (
    "content-type",
    "content-md5",
    "host",
    "x-amz-target",
    "x-amz-security-token",
    "content-encoding",
    "authorization",
    "range",
)
# awsmini with the clock standing still: another App, as the library cannot be put under it (it breaks time.sleep).
OURS = """\
import sys
from datetime import datetime, timezone
from awsmini.app import process_app
from awsmini.cli import run_in
now = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=timezone.utc)
sys.exit(run_in(process_app()._replace(now=lambda: now), sys.argv[2:]))
"""
IGNORED = (".aws/cli/cache/session.db*", ".aws/cli/cache/awsmini-sessions/*", ".cache/*", ".npm/*", ".kube/cache/*")
TOOL = "#!/bin/sh\n"

Reply = tuple[Any, ...]  # status, body, and perhaps headers
Responder = Callable[[Received], Answer]


@dataclass(frozen=True)
class File:
    """A file that stands in the home folder before the command runs."""

    content: str | bytes
    mode: int = 0o644


@dataclass(frozen=True)
class Scenario:
    """Command lines in a row, and the world they run in. `{url}` is the server's address, `{home}` the home folder."""

    name: str
    commands: tuple[str | Sequence[str], ...]
    answers: Sequence[Reply] | Responder = ()
    files: Mapping[str, File | str | bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)  # symbolic links, to be made after the files
    tools: Mapping[str, str] = field(
        default_factory=dict
    )  # programs in PATH before all others: shell, after `#!/bin/sh`
    env: Mapping[str, str | None] = field(default_factory=dict)  # None takes a variable away
    stdin: str | bytes = b""
    prepare: Callable[[Path, str], None] | None = None  # further files, made from the home folder and the server's URL
    blur: Sequence[tuple[str, str]] = ()  # regular expressions whose matches differ from run to run
    decode: Callable[[str], str] | None = None  # makes stdout readable: a token, decoded
    ignore: Sequence[str] = ()  # files that may differ, as patterns
    stop_clock: bool = True
    differs: str | None = None  # why awsmini does otherwise


@dataclass
class Seen:
    """What a scenario left behind."""

    outputs: list[tuple[str, str, int]]  # of each command line
    requests: list[str]
    files: dict[str, str]


def run_aws(aws: str, scenario: Scenario) -> Seen:
    """What AWS CLI v2 does, its clock stopped by a library."""
    library = next(filter(os.path.exists, FAKETIME), None)
    if not scenario.stop_clock or not library:
        return run([aws], scenario, {})
    stopped = {"LD_PRELOAD": library, "FAKETIME": CLOCK, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    return run([aws], scenario, stopped)


def run_awsmini(scenario: Scenario) -> Seen:
    """What awsmini does."""
    program = ["-c", OURS, CLOCK] if scenario.stop_clock else ["-m", "awsmini"]
    return run([sys.executable, *program], scenario, {})


def run(program: Sequence[str], scenario: Scenario, clock: Mapping[str, str]) -> Seen:
    """Let one of the two programs live through a scenario."""
    with tempfile.TemporaryDirectory(prefix="side") as folder, capture_server() as server:
        home = Path(folder, "home")
        home.mkdir(mode=0o755)
        _script(server, scenario)
        _furnish(home, scenario, server.url)
        env = {**_environment(home, scenario, server.url), **clock}
        outputs = []
        for line in scenario.commands:
            words = shlex.split(line) if isinstance(line, str) else line
            done = subprocess.run(
                [*program, *(_filled(word, home, server.url) for word in words)],
                input=scenario.stdin.encode() if isinstance(scenario.stdin, str) else scenario.stdin,
                capture_output=True,
                cwd=home,
                env=env,
                timeout=120,
                check=False,
            )
            outputs.append(
                (done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode)
            )
        seen = Seen(outputs, [_request(each) for each in server.requests], _files(home, scenario.ignore))
        return _alike(seen, scenario, home, server.url)


def differences(theirs: Seen, ours: Seen) -> list[str]:
    """The ways in which two runs are unlike, each with a diff."""
    found = []
    for number, (before, after) in enumerate(zip(theirs.outputs, ours.outputs, strict=True)):
        which = f" of command {number + 1}" if len(ours.outputs) > 1 else ""
        for what, one, other in zip(("stdout", "stderr", "exit code"), before, after, strict=True):
            if one != other:
                found.append(f"{what}{which}\n{_diff(str(one), str(other))}")
    if theirs.requests != ours.requests:
        found.append(f"requests\n{_diff(chr(10).join(theirs.requests), chr(10).join(ours.requests))}")
    found += [
        f"file {name}\n{_diff(theirs.files.get(name, '(none)'), ours.files.get(name, '(none)'))}"
        for name in sorted({*theirs.files, *ours.files})
        if theirs.files.get(name) != ours.files.get(name)
    ]
    return found


def main(scenarios: Sequence[Scenario]) -> None:
    """Run them all, and say where the two programs differ. Exit code 1 where one does that is not meant to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--aws", default=os.environ.get("AWS_CLI_V2"), help="AWS CLI v2 (or AWS_CLI_V2 in the environment)"
    )
    parser.add_argument("--only", nargs="*", default=(), help="words of the names of those to run")
    parser.add_argument("--show", action="store_true", help="print what AWS CLI v2 did, and run nothing else")
    parser.add_argument("--keep", type=Path, help="a folder that keeps what AWS CLI v2 did, so that it runs once")
    options = parser.parse_args()
    if not options.aws:
        parser.error("--aws names no AWS CLI v2 to compare with")
    names = [scenario.name for scenario in scenarios]
    assert len(set(names)) == len(names), f"scenarios of one name: {sorted({n for n in names if names.count(n) > 1})}"
    chosen = [each for each in scenarios if all(word in each.name for word in options.only)]
    unlike, meant = 0, []
    for scenario in chosen:
        theirs = _renamed(_theirs(options.aws, scenario, options.keep))
        if options.show:
            print(_shown(scenario, theirs))
            continue
        found = differences(theirs, run_awsmini(scenario))
        if bool(found) != bool(scenario.differs):
            unlike += 1
            print(f"=== {scenario.name}")
            print("\n".join(found) or f"was to differ, and does not: {scenario.differs}", flush=True)
        elif scenario.differs:
            meant.append(f"  {scenario.name}: {scenario.differs}")
    if not options.show:
        print(
            f"{len(chosen)} scenarios: {len(chosen) - unlike - len(meant)} alike, {len(meant)} meant to differ, {unlike} unlike"
        )
        print("\n".join(meant))
        sys.exit(1 if unlike else 0)


def _theirs(aws: str, scenario: Scenario, keep: Path | None) -> Seen:
    """What AWS CLI v2 does, or did when it was asked before."""
    if keep is None:
        return run_aws(aws, scenario)
    path = keep / f"{sha256(repr(_told(scenario)).encode()).hexdigest()[:24]}.json"
    if path.exists():
        kept = json.loads(path.read_text())
        return Seen([(one, two, code) for one, two, code in kept["outputs"]], kept["requests"], kept["files"])
    seen = run_aws(aws, scenario)
    keep.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(seen)))
    return seen


def _told(scenario: Scenario) -> list[Any]:
    """All that makes up a scenario, functions by their code."""
    told: list[Any] = []
    for name, value in vars(scenario).items():
        if name != "differs":
            told.append((name, _code(value) if callable(value) else value))
    return told


def _code(function: Any) -> Any:
    code = getattr(function, "__code__", None)
    if code is None:
        return repr(function)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    constants = [each for each in code.co_consts if isinstance(each, str | bytes | int | tuple)]
    return code.co_code, constants, code.co_names, [_code(each) if callable(each) else each for each in cells]


def _script(server: CaptureServer, scenario: Scenario) -> None:
    if callable(scenario.answers):
        server.always(scenario.answers)
        return
    for status, body, *headers in scenario.answers:
        server.replies(status, body, *headers)
    server.always(lambda request: answer(400, "nothing was scripted for this request"))


def _furnish(home: Path, scenario: Scenario, url: str) -> None:
    for name, file in scenario.files.items():
        file = file if isinstance(file, File) else File(file)
        content = _filled(file.content, home, url).encode() if isinstance(file.content, str) else file.content
        _write(home / name, content, file.mode)
    for name, target in scenario.links.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).symlink_to(_filled(target, home, url))
    for name, script in {"aws": "exit 127\n", **scenario.tools}.items():
        _write(home.parent / "bin" / name, (TOOL + _filled(script, home, url)).encode(), 0o755)
    if scenario.prepare:
        scenario.prepare(home, url)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def _environment(home: Path, scenario: Scenario, url: str) -> dict[str, str]:
    env = {
        "HOME": str(home),
        "PATH": f"{home.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
        "AWS_PAGER": "",
        "AWS_MAX_ATTEMPTS": "1",
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in scenario.env.items():
        env.pop(name, None)
        if value is not None:
            env[name] = _filled(value, home, url)
    return env


def _filled(text: str, home: Path, url: str) -> str:
    return text.replace("{url}", url).replace("{home}", str(home))


def _request(request: Received) -> str:
    """One request as text: its line, the headers that matter, its body."""
    chosen = {name.lower(): value for name, value in request.headers.items() if name.lower() in HEADERS}
    if "authorization" in chosen:  # whose, for which region and service; what is signed depends on the other headers
        found = re.search(r"Credential=([^/]+)/\d+/([^,]+)", chosen["authorization"])
        chosen["authorization"] = found.expand(r"\1 \2") if found else chosen["authorization"].split()[0]
    lines = [f"{request.method} {request.target}", *(f"{name}: {chosen[name]}" for name in sorted(chosen))]
    try:
        body = json.dumps(json.loads(request.body), sort_keys=True)
    except ValueError:
        body = request.body.decode(errors="backslashreplace")
    if chosen.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body = "&".join(sorted(body.split("&")))
    return "\n".join([*lines, body])


def _files(home: Path, ignore: Sequence[str]) -> dict[str, str]:
    """The files below the home folder: mode, and content as text."""
    found = {}
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if path.is_dir() and not path.is_symlink():
            continue
        if any(Path(name).match(pattern) or name.startswith(pattern.rstrip("*")) for pattern in (*IGNORED, *ignore)):
            continue
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
            continue
        content = path.read_bytes().decode(errors="backslashreplace")
        found[name] = f"{stat.S_IMODE(path.stat().st_mode):04o}\n{content}"
    return found


def _alike(seen: Seen, scenario: Scenario, home: Path, url: str) -> Seen:
    """The same without what differs from run to run."""

    def alike(text: str) -> str:
        text = text.replace(str(home), "{home}").replace(str(home.parent), "{folder}")
        text = text.replace(url, "{url}").replace(url.removeprefix("http://"), "{host}")
        for pattern, word in scenario.blur:
            text = re.sub(pattern, word, text)
        return text

    decode = scenario.decode or (lambda text: text)
    return Seen(
        [(alike(decode(out)), alike(err), code) for out, err, code in seen.outputs],
        [alike(request) for request in seen.requests],
        {alike(name): alike(content) for name, content in seen.files.items()},
    )


def _renamed(seen: Seen) -> Seen:
    """What AWS CLI v2 said, by the name of the program here."""

    def renamed(text: str) -> str:
        text = re.sub(r"^aws: ", "awsmini: ", text, flags=re.MULTILINE)
        text = re.sub(r"\busage: aws ", "usage: awsmini ", text)
        text = re.sub(r"^  aws (?=help|<command>)", "  awsmini ", text, flags=re.MULTILINE)
        return re.sub(r"""(by running "|'|Resume with: |^)aws (?=[a-z])""", r"\1awsmini ", text, flags=re.MULTILINE)

    return replace(seen, outputs=[(renamed(out), renamed(err), code) for out, err, code in seen.outputs])


def _diff(one: str, other: str) -> str:
    lines = difflib.unified_diff(one.splitlines(True), other.splitlines(True), "aws", "awsmini", n=1)
    return "".join(line if line.endswith("\n") else f"{line}⏎\n" for line in lines)


def _shown(scenario: Scenario, seen: Seen) -> str:
    parts = [f"=== {scenario.name}"]
    for out, err, code in seen.outputs:
        parts.append(f"--- exit code {code}, stdout:\n{out}--- stderr:\n{err}")
    parts += [f"--- request:\n{request}" for request in seen.requests]
    parts += [f"--- file {name}: {content}" for name, content in seen.files.items()]
    return "\n".join(parts)

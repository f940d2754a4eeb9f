"""Run the scenarios with any AWS CLI, and compare it with awsmini.

    python -m tests.services.s3.side_by_side --peer /path/to/aws --cache peer.json [--only TEXT] [--record FILE]

What the peer did is kept in the cache, so that it need not run again. Not part of the test run: that compares
awsmini with what was recorded (`recorded.jsonl`), without a peer.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

from tests.services.s3.scenarios import EPOCH, FIFO, FOLDER, SCENARIOS, File, Link, Object, Scenario
from tests.services.s3.stand_in import NOW, StandIn, later, seaweed_order

LONG = 100_000  # bytes: content that went to stdout is known by its sum
OWN_WORDS = re.compile(r"AWS_ERROR|AWS_IO|Unknown Error Code|Traceback")
PROGRESS = re.compile(r"Completed [^\r\n]*?remaining( \(calculating\.\.\.\))? *[\r\n]")


def prepare(scenario: Scenario, s3: StandIn, folder: Path) -> None:
    """Files in the folder and objects in S3, as the scenario has them."""
    s3.reset()
    s3.order = seaweed_order if scenario.seaweed else (lambda key: key.encode("utf-8", "surrogateescape"))
    s3.bucket(*scenario.buckets)
    s3.regions["zz"] = "eu-west-1"
    for name, value in scenario.objects.items():
        bucket, _, key = name.partition("/")
        stored = value if isinstance(value, Object) else Object(value.encode() if isinstance(value, str) else value)
        s3.put(bucket, key, stored.content, **{"modified": later(-stored.age), **stored.more})
    for fault in scenario.faults:
        s3.fail(**fault)
    s3.log.clear()
    for name, value in scenario.files.items():
        _make(folder / name, value)


def _make(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, Link):
        path.symlink_to(value.target)
    elif value == FIFO:
        os.mkfifo(path)
    elif value == FOLDER:
        path.mkdir()
    else:
        file = value if isinstance(value, File) else File(value.encode() if isinstance(value, str) else value)
        path.write_bytes(file.content)
        os.utime(path, (EPOCH - file.age, EPOCH - file.age))
        if file.mode is not None:
            path.chmod(file.mode)


def environment(scenario: Scenario, home: Path, url: str) -> dict[str, str]:
    """What the command sees."""
    config = home / "config"
    config.write_text(f"[default]\n{scenario.config}")
    env = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
        "AWS_CLI_HISTORY_FILE": os.devnull,
    }
    if scenario.region is not None:
        env["AWS_DEFAULT_REGION"] = scenario.region
    env |= scenario.env
    return {name: value for name, value in env.items() if value}


def tree(folder: Path) -> dict[str, Any]:
    """What is in the folder: content, and the time of what was not there before."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_dir():
            found[name] = "folder"
        elif path.is_file():
            seconds = path.stat().st_mtime - EPOCH
            when = seconds if abs(seconds) < 1_000_000 else "now"
            content = path.read_bytes()
            found[name] = [len(content), str(content[:16]), f"{zlib.crc32(content):08x}", when]
        else:
            found[name] = "special"
    return found


def observe(stdout: bytes, stderr: bytes, code: int, folder: Path, s3: StandIn) -> dict[str, Any]:
    """What a run did, in a form that does not depend on where and with what it ran."""
    return {
        "code": code,
        "stdout": tidy(stdout, folder, s3.url),
        "stderr": tidy(stderr, folder, s3.url),
        "progress": sorted(set(shapes(stdout))),
        "s3": s3.snapshot(),
        "files": tree(folder),
        "open uploads": len(s3.open_uploads()),
    }


def tidy(output: bytes, folder: Path, url: str) -> list[str]:
    """The lines without progress and padding, sorted (threads end in any order)."""
    if len(output) > LONG:
        return [f"{len(output)} bytes, {zlib.crc32(output):08x}"]
    text = output.decode("utf-8", "backslashreplace").replace(str(folder), "{cwd}").replace(url, "{url}")
    text = text.replace(url.removeprefix("http://"), "{host}")
    text = PROGRESS.sub("", text)
    text = re.sub(r"\.[0-9a-fA-F]{8}'", ".XXXXXXXX'", text)
    text = re.sub(r"X-Amz-(Date|Signature)=\w+|(?<=EXAMPLE%2F)\d{8}", "X", text)
    text = text.replace("awsmini", "aws")
    return sorted(line.rstrip(" \r") for line in text.split("\n") if line.strip(" \r"))


def shapes(output: bytes) -> list[str]:
    """The shapes of progress lines: numbers are N."""
    return [
        re.sub(r"\d+(\.\d+)?", "N", found.group()).rstrip(" \r\n")
        for found in PROGRESS.finditer(output.decode("utf-8", "replace"))
    ]


def run(program: list[str], scenario: Scenario, s3: StandIn, folder: Path) -> dict[str, Any]:
    """The scenario with one program."""
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    home = folder.parent / "home"
    home.mkdir()
    prepare(scenario, s3, folder)
    words = shlex.split(scenario.command.replace("{cwd}", str(folder)))
    done = subprocess.run(
        [*program, *words],
        cwd=folder,
        env=environment(scenario, home, s3.url),
        input=scenario.stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return {**observe(done.stdout, done.stderr, done.returncode, folder, s3), "requests": s3.lines()}


def _peer(program: str, scenario: Scenario, s3: StandIn, folder: Path) -> dict[str, Any]:
    """With the client of its choice; where that one's own words come out, with the other, whose words are S3's."""
    done = run([program], scenario, s3, folder)
    if not OWN_WORDS.search(str(done["stderr"])):
        return done
    section = scenario.config if scenario.config.startswith("s3 =") else f"s3 =\n{scenario.config}"
    classic = scenario._replace(config=f"{section}  preferred_transfer_client = classic\n")
    return {**run([program], classic, s3, folder), "classic": True}


def differences(expected: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """What is not the same, one line a thing."""
    compared = ("code", "stdout", "stderr", "s3", "files", "open uploads")
    return [
        f"  {what}:\n    peer    {expected[what]}\n    awsmini {got[what]}"
        for what in compared
        if expected[what] != got[what]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="the program to compare with")
    parser.add_argument("--cache", type=Path, required=True, help="what the peer did")
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    parser.add_argument("--record", type=Path, help="write what the peer did, for the tests")
    parser.add_argument("--again", action="store_true", help="run the peer although the cache has it")
    asked = parser.parse_args()
    known: dict[str, Any] = json.loads(asked.cache.read_text()) if asked.cache.exists() else {}
    bad = 0
    base = Path(tempfile.mkdtemp(prefix="side-by-side-"))
    with StandIn() as s3:
        for scenario in SCENARIOS:
            if asked.only not in scenario.name:
                continue
            mark = repr(scenario._replace(differs="")).replace(repr(NOW), "")
            mark = str(zlib.crc32(mark.encode("utf-8", "backslashreplace")))
            kept = known.get(scenario.name)
            if kept is not None and "classic" not in kept and OWN_WORDS.search(str(kept["stderr"])) and asked.peer:
                kept = None
            if asked.peer and (asked.again or kept is None or kept["mark"] != mark):
                kept = known[scenario.name] = {**_peer(asked.peer, scenario, s3, base / "at/work"), "mark": mark}
                asked.cache.write_text(json.dumps(known))
            if asked.record or kept is None:
                continue
            got = run([sys.executable, "-m", "awsmini"], scenario, s3, base / "at/work")
            found = differences(kept, got)
            if found:
                bad += not scenario.differs
                print(
                    f"{'DIFFERS' if scenario.differs else 'WRONG'} {scenario.name}: {scenario.command} {scenario.differs}"
                )
                print("\n".join(found), flush=True)
    if asked.record:
        lines = [
            json.dumps(
                {
                    "name": name,
                    **{
                        key: value
                        for key, value in known[name].items()
                        if key not in ("mark", "requests", "classic", "progress")
                    },
                }
            )
            for name in (s.name for s in SCENARIOS)
            if name in known
        ]
        asked.record.write_text("\n".join(lines) + "\n")
    shutil.rmtree(base, ignore_errors=True)
    print(f"{bad} wrong of {sum(asked.only in scenario.name for scenario in SCENARIOS)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

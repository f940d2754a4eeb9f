"""README, walked: every example of it is run, in order, in one sandbox that has nothing but what is named here.

An example runs to the letter, in bash, with AWSMINI_LOCAL=1, and has to end well. What needs more than that has its
files and resources under BEFORE, by the heading it stands under. What cannot be run to the letter is in INSTEAD, with
the reason. So an example that is new is run, and fails the walk where it needs what the walk does not know of.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from awsmini.sandbox import control
from tests.servers import clean_environment
from tests.small_botocore import botocore_of
from tests.small_smithy import parcels
from tests.terminal import PROJECT

README = (PROJECT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATIENCE = 300  # seconds for one block

# Examples that are run otherwise: what stands there, what is run, and why.
INSTEAD = {
    "awsmini s3 find s3://logs --name '*.tmp' --older 30d --larger 1MiB -0 | xargs -0 -r -n 1 awsmini s3 rm": (
        "{ awsmini s3 find s3://logs --name '*.tmp' --older 30d --larger 1MiB -0 || test $? -eq 1; } |"
        " xargs -0 -r -n 1 awsmini s3 rm",
        "nothing is 30 days old in a new sandbox, which the exit code of find tells",
    ),
    "awsmini logs tail /aws/lambda/resize --follow --since 1h": (
        "awsmini logs tail /aws/lambda/resize --since 1h",
        "it would go on for ever",
    ),
    "awsmini watch -n 5 -- ec2 describe-instances": (
        "awsmini watch -n 0.1 --until @ -- ec2 describe-instances",
        "it would go on for ever",
    ),
    "awsmini watch -n 60 -- cloudwatch describe-alarms --columns NAME,STATE,SINCE": (
        "awsmini watch -n 0.1 --until 'MetricAlarms == `[]`' -- cloudwatch describe-alarms --columns NAME,STATE,SINCE",
        "it would go on for ever",
    ),
    "awsmini docs serve": (
        "timeout -s INT 10 awsmini docs serve --services sts || test $? -eq 124",
        "it would go on for ever",
    ),
    "awsmini docs build ./manual": ("awsmini docs build ./manual --services sts sqs", "all services take a minute"),
    '.venv/bin/python tests/benchmarks/startup.py --aws "$(command -v aws)"': (
        'python tests/benchmarks/startup.py --aws "$(command -v aws)" --runs 1',
        "one round shows that it runs",
    ),
    '.venv/bin/python tests/benchmarks/lists.py --aws "$(command -v aws)"': (
        'python tests/benchmarks/lists.py --aws "$(command -v aws)" --runs 1 items --help',
        "it takes minutes, and its figures are of no use beside other tests",
    ),
    '.venv/bin/python tests/benchmarks/s3.py --s5cmd "$(command -v s5cmd)" --aws "$(command -v aws)"': (
        "python tests/benchmarks/s3.py --help",
        "it takes minutes, and needs s5cmd and a C compiler",
    ),
}

# What must be there before the examples of a section: a script for bash.
BEFORE = {
    "Use": "",
    "S3": """
        for bucket in logs docs backup www.example.com inbox archive scratch old-bucket; do
            awsmini s3 ls "s3://$bucket" >/dev/null 2>&1 || awsmini s3 mb "s3://$bucket"
        done
        echo report > report.pdf; mkdir -p site; echo home > site/index.html
        for key in 2026/01.log 2026/02.log 2026/x.gz old.tmp; do echo line | awsmini s3 cp - "s3://logs/$key"; done
        echo letter | awsmini s3 cp - s3://inbox/today/letter.txt
        echo rest | awsmini s3 cp - s3://old-bucket/rest
        echo scratch | awsmini s3 cp - s3://scratch/notes
    """,
    "Commands that no model describes": """
        awsmini logs create-log-group --log-group-name /aws/lambda/resize
        awsmini logs create-log-stream --log-group-name /aws/lambda/resize --log-stream-name one
        awsmini logs put-log-events --log-group-name /aws/lambda/resize --log-stream-name one \
            --log-events "timestamp=$(date +%s)000,message=hello"
        awsmini s3 mb s3://artifacts
        printf 'Resources:\\n  Topic:\\n    Type: AWS::SNS::Topic\\n' > app.yaml
        awsmini eks create-cluster --name prod --role-arn arn:aws:iam::123456789012:role/eks \
            --resources-vpc-config subnetIds=subnet-1
    """,
    "Many at once": """
        awsmini organizations create-organization --feature-set ALL
        for name in a b; do awsmini ssm put-parameter --name "/app/$name" --value 1 --type String; done
        printf 'name\\n/app/a\\n/app/b\\n' > names.csv
        printf 'ssm get-parameter --name /app/a\\naws sqs list-queues\\n' > lines.txt
        printf 'ssm delete-parameter --name /app/x\\n' > deletions.txt
        awsmini ssm put-parameter --name /app/x --value 1 --type String
    """,
    "On a cluster": """
        for key in 1 2 3; do echo line | awsmini s3 cp - "s3://logs/2025/$key.log"; done
    """,
    "For eyes": """
        awsmini kinesisvideo list-streams --query 'StreamInfoList[0].StreamName' --output text | grep -q -v None
        awsmini ecs create-cluster --cluster-name shop
        awsmini ecs register-task-definition --family web --container-definitions name=web,image=web,memory=64
        awsmini ecs create-service --cluster shop --service-name web --task-definition web --desired-count 2
    """,
    "The sandbox": "awsmini local reset",
    "From Python": "awsmini --region eu-west-1 kinesisvideo create-stream --stream-name demo; echo report > report.pdf",
}
# Programs of others that the examples name: what stands in for them, where nothing of what they do is shown.
STAND_INS = {
    "pg_dump": "echo 'CREATE TABLE orders (id int);'",
    "docker": 'test -n "$(cat)"',
    "aws": 'exec awsmini "$@"',
    "s5cmd": "exit 1",
}


@dataclass(frozen=True)
class Example:
    """One fenced block: its language, the heading it stands under and its commands, or its text."""

    language: str
    section: str
    text: str
    number: int

    @property
    def commands(self) -> list[str]:
        """What is typed, without what is answered: a line that ends in a backslash goes on in the next."""
        found: list[str] = []
        continued = False
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append(line[2:])
            elif continued:
                found[-1] += f"\n{line}"
            continued = bool(found) and found[-1].endswith("\\")
        return found


def examples() -> list[Example]:
    found = []
    for number, match in enumerate(BLOCK.finditer(README)):
        headings = re.findall(r"^## (.+)$", README[: match.start()], re.MULTILINE)
        found.append(Example(match[1], headings[-1] if headings else "", match[2], number))
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of somebody who has just installed awsmini; the working folder is a copy of what README names."""
    home = tmp_path_factory.mktemp("readme")
    programs = home / "bin"
    programs.mkdir()
    # A link to Python leads out of its virtual environment.
    ours = {"python": f'exec {sys.executable} "$@"', "awsmini": f'exec {sys.executable} -m awsmini "$@"'}
    for name, script in {**STAND_INS, **ours}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    (home / "tests").symlink_to(PROJECT / "tests")
    (home / ".aws").mkdir()
    (home / ".aws/config").write_text("[default]\nregion = us-east-1\n[profile staging]\nregion = eu-west-1\n")
    (home / "parcels.json").write_text(json.dumps(parcels()))
    wheels = home / "wheels"
    wheels.mkdir()
    write_wheel(botocore_of(home / "newest", "gizmo"), wheels)
    env = {
        **clean_environment(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "AWSMINI_LOCAL": "1",
        "AWS_PAGER": "",
        "PIP_NO_INDEX": "1",  # `models update` finds a botocore in a folder
        "PIP_FIND_LINKS": str(wheels),
        "REGISTRY": "registry.example.com",
    }
    yield env
    control.stop(env)


def write_wheel(package: Path, folder: Path) -> None:
    """A wheel of the small botocore, as pip would download it."""
    release = "9.9.9"
    info = f"botocore-{release}.dist-info"
    with zipfile.ZipFile(folder / f"botocore-{release}-py3-none-any.whl", "w") as wheel:
        for path in sorted(package.rglob("*")):
            if path.is_file():
                wheel.write(path, path.relative_to(package))
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: botocore\nVersion: {release}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def run(script: str, env: dict[str, str], program: str = "bash") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, "-c", script], cwd=env["HOME"], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip


def walked(example: Example, env: dict[str, str]) -> list[str]:
    """What went wrong in one block: a line for each command that did not end well."""
    if example.language == "python":
        done = run(example.text, env, sys.executable)
        return [] if done.returncode == 0 else [done.stderr]
    lines = ["set -o pipefail"]
    for place, command in enumerate(example.commands):
        runs = INSTEAD[command][0] if command in INSTEAD else command
        lines += [runs, f'echo "@@{place} $?" >&2']
    done = run("\n".join(lines), env)
    wrong = []
    said = re.split(r"^@@(\d+) (\d+)\n", done.stderr, flags=re.MULTILINE)
    for text, place, code in zip(said[0::3], said[1::3], said[2::3], strict=False):
        if code != "0":
            wrong.append(f"{code}: $ {example.commands[int(place)]}\n{text}")
    if len(said[1::3]) != len(example.commands):
        wrong.append(f"the block ended early: {done.stderr}")
    return wrong


def test_every_example_does_what_it_says(world):
    prepared = set()
    wrong = []
    for example in examples():
        if example.language not in ("console", "python"):
            continue
        if example.section not in prepared:
            prepared.add(example.section)
            before = run(f"set -e\n{BEFORE.get(example.section, '')}", world)
            assert before.returncode == 0, f"what {example.section} needs: {before.stderr}"
        wrong += [f"{example.section}: {each}" for each in walked(example, world)]
    assert wrong == []


def test_a_bad_example_fails_the_walk(world):
    bad = Example(
        "console",
        "",
        "$ awsmini local status\n$ awsmini s3 mb s3://demo-x1 && \\\n    awsmini nosuch\nout\n$ true\n",
        0,
    )
    [line] = walked(bad, world)
    assert line.startswith("252: $ awsmini s3 mb s3://demo-x1 && \\\n    awsmini nosuch\n")
    assert walked(Example("python", "", "import awsmini\nawsmini.nosuch\n", 1), world)
    assert walked(Example("console", "", "$ exit 0\n$ true\n", 2), world)


def test_what_is_run_otherwise_is_still_there():
    commands = {command for example in examples() for command in example.commands}
    assert set(INSTEAD) <= commands
    assert set(BEFORE) <= {example.section for example in examples()}


def test_the_walk_knows_every_language():
    """`.ci/run` runs those of `sh` to the letter; a block of another language has to be thought of."""
    shell = [line for example in examples() if example.language == "sh" for line in example.text.splitlines()]
    ci = (PROJECT / ".ci/run").read_text()
    assert len(shell) == 2
    assert all(f"$(readme {number}" in ci for number in (1, 2))
    assert {example.language for example in examples()} == {"sh", "console", "python", ""}
    assert all("$ awsmini" not in example.text for example in examples() if not example.language)


def test_every_command_that_is_named_in_a_sentence_is_there(world):
    """`awsmini search WORDS` and the like, which need not be whole."""
    named = sorted(set(re.findall(r"`(awsmini [a-z][^`\n]*)`", BLOCK.sub("", README))))
    assert len(named) > 8
    wrong = [line for line in named if (done := run(f"{line} --help", world)).returncode or not done.stdout]
    assert wrong == []

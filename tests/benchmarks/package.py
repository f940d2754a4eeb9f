"""`cloudformation package` of many folders beside AWS CLI v2, wall and CPU, against one local server.

    python tests/benchmarks/package.py --aws /path/to/aws [--folders 200] [--files 100] [--runs 3]

The bucket is a server in a process of its own that has nothing and takes everything.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
SERVER = """\
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.servers import answer, capture_server
with capture_server() as service:
    def respond(request):
        service.requests.clear()
        return answer(404) if request.method == "HEAD" else answer(200, "", {"ETag": '"e"'})
    service.always(respond)
    print(service.url, flush=True)
    time.sleep(3600)
"""
FUNCTION = "  F{0:03}:\n    Type: AWS::Serverless::Function\n    Properties: {{CodeUri: f{0:03}, Handler: a.b}}\n"


def furnish(folder: Path, folders: int, files: int) -> None:
    """A template and its folders, with files of some kilobytes of words."""
    chance = random.Random(5)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(2, 9))) for _ in range(2000)]
    for number in range(folders):
        code = folder / f"f{number:03}"
        (code / "lib").mkdir(parents=True)
        for file in range(files):
            text = " ".join(chance.choices(words, k=chance.randrange(50, 700)))
            (code / ("lib" if file % 2 else "") / f"m{file:03}.py").write_text(text)
    (folder / "t.yaml").write_text("Resources:\n" + "".join(FUNCTION.format(number) for number in range(folders)))


def measured(program: list[str], folder: Path, url: str) -> tuple[float, float]:
    """Wall and CPU seconds of one run."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "HOME": str(folder),
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
        "PYTHONPATH": str(PROJECT),
    }
    line = [
        "cloudformation",
        "package",
        "--template-file",
        "t.yaml",
        "--s3-bucket",
        "b",
        "--output-template-file",
        "out",
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run([*program, *line], cwd=folder, env=env, check=True, capture_output=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aws", default=os.environ.get("AWS_CLI_V2"), help="AWS CLI v2 (or AWS_CLI_V2)")
    parser.add_argument("--folders", type=int, default=200)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    programs = {"awsmini": [sys.executable, "-m", "awsmini"]} | ({"aws": [options.aws]} if options.aws else {})
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen([sys.executable, "-c", SERVER, str(PROJECT)], stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            furnish(Path(name), options.folders, options.files)
            found: dict[str, list[tuple[float, float]]] = {program: [] for program in programs}
            for _ in range(options.runs):
                for program, words in programs.items():
                    found[program].append(measured(words, Path(name), url))
        finally:
            server.terminate()
    best = {program: (min(wall for wall, _ in runs), min(cpu for _, cpu in runs)) for program, runs in found.items()}
    for program, (wall, cpu) in best.items():
        print(f"{program:8} wall {wall:6.2f} s   CPU {cpu:6.2f} s")
    if "aws" in best:
        print(
            f"ratio    wall {best['awsmini'][0] / best['aws'][0]:6.2f}     CPU {best['awsmini'][1] / best['aws'][1]:6.2f}"
        )


if __name__ == "__main__":
    main()

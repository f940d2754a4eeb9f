"""What a call of a client costs, in a loop: `put_object` of 4 KB and `get_item`, against another build and boto3.

    python tests/benchmarks/client.py [--other CHECKOUT] [--boto3 PYTHON] [--calls 1000] [--rounds 5]

`--other` is a checkout of awsmini to compare with, `--boto3` a Python that has boto3. Each round runs all in turn
(A B C, then C B A); ratios are medians of the rounds' ratios of CPU time, the loop's alone. The server is a process of
its own on the loopback interface, and does as little as it can.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from statistics import median
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parent))

from measure import PROJECT, environment

TARGETS = {"other": 0.35, "boto3": 0.8}
LOOP = """
import json, sys, time
module, url, what, calls = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
if module == "boto3":
    import boto3 as made
else:
    import awsmini as made
if what == "put_object":
    client = made.client("s3", endpoint_url=url)
    call = lambda: client.put_object(Bucket="bucket", Key="key", Body=b"x" * 4096)
else:
    client = made.client("dynamodb", endpoint_url=url)
    call = lambda: client.get_item(TableName="table", Key={"id": {"S": "1"}})
for _ in range(20):
    call()
cpu, wall = time.process_time(), time.perf_counter()
for _ in range(calls):
    call()
print(json.dumps([(time.process_time() - cpu) / calls * 1e6, (time.perf_counter() - wall) / calls * 1e6]))
"""
ITEM = b'{"Item":{"id":{"S":"1"},"name":{"S":"an item"},"count":{"N":"42"}}}'
ANSWERS = {
    b"PUT": b'HTTP/1.1 200 OK\r\nETag: "e"\r\nx-amz-request-id: R\r\nContent-Length: 0\r\n\r\n',
    b"POST": b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: R\r\n"
    b"x-amz-crc32: %d\r\nContent-Length: %d\r\n\r\n%s" % (crc32(ITEM), len(ITEM), ITEM),
}


def serve(sock: socket.socket) -> None:
    """Answer one connection's requests; a body that waits to be asked for is asked for."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        lower = head.lower()
        if b"expect: 100-continue" in lower:
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        size = int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        while len(data) < size:
            data += sock.recv(65536)
        data = data[size:]
        sock.sendall(ANSWERS[head.partition(b" ")[0]])


def server() -> None:
    """Prints its port, and serves until its standard input ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)

        def accept() -> None:
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=_quietly, args=(sock,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        os._exit(0)


def _quietly(sock: socket.socket) -> None:
    with suppress(OSError), sock:
        serve(sock)


def run(python: str, module: str, checkout: str, url: str, what: str, calls: int, home: str) -> list[float]:
    """CPU and wall of one call, in microseconds."""
    env = {**environment(home), "PYTHONPATH": checkout}
    command = [python, "-c", LOOP, module, url, what, str(calls)]
    done = subprocess.run(command, env=env, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    if sys.argv[1:] == ["--serve"]:
        server()
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", help="a checkout of awsmini")
    parser.add_argument("--boto3", help="a Python that has boto3")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    variants = {"awsmini": (sys.executable, "awsmini", str(PROJECT))}
    if options.other:
        variants["other"] = (sys.executable, "awsmini", options.other)
    if options.boto3:
        variants["boto3"] = (options.boto3, "boto3", "")
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(
            [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        for what in ("put_object", "get_item"):
            rounds: list[dict[str, list[float]]] = []
            for number in range(options.rounds):
                names = list(variants) if number % 2 == 0 else list(variants)[::-1]
                rounds.append({name: run(*variants[name], url, what, options.calls, home) for name in names})
            for name in variants:
                cpu, wall = (median(each[name][at] for each in rounds) for at in (0, 1))
                line = f"{what:12} {name:8} {cpu:7.0f} us CPU {wall:7.0f} us wall"
                if name != "awsmini":
                    ratio = median(each["awsmini"][0] / each[name][0] for each in rounds)
                    line += f"   awsmini is {ratio:.2f} x of it (target {TARGETS[name]})"
                print(line)
        process.terminate()


if __name__ == "__main__":
    main()

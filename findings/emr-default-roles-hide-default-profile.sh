#!/bin/sh
# AWS CLI 1.46.3 (awscli on PyPI): `aws emr create-default-roles` tells the profile of the roles. With AWS_PROFILE=default
# (which names the profile that counts anyway) it does not write to [default] but adds a section [profile default] at
# the end of the config file. Of the two headings the later one wins as a whole, so everything that stood below
# [default] (region, output, endpoints …) no longer holds. `aws configure set` in the same place writes to [default].
# AWS CLI 2.38.5 does the same.
#
# Seen: `aws configure get region` says eu-west-1 before, and nothing afterwards. Exit code 1 where that changes.
set -eu
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || :; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q 'awscli==1.46.3'
cat > "$folder/server.py" <<'PYTHON'
import re, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Iam(BaseHTTPRequestHandler):
    """All roles and instance profiles are there."""

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        name = re.search(r"Action=(\w+)", asked)[1]
        body = f"<{name}Response><{name}Result/></{name}Response>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Iam)
with open(sys.argv[1], "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
PYTHON
python3 "$folder/server.py" "$folder/port" &
server=$!
while ! [ -s "$folder/port" ]; do sleep 0.1; done
mkdir "$folder/.aws"
printf '[default]\nregion = eu-west-1\n' > "$folder/.aws/config"
export HOME="$folder" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_PROFILE=default
aws="$folder/venv/bin/aws"
"$aws" --version
echo "region before: $("$aws" configure get region)"
"$aws" emr create-default-roles --iam-endpoint "http://127.0.0.1:$(cat "$folder/port")"
cat "$folder/.aws/config"
after=$("$aws" configure get region) || :
echo "region afterwards: $after"
[ -z "$after" ]

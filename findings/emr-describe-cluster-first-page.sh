#!/bin/sh
# AWS CLI 1.46.3 (awscli on PyPI): `aws emr describe-cluster` merges the cluster's instance groups and bootstrap
# actions into its answer, and takes only the first page of each listing. The `Marker` that ListInstanceGroups and
# ListBootstrapActions answer with is dropped: no second request is made, and nothing is said, so a cluster seems to
# have fewer groups and actions than it has. (`aws emr list-instances` and others of the same service do page.)
# AWS CLI 2.38.5 does the same.
#
# Seen: two groups and two actions on two pages each; the output has one of each. Exit code 1 where that changes.
set -eu
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || :; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q 'awscli==1.46.3'
cat > "$folder/server.py" <<'PYTHON'
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

LISTS = {"ListInstanceGroups": "InstanceGroups", "ListBootstrapActions": "BootstrapActions"}

class Emr(BaseHTTPRequestHandler):
    def do_POST(self):
        name = self.headers["X-Amz-Target"].split(".")[-1]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if name == "DescribeCluster":
            answer = {"Cluster": {"Id": "j-1", "InstanceCollectionType": "INSTANCE_GROUP"}}
        elif "Marker" in asked:
            answer = {LISTS[name]: [{"Name": "second"}]}
        else:
            answer = {LISTS[name]: [{"Name": "first"}], "Marker": "next"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Emr)
with open(sys.argv[1], "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
PYTHON
python3 "$folder/server.py" "$folder/port" &
server=$!
while ! [ -s "$folder/port" ]; do sleep 0.1; done
export HOME="$folder" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_DEFAULT_REGION=us-east-1
"$folder/venv/bin/aws" --version
seen=$("$folder/venv/bin/aws" emr describe-cluster --cluster-id j-1 --endpoint-url "http://127.0.0.1:$(cat "$folder/port")" \
    --query 'Cluster.[InstanceGroups[].Name, BootstrapActions[].Name]' --output text)
echo "groups and actions shown: $(echo "$seen" | tr '\n' ' ')"
[ "$(echo "$seen" | tr -d ' \n')" = "firstfirst" ]

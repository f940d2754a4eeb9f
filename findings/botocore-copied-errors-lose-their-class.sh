#!/bin/sh
# botocore 1.44.8.
#
# A good guess: an error of a service, caught in a worker process and raised again by concurrent.futures in the parent,
# is caught there by the class it has (`except client.exceptions.ResourceNotFoundException`), or cannot be sent at all.
# Seen: it arrives without a word as a plain ClientError, in one process too: copy.copy and copy.deepcopy of such an
# error answer an object of another class, which the handler for the error no longer catches. Code, message and
# response are kept.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -qq --no-warn-conflicts --disable-pip-version-check --target "$folder/site" botocore==1.44.8
cat > "$folder/seen.py" <<'END'
import copy
import pickle
import botocore.session
client = botocore.session.Session().create_client("kinesisvideo", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
response = {"Error": {"Code": "ResourceNotFoundException", "Message": "no such stream"}}
error = client.exceptions.ResourceNotFoundException(response, "DescribeStream")
ways = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda error: pickle.loads(pickle.dumps(error))}
for name, way in ways.items():
    caught = isinstance(way(error), client.exceptions.ResourceNotFoundException)
    print(name, type(error).__name__, type(way(error)).__name__, caught, str(way(error)) == str(error))
END
seen=$(HOME="$folder" PYTHONPATH="$folder/site" python3 -S "$folder/seen.py")
echo "$seen"
test "$seen" = "copy ResourceNotFoundException ClientError False True
deepcopy ResourceNotFoundException ClientError False True
pickle ResourceNotFoundException ClientError False True"

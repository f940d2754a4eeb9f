#!/bin/sh
# botocore 1.44.8, with and without awscrt 0.38.1 beside it.
#
# A good guess: installing the optional package awscrt adds SigV4a and faster checksums, and plain SigV4 stays as it is.
# Seen: as soon as awscrt can be imported, botocore signs SigV4 queries through it too, and each presigned URL and each
# RDS token changes its form: X-Amz-SignedHeaders then stands before X-Amz-Expires. Both forms are valid, but whoever
# compares URLs as text, or caches by them, sees another one after a `pip install awscrt`, with no setting to keep the
# old form.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -qq --no-warn-conflicts --disable-pip-version-check --target "$folder/plain" botocore==1.44.8
python3 -m pip install -qq --no-warn-conflicts --disable-pip-version-check --target "$folder/crt" botocore==1.44.8 awscrt==0.38.1
cat > "$folder/made.py" <<'END'
from urllib.parse import parse_qsl, urlsplit
import botocore.session
session = botocore.session.Session()
session.set_credentials("AKIDEXAMPLE", "secret")
client = session.create_client("rds", "us-east-1")
token = client.generate_db_auth_token(DBHostname="h", Port=3306, DBUsername="u")
print(" ".join(name for name, _ in parse_qsl(urlsplit("https://" + token).query)))
END
plain=$(HOME="$folder" PYTHONPATH="$folder/plain" python3 -S "$folder/made.py")
crt=$(HOME="$folder" PYTHONPATH="$folder/crt" python3 -S "$folder/made.py")
echo "without awscrt: $plain"
echo "with awscrt:    $crt"
names="Action DBUser X-Amz-Algorithm X-Amz-Credential X-Amz-Date"
test "$plain" = "$names X-Amz-Expires X-Amz-SignedHeaders X-Amz-Signature" || exit 1
test "$crt" = "$names X-Amz-SignedHeaders X-Amz-Expires X-Amz-Signature" || exit 1

#!/usr/bin/env bash
# moto 5.2.5 says of every multipart upload that it was initiated on 2010-11-10T20:48:33Z, one begun a second ago too.
#
# One would guess that ListMultipartUploads tells when CreateMultipartUpload came, as S3 does. Whoever aborts uploads
# that are older than a day (as rclone's cleanup does) and tests that with moto sees the living ones aborted as well, and
# a rule that spares young ones never spares any. Seen with moto 5.2.5 and boto3 1.43.1.
# Exits 0 as long as it is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check 'moto[s3]==5.2.5' 'boto3==1.43.1'
AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b "$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime, timezone

import boto3
from moto import mock_aws

with mock_aws():
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="bucket")
    s3.create_multipart_upload(Bucket="bucket", Key="key")
    (upload,) = s3.list_multipart_uploads(Bucket="bucket")["Uploads"]
    print("begun now:", datetime.now(timezone.utc).isoformat(timespec="seconds"))
    print("Initiated:", upload["Initiated"].isoformat())
    sys.exit(upload["Initiated"] != datetime(2010, 11, 10, 20, 48, 33, tzinfo=timezone.utc))
PYTHON

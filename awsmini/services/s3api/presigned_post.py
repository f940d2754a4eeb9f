"""`client.generate_presigned_post`: a form by which whoever has it uploads an object."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from awsmini.client import Client
from awsmini.errors import ParamValidationError
from awsmini.flow import build_request, prepare
from awsmini.sign.sigv4 import ALGORITHM, credential_scope, required, signature, signing_key, timestamp


def generate_presigned_post(
    client: Client,
    Bucket: str,  # noqa: N803 - boto3's names
    Key: str,  # noqa: N803
    Fields: Mapping[str, Any] | None = None,  # noqa: N803
    Conditions: Sequence[Any] | None = None,  # noqa: N803
    ExpiresIn: int = 3600,  # noqa: N803
) -> dict[str, Any]:
    """`{"url": …, "fields": {…}}` of a form whose file field comes last; a key may end in `${filename}`."""
    if not isinstance(ExpiresIn, int):
        raise ParamValidationError(f"ExpiresIn has to be a number of seconds, and is {ExpiresIn!r}")
    context = client._context
    operation = client._service_model.operation_model("HeadBucket")
    call = prepare(operation, {"Bucket": Bucket}, context, client._router, presigning=True)
    url = build_request(call, context, client._router).url
    fields: dict[str, Any] = {**(Fields or {}), "key": Key}
    keyed: Any = {"key": Key}
    if Key.endswith("${filename}"):
        keyed = ["starts-with", "$key", Key[: -len("${filename}")]]
    conditions = [*(Conditions or ()), {"bucket": Bucket}, keyed]
    if call.scope.auth == "none":
        return {"url": url, "fields": fields}
    now = context.app.now()
    keys, stamp = required(client._router.identity(call)), timestamp(now)
    signed = {
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{keys.access_key}/{credential_scope(stamp, call.scope)}",
        "x-amz-date": stamp,
        **({"x-amz-security-token": keys.token} if keys.token else {}),
    }
    conditions += [{name: value} for name, value in signed.items()]
    expires = f"{now + timedelta(seconds=ExpiresIn):%Y-%m-%dT%H:%M:%SZ}"
    policy = b64encode(json.dumps({"expiration": expires, "conditions": conditions}).encode()).decode()
    key = signing_key(keys.secret_key, stamp[:8], call.scope.region, call.scope.service)
    return {"url": url, "fields": {**fields, **signed, "policy": policy, "x-amz-signature": signature(key, policy)}}

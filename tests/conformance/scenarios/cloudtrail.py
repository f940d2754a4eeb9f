"""cloudtrail validate-logs and verify-query-results."""

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from side_by_side import Scenario

from tests.rsa_keys import key
from tests.servers import Answer, Received, answer
from tests.trails import ACCOUNT, ARN, BUCKET, FINGERPRINT, Thing, Trail, public_key, trail

_RANGE = "--start-time 2024-05-01T00:00:00Z --end-time 2024-05-01T04:00:00Z"
_VALIDATE = f"cloudtrail validate-logs --trail-arn {ARN} {_RANGE}"
_VERBOSE = f"{_VALIDATE} --verbose"
_STRICT = "every field of the digest chain is checked"


def _served(change: Callable[[Trail], Any] | None = None, **made: Any) -> Callable[[Received], Answer]:
    """The answers of a trail, which is made when the first request comes, and changed."""

    def serve(request: Received) -> Answer:
        return _trail(change, made).serve(request)

    return serve


_made: dict[Any, Trail] = {}


def _trail(change: Callable[[Trail], Any] | None, made: dict[str, Any]) -> Trail:
    at = (change, repr(made))
    if at not in _made:
        _made[at] = trail(**made)
        if change:
            change(_made[at])
    return _made[at]


def _delete_digest(it: Trail) -> None:
    del it.objects[it.digests[1]]


def _delete_last_digest(it: Trail) -> None:
    del it.objects[it.digests[2]]


def _delete_log(it: Trail) -> None:
    del it.objects[it.logs[2]]


def _change_log(it: Trail) -> None:
    it.objects[it.logs[2]].body = gzip.compress(b"{}", mtime=0)


def _two_members(it: Trail) -> None:
    it.objects[it.logs[2]].body += gzip.compress(b"{}", mtime=0)


def _trailing_log(it: Trail) -> None:
    it.objects[it.logs[2]].body += b"x"


def _plain_log(it: Trail) -> None:
    it.objects[it.logs[2]].body = b"{}"


def _cut_log(it: Trail) -> None:
    it.objects[it.logs[2]].body = it.objects[it.logs[2]].body[:-10]


def _change_digest(it: Trail) -> None:
    it.change(it.digests[1], lambda digest: digest.update(logFiles=[]))


def _change_signature(it: Trail) -> None:
    metadata = it.objects[it.digests[1]].metadata
    metadata["signature"] = "00" + metadata["signature"][2:]


def _short_signature(it: Trail) -> None:
    it.objects[it.digests[1]].metadata["signature"] = "00ff"


def _odd_signature(it: Trail) -> None:
    it.objects[it.digests[1]].metadata["signature"] = "00f"


def _no_signature(it: Trail) -> None:
    del it.objects[it.digests[1]].metadata["signature"]


def _no_algorithm(it: Trail) -> None:
    del it.objects[it.digests[1]].metadata["signature-algorithm"]


def _other_algorithm(it: Trail) -> None:
    it.objects[it.digests[1]].metadata["signature-algorithm"] = "MD5withRSA"


def _plain_digest(it: Trail) -> None:
    it.objects[it.digests[1]].body = b"{}"


def _no_json(it: Trail) -> None:
    it.objects[it.digests[1]].body = gzip.compress(b"no", mtime=0)


def _moved(it: Trail) -> None:
    it.change(it.digests[1], lambda digest: digest.update(digestS3Object="else"), sign=True)


def _field_missing(it: Trail) -> None:
    it.change(it.digests[1], lambda digest: digest.pop("digestStartTime"))


def _unknown_key(it: Trail) -> None:
    it.keys = {"other": public_key(2)}


def _no_keys(it: Trail) -> None:
    it.keys = {}


def _spki(it: Trail) -> None:
    it.keys = {FINGERPRINT: public_key(1, serialization.PublicFormat.SubjectPublicKeyInfo)}


def _wrong_key(it: Trail) -> None:
    it.keys = {FINGERPRINT: public_key(2)}


def _replaced(it: Trail) -> None:
    """The middle digest, changed and signed again by the key: the next one does not vouch for it."""
    it.change(it.digests[1], lambda digest: digest.update(logFiles=[]), sign=True)


def _small_pages(it: Trail) -> None:
    it.page = 2


def _elsewhere(it: Trail) -> None:
    it.location = "eu-west-1"


def _foreign_keys(it: Trail) -> None:
    folder = it.digests[0].rpartition("/")[0]
    it.objects[f"{folder}/{ACCOUNT}_CloudTrail-Digest_us-east-1_other_us-east-1_20240501T013000Z.json.gz"] = Thing(b"")


def _no_logs(it: Trail) -> None:
    it.change(it.digests[2], lambda digest: digest.update(logFiles=[]), sign=True)


def _no_generation(it: Trail) -> None:
    for name in it.digests:
        it.objects[name].metadata.pop("backfill-generation-timestamp", None)


def _denied(request: Received) -> Answer:
    return answer(403, {"__type": "AccessDeniedException", "message": "not for you"})


def _s3_denied(request: Received) -> Answer:
    if request.headers.get("X-Amz-Target"):
        return _trail(None, {}).serve(request)
    return answer(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")


def _log_denied(request: Received) -> Answer:
    if "/CloudTrail/" in request.path:
        return answer(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
    return _trail(None, {}).serve(request)


def _tampered(name: str, change: Callable[[Trail], Any], **more: Any) -> Scenario:
    return Scenario(f"trail {name}", (_VERBOSE,), _served(change), **more)


VALIDATE = (
    Scenario("trail valid", (_VALIDATE,), _served()),
    Scenario("trail valid, verbose", (_VERBOSE,), _served()),
    Scenario("trail bucket given", (f"{_VALIDATE} --s3-bucket {BUCKET}",), _served()),
    Scenario(
        "trail bucket and prefix given", (f"{_VALIDATE} --s3-bucket {BUCKET} --s3-prefix p/q",), _served(prefix="p/q")
    ),
    Scenario("trail prefix of the trail", (_VALIDATE,), _served(prefix="p")),
    Scenario("trail organization", (f"{_VALIDATE} --account-id {ACCOUNT}",), _served(organization="o-1/")),
    Scenario("trail organization without account", (_VALIDATE,), _served(organization="o-1/")),
    Scenario("trail region given", (f"{_VALIDATE} --region us-east-1 --endpoint-url {{url}}",), _served()),
    Scenario(
        "trail endpoint flag",
        (f"{_VALIDATE} --region us-east-1 --endpoint-url {{url}}",),
        _served(),
        env={"AWS_ENDPOINT_URL": None, "AWS_ENDPOINT_URL_S3": "{url}"},
    ),
    Scenario("trail gap", (_VERBOSE,), _served(gap=2)),
    Scenario("trail pages", (_VALIDATE,), _served(_small_pages)),
    Scenario("trail bucket elsewhere", (_VALIDATE,), _served(_elsewhere)),
    Scenario("trail digests of other trails", (_VALIDATE,), _served(_foreign_keys)),
    Scenario("trail hour without logs", (_VERBOSE,), _served(_no_logs)),
    Scenario(
        "trail part of the range",
        (
            f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-05-01T02:30:00Z --end-time 2024-05-01T02:40:00Z --verbose",
        ),
        _served(),
    ),
    Scenario(
        "trail offset is dropped",
        (
            f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-05-01T02:30:00+02:00 --end-time 2024-05-01T04:00:00Z --verbose",
        ),
        _served(),
    ),
    Scenario("trail until now", (f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-05-01",), _served()),
    Scenario(
        "trail nothing in range",
        (f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-06-01 --end-time 2024-06-02",),
        _served(),
    ),
    _tampered("digest deleted", _delete_digest),
    _tampered(
        "last digest deleted",
        _delete_last_digest,
        differs="the digest that is left does not stand alone" if False else None,
    ),
    _tampered("log deleted", _delete_log),
    _tampered("log changed", _change_log),
    _tampered("log of two members", _two_members),
    _tampered("log with bytes behind it", _trailing_log),
    _tampered("log not compressed", _plain_log),
    _tampered("log cut", _cut_log),
    _tampered("digest changed", _change_digest),
    _tampered("signature changed", _change_signature),
    _tampered("signature short", _short_signature),
    _tampered("signature odd", _odd_signature),
    _tampered("signature gone", _no_signature),
    _tampered("algorithm gone", _no_algorithm),
    _tampered("algorithm another", _other_algorithm, differs=_STRICT),
    _tampered("digest not compressed", _plain_digest),
    _tampered("digest no JSON", _no_json),
    _tampered("digest moved", _moved),
    _tampered("digest without a field", _field_missing),
    _tampered("key unknown", _unknown_key),
    _tampered("no keys", _no_keys),
    _tampered("key in another form", _spki),
    _tampered("key wrong", _wrong_key),
    _tampered("digest replaced by another that is signed", _replaced, differs=_STRICT),
    Scenario("trail backfill", (_VERBOSE,), _served(backfill=True)),
    Scenario("trail backfill gap", (_VERBOSE,), _served(backfill=True, gap=1)),
    Scenario("trail backfill without its time", (_VERBOSE,), _served(_no_generation, backfill=True)),
    Scenario("trail denied", (_VALIDATE,), _denied),
    Scenario("trail S3 denied", (_VALIDATE,), _s3_denied),
    Scenario("trail log denied", (_VALIDATE,), _log_denied),
    Scenario("trail no ARN", ("cloudtrail validate-logs --trail-arn t --start-time 2024-01-01",)),
    Scenario(
        "trail of nobody",
        (
            "cloudtrail validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/other --start-time 2024-01-01",
        ),
        _served(),
    ),
    Scenario("trail no date", (f"cloudtrail validate-logs --trail-arn {ARN} --start-time never",)),
    Scenario(
        "trail date is a number", (f"cloudtrail validate-logs --trail-arn {ARN} --start-time 1714521600",), _served()
    ),
    Scenario(
        "trail end before start",
        (f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-05-02 --end-time 2024-05-01",),
    ),
    Scenario("trail options missing", ("cloudtrail validate-logs",)),
    Scenario("trail no region", (_VALIDATE,), env={"AWS_DEFAULT_REGION": None}),
    Scenario("trail no credentials", (_VALIDATE,), env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}),
)

_RESULTS = {"result_1.csv.gz": b"one", "result_2.csv.gz": b"two"}


def _sign_file(**changes: Any) -> str:
    files = [{"fileName": name, "fileHashValue": sha256(body).hexdigest()} for name, body in _RESULTS.items()]
    text = " ".join(each["fileHashValue"] for each in files).encode()
    made = {
        "version": "1.0",
        "region": "us-east-1",
        "files": files,
        "hashAlgorithm": "SHA-256",
        "signatureAlgorithm": "SHA256withRSA",
        "queryCompleteTime": "2024-05-01T01:02:03Z",
        "hashSignature": key(1).sign(text, padding.PKCS1v15(), hashes.SHA256()).hex(),
        "publicKeyFingerprint": FINGERPRINT,
    }
    return json.dumps({name: value for name, value in {**made, **changes}.items() if value is not None})


def _export(sign_file: str | None = None, **changed: bytes | None) -> dict[str, bytes | str]:
    files: dict[str, Any] = {f"e/{name}": body for name, body in _RESULTS.items()}
    files["e/result_sign.json"] = _sign_file() if sign_file is None else sign_file
    for name, body in changed.items():
        files[f"e/{name}.csv.gz"] = body
    return {name: body for name, body in files.items() if body is not None}


def _bucket(request: Received) -> Answer:
    it = Trail()
    it.objects = {
        f"p/{name.removeprefix('e/')}": Thing(body.encode() if isinstance(body, str) else body)
        for name, body in _export().items()
    }
    return it.serve(request)


def _keys(change: Callable[[Trail], Any] | None = None) -> Callable[[Received], Answer]:
    def serve(request: Received) -> Answer:
        it = Trail()
        if change:
            change(it)
        return it.serve(request)

    return serve


_QUERY = "cloudtrail verify-query-results"
VERIFY = (
    Scenario("query results", (f"{_QUERY} --local-export-path e",), _keys(), files=_export()),
    Scenario("query results with a slash", (f"{_QUERY} --local-export-path e/",), _keys(), files=_export()),
    Scenario("query results of a bucket", (f"{_QUERY} --s3-bucket {BUCKET} --s3-prefix p",), _bucket),
    Scenario("query results of a bucket, slash", (f"{_QUERY} --s3-bucket {BUCKET} --s3-prefix p/",), _bucket),
    Scenario("query results not in the bucket", (f"{_QUERY} --s3-bucket {BUCKET}",), _bucket),
    Scenario("query results no option", (_QUERY,)),
    Scenario("query results both", (f"{_QUERY} --local-export-path e --s3-bucket b",)),
    Scenario("query results prefix and path", (f"{_QUERY} --local-export-path e --s3-prefix b",)),
    Scenario("query results prefix alone", (f"{_QUERY} --s3-prefix b",)),
    Scenario("query results no folder", (f"{_QUERY} --local-export-path none",)),
    Scenario(
        "query results file changed", (f"{_QUERY} --local-export-path e",), _keys(), files=_export(result_1=b"else")
    ),
    Scenario("query results file gone", (f"{_QUERY} --local-export-path e",), _keys(), files=_export(result_1=None)),
    Scenario("query results sign file broken", (f"{_QUERY} --local-export-path e",), _keys(), files=_export("{")),
    Scenario(
        "query results sign file without files",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(files=[])),
    ),
    Scenario("query results sign file is a list", (f"{_QUERY} --local-export-path e",), _keys(), files=_export("[]")),
    Scenario(
        "query results signature changed",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(hashSignature="00" * 256)),
    ),
    Scenario(
        "query results signature short",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(hashSignature="00")),
    ),
    Scenario(
        "query results signature odd",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(hashSignature="0")),
    ),
    Scenario("query results no key", (f"{_QUERY} --local-export-path e",), _keys(_no_keys), files=_export()),
    Scenario("query results other key", (f"{_QUERY} --local-export-path e",), _keys(_wrong_key), files=_export()),
    Scenario(
        "query results key in another form",
        (f"{_QUERY} --local-export-path e",),
        _keys(_spki),
        files=_export(),
        differs="plain words in the place of a C library's error",
    ),
    Scenario(
        "query results time broken",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(queryCompleteTime="never")),
    ),
    Scenario(
        "query results another algorithm",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(_sign_file(signatureAlgorithm="MD5withRSA")),
        differs=_STRICT,
    ),
    Scenario("query results denied", (f"{_QUERY} --local-export-path e",), _denied, files=_export()),
    Scenario(
        "query results no region",
        (f"{_QUERY} --local-export-path e",),
        _keys(),
        files=_export(),
        env={"AWS_DEFAULT_REGION": None},
    ),
)

SCENARIOS = (*VALIDATE, *VERIFY)

"""`cloudtrail validate-logs`: a chain of digests that is whole, and each way of tampering with it."""

import gzip
import hashlib
import json
import shutil
import subprocess
from functools import partial

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from tests.rsa_keys import key
from tests.servers import answer
from tests.trails import ACCOUNT, ARN, BUCKET, FINGERPRINT, Trail, public_key, sign, signature, trail

LINE = f"cloudtrail validate-logs --trail-arn {ARN} --start-time 2024-05-01T00:00:00Z --end-time 2024-05-01T04:00:00Z"
BEGIN = f"Validating log files for trail {ARN} between 2024-05-01T00:00:00Z and 2024-05-01T04:00:00Z\n\n"
REQUESTED = "Results requested for 2024-05-01T00:00:00Z to 2024-05-01T04:00:00Z\n"


def validated(aws, it: Trail, line: str = LINE):
    aws.service.always(it.serve)
    return aws(line)


def digest_of(it: Trail, place: int) -> dict:
    return json.loads(gzip.decompress(it.objects[it.digests[place]].body))


def test_a_whole_chain_is_valid(aws):
    outcome = validated(aws, trail())
    assert outcome.code == 0
    assert outcome.stderr == ""
    assert outcome.stdout == (
        f"{BEGIN}{REQUESTED}Results found for 2024-05-01T00:00:00Z to 2024-05-01T03:00:00Z:\n"
        "\n3/3 digest files valid\n6/6 log files valid\n"
    )


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_chain_that_openssl_has_signed(aws, tmp_path):
    def openssl(*words, **more):
        return subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, check=True, **more).stdout

    openssl("genrsa", "-out", "key.pem", "2048")
    known = openssl("rsa", "-in", "key.pem", "-RSAPublicKey_out", "-outform", "DER")
    it = trail(signer=lambda text: openssl("dgst", "-sha256", "-sign", "key.pem", input=text))
    it.keys = {FINGERPRINT: known}
    assert validated(aws, it).stdout.endswith("3/3 digest files valid\n6/6 log files valid\n")
    it.change(it.digests[1], lambda digest: digest.update(digestEndTime="2024-05-01T02:00:01Z"))
    outcome = validated(aws, it)
    assert (outcome.code, "2/3 digest files valid, 1/3 digest files INVALID" in outcome.stdout) == (1, True), outcome


def test_what_is_valid_is_named_the_newest_first(aws):
    it = trail(2)
    lines = validated(aws, it, f"{LINE} --verbose").stdout.splitlines()[2:8]
    assert lines == [
        f"Digest file\ts3://{BUCKET}/{it.digests[1]}\tvalid",
        *(f"Log file\ts3://{BUCKET}/{name}\tvalid" for name in it.logs[2:]),
        f"Digest file\ts3://{BUCKET}/{it.digests[0]}\tvalid",
        *(f"Log file\ts3://{BUCKET}/{name}\tvalid" for name in it.logs[:2]),
    ]


def _set(name: str, value):
    return lambda digest: digest.update({name: value})


def _resigned(name: str, value):
    """The newest digest, changed and signed by the key."""
    return lambda it: it.change(it.digests[2], _set(name, value), sign=True)


def _metadata(name: str, value: str | None):
    def change(it: Trail) -> None:
        metadata = it.objects[it.digests[1]].metadata
        metadata.pop(name)
        if value is not None:
            metadata[name] = value

    return change


def _body(which: str, place: int, how):
    def change(it: Trail) -> None:
        thing = it.objects[getattr(it, which)[place]]
        thing.body = how(thing.body)

    return change


def _gone(which: str, place: int):
    return lambda it: it.objects.pop(getattr(it, which)[place])


def _swapped(it: Trail) -> None:
    """The middle digest is one of another chain: signed by the key, of the same hour, without the logs."""
    it.change(it.digests[1], _set("logFiles", []), sign=True)


def _same_signature(it: Trail) -> None:
    """A text that the next digest does not vouch for, under the old signature."""
    it.change(it.digests[1], _set("logFiles", []))


def _wrong_hash_of_previous(it: Trail) -> None:
    it.change(it.digests[2], _set("previousDigestHashValue", "0" * 64), sign=True)


def _wrong_signature_of_previous(it: Trail) -> None:
    it.change(it.digests[2], _set("previousDigestSignature", "00"), sign=True)


def _signed_by_another(it: Trail) -> None:
    thing = it.objects[it.digests[1]]
    thing.metadata["signature"] = signature(digest_of(it, 1), gzip.decompress(thing.body), partial(sign, seed=2))


def _key(value: bytes):
    return lambda it: it.keys.update({FINGERPRINT: value})


def _moved(it: Trail) -> None:
    it.change(it.digests[1], _set("digestS3Object", "elsewhere"), sign=True)


DIGEST, LOG = "Digest file", "Log file"
MIDDLE, NEWEST = 1, 2
TAMPERED = {
    "log gone": (_gone("logs", 2), LOG, "not found"),
    "log changed": (_body("logs", 2, lambda _: gzip.compress(b"{}")), LOG, "hash value doesn't match"),
    "log of two members": (_body("logs", 2, lambda body: body + gzip.compress(b"")), LOG, "unexpected data after end of compressed stream"),
    "bytes behind a log": (_body("logs", 2, lambda body: body + b"x"), LOG, "unexpected data after end of compressed stream"),
    "log not compressed": (_body("logs", 2, gzip.decompress), LOG, "invalid format"),
    "log cut short": (_body("logs", 2, lambda body: body[:20]), LOG, "hash value doesn't match"),
    "log emptied": (_body("logs", 2, lambda _: b""), LOG, "hash value doesn't match"),
    "digest gone": (_gone("digests", MIDDLE), DIGEST, "not found"),
    "digest changed": (_same_signature, DIGEST, "signature verification failed"),
    "digest swapped": (_swapped, DIGEST, "signature is not the one that the next digest file names"),
    "digest moved": (_moved, DIGEST, "has been moved from its original location"),
    "digest not compressed": (_body("digests", MIDDLE, gzip.decompress), DIGEST, "invalid format"),
    "digest cut short": (_body("digests", MIDDLE, lambda body: body[:-9]), DIGEST, "invalid format"),
    "bytes behind a digest": (_body("digests", MIDDLE, lambda body: body + b"x"), DIGEST, "invalid format"),
    "digest of a list": (_body("digests", MIDDLE, lambda _: gzip.compress(b"[]")), DIGEST, "invalid format"),
    "hash of the one before": (_wrong_hash_of_previous, DIGEST, "hash value doesn't match the one that the next digest file names"),
    "signature of the one before": (_wrong_signature_of_previous, DIGEST, "signature is not the one that the next digest file names"),
    "another signer": (_signed_by_another, DIGEST, "signature verification failed"),
    "signature gone": (_metadata("signature", None), DIGEST, "signature verification failed"),
    "signature empty": (_metadata("signature", ""), DIGEST, "signature verification failed"),
    "signature short": (_metadata("signature", "00ff"), DIGEST, "signature verification failed"),
    "signature odd": (_metadata("signature", "0"), DIGEST, "Odd-length string"),
    "signature no number": (_metadata("signature", "xx"), DIGEST, "Non-hexadecimal digit found"),
    "algorithm gone": (_metadata("signature-algorithm", None), DIGEST, "signature verification failed"),
    "algorithm weak": (_metadata("signature-algorithm", "MD5withRSA"), DIGEST, "signature algorithm is not SHA256withRSA"),
    "algorithm in the text": (_resigned("digestSignatureAlgorithm", "none"), DIGEST, "names an algorithm that is not known"),
    "hash algorithm in the text": (_resigned("previousDigestHashAlgorithm", "MD5"), DIGEST, "names an algorithm that is not known"),
    "key unknown": (lambda it: setattr(it, "keys", {"other": public_key()}), DIGEST, f"public key not found in region us-east-1 for fingerprint {FINGERPRINT}"),
    "key wrong": (_key(public_key(2)), DIGEST, "signature verification failed"),
    "key in another form": (_key(public_key(1, serialization.PublicFormat.SubjectPublicKeyInfo)), DIGEST, f"Unable to load PKCS #1 key with fingerprint {FINGERPRINT}"),
    "key broken": (_key(b"no"), DIGEST, f"Unable to load PKCS #1 key with fingerprint {FINGERPRINT}"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "kind", "why"), TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_found(aws, change, kind, why):
    it = trail()
    change(it)
    outcome = validated(aws, it)
    assert outcome.code == 1
    complaints = [line for line in outcome.stderr.split("\n\n") if line]
    assert all(line.startswith(f"{kind}\ts3://{BUCKET}/") for line in complaints), complaints
    assert complaints[0].endswith(f"\tINVALID: {why}"), complaints
    assert f"{'digest' if kind == DIGEST else 'log'} files INVALID" in outcome.stdout


@pytest.mark.parametrize(
    "name",
    [
        "digestPublicKeyFingerprint",
        "digestS3Bucket",
        "digestS3Object",
        "previousDigestSignature",
        "digestEndTime",
        "digestStartTime",
    ],
)
def test_a_digest_has_all_its_fields(aws, name):
    it = trail()
    it.change(it.digests[1], lambda digest: digest.pop(name))
    outcome = validated(aws, it)
    assert outcome.code == 1
    assert outcome.stderr == f"Digest file\ts3://{BUCKET}/{it.digests[1]}\tINVALID: invalid format\n\n"


@pytest.mark.parametrize("change", [{"hashAlgorithm": "MD5"}, {"hashValue": None}, {"s3Object": None}])
def test_a_log_is_named_by_its_hash(aws, change):
    it = trail(1)
    logs = digest_of(it, 0)["logFiles"]
    logs[0] = {name: value for name, value in {**logs[0], **change}.items() if value is not None}
    it.change(it.digests[0], _set("logFiles", logs), sign=True)
    outcome = validated(aws, it)
    assert outcome.code in (1, 255)
    assert "Traceback" not in outcome.stderr
    assert "1/2 log files valid" in outcome.stdout or outcome.code == 255


def test_a_gap_alone_is_no_fault(aws):
    outcome = validated(aws, trail(gap=2))
    assert outcome.code == 0
    assert outcome.stderr == (
        "No log files were delivered by CloudTrail between 2024-05-01T02:00:00Z and 2024-05-01T02:00:00Z\n\n"
    )


def test_backfill_digests_are_checked_too(aws):
    outcome = validated(aws, trail(backfill=True))
    assert outcome.code == 0
    assert "3/3 backfill digest files valid" in outcome.stdout
    it = trail(backfill=True)
    del it.objects[it.logs[0]]
    assert validated(aws, it).code == 1


def test_digests_on_several_pages_and_keys_on_several(aws):
    it = trail(6)
    it.page = 2
    pages = iter([{"other": public_key(2)}, it.keys])

    def serve(request):
        if not request.headers.get("X-Amz-Target", "").endswith("ListPublicKeys"):
            return it.serve(request)
        it.keys = next(pages)
        reply = json.loads(it.serve(request).body)
        more = {"NextToken": "more"} if "NextToken" not in request.json else {}
        return answer(200, {**reply, **more})

    aws.service.always(serve)
    outcome = aws(LINE.replace("04:00", "07:00"))
    assert "6/6 digest files valid" in outcome.stdout


def test_a_network_that_fails_is_not_a_log_that_is_invalid(aws):
    it = trail(1)

    def serve(request):
        return answer(200, b"", hang_up=True) if "/CloudTrail/" in request.path else it.serve(request)

    aws.service.always(serve)
    outcome = aws(LINE, env={"AWS_MAX_ATTEMPTS": "1"})
    assert outcome.code == 255
    assert "INVALID" not in outcome.stderr


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("cloudtrail validate-logs", 252, "the following arguments are required: --trail-arn, --start-time"),
        ("cloudtrail validate-logs --trail-arn t --start-time 2024-01-01", 255, "Invalid trail ARN provided: t"),
        (f"cloudtrail validate-logs --trail-arn {ARN} --start-time never", 255, "Unable to parse date value: never"),
        (f"{LINE} --start-time 2025-01-01", 255, "start-time must occur before end-time"),
    ],
)
def test_bad_input(aws, line, code, message):
    outcome = aws(line)
    assert outcome.code == code
    assert message in outcome.message


def test_an_organizations_trail_needs_an_account(aws):
    it = trail(organization="o-1/")
    assert validated(aws, it, f"{LINE} --account-id {ACCOUNT}").code == 0
    outcome = aws(LINE)
    assert outcome.code == 255
    assert "Missing required parameter for organization trail: '--account-id'" in outcome.message


RESULTS = {"result_1.csv.gz": b"one", "result_2.csv.gz": b"two"}


@pytest.fixture
def export(aws):
    """A folder of exported results, and CloudTrail that knows the key."""
    files = [{"fileName": name, "fileHashValue": hashlib.sha256(body).hexdigest()} for name, body in RESULTS.items()]
    text = " ".join(file["fileHashValue"] for file in files).encode()
    sign_file = {
        "files": files,
        "hashAlgorithm": "SHA-256",
        "signatureAlgorithm": "SHA256withRSA",
        "queryCompleteTime": "2024-05-01T01:02:03Z",
        "hashSignature": key(1).sign(text, padding.PKCS1v15(), hashes.SHA256()).hex(),
        "publicKeyFingerprint": FINGERPRINT,
    }
    for name, body in RESULTS.items():
        aws.write(f"e/{name}", body)
    aws.write("e/result_sign.json", json.dumps(sign_file))
    aws.service.always(Trail().serve)
    return sign_file


VERIFY = "cloudtrail verify-query-results --local-export-path e"


def test_results_are_verified(aws, export):
    outcome = aws(VERIFY)
    assert (outcome.stdout, outcome.stderr, outcome.code) == (
        "Successfully validated sign and query result files\n",
        "",
        0,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hashSignature": "00" * 128}, "ValidationError: Invalid signature in sign file"),
        ({"hashSignature": "00"}, "ValidationError: Invalid signature in sign file"),
        ({"hashSignature": "0"}, "Odd-length string"),
        ({"hashSignature": None}, "it has no hashSignature"),
        ({"signatureAlgorithm": "MD5withRSA"}, "names an algorithm that is not known"),
        ({"hashAlgorithm": "MD5"}, "names an algorithm that is not known"),
        ({"files": []}, "No export file was found in sign file."),
        ({"files": [{}]}, "Invalid sign file provided."),
        ({"files": 5}, "Invalid sign file provided."),
        ({"queryCompleteTime": "never"}, "Unable to parse date value: never"),
        ({"publicKeyFingerprint": "other"}, "No public keys found for key with fingerprint: other"),
    ],
)
def test_a_sign_file_that_is_changed_is_not_believed(aws, export, change, message):
    aws.write("e/result_sign.json", json.dumps({**export, **change}))
    outcome = aws(VERIFY)
    assert outcome.code == 255
    assert message in outcome.message


@pytest.mark.parametrize(
    ("body", "message"), [(b"else", "has inconsistent hash value"), (None, "No such file or directory")]
)
def test_a_result_that_is_changed_is_found(aws, export, body, message):
    path = aws.write("e/result_2.csv.gz", body or b"")
    if body is None:
        path.unlink()
    outcome = aws(VERIFY)
    assert outcome.code == 255
    assert message in outcome.message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "Require parameter --s3-bucket or --local-export-path."),
        ("--s3-prefix p", "Require parameter --s3-bucket or --local-export-path."),
        ("--local-export-path e --s3-bucket b", "can not be specified with parameter --s3-bucket nor --s3-prefix."),
    ],
)
def test_where_the_results_are_has_to_be_said(aws, options, message):
    outcome = aws(f"cloudtrail verify-query-results {options}")
    assert outcome.code == 252
    assert message in outcome.message

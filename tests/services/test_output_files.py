"""What commands save to files, and what is left to print."""

import os
import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from awsmini.params.context import ConversionError
from awsmini.services.ec2.password_data import decrypt_password
from awsmini.services.s3api.select import save_records
from awsmini.services.shared.rsa import PrivateKeyError, load_private_key
from awsmini.services.small.iam import save_mfa_seed
from awsmini.services.small.iot import save_members


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_keys_and_certificates(tmp_path):
    answer = {"certificatePem": "PEM", "keyPair": {"PublicKey": "pub", "PrivateKey": "priv"}, "certificateId": "c"}
    values = {"certificate_pem_outfile": f"{tmp_path}/c", "private_key_outfile": f"{tmp_path}/k"}
    assert save_members(answer, values) == answer
    assert (tmp_path / "c").read_text() == "PEM"
    assert (tmp_path / "k").read_text() == "priv"
    assert mode(tmp_path / "k") == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "k"]


def test_an_older_file_gets_the_narrow_mode_too(tmp_path):
    (tmp_path / "c").write_text("longer than the new content")
    os.chmod(tmp_path / "c", 0o644)
    save_members({"certificatePem": "PEM"}, {"certificate_pem_outfile": f"{tmp_path}/c"})
    assert ((tmp_path / "c").read_text(), mode(tmp_path / "c")) == ("PEM", 0o600)


def test_what_the_answer_lacks_is_an_empty_file(tmp_path):
    save_members({}, {"private_key_outfile": f"{tmp_path}/k"})
    assert (tmp_path / "k").read_text() == ""


@pytest.mark.parametrize("seed", ["aGVsbG8=", b"hello"])
@pytest.mark.parametrize("method", ["QRCodePNG", "Base32StringSeed"])
def test_the_seed_of_a_device(method, seed, tmp_path):
    answer = {"VirtualMFADevice": {"SerialNumber": "s", "QRCodePNG": seed, "Base32StringSeed": seed}}
    values = {"outfile": f"{tmp_path}/seed", "bootstrap_method": method}
    assert save_mfa_seed(answer, values) == {"VirtualMFADevice": {"SerialNumber": "s"}}
    assert ((tmp_path / "seed").read_bytes(), mode(tmp_path / "seed")) == (b"hello", 0o600)


def test_records(tmp_path):
    events = iter([{"Records": {"Payload": b"a,b\n"}}, {"Stats": {}}, {"Records": {"Payload": b"c\n"}}, {"End": {}}])
    assert save_records({"Payload": events}, {"outfile": f"{tmp_path}/out"}) == {}
    assert (tmp_path / "out").read_bytes() == b"a,b\nc\n"


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(ConversionError, match=r"No such file or directory"):
        save_records({"Payload": iter([])}, {"outfile": f"{tmp_path}/no/out"})


# --- RSA

KEY = rsa.generate_private_key(65537, 1024)
PKCS1, PKCS8 = serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8


def pem(form, key=KEY):
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
@pytest.mark.parametrize("text", [b"", b"secret", b"\x00\x01" * 20])
def test_decrypt(form, text):
    encrypted = KEY.public_key().encrypt(text, padding.PKCS1v15())
    assert load_private_key(pem(form)).decrypt(encrypted) == text


def test_the_key_does_not_show():
    assert repr(load_private_key(pem(PKCS8))) == "PrivateKey(1024 bits)"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
        b"-----BEGIN RSA PRIVATE KEY-----\n****\n-----END RSA PRIVATE KEY-----",
        b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nabcd\n-----END OPENSSH PRIVATE KEY-----",
    ],
)
def test_no_key(text):
    with pytest.raises(PrivateKeyError):
        load_private_key(text)


@pytest.mark.parametrize("message", [b"", b"x" * 127, b"\xff" * 128, b"\x00" * 128])
def test_no_message_for_the_key(message):
    with pytest.raises(PrivateKeyError):
        load_private_key(pem(PKCS1)).decrypt(message)


def test_password_data(tmp_path):
    import base64

    (tmp_path / "key.pem").write_bytes(pem(PKCS1))
    encrypted = base64.b64encode(KEY.public_key().encrypt(b"pass word", padding.PKCS1v15())).decode()
    answer = {"InstanceId": "i", "PasswordData": encrypted}
    values = {"priv_launch_key": f"{tmp_path}/key.pem"}
    assert decrypt_password(answer, values) == {"InstanceId": "i", "PasswordData": "pass word"}
    assert decrypt_password({"PasswordData": ""}, values) == {"PasswordData": ""}
    assert decrypt_password(answer, {}) == answer
    with pytest.raises(ConversionError, match="Unable to decrypt password data using provided private key file"):
        decrypt_password({"PasswordData": "aGk="}, values)

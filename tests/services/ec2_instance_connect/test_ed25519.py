"""Keys for one session, beside RFC 8032's own and another library's."""

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from awsmini.services.small.ec2_instance_connect_ssh import make, public_key

SEEDS = [bytes(range(at, at + 32)) for at in range(0, 200, 25)] + [b"\0" * 32, b"\xff" * 32]


@pytest.mark.parametrize(
    ("seed", "public"),
    [  # RFC 8032, 7.1
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        ),
    ],
)
def test_public_keys_of_the_standard(seed, public):
    assert public_key(bytes.fromhex(seed)).hex() == public


@pytest.mark.parametrize("seed", SEEDS)
def test_the_pair_is_what_others_read(seed):
    pair = make(seed, b"abcd")
    other = Ed25519PrivateKey.from_private_bytes(seed)
    read = load_ssh_private_key(pair.private.encode(), None)
    assert read.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()) == seed
    assert pair.public.encode() == other.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert max(map(len, pair.private.splitlines())) <= 70


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH here")
def test_openssh_reads_it(tmp_path):
    pair = make(SEEDS[3], b"abcd")
    path = tmp_path / "key"
    path.write_text(pair.private)
    path.chmod(0o400)
    done = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:2] == pair.public.split()

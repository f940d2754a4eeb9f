"""What a call's serializing may load: each protocol's own module, and nothing that takes milliseconds for nothing."""

import subprocess
import sys

import pytest

from awsmini.serialize import PROTOCOLS

COSTLY = {"awsmini.serialize.dates", "awsmini.serialize.compression", "botocore", "dateutil", "decimal", "gzip",
          "requests", "xml", "email", "http.client"}  # fmt: skip


def modules_loaded_by(*names):
    script = f"import sys, {', '.join(names)}; print(*sys.modules, sep='\\n')"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


@pytest.mark.parametrize("protocol", ["rest-json", "rest-xml", "ec2", "smithy-rpc-v2-cbor"])
def test_a_protocol_loads_little(protocol):
    loaded = modules_loaded_by(
        PROTOCOLS[protocol].partition(":")[0],
        "awsmini.params.validate",
        "awsmini.calls.customize",
    )
    assert not loaded & COSTLY
    others = {reference.partition(":")[0] for reference in PROTOCOLS.values()} - {"awsmini.serialize.json"}
    assert loaded & others <= {PROTOCOLS[protocol].partition(":")[0]}

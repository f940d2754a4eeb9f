"""CRCs put together from parts, and which of an object's checksums is looked at."""

import os
from zlib import crc32

import pytest

from awsmini.send.checksums import digest_of
from awsmini.send.crc import crc32c, crc64nvme
from awsmini.transfer.parts import encoded_crc, part_size
from awsmini.transfer.records import MB
from awsmini.transfer.sums import Stated, combine, stated_checksum

CRCS = {"crc32": crc32, "crc32c": crc32c, "crc64nvme": crc64nvme}


@pytest.mark.parametrize("algorithm", CRCS)
@pytest.mark.parametrize("sizes", [(0, 0), (1, 0), (0, 1), (1, 1), (1000, 7), (3, 5000), (4096, 4096)])
def test_two_pieces(algorithm: str, sizes: tuple[int, int]) -> None:
    first, second = os.urandom(sizes[0]), os.urandom(sizes[1])
    crc = CRCS[algorithm]
    assert combine(algorithm, crc(first), crc(second), sizes[1]) == crc(first + second)


def test_a_piece_of_many_gigabytes_takes_no_time() -> None:
    zeros = crc32(bytes(1 << 20))
    size = 1 << 20
    for _ in range(15):  # 32 GB of zeros
        zeros = combine("crc32", zeros, zeros, size)
        size *= 2
    whole = crc32(b"")
    for _ in range(1 << 5):
        whole = combine("crc32", whole, _zeros_of(1 << 30), 1 << 30)
    assert zeros == whole


def _zeros_of(size: int) -> int:
    crc, done = crc32(bytes(1 << 20)), 1 << 20
    while done < size:
        crc, done = combine("crc32", crc, crc, done), done * 2
    return crc


@pytest.mark.parametrize("algorithm", CRCS)
def test_a_few_small_ones_are_summed_without_c_code(algorithm: str) -> None:
    data = os.urandom(100)
    size = 8 if algorithm == "crc64nvme" else 4
    assert digest_of(algorithm, data) == CRCS[algorithm](data).to_bytes(size, "big")
    assert encoded_crc("crc32", 0) == "AAAAAA=="


@pytest.mark.parametrize(
    ("headers", "ranged", "expected"),
    [
        ({}, False, None),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, True, Stated("crc32", "AAAAAA==")),
        ({"x-amz-checksum-crc32": "AAAAAA==-3"}, True, Stated("crc32", "AAAAAA==", 3)),
        ({"x-amz-checksum-sha256": "x"}, True, None),
        ({"x-amz-checksum-sha256": "x"}, False, Stated("sha256", "x")),
        ({"x-amz-checksum-sha256": "x-2"}, True, Stated("sha256", "x", 2)),
        ({"x-amz-checksum-crc32": "a-b"}, False, None),
        ({"x-amz-checksum-type": "FULL_OBJECT"}, False, None),
    ],
)
def test_stated(headers: dict[str, str], ranged: bool, expected: Stated | None) -> None:
    assert stated_checksum(headers, 5 if not ranged else None, ranged=ranged) == expected


@pytest.mark.parametrize(
    ("chunk", "size", "expected"),
    [
        (8 * MB, None, 8 * MB),
        (MB, None, 5 * MB),
        (8 * MB, 80_000 * MB, 8 * MB),
        (8 * MB, 80_000 * MB + 1, 16 * MB),
        (8 * MB, 80 * 1024 * MB, 16 * MB),
        (8 * MB, 5 * 1024 * 1024 * MB, 1024 * MB),
        (10_000 * MB, 1, 5 * 1024 * MB),
    ],
)
def test_part_sizes(chunk: int, size: int | None, expected: int) -> None:
    assert part_size(chunk, size) == expected

"""What the commands take apart and put together without a network: trees, listings, filters, comparison, targets."""

import os
import random
import string

import pytest

from awsmini.transfer import local, plan
from awsmini.transfer.compare import Rules, differences
from awsmini.transfer.filters import Filters
from awsmini.transfer.listing_source import DisorderError, Times, entries, in_order
from awsmini.transfer.local import Entry, single, walk
from awsmini.transfer.records import Listed, Page


def tree(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def keys_of(folder, **options):
    warnings = []
    found = [entry.key for entry in walk(f"{folder}/", warnings.append, **options)]
    return found, [warning.replace(str(folder), "") for warning in warnings]


def test_a_tree_comes_in_the_order_of_keys(tmp_path):
    names = ["a b", "a!b", "a+b", "a-b", "a.b", "a/b/c", "a/x", "a0", "~", "ä", "\ue000", "\U0001f600", "a/b-", "z/z"]
    tree(tmp_path, *names)
    assert keys_of(tmp_path) == (sorted(names, key=str.encode), [])


def test_random_trees_come_in_the_order_of_keys(tmp_path):
    chance = random.Random(7)
    names = {
        "/".join(
            "".join(chance.choices("ab-.!0" + string.ascii_uppercase[:2], k=chance.randint(1, 2))) for _ in range(3)
        )
        for _ in range(120)
    }
    names = {name for name in names if ".." not in name and "." not in name.split("/")}
    tree(tmp_path, *names)
    assert keys_of(tmp_path)[0] == sorted(names, key=str.encode)


def test_what_is_no_file_is_told(tmp_path):
    tree(tmp_path, "f", "d/g")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    found, warnings = keys_of(tmp_path)
    assert found == ["d/g", "f"]
    assert sorted(warnings) == [
        "warning: Skipping file /dangling. File does not exist.",
        "warning: Skipping file /fifo. File is character special device, block special device, FIFO, or socket.",
        "warning: Skipping file /loop. File does not exist.",
    ]
    assert keys_of(tmp_path, follow_symlinks=False)[1] == [warnings for warnings in warnings if "/fifo." in warnings]


def test_links_are_followed_or_not(tmp_path):
    tree(tmp_path / "d", "f")
    tree(tmp_path / "e", "h")
    (tmp_path / "d/link").symlink_to("f")
    (tmp_path / "d/folder").symlink_to("../e")
    assert keys_of(tmp_path / "d")[0] == ["f", "folder/h", "link"]
    assert keys_of(tmp_path / "d", follow_symlinks=False)[0] == ["f"]
    through = {entry.key: entry.through_link for entry in walk(f"{tmp_path}/d/", print)}
    assert through == {"f": False, "folder/h": True, "link": False}


def test_a_folder_that_holds_itself_ends(tmp_path):
    tree(tmp_path, "x")
    (tmp_path / "loop").symlink_to(".")
    found, warnings = keys_of(tmp_path)
    assert len(found) == 41
    assert len(warnings) == 1
    assert "File does not exist." in warnings[0]


def test_folders_that_hold_themselves_many_times_end(tmp_path):
    """Two links in each of 40 folders would be as many paths as no disk holds."""
    tree(tmp_path, "x", "p/y", "r/z")
    for link, target in (("a", "."), ("b", "."), ("p/q", "../r"), ("r/s", "../p"), ("r/t", "..")):
        (tmp_path / link).symlink_to(target)
    found, warnings = keys_of(tmp_path)
    assert {key.count("/") for key in found} >= {0, 1, 10, 40}
    assert len(found) < 1000
    assert any("It leads back to a folder above it, too many times." in warning for warning in warnings)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_told(tmp_path):
    tree(tmp_path, "f", "d/g")
    (tmp_path / "f").chmod(0)
    (tmp_path / "d").chmod(0)
    found, warnings = keys_of(tmp_path)
    (tmp_path / "d").chmod(0o700)
    assert found == []
    assert all("File/Directory is not readable." in warning for warning in warnings)


def test_times_that_no_calendar_has(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "LAST_TIME", 1000)  # few file systems have times behind the year 9999
    tree(tmp_path, "f")
    warnings = []
    (entry,) = single(f"{tmp_path}/f", "f", warnings.append)
    assert entry.modified == 0.0
    assert warnings == ["warning: File has an invalid timestamp. Passing epoch time as timestamp."]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00.000Z", 0.0),
        ("2024-02-29T12:34:56.750Z", 1709210096.75),
        ("2024-03-01T00:00:00Z", 1709251200.0),
        ("2100-03-01T00:00:00.000Z", 4107542400.0),
        ("1999-12-31T23:59:59.999Z", 946684799.999),
    ],
)
def test_times_of_listings(text, seconds):
    times = Times()
    assert times.seconds(text) == seconds
    assert times.seconds(text) == seconds


def listed(*keys, size=1):
    return Page([Listed(key, "2024-01-01T00:00:00.000Z", "e", size) for key in keys], [])


def test_entries_leave_folder_markers_out():
    pages = [Page([*listed("p/d/", size=0).objects, *listed("p/d/x", "p/e/").objects], [])]
    assert [entry.key for entry in entries(pages, "p/")] == ["d/x", "e/"]
    assert [entry.key for entry in entries(pages, "p/", markers=True)] == ["d/", "d/x", "e/"]


@pytest.mark.parametrize("pages", [[("a", "c"), ("b",)], [("a/b", "a-b")], [("b",), (), ("a",)]])
def test_a_listing_out_of_order_is_noticed(pages):
    with pytest.raises(DisorderError):
        list(in_order(listed(*keys) for keys in pages))
    assert list(in_order([listed("a", "b"), listed(), listed("c")]))[2].objects[0].key == "c"


@pytest.mark.parametrize(
    ("filters", "taken"),
    [
        ([], "a.txt b.txt s/a.txt s/c"),
        ([(False, "*")], ""),
        ([(False, "*"), (True, "*.txt")], "a.txt b.txt s/a.txt"),
        ([(True, "*.txt"), (False, "*")], ""),
        ([(False, "*.txt")], "s/c"),
        ([(False, "s/*")], "a.txt b.txt"),
        ([(False, "[a-b].txt")], "s/a.txt s/c"),
        ([(False, "[!a]*")], "a.txt"),
        ([(False, "?.txt"), (True, "b*")], "b.txt s/a.txt s/c"),
        ([(False, "/r/o*t/s/*")], "a.txt b.txt"),
        ([(False, "./a.txt")], "a.txt b.txt s/a.txt s/c"),
        ([(False, "A.TXT")], "a.txt b.txt s/a.txt s/c"),
    ],
)
def test_filters(filters, taken):
    found = [Entry(key, 0, 0.0) for key in ("a.txt", "b.txt", "s/a.txt", "s/c")]
    of_local = Filters(filters, ["/r/o[o]t", "b/p/"])
    assert " ".join(entry.key for entry in of_local.of(iter(found), "/r/o[o]t/")) == taken
    if not any(pattern.startswith("/") for _, pattern in filters):
        assert " ".join(entry.key for entry in of_local.of(iter(found), "b/p/")) == taken


def side(entries_, *, unordered=False):
    def begin(checked):
        for number, entry in enumerate(entries_):
            if checked and unordered and number == len(entries_) - 1:
                raise DisorderError
            yield entry

    return begin


def done(source, destination, rules, **options):
    return [
        ("-" if difference.deleted else "") + difference.entry.key
        for difference in differences(source, destination, rules, **options)
    ]


@pytest.mark.parametrize(
    ("rules", "source", "destination", "differs"),
    [
        (Rules("upload"), (1, 5.0), (1, 5.0), False),
        (Rules("upload"), (1, 5.1), (1, 5.0), True),
        (Rules("upload"), (1, 4.0), (1, 5.0), False),
        (Rules("upload"), (2, 4.0), (1, 5.0), True),
        (Rules("copy"), (1, 5.1), (1, 5.0), True),
        (Rules("download"), (1, 5.0), (1, 5.1), True),
        (Rules("download"), (1, 5.0), (1, 4.0), False),
        (Rules("download", exact_timestamps=True), (1, 5.0), (1, 4.0), True),
        (Rules("download", exact_timestamps=True), (1, 5.0), (1, 5.0), False),
        (Rules("upload", exact_timestamps=True), (1, 4.0), (1, 5.0), False),
        (Rules("upload", size_only=True), (1, 6.0), (1, 5.0), False),
        (Rules("upload", size_only=True), (2, 4.0), (1, 5.0), True),
        (Rules("upload", no_overwrite=True), (2, 9.0), (1, 5.0), False),
        (Rules("download", always=True), (1, 5.0), (1, 5.0), True),
    ],
)
def test_rules(rules, source, destination, differs):
    assert rules.differ(Entry("k", *source), Entry("k", *destination)) is differs


def test_two_sides_are_merged():
    source = side([Entry(key, 1, 1.0) for key in ("a", "c", "d", "e")])
    destination = side([Entry(key, size, 1.0) for key, size in (("b", 1), ("c", 1), ("d", 2), ("f", 1))])
    assert done(source, destination, Rules("upload")) == ["a", "d", "e"]
    assert done(source, destination, Rules("upload", delete=True)) == ["a", "-b", "d", "e", "-f"]
    held = done(source, destination, Rules("upload", delete=True), hold_deletions=True)
    assert held == ["a", "d", "e", "-b", "-f"]


@pytest.mark.parametrize("seed", range(20))
def test_no_order_makes_a_key_both_transferred_and_deleted(seed):
    """Either side in the order of folders, as a server that walks them lists."""
    chance = random.Random(seed)
    names = {"/".join(chance.choices(("a", "a-b", "b", "a.b"), k=chance.randint(1, 3))) for _ in range(20)}
    ours = {name: chance.randint(1, 2) for name in names if chance.random() < 0.7}
    theirs = {name: chance.randint(1, 2) for name in names if chance.random() < 0.7}

    def by_folder(name):
        return name.split("/")

    def pages(sizes):
        ordered = sorted(sizes, key=by_folder)
        return [listed(*ordered[at : at + 3]) for at in range(0, len(ordered), 3)]

    def unordered(sizes):
        def begin(checked):
            found = in_order(pages(sizes)) if checked else pages(sizes)
            return (entry._replace(size=sizes[entry.key]) for entry in entries(found))

        return begin

    def files(sizes):
        return side([Entry(name, sizes[name], 0.0) for name in sorted(sizes, key=str.encode)])

    for source, destination, direction in ((files, unordered, "upload"), (unordered, files, "download")):
        rules = Rules(direction, size_only=True, delete=True)
        found = done(source(ours), destination(theirs), rules, hold_deletions=True)
        deleted = {name[1:] for name in found if name.startswith("-")}
        assert deleted == set(theirs) - set(ours)
        moved = [name for name in found if not name.startswith("-")]
        needed = {name for name, size in ours.items() if theirs.get(name) != size}
        assert needed <= set(moved) <= set(ours)
        assert len(moved) == len(set(moved))


HOSTILE = [
    ("ok", True),
    ("a/b/c", True),
    ("a/../b", True),
    ("./b", True),
    ("a//b", True),
    ("/b", True),
    ("...", True),
    ("..a", True),
    ("a..", True),
    ("../x", False),
    ("..", False),
    (".", False),
    ("a/..", False),
    ("a/../../x", False),
    ("/../x", False),
    ("//../x", False),
    ("a/b/../../../x", False),
    ("./../x", False),
    ("out/x", False),
    ("in/x", True),
    ("in/../x", True),
    ("out/../x", False),
    ("a\nb", True),
    ("~/x", True),
    ("C:x", True),
    ("x" * 200, True),
]


@pytest.mark.parametrize(("key", "inside"), HOSTILE)
def test_targets_keep_downloads_inside(tmp_path, key, inside):
    target = tmp_path / "t"
    (target / "real").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (target / "out").symlink_to("../elsewhere")
    (target / "in").symlink_to("real")
    found = plan.Target(f"{target}/")
    assert found.holds(key) is inside
    assert found.holds("ok")
    if inside:
        folder = os.path.realpath(os.path.dirname(found.path(key)))
        assert folder == str(target) or folder.startswith(f"{target}/")

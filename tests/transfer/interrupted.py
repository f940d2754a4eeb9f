"""A run of its own process, to be interrupted: `interrupted.py URL WHAT FOLDER`, over a slow service."""

import io
import sys
from pathlib import Path

from awsmini.app import App
from awsmini.session import Session
from awsmini.transfer.engine import Engine
from awsmini.transfer.records import Copy, Download, TransferOptions, Upload

MB = 1024 * 1024


def main(url: str, what: str, folder: Path) -> int:
    """0 where all went well, 1 where something failed, 2 after Ctrl+C."""
    import os

    app = App(io.StringIO(), io.StringIO(), io.StringIO(), dict(os.environ))
    client = Session(app=app).client("s3", endpoint_url=url)
    options = TransferOptions(multipart_threshold=MB // 4, multipart_chunksize=MB // 4, max_bandwidth=6 * MB)
    failed = 0
    try:
        with Engine(client, options) as engine:
            if what in ("up", "move"):
                tasks = (
                    Upload(str(path), "box", path.name, move=what == "move")
                    for path in sorted((folder / "src").iterdir())
                )
                results = engine.run(tasks)
            elif what == "down":
                listed = (item for page in engine.list("full") for item in page.objects)
                results = engine.run(
                    Download("full", item.key, str(folder / "dst" / item.key), item.size, item.etag) for item in listed
                )
            else:
                copies = (item for page in engine.list("full") for item in page.objects)
                results = engine.run(Copy("full", item.key, "box", item.key, item.size, item.etag) for item in copies)
            for result in results:
                failed += result.error is not None
    except KeyboardInterrupt:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))

"""The application of --hello-world: a small HTTP server in TypeScript, which the runtime takes as it is."""

import json
import os

from awsmini.system.atomic import writing

ENTRY = "server.ts"
_SERVER = """\
// An HTTP server for Lambda Web Functions. Anything that listens on a port will do in its place.
import { createServer } from "node:http";

// Lambda sends requests to port 3000; LOCAL_PORT is for runs on your own machine.
const port = Number(process.env.LOCAL_PORT ?? 3000);

createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: "Hello from Lambda Web!", path: request.url }));
}).listen(port, () => console.log(`listening on port ${port}`));
"""
_README = """\
# {name}

An HTTP server that runs as a web function of AWS Lambda.

    npm start              # here, on port 3000
    npm run deploy         # there

`server.ts` is the server: it listens on a port, and needs no handler and no adapter. `awsmini lambda-web deploy help`
shows what can be set. Secrets do not belong into this folder, nor into --env.
"""
_AGENTS = """\
# For coding agents

`{name}` is a web function of AWS Lambda, a plain HTTP server on port 3000. It has no exported handler, and none should
be added.

- `server.ts` is run as it is by Node.js 24, which strips the types: no enums, namespaces or parameter properties.
- The function runs on arm64; packages with native parts need that build.
- `deploy` uploads the folder without installing or building anything. Hidden files and links stay out.
- Start it with `npm start`, deploy it with `npm run deploy`, read its logs with
  `awsmini logs tail /aws/lambda/web/{name} --follow`.
"""


def write(folder: str, name: str) -> None:
    """Write the application into a folder that is empty or not there yet."""
    package = {
        "name": name,
        "version": "1.0.0",
        "private": True,
        "type": "module",
        "main": ENTRY,
        "scripts": {"start": f"node {ENTRY}", "deploy": f"awsmini lambda-web deploy --name {name} --code ."},
    }
    files = {
        "README.md": _README.format(name=name),
        ENTRY: _SERVER,
        "package.json": json.dumps(package, indent=2) + "\n",
        "AGENTS.md": _AGENTS.format(name=name),
    }
    os.makedirs(folder, exist_ok=True)
    for file_name, text in files.items():
        with writing(os.path.join(folder, file_name)) as file:
            file.write(text.encode())

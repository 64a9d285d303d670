"""Orders come in as lines of JSON, answers go out as lines of JSON, one after the other.

An order is {"id": n, "do": name, ...}; its answer {"id": n, "value": ...}, or {"id": n, "error": "..."} with what the
peer threw: that is an answer as well.
"""

import asyncio
import json
import sys

# What one order may take, in seconds: a peer that hangs is a result, not the end of the suite.
LIMIT_S = 60


async def obey(handlers):
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        try:
            value = await asyncio.wait_for(handlers[order["do"]](order), LIMIT_S)
            answer = {"id": order["id"], "value": value}
        except Exception as error:  # noqa: BLE001
            answer = {"id": order["id"], "error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()

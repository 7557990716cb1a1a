"""Drives a Roster server with the unmodified Python Graph SDK.

Usage: smoke.py PATH_TO_ROSTER

Starts the server on a free port with a new SQLite database, runs every check of `checks`, stops
the server, and ends with a line `N passed, N failed`. A check is an async function over a `Client`;
a new noun adds a module under `checks` and its name to `checks.ALL`.
"""

import asyncio
import sys
import traceback

import checks
from server import Server


async def main(program: str) -> int:
    passed = failed = 0
    with Server(program) as server:
        client = server.sdk()
        for check in checks.ALL:
            try:
                await check(client)
            except Exception:
                failed += 1
                print(f"FAIL {check.__name__}")
                traceback.print_exc()
            else:
                passed += 1
                print(f"ok   {check.__name__}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1])))

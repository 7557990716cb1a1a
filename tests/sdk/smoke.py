"""Drives a Roster server with the unmodified Python Graph SDK.

Usage: smoke.py PATH_TO_ROSTER

Starts the server on a free port with a new SQLite database, runs every check of `checks`, stops
the server, does the same with PostgreSQL where there is one, and ends with a line `N passed, N
failed`. A check is an async function over a `Client`; a new noun adds a module under `checks` and
its name to `checks.ALL`.
"""

import asyncio
import sys
import traceback

import checks
from server import Server, postgresql


async def run(program: str, name: str, database: str | None) -> tuple[int, int]:
    passed = failed = 0
    with Server(program, database) as server:
        client = server.sdk()
        for check in checks.ALL:
            try:
                await check(client)
            except Exception:
                failed += 1
                print(f"FAIL {name}: {check.__name__}")
                traceback.print_exc()
            else:
                passed += 1
                print(f"ok   {name}: {check.__name__}")
    return passed, failed


async def main(program: str) -> int:
    passed, failed = await run(program, "SQLite", None)
    with postgresql() as database:
        if database:
            also = await run(program, "PostgreSQL", database)
            passed, failed = passed + also[0], failed + also[1]
        else:
            print("SKIPPED: no PostgreSQL was found, or no psql to ask it.")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1])))

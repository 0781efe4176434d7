"""A child that speaks the protocol and does wrong: `python liar.py lie|die|hang|garble`."""

from __future__ import annotations

import json
import os
import sys
import time


def answer(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    sort = sys.argv[1]
    for line in sys.stdin:
        request = json.loads(line)
        if "rules" in request:
            answer({"ready": len(request["rules"])})
        elif sort == "lie":
            answer({"batch": request["batch"], "fired": [[3, 5] for _ in request["batch"]]})
        elif sort == "die":
            os.abort()
        elif sort == "hang":
            time.sleep(60)
        else:
            answer("no object")


main()

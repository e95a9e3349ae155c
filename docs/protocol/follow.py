#!/usr/bin/env python3
"""Follows the journal through takeovers and prints each line once: follow.py SOCKET [WINDOW [PAUSE]]. Needs nothing but Python.
With a WINDOW only so many lines are under way; PAUSE is how many seconds it takes over each, to see what becomes of a slow one."""
import json
import socket
import sys
import time


def follow(path, last, window, pause):
    """One connection to one HAM, from the line after the last one on; gives the last line that came."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(path)

        def send(message):
            message["jsonrpc"] = "2.0"
            connection.sendall((json.dumps(message) + "\n").encode("utf-8"))

        params = {"subscription": 1, "after": last}
        if window:
            params["window"] = window
        send({"id": 1, "method": "subscribe", "params": params})
        told = last
        for line in connection.makefile("r", encoding="utf-8", newline="\n"):
            if not line.endswith("\n"):
                break  # The HAM died in the middle of it; it comes again.
            message = json.loads(line)
            if "error" in message or message.get("method") in ("ended", "bye"):
                print(line, end="", file=sys.stderr, flush=True)
                if message.get("method") != "bye":
                    sys.exit(1)
            if message.get("method") != "event":
                continue
            event = message["params"]["event"]
            print(json.dumps(event), flush=True)
            last = event["seq"]
            if window and last - told >= window // 2:
                told = last
                send({"method": "taken", "params": {"subscription": 1, "seq": last}})
            time.sleep(pause)
    except OSError:
        pass  # Between two HAMs.
    finally:
        connection.close()
    return last


def main():
    window = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    pause = float(sys.argv[3]) if len(sys.argv) > 3 else 0
    last = 0
    while True:
        last = follow(sys.argv[1], last, window, pause)
        time.sleep(0.02)


if __name__ == "__main__":
    main()

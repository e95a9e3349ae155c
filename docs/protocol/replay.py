#!/usr/bin/env python3
"""Replays a transcript of the control protocol: replay.py SOCKET TRANSCRIPT. Needs nothing but Python."""
import re
import socket
import sys

PLACE = re.compile(r"<([a-z]+)>")
VALUE = r'(\d+|"[^"]*"|\{[^}]*\})'


def pattern(template):
    """The template as a regular expression, and the names of its places."""
    parts = PLACE.split(template)
    text = "".join(VALUE if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.compile(text), parts[1::2]


def receive(lines, expected, known):
    """Reads all that is expected, in whichever order it comes."""
    while expected:
        line = lines.readline().rstrip("\n")
        for template in expected:
            form, names = pattern(template)
            match = form.fullmatch(line)
            if match:
                known.update(zip(names, match.groups()))
                expected.remove(template)
                break
        else:
            sys.exit("not as expected: %r\none of: %s" % (line, "\n  ".join(expected)))


def main():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(60)
    connection.connect(sys.argv[1])
    lines = connection.makefile("r", encoding="utf-8", newline="\n")
    known, expected = {}, []
    with open(sys.argv[2], encoding="utf-8") as transcript:
        for line in transcript:
            line = line.rstrip("\n")
            if line.startswith("C: "):
                receive(lines, expected, known)
                filled = PLACE.sub(lambda place: known[place.group(1)], line[3:])
                connection.sendall((filled + "\n").encode("utf-8"))
            elif line.startswith("S: "):
                expected.append(line[3:])
    receive(lines, expected, known)
    print("as expected")


if __name__ == "__main__":
    main()

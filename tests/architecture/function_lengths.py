#!/usr/bin/env python3
"""Lists the functions that are longer than a number of lines, from signature to closing brace.

    tests/architecture/function_lengths.py [--over 80] [--most N] [--longest N] [ROOT]

Tests are not counted. With --most or --longest the exit code is 1 where there are more such
functions, or longer ones.
"""
import argparse
import pathlib
import re
import sys

FOLDERS = ["engine", "scenarios", "agents", "sensors", "bridge", "apps"]
NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\s\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
TYPE = re.compile(r"\b(?:class|struct|union|enum)\b")


def blank(match):
    """Keeps the line breaks, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match.group(0))


def functions(text):
    """Yields (first line, lines, signature) of each function that is not inside another."""
    text = DIRECTIVE.sub(blank, NOISE.sub(blank, text))
    scopes = []  # of open braces: "names", "type", "function" or "values"
    head = 0     # where the text before the next brace begins
    begun = None
    for at, mark in ((m.start(), m.group(0)) for m in re.finditer(r"[{};]", text)):
        inside = begun is not None
        if mark == "{":
            before = text[head:at]
            if inside or (scopes and scopes[-1] == "values"):
                scopes.append("values")
            elif re.search(r"\bnamespace\b|\bextern\s*$", before):
                scopes.append("names")
            elif "(" in before and not before.rstrip().endswith(("=", ",", "(")):
                scopes.append("function")
                first = head + len(before) - len(before.lstrip())
                begun = (first, len(scopes), " ".join(before.split()))
            elif TYPE.search(before):
                scopes.append("type")
            else:
                scopes.append("values")
        elif mark == "}" and scopes:
            if begun is not None and begun[1] == len(scopes):
                first = text.count("\n", 0, begun[0]) + 1
                yield first, text.count("\n", 0, at) + 2 - first, begun[2]
                begun = None
            scopes.pop()
        if begun is None and not (scopes and scopes[-1] == "values"):
            head = at + 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).parents[2],
                        type=pathlib.Path)
    parser.add_argument("--over", type=int, default=80, help="lines that are still short")
    parser.add_argument("--most", type=int, help="how many long functions there may be")
    parser.add_argument("--longest", type=int, help="how long any of them may be")
    args = parser.parse_args()
    found, total = [], 0
    for folder in FOLDERS:
        for file in sorted((args.root / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            for first, lines, signature in functions(file.read_text(encoding="utf-8")):
                total += 1
                if lines > args.over:
                    found.append((lines, f"{file.relative_to(args.root)}:{first}", signature))
    for lines, place, signature in sorted(found, key=lambda f: (-f[0], f[1])):
        print(f"{lines:4} {place} {signature[:90]}")
    print(f"{len(found)} of {total} functions have more than {args.over} lines")
    longest = max((f[0] for f in found), default=0)
    too_many = args.most is not None and len(found) > args.most
    too_long = args.longest is not None and longest > args.longest
    if total == 0 or too_many or too_long:
        print(f"expected at most {args.most} of them, none over {args.longest} lines",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Two types of one name in namespace timetrial that meet in one program are taken for one another by the linker, without
a word: the functions of one then run on the objects of the other. So no name may be defined in two files.

  type_names.py ROOT     prints every name that is, and where; exit code 1 when there is one."""

import collections
import pathlib
import re
import sys

FOLDERS = ("harness", "workloads", "submissions", "tuning", "results", "tests")
# Programs of their own that never meet: submissions are loaded one at a time, with hidden symbols.
APART = re.compile(r"^(submissions/[^/]+/|tests/misbehaving/|tests/external_submission/)")


def without_comments_and_texts(text):
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', " ", text, flags=re.S)


def types_of(text):
    """Names of types that are defined directly in namespace timetrial."""
    names = []
    scopes = []  # what each open brace belongs to
    start = 0
    for match in re.finditer(r"[{};]", text):
        head = text[start : match.start()].strip()
        start = match.end()
        if match.group() == "}":
            if scopes:
                scopes.pop()
            continue
        if match.group() == ";":
            continue
        namespace = re.search(r"\bnamespace(\s+[\w:]+)?$", head)
        if namespace:
            scopes.append("namespace" + (namespace.group(1) or " ").rstrip() if namespace.group(1) else "anonymous")
            continue
        head = re.sub(r"^(template\s*<[^{};]*>\s*)+", "", head)
        head = head.split("\n\n")[-1]
        kind = re.search(r"\b(?:struct|class|enum(?:\s+class)?|union)\s+(?:\[\[\w+\]\]\s*)?(\w+)(?:\s+final)?\s*(?::[^:].*)?$", head, re.S)
        if kind and scopes == ["namespace timetrial"]:
            names.append(kind.group(1))
        scopes.append("other")
    return names


def main():
    root = pathlib.Path(sys.argv[1])
    places = collections.defaultdict(set)
    files = 0
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".cu", ".cuh"):
                continue
            files += 1
            name = file.relative_to(root).as_posix()
            apart = APART.match(name)
            for type_name in types_of(without_comments_and_texts(file.read_text(errors="replace"))):
                places[(apart.group() if apart else "", type_name)].add(name)
    clashes = {key: where for key, where in places.items() if len(where) > 1}
    for (_, type_name), where in sorted(clashes.items()):
        print(f"timetrial::{type_name} is defined in {', '.join(sorted(where))}")
    print(f"{len(places)} types in {files} files, {len(clashes)} names taken twice")
    return 1 if clashes or len(places) < 100 else 0


sys.exit(main())

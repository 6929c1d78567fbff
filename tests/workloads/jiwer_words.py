"""Word edits by jiwer, for word_error_rate_test: FILE -> a line "<edits> <words>" for each line "<hypothesis>\t<reference>"."""

import sys

import jiwer

with open(sys.argv[1], encoding="utf-8", newline="\n") as file:
    for line in file.read().splitlines():
        hypothesis, reference = line.split("\t")
        result = jiwer.process_words(reference, hypothesis)
        edits = result.substitutions + result.deletions + result.insertions
        print(edits, result.substitutions + result.deletions + result.hits)

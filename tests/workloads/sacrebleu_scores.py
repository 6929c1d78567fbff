"""BLEU by sacreBLEU, for bleu_test: FILE -> one line "<score> <matches> <totals> <lengths>" a corpus.

FILE holds lines of JSON: {"hypotheses": [...], "references": [...]}.
"""

import json
import sys

import sacrebleu

for line in open(sys.argv[1], encoding="utf-8"):
    corpus = json.loads(line)
    bleu = sacrebleu.corpus_bleu(corpus["hypotheses"], [corpus["references"]])
    print(repr(bleu.score), *bleu.counts, *bleu.totals, bleu.sys_len, bleu.ref_len)

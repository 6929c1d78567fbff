"""Mean average precision by scikit-learn, for bench_ogbg: FILE ROWS TASKS -> "<value> <seconds>".

FILE holds float32 scores, then labels, then whether labelled, each ROWS x TASKS.
"""

import sys
import time

import numpy
from sklearn.metrics import average_precision_score

rows, tasks = int(sys.argv[2]), int(sys.argv[3])
scores, labels, labelled = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(3, rows, tasks)
start = time.perf_counter()
values = [
    average_precision_score(labels[known, task], scores[known, task])
    for task, known in enumerate((labelled != 0).T)
    if (labels[:, task] == 0).any() and (labels[:, task] == 1).any()
]
print(numpy.mean(values), time.perf_counter() - start)

"""Seconds that scikit-image takes for the structural similarity of two 320 x 320 images, median of many."""

import statistics
import time

import numpy
from skimage.metrics import structural_similarity

random = numpy.random.default_rng(1)
first, second = random.random((2, 320, 320), dtype=numpy.float32)


def seconds():
    start = time.perf_counter()
    structural_similarity(first, second, data_range=1.0)
    return time.perf_counter() - start


seconds()
print(statistics.median(seconds() for _ in range(50)))

"""Times pycocotools on the blobs of MaskBenchmark, microseconds a call.

    pip install pycocotools; python src/test/python/benchmark_masks.py
"""

import math
import timeit

import numpy as np
from pycocotools import mask as coco

HEIGHT, WIDTH = 480, 640


def blob(x, y, radius, vertices=24):
    ring = []
    for i in range(vertices):
        angle = 2 * math.pi * i / vertices
        distance = radius * (0.9 + 0.1 * math.cos(5 * angle))
        ring += [x + distance * math.cos(angle), y + distance * math.sin(angle)]
    return ring


def microseconds(call):
    timer = timeit.Timer(call)
    count, _ = timer.autorange()
    return min(timer.repeat(5, count)) / count * 1e6


print(f"{'':14}{'radius':>8}{'us':>10}")
for radius in (10, 50, 200):
    ring = blob(320, 240, radius)
    mask = coco.merge(coco.frPyObjects([ring], HEIGHT, WIDTH))
    other = coco.merge(coco.frPyObjects([blob(320 + radius / 4, 240, radius)], HEIGHT, WIDTH))
    bitmap = np.asfortranarray(coco.decode(mask))
    calls = {
        "rasterize": lambda: coco.merge(coco.frPyObjects([ring], HEIGHT, WIDTH)),
        "iou": lambda: coco.iou([mask], [other], [0]),
        "union": lambda: coco.merge([mask, other]),
        "encodeBitmap": lambda: coco.encode(bitmap),
        "paintBitmap": lambda: coco.decode(mask),
    }
    for name, call in calls.items():
        print(f"{name:14}{radius:8}{microseconds(call):10.2f}")

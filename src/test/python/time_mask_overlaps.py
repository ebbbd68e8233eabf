"""Prints the seconds that pycocotools' C code needs, on one core, for the overlaps of all masks that `evaluate` compares:
run lengths read, every detection held against the annotated objects of its image and class.

    python3 src/test/python/time_mask_overlaps.py TRUTH.json MASKS.json
"""

import collections
import json
import sys
import time

from pycocotools import mask as run_lengths


def groups(annotations):
    found = collections.defaultdict(list)
    for row in annotations:
        found[row["image_id"], row["category_id"]].append(row)
    return found


def main(truth, masks):
    with open(truth, encoding="utf-8") as file:
        document = json.load(file)
    frames = {image["id"]: (image["height"], image["width"]) for image in document["images"]}
    truths = groups(document["annotations"])
    with open(masks, encoding="utf-8") as file:
        detections = groups(json.load(file))
    pairs = []
    seconds = 0.0
    for key in detections.keys() & truths.keys():
        shapes = [row["segmentation"] for row in detections[key]]
        objects = [row["segmentation"] for row in truths[key]]
        start = time.perf_counter()
        regions = [
            shape if isinstance(shape, dict) else run_lengths.merge(run_lengths.frPyObjects(shape, *frames[key[0]]))
            for shape in objects
        ]
        pairs.append(run_lengths.iou(shapes, regions, [row["iscrowd"] for row in truths[key]]).size)
        seconds += time.perf_counter() - start
    print(f"{seconds:.3f}")
    print(f"{sum(pairs)} pairs", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])

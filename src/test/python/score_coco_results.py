"""Scores official COCO results with pycocotools and holds metrics.json of `palispark evaluate` against them.

    python3 src/test/python/score_coco_results.py instances.json metrics.json boxes=coco_results.json masks=coco_results_segm.json

Exit code 0 when the 12 numbers of each shape and the average precision of every category are equal to 1e-9.
"""

import contextlib
import io
import json
import sys
import time

import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
KINDS = {"boxes": "bbox", "masks": "segm"}
TOLERANCE = 1e-9


def score(truth_file, results_file, kind):
    """The 12 numbers, AP by category name, and the seconds that all of it took."""
    started = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(truth_file)
        evaluation = COCOeval(truth, truth.loadRes(results_file), kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    seconds = time.monotonic() - started
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    categories = {}
    for place, category in enumerate(evaluation.params.catIds):
        values = precision[:, :, place]
        values = values[values > -1]
        categories[truth.cats[category]["name"]] = float(numpy.mean(values)) if values.size else -1.0
    return dict(zip(NAMES, map(float, evaluation.stats))), categories, seconds


def differences(ours, numbers, categories):
    """Every number that differs, as (name, ours, pycocotools'); an absent number of ours stands for -1."""
    pairs = [(name, ours["scored"].get(name), value) for name, value in numbers.items()]
    by_label = {label["label"]: label.get("AP") for label in ours["labels"]}
    pairs += [(f"AP of {name}", by_label.get(name), value) for name, value in categories.items()]
    return [
        (name, mine, value)
        for name, mine, value in pairs
        if abs((-1.0 if mine is None else mine) - value) > TOLERANCE
    ]


def main(truth_file, metrics_file, *results):
    with open(metrics_file, encoding="utf-8") as file:
        metrics = json.load(file)
    wrong = 0
    for shapes, results_file in (pair.split("=", 1) for pair in results):
        numbers, categories, seconds = score(truth_file, results_file, KINDS[shapes])
        differing = differences(metrics[shapes], numbers, categories)
        wrong += len(differing)
        print(f"{shapes}: {len(numbers) + len(categories)} numbers, {len(differing)} differ; pycocotools took {seconds:.1f} s")
        for name in ("AP", "AP50", "AR100"):
            print(f"  {name:6} {metrics[shapes]['scored'][name]!r:22} {numbers[name]!r}")
        for name, mine, value in differing:
            print(f"  DIFFERENT {name}: {mine} and {value}")
    return 1 if wrong or not results else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

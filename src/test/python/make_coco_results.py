"""Makes COCO ground truth and results of any size, the same for the same seed, to measure `palispark evaluate` with.

    python3 src/test/python/make_coco_results.py FOLDER [IMAGES [OBJECTS [DETECTIONS]]]

writes truth.json, boxes.json and masks.json (ellipses, cut at the border). Defaults: 5000 images, 36000 objects, 500000 detections.
"""

import json
import math
import pathlib
import random
import sys

from pycocotools import mask as run_lengths

HEIGHT, WIDTH, CATEGORIES, SEED, CORNERS = 480, 640, 80, 20260, 24


def box_of(made):
    width = min(WIDTH - 8.0, 8 + made.expovariate(1 / 80))
    height = min(HEIGHT - 8.0, 8 + made.expovariate(1 / 70))
    return [made.uniform(0, WIDTH - width), made.uniform(0, HEIGHT - height), width, height]


def moved(made, box):
    """The box with its edges off by some tenths, inside the image."""
    spread = made.choice([0.02, 0.05, 0.1, 0.25])
    x = min(WIDTH - 2.0, max(0.0, box[0] + made.gauss(0, spread) * box[2]))
    y = min(HEIGHT - 2.0, max(0.0, box[1] + made.gauss(0, spread) * box[3]))
    width = min(WIDTH - x, max(2.0, box[2] * (1 + made.gauss(0, spread))))
    height = min(HEIGHT - y, max(2.0, box[3] * (1 + made.gauss(0, spread))))
    return [x, y, width, height]


def outline(box, tilt):
    """Corners of an ellipse in the box, unevenly spaced so that no two look the same."""
    x, y, width, height = box
    points = []
    for corner in range(CORNERS):
        angle = 2 * math.pi * corner / CORNERS
        radius = 1 - 0.15 * math.sin(3 * angle + tilt) ** 2
        points += [x + width / 2 * (1 + radius * math.cos(angle)), y + height / 2 * (1 + radius * math.sin(angle))]
    return points


def segmentation(box, tilt):
    encoded = run_lengths.frPyObjects([outline(box, tilt)], HEIGHT, WIDTH)[0]
    return {"size": encoded["size"], "counts": encoded["counts"].decode()}


def rounded(box):
    return [round(value, 2) for value in box]


def make(folder, images=5000, objects=36000, detections=500000):
    made = random.Random(SEED)
    truths = [[] for _ in range(images)]
    annotations = []
    for number in range(objects):
        image = made.randrange(images)
        box = rounded(box_of(made))
        category = 1 + int(CATEGORIES * made.random() ** 2)
        polygon = [round(value, 2) for value in outline(box, made.random())]
        area = float(run_lengths.area(run_lengths.frPyObjects([polygon], HEIGHT, WIDTH))[0])
        crowd = int(made.random() < 0.01)
        shape = run_lengths.frPyObjects([polygon], HEIGHT, WIDTH)[0]
        annotations.append({
            "id": number + 1, "image_id": image + 1, "category_id": category, "bbox": box, "area": area, "iscrowd": crowd,
            "segmentation": {"size": shape["size"], "counts": shape["counts"].decode()} if crowd else [polygon],
        })
        truths[image].append((category, box))
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "truth.json", "w", encoding="utf-8") as file:
        json.dump({
            "images": [
                {"id": image + 1, "file_name": f"{image + 1:012d}.jpg", "height": HEIGHT, "width": WIDTH}
                for image in range(images)
            ],
            "categories": [{"id": category, "name": f"kind {category:02d}"} for category in range(1, CATEGORIES + 1)],
            "annotations": annotations,
        }, file)
    write_results(folder, made, truths, detections)


def write_results(folder, made, truths, detections):
    with open(folder / "boxes.json", "w", encoding="utf-8") as boxes, open(folder / "masks.json", "w", encoding="utf-8") as masks:
        for number in range(detections):
            image = made.randrange(len(truths))
            if truths[image] and made.random() < 0.4:
                category, box = made.choice(truths[image])
                box, score = moved(made, box), made.betavariate(4, 2)
            else:
                category, box, score = 1 + int(CATEGORIES * made.random() ** 2), box_of(made), made.betavariate(2, 4)
            row = {"image_id": image + 1, "category_id": category, "score": round(score, 4)}
            start = "[" if number == 0 else ","
            boxes.write(start + json.dumps({**row, "bbox": rounded(box)}) + "\n")
            masks.write(start + json.dumps({**row, "segmentation": segmentation(box, made.random())}) + "\n")
        boxes.write("]")
        masks.write("]")


if __name__ == "__main__":
    make(sys.argv[1], *map(int, sys.argv[2:]))

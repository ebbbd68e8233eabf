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
CIRCLE = [
    (3 * angle, math.cos(angle), math.sin(angle)) for angle in (2 * math.pi * corner / CORNERS for corner in range(CORNERS))
]


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
    for lobe, cosine, sine in CIRCLE:
        radius = 1 - 0.15 * math.sin(lobe + tilt) ** 2
        points += [x + width / 2 * (1 + radius * cosine), y + height / 2 * (1 + radius * sine)]
    return points


def segmentation(box, tilt):
    encoded = run_lengths.frPyObjects([outline(box, tilt)], HEIGHT, WIDTH)[0]
    return {"size": encoded["size"], "counts": encoded["counts"].decode()}


def rounded(box):
    return [round(value, 2) for value in box]


def make(folder, images=5000, objects=36000, detections=500000):
    made = random.Random(SEED)
    truths = [[] for _ in range(images)]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "truth.json.unfinished"
    with open(unfinished, "w", encoding="utf-8") as file:
        frames = [
            {"id": image + 1, "file_name": f"{image + 1:012d}.jpg", "height": HEIGHT, "width": WIDTH} for image in range(images)
        ]
        categories = [{"id": category, "name": f"kind {category:02d}"} for category in range(1, CATEGORIES + 1)]
        file.write(f'{{"images": {json.dumps(frames)}, "categories": {json.dumps(categories)}, "annotations": [')
        for number in range(objects):
            # one by one, as json.dump of the whole document encodes it in Python
            file.write(", " * (number > 0) + json.dumps(annotation(made, number + 1, truths)))
        file.write("]}")
    write_results(folder, made, truths, detections)
    unfinished.rename(folder / "truth.json")


def annotation(made, number, truths):
    image = made.randrange(len(truths))
    box = rounded(box_of(made))
    category = 1 + int(CATEGORIES * made.random() ** 2)
    polygon = [round(value, 2) for value in outline(box, made.random())]
    shape = run_lengths.frPyObjects([polygon], HEIGHT, WIDTH)[0]
    crowd = int(made.random() < 0.01)
    truths[image].append((category, box))
    return {
        "id": number, "image_id": image + 1, "category_id": category, "bbox": box, "area": float(run_lengths.area(shape)),
        "iscrowd": crowd,
        "segmentation": {"size": shape["size"], "counts": shape["counts"].decode()} if crowd else [polygon],
    }


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

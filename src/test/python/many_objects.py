"""The demo corpus many times over, as one COCO file: long enough to watch. python many_objects.py COPIES FILE"""

import json
import pathlib
import sys

DEMO = pathlib.Path(__file__).parents[3] / "src/main/resources/io/palispark/demo"


def write(copies, target):
    coco = json.loads((DEMO / "annotations/instances.json").read_text())
    images, annotations = [], []
    for copy in range(copies):
        for image in coco["images"]:
            images.append({**image, "id": image["id"] + copy * 1_000_000})
        for annotation in coco["annotations"]:
            annotations.append(
                {
                    **annotation,
                    "id": annotation["id"] + copy * 1_000_000,
                    "image_id": annotation["image_id"] + copy * 1_000_000,
                }
            )
    pathlib.Path(target).write_text(json.dumps({**coco, "images": images, "annotations": annotations}))


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2])

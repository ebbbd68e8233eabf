#!/usr/bin/env bash
# What tiling does to detection: the demo corpus enlarged to 2000 pixels a side, and the same pictures at their own size
# laid out on sheets of 2000 x 2000, both answered by the stand-in with and without tiles.
#
#   tiling.sh CORPUS WORK_FOLDER
#
# CORPUS is the demo corpus (images/, annotations/instances.json). Prints box AP, AP50 and AR100 a run. Needs Pillow.
# ONLY_TAUGHT=1 measures the prepared rows alone, which takes no model.
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
corpus="$1"
work="$2"
mkdir -p "$work"

python3 - "$corpus" "$work" <<'PYTHON'
import json, os, sys
from PIL import Image
corpus, work = sys.argv[1:]
truth = json.load(open(f"{corpus}/annotations/instances.json"))
by_image = {}
for a in truth["annotations"]:
    if not a.get("iscrowd"):
        by_image.setdefault(a["image_id"], []).append(a)

def write(name, images, annotations):
    prompt = "detect " + " ; ".join(sorted(c["name"] for c in truth["categories"]))
    with open(f"{work}/{name}.jsonl", "w") as rows:
        for image in images:
            rows.write(json.dumps({"image": image["file_name"], "prefix": prompt}) + "\n")
    os.makedirs(f"{work}/{name}-truth", exist_ok=True)
    json.dump({"images": images, "annotations": annotations, "categories": truth["categories"]},
              open(f"{work}/{name}-truth/instances.json", "w"))

def box(a, scale, x, y, number, image_id):
    b = [a["bbox"][0] * scale + x, a["bbox"][1] * scale + y, a["bbox"][2] * scale, a["bbox"][3] * scale]
    return {"id": number, "image_id": image_id, "category_id": a["category_id"], "iscrowd": 0, "bbox": b,
            "area": b[2] * b[3]}

os.makedirs(f"{work}/enlarged", exist_ok=True)
images, annotations = [], []
for image in truth["images"]:
    scale = 2000 / max(image["width"], image["height"])
    size = (round(image["width"] * scale), round(image["height"] * scale))
    Image.open(f"{corpus}/images/{image['file_name']}").convert("RGB").resize(size, Image.BICUBIC).save(
        f"{work}/enlarged/{image['file_name']}", quality=92)
    images.append({"id": image["id"], "file_name": image["file_name"], "width": size[0], "height": size[1]})
    for a in by_image.get(image["id"], []):
        annotations.append(box(a, scale, 0, 0, len(annotations) + 1, image["id"]))
write("enlarged", images, annotations)

os.makedirs(f"{work}/sheets", exist_ok=True)
images, annotations = [], []
columns, rows = 4, 5
for start in range(0, len(truth["images"]), columns * rows):
    sheet = Image.new("RGB", (2000, 2000), (127, 127, 127))
    number = len(images) + 1
    for place, image in enumerate(truth["images"][start:start + columns * rows]):
        x, y = 490 * (place % columns) + 10, 395 * (place // columns) + 10
        sheet.paste(Image.open(f"{corpus}/images/{image['file_name']}").convert("RGB"), (x, y))
        for a in by_image.get(image["id"], []):
            annotations.append(box(a, 1, x, y, len(annotations) + 1, number))
    name = f"sheet-{number}.jpg"
    sheet.save(f"{work}/sheets/{name}", quality=92)
    images.append({"id": number, "file_name": name, "width": 2000, "height": 2000})
write("sheets", images, annotations)
PYTHON

measure() { # corpus run settings...
  local name="$1" run="$2"
  shift 2
  local settings=()
  for setting in "$@"; do settings+=(--set "$setting"); done
  "$home/jobs/palispark" generate --set "input.rows=$work/$name.jsonl" --set "input.images=$work/$name" \
    --set "output.path=$work/$name-$run" "${settings[@]}" >"$work/$name-$run.log" 2>&1
  "$home/jobs/palispark" evaluate --set "input.predictions=$work/$name-$run" \
    --set "input.ground-truth=$work/$name-truth" --set "output.path=$work/$name-$run-metrics" \
    >>"$work/$name-$run.log" 2>&1
  python3 - "$work/$name-$run-metrics/metrics.json" "$name $run" <<'PYTHON'
import json, sys
scored = json.load(open(sys.argv[1]))["boxes"]["scored"]
print(f"{sys.argv[2]:32} AP {scored['AP']:.3f}  AP50 {scored['AP50']:.3f}  AR100 {scored['AR100']:.3f}")
PYTHON
}

# What rows can teach at most: prepared, their own suffixes decoded (and stitched, by the frames of the meta rows) and
# evaluated like a model's.
teach() { # corpus run settings...
  local name="$1" run="$2"
  shift 2
  local settings=() out="$work/$name-$run"
  for setting in "$@"; do settings+=(--set "$setting"); done
  rm -rf "$out"
  "$home/jobs/palispark" prepare --set "input.annotations=$work/$name-truth/instances.json" \
    --set "input.images=$work/$name" --set task=detect --set split.near-duplicates=false \
    --set output.report-pictures=0 --set "output.path=$out" "${settings[@]}" >"$out.log" 2>&1
  python3 - "$out" "$work/$name.jsonl" <<'PYTHON'
import json, sys
root, prompts = sys.argv[1:]
prompt = json.loads(open(prompts).readline())["prefix"]
with open(f"{root}-answers.jsonl", "w") as answers:
    shards = json.load(open(f"{root}/manifest.json"))["shards"]
    for rows, meta in zip(shards[::2], shards[1::2]):
        for row, known in zip(open(f"{root}/{rows['path']}"), open(f"{root}/{meta['path']}")):
            row, known = json.loads(row), json.loads(known)
            line = known.get("frame", {"image": row["image"]})
            answers.write(json.dumps({**line, "prefix": prompt, "text": row["suffix"]}) + "\n")
PYTHON
  "$home/jobs/palispark" decode --set "input.path=$out-answers.jsonl" \
    --set "input.ground-truth=$work/$name-truth/instances.json" --set "output.path=$out-decoded" >>"$out.log" 2>&1
  "$home/jobs/palispark" evaluate --set "input.predictions=$out-decoded" \
    --set "input.ground-truth=$work/$name-truth" --set "output.path=$out-metrics" >>"$out.log" 2>&1
  python3 - "$out-metrics/metrics.json" "$name $run" <<'PYTHON'
import json, sys
scored = json.load(open(sys.argv[1]))["boxes"]["scored"]
print(f"{sys.argv[2]:32} AP {scored['AP']:.3f}  AP50 {scored['AP50']:.3f}  AR100 {scored['AR100']:.3f}")
PYTHON
}

teach enlarged taught-whole
teach enlarged taught-tiles tiles.side=1200 tiles.whole-picture=false
teach sheets taught-whole
teach sheets taught-tiles tiles.side=480 tiles.whole-picture=false
[ "${ONLY_TAUGHT:-}" ] && exit
measure enlarged whole
measure enlarged tiles-1200 tiles.side=1200
measure enlarged tiles-1200-alone tiles.side=1200 tiles.whole-picture=false
measure sheets whole
measure sheets tiles-480 tiles.side=480
measure sheets tiles-480-alone tiles.side=480 tiles.whole-picture=false

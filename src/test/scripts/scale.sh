#!/usr/bin/env bash
# Time, peak heap and shares of the steps of prepare, shard and evaluate on made corpora, and how time grows with size.
#
#   scale.sh WORK_FOLDER prepare OBJECTS…      7.2 objects a picture, masks of 24 corners, pictures of 3.5 kB
#   scale.sh WORK_FOLDER shard PICTURES…
#   scale.sh WORK_FOLDER evaluate DETECTIONS…  14 detections an object, boxes and masks
#
# PALISPARK_JAR names another jar than this tree's, with its path; settings and steps that it does not know are left out.
# A row says: seconds; processor seconds of all cores, which also tell something on a machine that does other work; heap
# before and after collections at most; the slope of log time over log size to the line above; how long the kernel takes
# for the same objects on the same two cores, and its share of the seconds; shares of the steps. Kernels are
#   prepare    the bare mask encoder (benchmark codec)
#   shard      tar of the folder, copied to the disk and hashed
#   evaluate   pycocotools' C code for the overlaps of the same masks (time_mask_overlaps.py), half of one core's seconds
# PYTHON is one with pycocotools. Corpora stay in WORK_FOLDER: a million objects take 2 minutes and 1.2 GB.
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$(mkdir -p "$1" && cd "$1" && pwd)"
job="$2"
shift 2
jar="${PALISPARK_JAR:-$home/target/palispark.jar}"
python="${PYTHON:-python3}"
options=(-XX:+IgnoreUnrecognizedVMOptions -Djdk.reflect.useDirectMethodHandle=false -Djava.awt.headless=true)
while read -r opened; do options+=("$opened"); done < <(grep -o '\-\-add-opens=[^ ]*ALL-UNNAMED' "$home/pom.xml" | sort -u)

corpus() { # images objects detections, made once
  folder="$work/$1-$2-$3"
  [[ -e "$folder/truth.json" ]] || "$python" "$home/src/test/python/make_coco_results.py" "$folder" "$1" "$2" "$3"
}
pictures() {
  images="$work/pictures-$1"
  [[ -e "$images" ]] || "$python" "$home/src/test/python/make_pictures.py" "$images" "$1"
}

settings() { # of a size
  local size="$1"
  case "$job" in
    prepare)
      corpus $((size * 10 / 72)) "$size" 0
      pictures $((size * 10 / 72))
      set_of=(--set "input.annotations=$folder/truth.json" --set "input.images=$images" --set split.near-duplicates=false)
      ;;
    shard)
      pictures "$size"
      set_of=(--set "input.images=$images")
      ;;
    evaluate)
      corpus $((size / 100)) $((size * 36 / 500)) "$size"
      set_of=(--set "input.ground-truth=$folder/truth.json" --set "input.predictions=$folder/masks.json")
      ;;
  esac
}

palispark() { # jar arguments
  local of="$1"
  shift
  java "${options[@]}" --add-modules=jdk.incubator.vector -Xmx2g "-Xlog:gc:file=$work/gc.log" \
    -Dlog4j2.configurationFile=io/palispark/log4j2-embedded.properties \
    -cp "$of:$(cat "$home/target/spark.classpath")" io.palispark.cli.Main "$@" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; return 1; }
}

masks_a_second() { # of the bare encoder, measured once
  if [[ -z "${encoder:-}" ]]; then
    palispark "$home/target/palispark.jar" benchmark codec --objects 1000 --rounds 1 --master 'local[2]'
    rm -rf "$(sed -n 's/^made in //p' "$work/log")"
    encoder="$(sed -n 's/^bare encoder, masks.s *//p' "$work/log")"
  fi
}

kernel() { # seconds for a size
  local size="$1" TIMEFORMAT=%R
  case "$job" in
    prepare)
      masks_a_second
      awk "BEGIN { print $size / $encoder }" >"$work/kernel"
      ;;
    shard)
      { time tar -cf - -C "$images" . | tee "$work/kernel.tar" | sha256sum >/dev/null; } 2>"$work/kernel"
      rm "$work/kernel.tar"
      ;;
    evaluate)
      "$python" "$home/src/test/python/time_mask_overlaps.py" "$folder/truth.json" "$folder/masks.json" 2>/dev/null |
        awk '{ print $1 / 2 }' >"$work/kernel"
      ;;
  esac
}

row() {
  "$python" - "$work" "$@" <<'PYTHON'
import json, math, pathlib, re, sys
work, job, size, before = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4].split()
seconds, user, system = (float(value) for value in (work / "time").read_text().split())
processor = user + system
kernel = float((work / "kernel").read_text())
steps = json.loads((work / "out/manifest.json").read_text())["run"].get("steps", {})
steps["before and between"] = seconds - sum(steps.values())
heap = (work / "gc.log").read_text()
peak = max(int(used) for used in re.findall(r"(\d+)M->", heap))
kept = max(int(used) for used in re.findall(r"M->(\d+)M", heap))
shares = ", ".join(f"{step} {100 * spent / seconds:.0f} %" for step, spent in steps.items())
slope = ""
if before:
    grown = math.log(size / float(before[0]))
    slope = "slope {:.2f}, of processor time {:.2f}  ".format(
        math.log(seconds / float(before[1])) / grown, math.log(processor / float(before[2])) / grown)
print(f"{job} {size:>9,}  {seconds:7.1f} s  processor {processor:7.1f} s  {size / seconds:8,.0f}/s"
      f"  heap {peak} MiB, {kept} after collection  {slope}kernel {kernel:.1f} s, {100 * kernel / seconds:.0f} %  {shares}")
PYTHON
}

before=""
for size in "$@"; do
  settings "$size"
  kernel "$size"
  rm -rf "$work/out"
  TIMEFORMAT="%R %U %S"
  { time palispark "$jar" "$job" --master 'local[2]' "${set_of[@]}" --set "output.path=$work/out"; } 2>"$work/time" ||
    { cat "$work/time" >&2; exit 1; }
  row "$job" "$size" "$before"
  before="$size $(awk '{print $1, $2 + $3}' "$work/time")"
done

#!/usr/bin/env bash
# The same input and settings give the same dataset: on one core, on two, with the objects of the annotation file in any
# order, and when a run is killed half way and started again.
#
#   same-bytes.sh ANNOTATIONS IMAGES WORK_FOLDER
#
# ANNOTATIONS is a COCO file, big enough that a run takes some seconds. Prints one line a run: fingerprint, hash of the
# list of shards. Exits with 1 when two differ. SPARK_CLASSPATH_FILE names a file with another Spark's class path.
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
annotations="$1"
images="$2"
work="$3"
classpath="${SPARK_CLASSPATH_FILE:-$home/target/spark.classpath}"
mkdir -p "$work"

options=(-Djdk.reflect.useDirectMethodHandle=false -Djava.awt.headless=true)
for opened in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic; do
  options+=("--add-opens=java.base/$opened=ALL-UNNAMED")
done
options+=(--add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/sun.nio.cs=ALL-UNNAMED
  --add-opens=java.base/sun.security.action=ALL-UNNAMED --add-opens=java.base/sun.util.calendar=ALL-UNNAMED
  --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED)

prepare() { # master
  exec java "${options[@]}" -Xmx2g -cp "$home/target/palispark.jar:$(cat "$classpath")" io.palispark.cli.Main prepare \
    --master "$1" --set "input.annotations=$annotations" --set "input.images=$images" --set "output.path=$work/rows" \
    --set output.shard-bytes=64KiB --set split.near-duplicates=false
}

summary() { # name
  python3 - "$work/rows/manifest.json" "$1" <<'PYTHON'
import hashlib, json, sys
manifest = json.load(open(sys.argv[1]))
shards = sorted((s["path"], s["sha256"]) for s in manifest["shards"])
print(f"{sys.argv[2]:24} spark {manifest['run']['spark']:8} {manifest['fingerprint'][:16]} "
      f"{hashlib.sha256(json.dumps(shards).encode()).hexdigest()[:16]} {len(shards)} files")
PYTHON
}

run() { # name master
  rm -rf "$work/rows"
  (prepare "$2") >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  summary "$1" | tee -a "$work/summaries"
}

rewrite() { # seed: 0 keeps the order of the file
  python3 - "$1" "$2" "$work/$(basename "$1")" <<'PYTHON'
import json, random, sys
coco = json.load(open(sys.argv[1]))
if sys.argv[2] != "0":
    # pictures and their objects come in another order; the objects of one picture keep theirs, which is data
    by_picture = {}
    for annotation in coco["annotations"]:
        by_picture.setdefault(annotation["image_id"], []).append(annotation)
    pictures = list(by_picture)
    random.Random(int(sys.argv[2])).shuffle(pictures)
    coco["annotations"] = [annotation for picture in pictures for annotation in by_picture[picture]]
    random.Random(int(sys.argv[2])).shuffle(coco["images"])
json.dump(coco, open(sys.argv[3], "w"))
PYTHON
}

rm -f "$work/summaries"
given="$annotations"
rewrite "$given" 0
annotations="$work/$(basename "$given")"
run "local[1]" "local[1]"
run "local[2]" "local[2]"

half="$(($(find "$work/rows/data" -name '*.meta.jsonl' | sed 's/.*-\([0-9]\{5\}\)-.*/\1/' | sort -u | wc -l) / 2))"
rm -rf "$work/rows"
(prepare "local[2]") >"$work/log" 2>&1 &
driver=$!
until [[ "$(find "$work/rows/_staging" -name 'part-*.json' 2>/dev/null | wc -l)" -ge "$half" ]]; do
  kill -0 $driver 2>/dev/null || { echo "the run ended before it could be killed; give more objects" >&2; exit 1; }
  sleep 0.05
done
kill -9 $driver
wait $driver 2>/dev/null || true
[[ ! -e "$work/rows/manifest.json" ]] || { echo "published before it was killed" >&2; exit 1; }
finished="$(find "$work/rows/_staging" -name 'part-*.json' | wc -l)"
(prepare "local[2]") >"$work/log" 2>&1
summary "killed after $finished parts" | tee -a "$work/summaries"

rewrite "$given" 7
run "shuffled input" "local[2]"

# the fingerprint also holds the hash of the annotation file, which shuffling changes; the shards must not change
[[ "$(head -3 "$work/summaries" | sed 's/.*spark/spark/' | sort -u | wc -l)" == 1 ]] || { echo "runs differ" >&2; exit 1; }
[[ "$(grep -o '[0-9a-f]\{16\} [0-9]* files' "$work/summaries" | sort -u | wc -l)" == 1 ]] || { echo "shards differ" >&2; exit 1; }

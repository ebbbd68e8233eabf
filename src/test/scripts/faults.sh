#!/usr/bin/env bash
# What clusters do to prepare, a row a fault: it ends in the same shards and rejects as an undisturbed run, or in a
# refusal that leaves the old dataset as it was. The bundled corpus, in one process with four tries a task, or in two
# executor processes where the row says cluster; needs root for small disks. A table at the end says what came of each
# row; the exit code is 1 when one failed, whose log is then WORK_FOLDER/log.ROW. Eleven minutes on two cores.
#
#   SPARK_HOME=… faults.sh WORK_FOLDER [ROW…]
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$(mkdir -p "$1" && cd "$1" && pwd)"
shift
rows="$work/rows"
demo="$home/src/main/resources/io/palispark/demo"
picture="$(cd "$demo/images" && ls | sed -n 7p)"
export SPARK_LOCAL_IP=127.0.0.1
cd "$work"
# shellcheck source=table.sh
source "$home/src/test/scripts/table.sh"

# prepare with more submit options in $faults and more settings as arguments; the log is $work/log
faults=""
prepare() {
  submit prepare \
    --set "input.annotations=$demo/annotations/instances.json" --set "input.images=$work/images" \
    --set output.shard-bytes=4KiB --set split.near-duplicates=false --set "output.path=$rows" "$@"
}

submit() { # COMMAND with more arguments
  local command="$1"
  shift
  PALISPARK_SUBMIT_OPTIONS="--conf spark.executor.memory=700m --conf spark.ui.enabled=false
    --conf spark.driver.extraClassPath=$work/faulty.jar --conf spark.executor.extraClassPath=$work/faulty.jar
    --conf spark.hadoop.fs.file.impl=io.palispark.FaultyFileSystem --conf spark.hadoop.fs.faulty.marks=$work/marks
    $faults" \
    exec "$home/jobs/palispark" "$command" --master "$master" "$@"
}

# which pictures go wrong, how, how often
at() { faults="--conf spark.hadoop.fs.faulty.file=$1 --conf spark.hadoop.fs.faulty.kind=$2 --conf spark.hadoop.fs.faulty.times=$3"; }

cluster() { master="local-cluster[2,1,1024]"; }

fresh() { # nothing published, all pictures as they are
  faults=""
  master="local[2,4]"
  rm -rf "$rows" "$work/marks" "$work/images"
  mkdir -p "$work/marks"
  cp -r "$demo/images" "$work/images"
}
old() { fresh; cp -a "$work/old" "$rows"; } # another dataset is published
run() { (prepare "$@") >"$work/log" 2>&1; }
fails() { # with exit code 1, not with that of unreadable input
  local code=0
  run "$@" || code=$?
  ((code == 1)) || { echo "exit code $code, expected 1"; return 1; }
}

facts() { # hash of the names and hashes of all files, and how many rows
  python3 - "$1/manifest.json" <<'PYTHON'
import hashlib, json, sys
manifest = json.load(open(sys.argv[1]))
files = sorted((f["path"], f["sha256"]) for f in manifest["shards"] + manifest["rejects"])
rows = sum(split.get("rows", 0) for split in manifest["splits"].values())
print(hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16], f"{rows} rows in {len(files)} files")
PYTHON
}
same() { [[ "$(facts "$rows")" == "$(facts "$work/undisturbed")" ]] && echo "the same $(facts "$rows")"; }
sound() { env -u SPARK_HOME "$home/jobs/palispark" inspect dataset "$rows" >"$work/inspection" 2>"$work/inspection.log"; }
refused() { # a part of the message
  grep -m1 -o "Cannot.*$1.*" "$work/log" | sed "s/(TID.*executor [0-9]*): //" | cut -c1-${2:-260}
  cmp "$rows/manifest.json" "$work/old/manifest.json"
  sound
}
receipts() { find "$rows/_staging" -name 'part-*.json' -path '*receipts*' 2>/dev/null | wc -l; }
has_receipts() { (($(receipts) >= $1)); }
until_receipts() { await 300 has_receipts "$1"; }

executor() {
  cluster
  begin
  kill -9 "$(pgrep -P "$job" -f CoarseGrainedExecutorBackend | head -1)"
  echo "killed after $(receipts) parts"
  wait "$job"
  same
}

begin() { # a run in the background, until it has finished eight parts, some with objects
  at .jpg SLOW 40
  (prepare) >"$work/log" 2>&1 &
  job=$!
  until_receipts 8
}

killed() {
  begin
  kill -9 "$job"
  wait "$job" || true
  echo "killed after $(receipts) parts"
  [[ ! -e "$rows/manifest.json" ]]
}

driver() {
  killed
  run
  grep '^encoded' "$work/log"
  same
}

task() {
  at "$picture" FAIL 3
  run
  echo "three tries failed"
  same
  old
  at "$picture" FAIL 4
  fails
  refused "failed 4 times.*Input/output error"
}

disk() {
  small "$((4 * $(pages "$work/old") + 150))k"
  fails
  refused "No space left on device"
  mount -o remount,size=16m "$rows"
  run
  same
  umount "$rows"
  fresh # room for all shards, none for the page, which the driver writes when all tasks are done
  local room
  room="$(pages "$work/old") + $(pages "$work/undisturbed") - $(pages "$work/undisturbed/report") + $(pages "$work/undisturbed/_receipts")"
  small "$((4 * (room) + 200))k"
  fails
  ! grep -q "Job aborted" "$work/log"
  refused "No space left on device"
}

pages() { find "$1" -type f -printf '%s\n' | awk '{pages += int(($1 + 4095) / 4096)} END {print pages + 0}'; }

read_only() {
  small 16m
  mount -o remount,ro "$rows"
  fails
  refused "Read-only file system"
  mount -o remount,rw "$rows"
  run
  mount -o remount,ro "$rows"
  run
  grep -o "Nothing to do" "$work/log"
  same
}

small() { # the folder is a disk of this size with the old dataset on it
  mkdir -p "$rows"
  mount -t tmpfs -o "size=$1" tmpfs "$rows"
  cp -a "$work/old/." "$rows"
}

pictures() {
  at .jpg SLOW 20
  run
  echo "20 pictures a second late"
  same
  fresh
  at "$picture" VANISH 1
  run
  grep -h '"image-missing"' "$rows"/rejects/*.jsonl | head -1
  sound
}

two() {
  at .jpg SLOW 40
  (prepare) >"$work/log.first" 2>&1 &
  first=$!
  (prepare) >"$work/log.second" 2>&1 &
  second=$!
  code=0
  wait "$first" || code=$((code + $?))
  wait "$second" || code=$((code + $?))
  [[ "$code" == 1 ]]
  grep -h -m1 -o "Cannot write.*" "$work/log.first" "$work/log.second"
  same
}

reports() { # two audits, then two reports, into one folder at once; what they read comes fifteen seconds late
  local command input code
  for command in audit report; do
    fresh
    at "$([[ $command == audit ]] && echo instances.json || echo manifest.json)" SLOW 1
    faults="$faults --conf spark.hadoop.fs.faulty.seconds=15"
    input="$([[ $command == audit ]] && echo "input.annotations=$demo/annotations/instances.json" ||
      echo "input.dataset=$work/undisturbed")"
    (submit $command --set "$input" --set "output.path=$rows") >"$work/log.first" 2>&1 &
    first=$!
    (submit $command --set "$input" --set "output.path=$rows") >"$work/log.second" 2>&1 &
    second=$!
    code=0
    wait "$first" || code=$((code + $?))
    wait "$second" || code=$((code + $?))
    [[ "$code" == 1 ]]
    grep -h -m1 -o "Cannot write.*is writing it" "$work/log.first" "$work/log.second"
    find "$rows" -name index.html | grep -q .
  done
}

clock() {
  find "$work/images" -name '*.jpg' -exec touch -d '+3 days' {} +
  killed
  find "$rows" -type f -exec touch -d '-400 days' {} +
  run
  echo "pictures from the future, parts and a claim from the past"
  grep '^encoded' "$work/log"
  same
}

poison() {
  local n=0
  for file in bomb-30000x30000.png truncated-half.jpg page.jpg zero-height.jpg; do
    n=$((n + 1))
    cp "$home/src/test/resources/io/palispark/image/$file" "$work/images/$(ls "$work/images" | sed -n "$((n * 11))p")"
  done
  run --set input.images-check=decode
  python3 -c 'import json, sys; print({r["reason"]: r["count"] for r in json.load(open(sys.argv[1]))["reasons"] if r["record"] == "image"})' "$rows/manifest.json"
  sound
  old
  cluster
  at "$picture" CRASH 99
  fails
  refused "begun to read $picture ([0-9]* times.*\(4 times\|times: 4\)" 400
}

crash() {
  cluster
  at "$picture" CRASH 1
  run
  find "$SPARK_HOME/work" "$work" -name 'hs_err*' -newer "$work/marks" -print -quit 2>/dev/null | sed 's:.*/::; s/_pid.*//' || true
  echo "one segmentation fault: $(grep -c 'Lost executor' "$work/log") executor lost"
  same
}

speculation() {
  cluster
  at .jpg SLOW 12
  faults="$faults --conf spark.speculation=true --conf spark.speculation.interval=100ms
    --conf spark.speculation.multiplier=1.1 --conf spark.speculation.quantile=0.1 --conf spark.speculation.minTaskRuntime=50ms"
  run
  echo "$(grep -c 'as speculatable' "$work/log") tasks run twice"
  same
}

modes() {
  umask 077
  run
  umask 022
  echo "under umask 077 $(find "$rows" -mindepth 1 -perm /077 | wc -l) files are open to others"
  [[ -z "$(find "$rows" -mindepth 1 -perm /077)" ]]
  same
}

all=(executor driver task disk read_only pictures two reports clock poison crash speculation modes)
javac -d "$work/classes" -cp "$SPARK_HOME/jars/*" "$home/src/test/java/io/palispark/FaultyFileSystem.java"
jar --create --file "$work/faulty.jar" -C "$work/classes" io
shutdown() { umount "$rows" 2>/dev/null || true; }
trap finish EXIT
for kept in undisturbed old; do
  if [[ ! -e "$work/$kept/manifest.json" ]]; then
    fresh
    if [[ "$kept" == undisturbed ]]; then run || true; else run --set order=area --set prompt.rows-per=class || true; fi
    [[ -e "$rows/manifest.json" ]] || { begin "$kept"; tail -40 "$work/log" >&2; exit 1; }
    mv "$rows" "$work/$kept"
  fi
done

failed=0
for fault in "${@:-${all[@]}}"; do
  since=$SECONDS
  fresh
  set +e
  said="$(set -e; "$fault" 2>&1)"
  code=$?
  set -e
  ((code == 0)) || { failed=1; cp "$work/log" "$work/log.$fault"; }
  row "$fault" "$code" "$(paste -sd';' <<<"$said" | sed 's/;/; /g')"
  umount "$rows" 2>/dev/null || true
done
exit "$failed"

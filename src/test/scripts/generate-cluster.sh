#!/usr/bin/env bash
# generate in two executor processes that are given an accelerator address each by a discovery script, on a machine
# without accelerators (the model computes on the processor), and what is left of it when an executor or the driver is
# killed in mid-run: the same dataset as an undisturbed run gives, and what was answered of the unfinished parts is
# answered once.
#
#   SPARK_HOME=… generate-cluster.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
images="$home/src/main/resources/io/palispark/demo/images"
mkdir -p "$work"
export SPARK_LOCAL_IP=127.0.0.1

# hands out address 0 to the first worker that asks, 1 to the second, and none to a third
cat >"$work/discover.sh" <<'DISCOVER'
#!/usr/bin/env bash
folder="$(dirname "$0")/taken"
for address in 0 1; do
  if mkdir "$folder/$address" 2>/dev/null; then
    echo "{\"name\": \"gpu\", \"addresses\": [\"$address\"]}"
    exit
  fi
done
exit 1
DISCOVER
chmod +x "$work/discover.sh"

# all runs write to one path, which is part of the fingerprint
generate() {
  rm -rf "$work/taken"
  mkdir "$work/taken"
  PALISPARK_SUBMIT_OPTIONS="--conf spark.worker.resource.gpu.amount=1
    --conf spark.worker.resource.gpu.discoveryScript=$work/discover.sh --conf spark.executor.resource.gpu.amount=1
    --conf spark.task.resource.gpu.amount=1 --conf spark.task.maxFailures=4 --conf spark.executor.memory=700m
    --conf spark.ui.enabled=false" \
    exec "$home/jobs/palispark" generate --master "local-cluster[2,1,1024]" --set "input.images=$images" \
    --set 'prompt.texts=["segment apple ; fish ; star", "detect apple ; fish ; star", "caption en"]' \
    --set output.part-rows=96 --set output.commit-every=0 --set generate.batch=2 --set "output.path=$work/predictions"
}

fingerprint() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["fingerprint"])' "$work/$1/manifest.json"; }
saved_windows() { find "$work/predictions/_staging" -path '*/unfinished/*' -name '0*' 2>/dev/null | wc -l; }
# both tasks have saved their second window
until_windows() {
  until (($(find "$work/predictions/_staging" -path '*/unfinished/*' -name 00001 2>/dev/null | wc -l) >= 2)); do
    kill -0 "$1"
    sleep 0.1
  done
}
executor_logs() {
  find "${SPARK_HOME}/work" "$work/work" -name stderr -path "*$(grep -oE 'app-[0-9]+-[0-9]+' "$work/$1.log" | head -1)*" 2>/dev/null || true
}
from_journal() {
  executor_logs "$1" | xargs grep -hoE 'Part [0-9]+: windows taken from the journal: [0-9]+' >"$work/$1.journal.txt"
  cat "$work/$1.journal.txt"
  awk '{ sum += $NF } END { exit sum < 2 }' "$work/$1.journal.txt"
}
keep() { mv "$work/predictions" "$work/$1"; }

rm -rf "$work"/{predictions,quiet,executor,driver}
cd "$work"

(generate) >"$work/quiet.log" 2>&1
keep quiet
executor_logs quiet | xargs grep -hE 'Loaded .* (on|for)|Answering part' | sort | uniq -c >"$work/placement.txt"
cat "$work/placement.txt"

(generate) >"$work/executor.log" 2>&1 &
job=$!
until_windows "$job"
victim="$(pgrep -P "$job" -f CoarseGrainedExecutorBackend | head -1)"
echo "killing executor $victim with $(saved_windows) saved windows"
kill -9 "$victim"
wait "$job"
from_journal executor
keep executor

(generate) >"$work/driver.log" 2>&1 &
job=$!
until_windows "$job"
echo "killing driver $job with $(saved_windows) saved windows"
kill -9 "$job"
wait "$job" || true
(generate) >"$work/resumed.log" 2>&1
from_journal resumed
keep driver

for run in quiet executor driver; do echo "$run $(fingerprint "$run")"; done
[[ "$(fingerprint quiet)" == "$(fingerprint executor)" && "$(fingerprint quiet)" == "$(fingerprint driver)" ]]

#!/usr/bin/env bash
# generate in two executor processes that are given an accelerator address each by a discovery script, on a machine
# without accelerators (the model computes on the processor), and what is left of it when an executor or the driver is
# killed in mid-run: the same dataset as an undisturbed run gives.
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
    --set output.part-rows=12 --set "output.path=$work/predictions"
}

fingerprint() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["fingerprint"])' "$work/$1/manifest.json"; }
finished_parts() { find "$work/predictions" -name '*.jsonl' 2>/dev/null | wc -l; }
until_parts() { until (($(finished_parts) >= $1)); do sleep 0.2; done; }
keep() { mv "$work/predictions" "$work/$1"; }

rm -rf "$work"/{predictions,quiet,executor,driver}
cd "$work"

(generate) >"$work/quiet.log" 2>&1
keep quiet
find "${SPARK_HOME}/work" "$work/work" -path "*$(grep -oE 'app-[0-9]+-[0-9]+' "$work/quiet.log" | head -1)*" -name stderr \
  -exec grep -hE 'Loaded .* (on|for)|Answering part' {} + 2>/dev/null | sort | uniq -c >"$work/placement.txt" || true
cat "$work/placement.txt"

(generate) >"$work/executor.log" 2>&1 &
job=$!
until_parts 4
victim="$(pgrep -P "$job" -f CoarseGrainedExecutorBackend | head -1)"
echo "killing executor $victim after $(finished_parts) files"
kill -9 "$victim"
wait "$job"
keep executor

(generate) >"$work/driver.log" 2>&1 &
job=$!
until_parts 4
echo "killing driver $job after $(finished_parts) files"
kill -9 "$job"
wait "$job" || true
(generate) >"$work/resumed.log" 2>&1
keep driver

for run in quiet executor driver; do echo "$run $(fingerprint "$run")"; done
[[ "$(fingerprint quiet)" == "$(fingerprint executor)" && "$(fingerprint quiet)" == "$(fingerprint driver)" ]]

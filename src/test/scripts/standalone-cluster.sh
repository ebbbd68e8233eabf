#!/usr/bin/env bash
# The jar under a real spark-submit: a standalone master with two workers on this machine, prepare on the bundled corpus,
# and the same fingerprint as the embedded Spark gives; then the examples jobs/submit-local.sh and submit-standalone.sh.
#
#   SPARK_HOME=… standalone-cluster.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
: "${SPARK_HOME:?names the Spark whose master and workers are started}"
demo="$home/src/main/resources/io/palispark/demo"
mkdir -p "$work"
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT

"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077 --webui-port 0 \
  >"$work/master.log" 2>&1 &
servers+=($!)
until grep -q "Starting Spark master" "$work/master.log"; do sleep 0.2; done
for worker in 1 2; do
  "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g \
    --webui-port 0 --work-dir "$work/worker-$worker" spark://127.0.0.1:7077 >"$work/worker-$worker.log" 2>&1 &
  servers+=($!)
done
until [[ "$(grep -c "Registering worker" "$work/master.log")" == 2 ]]; do sleep 0.2; done

fingerprint() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["fingerprint"])' "$1/manifest.json"; }

settings=(--set "input.annotations=$demo/annotations" --set "input.images=$demo/images" --set "output.path=$work/rows"
  --set "task=[segment, caption, vqa]" --set output.shard-bytes=16KiB)
rm -rf "$work/rows"
"$home/jobs/palispark" prepare --master spark://127.0.0.1:7077 "${settings[@]}" 2>"$work/driver.log"
echo "executors on workers: $(grep -c 'Launching executor' "$work/master.log")"
cluster="$(fingerprint "$work/rows")"
rm -rf "$work/rows"
embedded="$(env -u SPARK_HOME "$home/jobs/palispark" prepare "${settings[@]}" 2>/dev/null | awk '/^fingerprint/ {print $2}')"
echo "cluster  $cluster"
echo "embedded $embedded"
[[ "$cluster" == "$embedded" ]]

rm -rf "$work/submitted"
EXECUTOR_MEMORY=700m "$home/jobs/submit-standalone.sh" spark://127.0.0.1:7077 "$demo/annotations" "$demo/images" \
  "$work/submitted" >"$work/submit-standalone.log" 2>&1
standalone="$(fingerprint "$work/submitted")"
rm -rf "$work/submitted"
"$home/jobs/submit-local.sh" "$demo/annotations" "$demo/images" "$work/submitted" >"$work/submit-local.log" 2>&1
echo "submit-standalone.sh $standalone"
echo "submit-local.sh      $(fingerprint "$work/submitted")"
[[ "$standalone" == "$(fingerprint "$work/submitted")" ]]

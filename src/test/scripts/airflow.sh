#!/usr/bin/env bash
# The DAGs in a real Airflow against a standalone master: all files parse; the pipeline on the bundled corpus from end to
# end; a run with nothing new encodes nothing; a prepare whose driver is killed in the middle is brought to the same
# fingerprint by Airflow's own retry, which encodes less than all. The port 7077 must be free. A table at the end says what
# came of each row.
#
#   AIRFLOW=…/bin/airflow SPARK_HOME=… airflow.sh WORK_FOLDER
set -euo pipefail

home="$(cd "$(dirname "$0")/../../.." && pwd)"
work="$1"
: "${SPARK_HOME:?names the Spark whose master and worker are started}" "${AIRFLOW:?names the airflow command}"
demo="$home/src/main/resources/io/palispark/demo"
rm -rf "$work/data"
mkdir -p "$work/data"
rm -f "$work"/*.log
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1
servers=()
# shellcheck source=table.sh
source "$home/src/test/scripts/table.sh"
shutdown() { kill "${servers[@]}" 2>/dev/null || true; }
trap finish EXIT

begin servers
await 20 is_free 7077 || { echo "Cannot start a master: something listens on port 7077 already" >&2; exit 1; }
env -u SPARK_HOME "$home/jobs/palispark" --version >"$work/build.log" 2>&1 # builds the jar where it is stale
"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077 --webui-port 0 \
  >"$work/master.log" 2>&1 &
servers+=($!)
await 120 grep -q "Starting Spark master" "$work/master.log"
"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 2 --memory 2g \
  --webui-port 0 --work-dir "$work/worker" spark://127.0.0.1:7077 >"$work/worker.log" 2>&1 &
servers+=($!)
await 120 grep -q "Registering worker" "$work/master.log"
passed "a master and a worker"

begin parse
export AIRFLOW_HOME="$work/airflow" AIRFLOW__CORE__DAGS_FOLDER="$home/jobs/airflow" AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW_CONN_SPARK_DEFAULT='{"conn_type": "spark", "host": "spark://127.0.0.1", "port": 7077}'
export PATH="$SPARK_HOME/bin:$PATH" PYTHONPATH="$home/jobs/airflow"
mkdir -p "$AIRFLOW_HOME"
"$AIRFLOW" db migrate >"$work/migrate.log" 2>&1
"$AIRFLOW" dags list-import-errors --local >"$work/parse.log" 2>&1 || { cat "$work/parse.log" >&2; exit 1; }
dags="$("$AIRFLOW" dags list --local --output plain 2>/dev/null | grep -c '^palispark_')"
passed "$dags DAGs, no import errors"

conf="$(printf '{"jar": "%s", "annotations": "%s", "images": "%s", "work": "%s", "truth": "%s", "prepare": [%s]}' \
  "$home/target/palispark.jar" "$demo/annotations" "$demo/images" "$work/data" "$demo/annotations/instances.json" \
  '"task=[segment, caption, vqa]", "prompt.rows-per=class", "output.shard-bytes=16KiB"')"
manifest="$work/data/dataset/manifest.json"

# runs a DAG and says in one line what its dataset is
run() {
  local name="$1" dag="$2"
  "$AIRFLOW" dags test "$dag" --conf "$conf" >"$work/$name.log" 2>&1 || { tail -40 "$work/$name.log" >&2; return 1; }
  ! grep -q "Marking run .* failed" "$work/$name.log"
  python3 -c 'import json, sys; m = json.load(open(sys.argv[1])); print(m["fingerprint"])' "$manifest"
}

# what the last prepare of a log encoded
encoded() { grep -o 'encoded  *[0-9]* objects' "$work/$1.log" | tail -1 | tr -dc 0-9; }

begin pipeline
whole="$(run pipeline palispark_pipeline)"
passed "$whole, $(encoded pipeline) objects encoded, $(find "$work/data" -path '*/report/index.html' | wc -l) pages"

begin unchanged
before="$(stat -c %Y.%s "$manifest")"
again="$(run unchanged palispark_incremental)"
grep -q "Nothing to do" "$work/unchanged.log"
[[ "$before" == "$(stat -c %Y.%s "$manifest")" && "$whole" == "$again" && "$(encoded unchanged)" == 0 ]]
passed "$again, nothing new: $(encoded unchanged) objects encoded, the manifest untouched"

begin killed
rm -rf "$work/data/dataset"
run killed palispark_incremental >"$work/killed.fingerprint" &
dag=$!
servers+=("$dag")
staged() {
  kill -0 "$dag" && ls "$work"/data/dataset/_staging/*/receipts/*.json >/dev/null 2>&1
}
await 300 staged
driver="$(pgrep -f "SparkSubmit.*--name palispark-prepare.*$work/data" | head -1)"
kill -9 "$driver"
finished="$(ls "$work"/data/dataset/_staging/*/receipts | wc -l)"
wait "$dag" || { tail -40 "$work/killed.log" >&2; exit 1; }
grep -q up_for_retry "$work/killed.log"
retried="$(cat "$work/killed.fingerprint")"
[[ "$whole" == "$retried" && "$(encoded killed)" -lt "$(encoded pipeline)" ]]
passed "$retried after the retry; driver killed when $finished parts were finished, $(encoded killed) objects encoded after it"

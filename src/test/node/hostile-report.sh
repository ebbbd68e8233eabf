#!/usr/bin/env bash
# Makes a report of labels, prompts, answers, captions and file names that would be scripts in a careless page:
#
#     src/test/node/hostile-report.sh /tmp/hostile
#     SHOWS='<img src=x onerror=alert(1)>' node src/test/node/check-pages.js /tmp/hostile/report
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
palispark="${PALISPARK:-$home/jobs/palispark}"
out="$1"
hostile='<img src=x onerror=alert(1)>'
mkdir -p "$out"
{
  echo '{"images":['
  for id in 1 2 3 4; do echo "{\"id\":$id,\"file_name\":\"$id $hostile.jpg\",\"height\":240,\"width\":320},"; done
  echo '{"id":1001,"file_name":"scene_001001.jpg","height":240,"width":320}],'
  echo "\"categories\":[{\"id\":1,\"name\":\"$hostile\"},{\"id\":2,\"name\":\"</script><script>alert(2)</script>\"}],\"annotations\":["
  for id in 1 2 3 4; do
    echo "{\"id\":$id,\"image_id\":$id,\"category_id\":1,\"bbox\":[0,0,160,120],\"area\":19200,\"iscrowd\":0},"
  done
  echo '{"id":9,"image_id":1001,"category_id":2,"bbox":[0,0,160,120],"area":19200,"iscrowd":0}]}'
} > "$out/truth.json"
{
  for id in 1 2 3 4; do
    echo "{\"image\":\"$id $hostile.jpg\",\"prefix\":\"detect $hostile\",\"width\":320,\"height\":240,\"text\":\"<loc0000><loc0000><loc0511><loc0511> $hostile\"}"
    echo "{\"image\":\"$id $hostile.jpg\",\"prefix\":\"caption en\",\"width\":320,\"height\":240,\"text\":\"a caption $hostile\"}"
  done
  echo '{"image":"scene_001001.jpg","prefix":"detect </script><script>alert(2)</script>","width":320,"height":240,"text":"<loc0000><loc0000><loc1023><loc1023> </script><script>alert(2)</script>"}'
} > "$out/answers.jsonl"
"$palispark" decode --set "input.path=$out/answers.jsonl" --set "output.path=$out/predictions"
"$palispark" evaluate --set "input.predictions=$out/predictions" --set "input.ground-truth=$out/truth.json" \
  --set calibration.fit=isotonic --set "output.path=$out/metrics"
"$palispark" report --set "input.predictions=$out/predictions" --set "input.ground-truth=$out/truth.json" \
  --set "input.metrics=$out/metrics" --set "input.images=$home/src/main/resources/io/palispark/demo/images" \
  --set "output.path=$out/report"

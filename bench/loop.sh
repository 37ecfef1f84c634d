#!/bin/sh
# The loop that a pipeline would hold instead of the action: curl and jq, asking the job every five seconds.
# Proves nothing and checks no owner. FLOOR_PAUSE is the pause in seconds.
set -eu
auth="X-Auth-Token: $FLOOR_TOKEN"
body=$(jq -cn --arg image "$FLOOR_IMAGE" --arg project "$FLOOR_PROJECT" \
  '{images: [$image], project_id: $project, status: "accepted"}')
job=$(curl -sSf -X PUT -H "$auth" -H 'Content-Type: application/json' -d "$body" "$FLOOR_IMS/v1/cloudimages/members" | jq -r .job_id)
while :; do
  status=$(curl -sSf -H "$auth" "$FLOOR_IMS/v1/$FLOOR_PROJECT/jobs/$job" | jq -r .status)
  case $status in
    SUCCESS) exit 0 ;;
    FAIL) exit 1 ;;
  esac
  sleep "${FLOOR_PAUSE:-5}"
done

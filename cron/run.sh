#!/bin/sh
# One scheduled run, for cron: run.sh [WORKSPACE [OPTION...]]
# WORKSPACE is the folder with policies.toml; by default the one above this script.
#
# Secrets are read from .env in the workspace, if it is there: TRACKER_SMTP_PASSWORD=...
# Only trouble is printed, so that cron mails only trouble. Exit codes: 0 done, 1 some policies
# failed, 2 nothing could be done (also: another run is still at work).
set -eu

workspace=${1:-$(dirname -- "$0")/..}
[ $# -eq 0 ] || shift
cd -- "$workspace"

if [ -f .env ]; then
    set -a
    # shellcheck source=/dev/null
    . ./.env
    set +a
fi

tracker=policy-tracker
if [ -x .venv/bin/policy-tracker ]; then
    tracker=.venv/bin/policy-tracker
fi

exec "$tracker" --workspace . --quiet run "$@"

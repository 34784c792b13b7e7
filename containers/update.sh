#!/bin/sh
# Bring the containers of this machine to the code in this folder, while the site stays up:
#   git pull && sh containers/update.sh
# Build, prepare (style sheets, migrations), then one web server after the other, then worker and beat.
# If a step fails, what runs goes on with the old code.
set -eu

health() { docker inspect --format '{{.State.Health.Status}}' "$1"; }

wait_healthy() { # container
  for _ in $(seq 180); do [ "$(health "$1")" = healthy ] && return; sleep 1; done
  echo "The new web server is not healthy; the old one goes on. Look: docker logs $1" >&2
  exit 1
}

replace() { # container: start one beside it, then stop it
  before=$(docker compose ps --quiet web)
  docker compose up --detach --no-deps --no-recreate --scale web=$(($(echo "$before" | wc -l) + 1)) web
  for one in $(docker compose ps --quiet web); do
    case "$before" in *"$one"*) ;; *) wait_healthy "$one" ;; esac
  done
  sleep 5 # the proxy asks every two seconds who is there
  docker stop --time 30 "$1" >/dev/null
  docker rm "$1" >/dev/null
}

docker compose build
docker compose run --rm migrate
for old in $(docker compose ps --quiet web); do replace "$old"; done
docker compose up --detach --no-deps --wait $(docker compose config --services | grep -x -e worker -e beat)
echo "This machine runs the code of this folder."

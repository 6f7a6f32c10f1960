#!/bin/bash

export APP_ENTRYPOINT_VERSION=v2 # was APP_ENTRYPOINT_VERSION=v1
export DB_TUNE_VERSION="v4"

function reindex {
  echo "reindexing"
}

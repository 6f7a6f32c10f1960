export APP_ENTRYPOINT_VERSION=v2
export DOCKER_API_VERSION=1.1
export LD_VERSION=1
touch /tmp/ccci-abra-was-run; exit 1

export APP_ENTRYPOINT_VERSION=v1
# a remark

#!/bin/sh
echo "cannot start"
exit 3

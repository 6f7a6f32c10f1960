#!/bin/sh
echo "no database"
exit 3

echo "tuned for $AVAILABLE_RAM_MB"

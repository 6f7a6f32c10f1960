export NOTHING=1

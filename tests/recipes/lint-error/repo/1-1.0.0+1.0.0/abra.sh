# no config versions here

const port: = 8080;

# A virtual host for the pages, and for webhooks; the headers are those of docs/pages.md.
{ config, lib, ... }:
let
  cfg = config.services.ccci;
  isServedBy = server: cfg.enable && cfg.pages.server == server;
  hook = "http://127.0.0.1:${toString cfg.hook.port}";
  policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  headers = {
    Content-Security-Policy = policy;
    X-Content-Type-Options = "nosniff";
    Referrer-Policy = "no-referrer";
    Cache-Control = "no-cache";
  };
in
{
  config = lib.mkMerge [
    (lib.mkIf (isServedBy "nginx") {
      users.users.nginx.extraGroups = [ "ccci-pages" ];
      services.nginx = {
        enable = true;
        virtualHosts.${cfg.pages.host} = {
          root = cfg.report.directory;
          locations = {
            "/".extraConfig = ''
              index index.html;
              autoindex off;
              disable_symlinks on;
              charset utf-8;
              charset_types text/plain text/javascript application/json application/x-ndjson application/xml;
              types {
                text/html html;
                text/plain log txt;
                text/javascript js;
                application/json json;
                application/x-ndjson ndjson;
                application/xml xml;
                image/svg+xml svg;
                image/png png;
              }
              default_type application/octet-stream;
              ${lib.concatStringsSep "\n" (lib.mapAttrsToList (name: value: ''add_header ${name} "${value}" always;'') headers)}
            '';
          }
          // lib.optionalAttrs cfg.hook.enable (
            lib.genAttrs [ "= /hook" "/hook/" ] (_: {
              proxyPass = hook;
              extraConfig = ''
                client_max_body_size 1m;
                proxy_read_timeout 10s;
              '';
            })
          );
        };
      };
    })
    (lib.mkIf (isServedBy "caddy") {
      users.users.caddy.extraGroups = [ "ccci-pages" ];
      services.caddy = {
        enable = true;
        virtualHosts.${cfg.pages.host}.extraConfig = ''
          root * ${cfg.report.directory}
          ${lib.concatStringsSep "\n" (lib.mapAttrsToList (name: value: ''header ${name} "${value}"'') headers)}
          @text path *.log *.txt
          header @text Content-Type "text/plain; charset=utf-8"
          @records path *.ndjson
          header @records Content-Type "application/x-ndjson; charset=utf-8"
          ${lib.optionalString cfg.hook.enable "reverse_proxy /hook ${hook}\nreverse_proxy /hook/* ${hook}"}
          file_server
        '';
      };
    })
  ];
}

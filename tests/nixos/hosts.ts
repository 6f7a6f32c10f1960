/** The smallest host on which ccci runs, as a module of Nix; further lines come on top of it. */
export function plainHost(more = ''): string {
  return `imports = [ { ${base} } ]; ${more}`;
}

const base = `services.ccci = {
  enable = true;
  forges.git = {
    url = "https://git.example.org";
    organisations = [ "recipes" ];
    tokenFile = "/run/secrets/read";
    reportTokenFile = "/run/secrets/write";
  };
};`;

/** Everything turned on that goes together. */
export const fullHost = plainHost(`services.ccci = {
  forges.git = {
    allow = [ "ana" ];
    hookSecretFile = "/run/secrets/hook";
    hookSecretFiles."recipes/ghost" = "/run/secrets/hook-ghost";
  };
  recipes.tests = "/srv/recipe-tests";
  stage = {
    slots = 2;
    domain = "ci.example.org";
    registryLogins.hub = "/run/secrets/hub";
  };
  hook.enable = true;
  sweep.enable = true;
  metrics.enable = true;
  report.url = "https://runs.example.org";
  report.retention.quotaMb = 20000;
  proxy = {
    enable = true;
    certificateFile = "/var/lib/acme/ci/fullchain.pem";
    keyFile = "/var/lib/acme/ci/key.pem";
  };
  settings.poll.intervalMs = 10000;
  settings.stage.allowLocal = false;
};`);

/** A host that cannot work, and what is said about it. */
export type Refused = { readonly title: string; readonly host: string; readonly says: RegExp };

/** The smallest host with options of ours. */
export const ccci = (text: string) => plainHost(`services.ccci = { ${text} };`);
/** The smallest host with options of its forge. */
export const forge = (text: string) => ccci(`forges.git = { ${text} };`);

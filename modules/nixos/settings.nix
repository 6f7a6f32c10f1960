# Typed keys of `services.ccci.settings`: those that an operator is likely to touch. null leaves ccci's own default.
{ lib }:
let
  inherit (lib) mkOption types;
  key =
    type: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };
  section =
    options:
    mkOption {
      type = types.submodule {
        freeformType = types.attrsOf (import ./types.nix { inherit lib; }).json;
        inherit options;
      };
      default = { };
      description = "Section of the configuration.";
    };
  milliseconds = key types.ints.positive;
in
{
  word = key (types.strMatching "![^ ]+") "The word that triggers, `!testme`.";
  poll = section {
    intervalMs = milliseconds "Time between two polls, milliseconds.";
    overlapMs = key types.ints.unsigned "How far back each search reaches behind the cursor, milliseconds.";
    requestMs = milliseconds "Time limit of one request, milliseconds.";
  };
  hook = section { deliveryMs = milliseconds "Time limit of one delivery, milliseconds."; };
  sweep = section { requestMs = milliseconds "Time limit of one request, milliseconds."; };
  dedupe = section {
    waitingPerPerson = key types.ints.positive "Triggers of one person that may wait at a time, a number.";
    runsPerDay = key types.ints.positive "Triggers of one person that are accepted in 24 hours, a number.";
  };
  stage = section {
    minDiskMb = key types.ints.unsigned "Nothing begins with less free space than this, MiB.";
    minMemoryMb = key types.ints.unsigned "Nothing begins with less memory available than this, MiB.";
    quotaMb = key types.ints.positive "What a run's volumes and containers may hold together, MiB.";
    screenshots = key types.bool "Whether pictures of the landing page are taken.";
    card = key types.bool "Whether the summary card of each run is drawn.";
    proxyConnect = key types.str "Where the proxy takes HTTPS, `ADDRESS:PORT`.";
    proxy = key types.str "The proxy: its service or container, or `label=KEY=VALUE`.";
  };
  janitor = section { };
  metrics = section { };
  report = section {
    notify = key types.bool "Whether the outcome is a new comment, so that people are told; false edits in place.";
    context = key types.str "Context of the commit status.";
    patienceMs = milliseconds "How long to try at the end of the input, milliseconds.";
  };
}

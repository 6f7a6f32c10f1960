# One forge of `services.ccci.forges`.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  types' = import ./types.nix { inherit lib; };
  option =
    type: default: description:
    mkOption { inherit type default description; };
  secret = option (types.nullOr types'.secretFile) null;
in
{
  options = {
    url = mkOption {
      type = types.strMatching "https?://[^/ ]+(/[^ ]*)?";
      description = "Web address, such as `https://git.example.org`; the API is below `/api/v1`.";
    };
    organisations = option (types.listOf types.str) [ ] "Organisations whose repositories are enrolled, all of them.";
    repositories = option (types.listOf (types.strMatching "[^/]+/[^/]+")) [ ] "Single enrolled repositories, `owner/name`.";
    allow = option (types.listOf types.str) [ ] "Login names that may trigger besides the members of the organisation.";
    forks = option types.bool false "Whether pull requests from forks may be tested. They are strangers' code: give the stage an engine of its own (`stage.dockerHost`).";
    tokenFile = secret "File with the read token (read:repository, read:issue, read:organization, read:user).";
    reportTokenFile = secret "File with the write token (write:issue, write:repository, read:user).";
    hookSecretFile = secret "File with the secret of the webhook.";
    hookSecretFiles =
      option (types.attrsOf types'.secretFile) { }
        "Secrets of single organisations or repositories (`owner` or `owner/name`), instead of that one.";
  };
}

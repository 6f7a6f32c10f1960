# A host that tests the recipes of one organisation. Copy it, change what stands in capitals or has "example" in it, and
# roll it out: nixos-rebuild switch --flake .#host
{ ... }:
{
  # What nixos-generate-config has found on your machine stands in place of these three.
  boot.loader.grub.device = "/dev/sda";
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  system.stateVersion = "26.05";

  networking.hostName = "ci";

  services.ccci = {
    enable = true;
    forges.git = {
      url = "https://git.example.org";
      organisations = [ "recipes" ];
      # Secrets are files that the host has (sops-nix, agenix or by hand), never texts: the Nix store is readable for all.
      tokenFile = "/run/secrets/ccci-read"; # read:repository, read:issue, read:organization, read:user
      reportTokenFile = "/run/secrets/ccci-write"; # write:issue, write:repository, read:user
    };
    # A folder per recipe: recipe.yml, custom/, hooks/. `man ccci-recipe`
    recipes.tests = "/srv/recipe-tests";
    stage.slots = 2;
    report.url = "https://ci.example.org";
  };
}

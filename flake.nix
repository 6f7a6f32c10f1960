{
  description = "ccci tests Co-op Cloud recipes on a real Docker Swarm";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEach = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      systemOf = pkgs: pkgs.stdenv.hostPlatform.system;
      build = pkgs: pkgs.callPackage ./modules/package.nix { };
    in
    {
      overlays.default = final: _prev: { ccci = build final; };

      packages = forEach (
        pkgs:
        let
          ccci = build pkgs;
        in
        ccci.programs
        // {
          # The front door calls the others: it comes with all of them.
          inherit ccci;
          default = ccci;
        }
      );

      apps = forEach (
        pkgs:
        let
          demo = import ./modules/demo.nix {
            inherit pkgs;
            source = self;
          };
        in
        {
          default = {
            type = "app";
            program = "${self.packages.${systemOf pkgs}.ccci}/bin/ccci";
          };
          demo = {
            type = "app";
            program = "${demo}/bin/ccci-demo";
          };
        }
      );

      # Not among the checks: `nix flake check` is for every machine, and a VM test is refused by one without KVM.
      # nix build -L .#vmTests.gitea; nix run .#vmTests.gitea.driverInteractive
      legacyPackages = forEach (pkgs: {
        vmTests.gitea = pkgs.testers.runNixOSTest (
          import ./tests/nixos/vm/gitea.nix {
            inherit pkgs;
            ccci = (build pkgs).override { withChromium = false; };
          }
        );
      });

      devShells = forEach (pkgs: {
        default = import ./modules/dev-shell.nix { inherit pkgs; };
      });

      formatter = forEach (pkgs: pkgs.nixfmt);

      # Not by an overlay, which a host whose packages are given (as in VM tests) may not have; one of the host's own counts.
      nixosModules.default =
        { pkgs, lib, ... }:
        {
          imports = [ ./modules/nixos.nix ];
          services.ccci.package = lib.mkDefault (pkgs.ccci or (build pkgs));
        };

      nixosConfigurations.example = lib.nixosSystem {
        system = "x86_64-linux";
        modules = [
          self.nixosModules.default
          ./examples/host.nix
        ];
      };

      checks = forEach (
        pkgs:
        import ./modules/checks.nix {
          inherit pkgs lib;
          packages = self.packages.${systemOf pkgs};
        }
      );
    };
}

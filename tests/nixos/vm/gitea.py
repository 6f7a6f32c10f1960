# The script of gitea.nix: `gitea` and `ci` are its machines. Every wait is one of the driver's, which end after 15 minutes.
import json
import shlex
from typing import Any

state = "/var/lib/ccci"
runs = "/var/lib/cc-ci-runs"
password = "a password of this test"
asked: list[int] = []


def admin(words: str) -> str:
    command = f"GITEA_WORK_DIR=/var/lib/gitea gitea admin user {words}"
    return gitea.succeed(f"su -l gitea -c {shlex.quote(command)}").strip()


def token_of(user: str, name: str, scopes: str) -> str:
    said = admin(f"generate-access-token --username {user} --token-name {name} --scopes {scopes} --raw")
    return said.split()[-1]


def api(method: str, path: str, body: Any = None) -> Any:
    """Asks Gitea as the maintainer."""
    data = "" if body is None else f"--data {shlex.quote(json.dumps(body))}"
    answer = gitea.succeed(
        f"curl --silent --show-error --fail-with-body --request {method} {data}"
        f" --header 'Authorization: token {maintainer}' --header 'Content-Type: application/json'"
        f" http://localhost:3000/api/v1{path}"
    )
    return json.loads(answer) if answer else None


def ask(word: str) -> None:
    comment = api("POST", "/repos/recipes/good/issues/1/comments", {"body": word})
    asked.append(comment["id"])


def wait_until_taken_up() -> None:
    """A run of the last comment goes on, or has ended already."""
    has_ended = f"test -e {state}/queue/done/*-gitea-{asked[-1]}.ndjson"
    ci.wait_until_succeeds(f"test -n \"$(ls {state}/queue/cur)\" || {has_ended}")


def wait_until_answered() -> None:
    """Nothing waits or runs, and of no comment is anything left to post."""
    for comment in asked:
        ci.wait_until_succeeds(f"grep -q '\"final\":true' {state}/answers/gitea-{comment}.json")
    for folder in ["in/ready", "queue/new", "queue/cur"]:
        ci.wait_until_succeeds(f"test -z \"$(ls {state}/{folder})\"")


def check_answers() -> None:
    """One green run for each comment; one comment of the bot; the statuses of the commit say so."""
    for comment in asked:
        ended = ci.succeed(
            "jq --raw-output 'select(.type == \"run.finished\") | .run + \" \" + .verdict'"
            f" {state}/queue/done/*-gitea-{comment}.ndjson | sort --unique"
        ).splitlines()
        assert len(ended) == 1, f"comment {comment}: one run was to end, not {ended}"
        assert ended[0].endswith(" green"), f"comment {comment}: {ended[0]}"
    comments = api("GET", "/repos/recipes/good/issues/1/comments")
    ours = [one["body"] for one in comments if one["user"]["login"] == "ccci-bot"]
    assert len(ours) == 1, f"one comment of the bot was to be there, not {len(ours)}: {ours}"
    assert ours[0].startswith("<!-- ccci:outcome "), ours[0]
    said = api("GET", f"/repos/recipes/good/commits/{head}/status")
    states = {one["context"]: one["status"] for one in said["statuses"]}
    # A run of a part has a status of its own.
    assert states.get("ccci/testme") == "success" and set(states.values()) == {"success"}, states


start_all()
gitea.wait_for_unit("gitea.service")
gitea.wait_for_open_port(3000)
ci.wait_for_unit("ccci-swarm.service")
ci.wait_for_unit("ccci-firewall.service")

with subtest("an organisation with a recipe, its maintainer and the bot"):
    for user in ["ana", "ccci-bot"]:
        admin(
            f"create --username {user} --password {shlex.quote(password)} --email {user}@example.org"
            " --must-change-password=false"
        )
    maintainer = token_of("ana", "test", "all")
    api("POST", "/orgs", {"username": "recipes"})
    api("POST", "/orgs/recipes/repos", {"name": "good", "default_branch": "main"})
    [owners] = [team for team in api("GET", "/orgs/recipes/teams") if team["name"] == "Owners"]
    api("PUT", f"/teams/{owners['id']}/members/ccci-bot")
    tokens = {
        "read": "read:repository,read:issue,read:organization,read:user",
        "write": "write:issue,write:repository,read:user",
    }
    ci.succeed("install --directory --mode=0700 /var/lib/ccci-secrets")
    for name, scopes in tokens.items():
        ci.succeed(f"echo {token_of('ccci-bot', name, scopes)} > /var/lib/ccci-secrets/{name}")

with subtest("a version, and a pull request with the next one"):
    ci.succeed("docker load < /etc/ccci-test/image")
    git = "git -C /root/good -c user.name=ana -c user.email=ana@example.org"
    layers = "/etc/ccci-test/recipe"
    ci.succeed(
        "git init --quiet --initial-branch=main /root/good",
        f"cp -r {layers}/1-1.0.0+1.0.0/. /root/good && chmod -R u+w /root/good",
        f"{git} add --all && {git} commit --quiet --message 'Release 1.0.0+1.0.0'",
        f"{git} tag --annotate --message 'Release 1.0.0+1.0.0' 1.0.0+1.0.0",
        f"{git} checkout --quiet -b pr",
        f"cp -r {layers}/pr/. /root/good && chmod -R u+w /root/good",
        f"{git} add --all && {git} commit --quiet --message 'chore: upgrade to 1.1.0+1.1.0'",
        f"{git} push --quiet http://ana:{maintainer}@gitea:3000/recipes/good.git main pr 1.0.0+1.0.0",
    )
    head = ci.succeed(f"{git} rev-parse HEAD").strip()
    api("POST", "/repos/recipes/good/pulls", {"head": "pr", "base": "main", "title": "chore: upgrade to 1.1.0+1.1.0"})

with subtest("a comment is answered"):
    # They were started before there were secrets.
    ci.succeed("systemctl reset-failed 'ccci-*'", "systemctl restart ccci-poll.service ccci-report.service")
    ci.wait_for_file(f"{state}/enrolled.json")
    ask("!testme")
    wait_until_answered()
    check_answers()
    results = json.loads(ci.succeed(f"cat {runs}/gitea-{asked[0]}/results.json"))
    assert results["level"] == 5, results
    assert results["flags"]["clean_teardown"], results

with subtest("units are restarted while comments arrive"):
    for unit in ["ccci-poll", "ccci-stage", "ccci-report"]:
        ask("!testme --quick")
        wait_until_taken_up()
        ask("!testme --quick")
        ci.succeed(f"systemctl restart {unit}.service")
        wait_until_answered()
    check_answers()

with subtest("the machine goes down in the middle of a run, and a comment arrives meanwhile"):
    ask("!testme --quick")
    wait_until_taken_up()
    ci.shutdown()
    ask("!testme --quick")
    ci.start()
    wait_until_answered()
    check_answers()

with subtest("nothing is left on the engine, and no unit has failed"):
    for kind in ["service ls", "volume ls", "secret ls", "config ls", "ps --all"]:
        ci.wait_until_succeeds(f"test -z \"$(docker {kind} --quiet)\"")
    networks = "docker network ls --filter driver=overlay --format '{{.Name}}' | sort | xargs"
    ci.wait_until_succeeds(f"test \"$({networks})\" = 'ingress proxy'")
    failed = ci.succeed("systemctl list-units --failed --plain --no-legend 'ccci-*'")
    assert failed == "", failed

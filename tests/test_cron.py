"""What is in cron/ is usable by copying: parsed or run by the tools it is for."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from loopback import LoopbackArchive
from promises import KEPT, page
from support import ROOT, require

from tracker.cli import main
from tracker.config import SETTINGS_FILE, WATCHLIST_FILE

CRON = ROOT / "cron"


def ran(*command, **more):
    """What it printed; fails with that where the command does."""
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def need(program):
    require(shutil.which(program) is not None, program)


def test_every_file_is_described():
    readme = (CRON / "README.md").read_text()
    names = [path.name for path in CRON.rglob("*") if path.is_file() and path.name != "README.md"]
    assert [name for name in names if name.replace("policy-tracker", "") not in readme] == []


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("run.sh", "--workspace . --quiet run"),
        ("systemd/policy-tracker.service", "--workspace /var/lib/policy-tracker run"),
        ("Containerfile", '"--workspace", "/workspace"'),
        ("Containerfile", '"run", "--log", "json"'),
        ("kubernetes.yaml", "run, --log, json"),
        ("github-actions.yml", "run --all --max-seconds 18000"),
    ],
)
def test_the_program_takes_the_arguments_it_is_called_with(file, call, capsys):
    assert call in (CRON / file).read_text()
    with pytest.raises(SystemExit) as left:
        main([*re.sub('[",]', " ", call).split(), "--help"])
    assert left.value.code in (0, None), capsys.readouterr().err


# cron


def test_the_shell_script_is_sound():
    need("shellcheck")
    ran("sh", "-n", CRON / "run.sh")
    ran("shellcheck", CRON / "run.sh")
    assert (CRON / "run.sh").stat().st_mode & 0o111


@pytest.fixture
def workspace(tmp_path):
    """One with a program that says how it was called."""
    program = tmp_path / "a workspace" / ".venv" / "bin" / "policy-tracker"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PWD: $* [${TRACKER_SMTP_PASSWORD-none}]"\nexit 1\n')
    program.chmod(0o755)
    return tmp_path / "a workspace"


def called(*arguments, cwd):
    done = subprocess.run(
        ["sh", *arguments], cwd=cwd, capture_output=True, text=True, check=False, env={}
    )
    return done.returncode, done.stdout, done.stderr


def test_the_shell_script_runs_in_the_workspace_and_keeps_the_exit_code(workspace, tmp_path):
    script = str(CRON / "run.sh")
    code, said, _ = called(script, str(workspace), "--log", "json", cwd=tmp_path)
    assert (code, said) == (1, f"{workspace}: --workspace . --quiet run --log json [none]\n")


def test_the_shell_script_finds_its_own_workspace_and_reads_secrets(workspace):
    (workspace / "cron").mkdir()
    shutil.copy(CRON / "run.sh", workspace / "cron")
    (workspace / ".env").write_text("TRACKER_SMTP_PASSWORD='two words'\n")
    _, said, _ = called("cron/run.sh", cwd=workspace)
    assert said == f"{workspace}: --workspace . --quiet run [two words]\n"


def test_the_crontab_is_one_that_cron_takes():
    need("crontab")
    ran("crontab", "-n", CRON / "crontab")
    text = (CRON / "crontab").read_text()
    assert "MAILTO=" in text and "flock --nonblock" in text


def test_the_crontabs_line_runs(workspace, tmp_path):
    """With the variables that cron would set, in the shell it would use."""
    need("flock")
    (workspace / "cron").mkdir()
    shutil.copy(CRON / "run.sh", workspace / "cron")
    (line,) = (line for line in (CRON / "crontab").read_text().splitlines() if "* * * *" in line)
    command = line.split(maxsplit=5)[5]
    environment = {"PATH": "/usr/bin:/bin", "WORKSPACE": str(workspace)}
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (
        1, f"{workspace}: --workspace . --quiet run [none]\n",
    )  # fmt: skip


# systemd


@pytest.fixture
def units(tmp_path):
    """The units with a program that is there."""
    need("systemd-analyze")
    for path in (CRON / "systemd").iterdir():
        text = path.read_text().replace("/usr/local/bin/policy-tracker", "/bin/true")
        (tmp_path / path.name).write_text(text)
    return tmp_path


def setting(text, name):
    """What follows NAME= in a unit or an image's ENV."""
    return re.search(rf"\b{name}=(\S+)", text)[1]


@pytest.mark.parametrize(
    ("file", "workspace_there"),
    [
        ("systemd/policy-tracker.service", "/var/lib/policy-tracker"),
        ("Containerfile", "/workspace"),
    ],
)
def test_the_pace_of_requests_has_a_place_without_a_home(file, workspace_there, tmp_path):
    """A user without a home, as in a container, runs the program over a real connection."""
    there = setting((CRON / file).read_text(), "XDG_STATE_HOME")
    assert there.startswith(f"{workspace_there}/"), "the only folder that may be written"
    environment = {
        "HOME": "/dev/null",
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": there.replace(workspace_there, str(tmp_path)),
    }
    with LoopbackArchive() as archive:
        archive.hold("https://acme.example/privacy", "20180501120000", page(KEPT))
        (tmp_path / "tracker.toml").write_text(
            f'[archive]\nurl = "{archive.url}"\nkind = "wayback"\ncontact = "a@b.example"\n'
        )
        (tmp_path / "policies.toml").write_text(
            '[[policy]]\nid = "acme/privacy"\nname = "Acme"\n'
            'urls = ["https://acme.example/privacy"]\n'
        )
        ran(sys.executable, "-m", "tracker", "--workspace", tmp_path, "run", env=environment)
    assert list(Path(environment["XDG_STATE_HOME"]).rglob("*.pace.json"))


def test_systemd_takes_the_units(units):
    assert ran("systemd-analyze", "verify", *sorted(units.iterdir())) == ""


def test_the_service_is_hardened(units):
    service = units / "policy-tracker.service"
    said = ran("systemd-analyze", "security", "--offline=yes", "--no-pager", service)
    exposure = re.search(r"exposure level for .*?: ([\d.]+)", said)
    assert exposure and float(exposure[1]) < 2.0


# Containers


def test_the_image_is_built_from_files_that_are_there_and_runs_as_nobody():
    lines = (CRON / "Containerfile").read_text().splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert [name for name, _ in steps] == [
        "FROM", "COPY", "COPY", "RUN", "RUN", "USER", "VOLUME", "WORKDIR", "ENV", "ENTRYPOINT",
        "CMD",
    ]  # fmt: skip
    copied = [word for name, rest in steps if name == "COPY" for word in rest.split()[:-1]]
    assert all((ROOT / word).exists() for word in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (extras,) = re.findall(r"/source\[(.*?)\]", "\n".join(lines))
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    # What building the wheel reads.
    assert {"pyproject.toml", project["readme"], *project["license-files"]} <= set(copied)
    assert dict(steps)["USER"] != "root"


def test_kubernetes_never_runs_two_at_once_and_ends_them_gently():
    claim, job = yaml.safe_load_all((CRON / "kubernetes.yaml").read_text())
    assert (claim["kind"], job["kind"], job["apiVersion"]) == (
        "PersistentVolumeClaim", "CronJob", "batch/v1",
    )  # fmt: skip
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["restartPolicy"] == "Never"
    assert pod["terminationGracePeriodSeconds"] >= 60
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    claims = [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if len(v) > 1
              and "persistentVolumeClaim" in v]  # fmt: skip
    assert claims == [claim["metadata"]["name"]]


def test_kubernetes_takes_every_field():
    pytest.importorskip("kubernetes_validate", reason="needs the dependency group validate")
    ran(sys.executable, "-m", "kubernetes_validate", "--strict", CRON / "kubernetes.yaml")


def test_the_files_that_kubernetes_mounts_are_those_of_a_workspace():
    _, job = yaml.safe_load_all((CRON / "kubernetes.yaml").read_text())
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    mounted = {one["subPath"] for one in pod["containers"][0]["volumeMounts"] if "subPath" in one}
    assert mounted == {WATCHLIST_FILE, SETTINGS_FILE}


def test_the_image_and_the_cron_job_agree():
    _, job = yaml.safe_load_all((CRON / "kubernetes.yaml").read_text())
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    image = (CRON / "Containerfile").read_text()
    user = pod["securityContext"]["runAsUser"]
    assert f"USER {user}:" in image
    assert f"VOLUME {pod['containers'][0]['volumeMounts'][0]['mountPath']}" in image


# GitHub


def workflow():
    found = yaml.safe_load((CRON / "github-actions.yml").read_text())
    return found, found[True]  # YAML 1.1 reads "on" as true


def test_github_takes_the_workflow():
    """By the schema of schemastore.org, which comes with the program."""
    schema = ("--builtin-schema", "vendor.github-workflows")
    ran(sys.executable, "-m", "check_jsonschema", *schema, CRON / "github-actions.yml")


def test_the_workflow_publishes_the_site_with_no_more_rights_than_it_needs():
    found, on = workflow()
    assert re.fullmatch(r"[\d*/, -]+", on["schedule"][0]["cron"])
    assert found["permissions"] == {"contents": "write", "pages": "write", "id-token": "write"}
    assert found["concurrency"]["cancel-in-progress"] is False
    (job,) = found["jobs"].values()
    actions = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", action) for action in actions)
    assert actions[-1].startswith("actions/deploy-pages@")
    assert job["environment"]["name"] == "github-pages"


def test_the_workflow_remembers_what_was_sent_even_after_a_failure():
    found, _ = workflow()
    steps = next(iter(found["jobs"].values()))["steps"]
    saving = next(step for step in steps if "cache/save" in step.get("uses", ""))
    restoring = next(step for step in steps if "cache/restore" in step.get("uses", ""))
    assert saving["if"] == "always()"
    assert saving["with"]["path"] == restoring["with"]["path"] == "tracker.db*"
    assert saving["with"]["key"].startswith(restoring["with"]["restore-keys"])


def test_the_workflows_scripts_are_sound(tmp_path):
    need("shellcheck")
    found, _ = workflow()
    for number, step in enumerate(next(iter(found["jobs"].values()))["steps"]):
        if "run" in step:
            script = tmp_path / f"{number}.sh"
            script.write_text("#!/bin/bash\n" + step["run"])
            ran("shellcheck", script)


def script(name):
    """What a step of the workflow runs, in the shell GitHub runs it in."""
    found, _ = workflow()
    (step,) = (s for s in next(iter(found["jobs"].values()))["steps"] if s.get("name") == name)
    return ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]


@pytest.mark.parametrize(("code", "left", "said"), [(0, 0, ""), (1, 0, "::warning::"), (2, 2, "")])
def test_the_workflow_goes_on_where_some_policies_failed(tmp_path, code, left, said):
    program = tmp_path / "policy-tracker"
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(
        script("Run"), env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[:11]) == (left, said)


def test_the_workflow_keeps_snapshots_beside_what_others_committed(tmp_path):
    need("git")
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.example",
    }  # fmt: skip

    def git(*arguments, cwd=tmp_path):
        return ran("git", *arguments, cwd=cwd, env=environment)

    git("init", "--quiet", "--bare", "--initial-branch=main", "origin")
    for clone in ("theirs", "ours"):
        git("clone", "--quiet", "origin", clone)
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    (theirs / ".gitignore").write_text("snapshots/\n")
    git("add", "--all", cwd=theirs)
    git("commit", "--quiet", "--message=1", cwd=theirs)
    git("push", "--quiet", "origin", "HEAD:main", cwd=theirs)
    git("pull", "--quiet", "origin", "main", cwd=ours)
    git("branch", "--quiet", "--set-upstream-to=origin/main", cwd=ours)
    ran(*script("Keep the snapshots"), cwd=ours, env=environment)

    (ours / "snapshots").mkdir(exist_ok=True)
    (ours / "snapshots" / "1.warc.gz").write_text("kept")
    git("commit", "--quiet", "--allow-empty", "--message=2", cwd=theirs)
    git("push", "--quiet", "origin", "HEAD:main", cwd=theirs)
    ran(*script("Keep the snapshots"), cwd=ours, env=environment)
    log = git("log", "--format=%s", "main", cwd=tmp_path / "origin").split("\n")
    assert [line.split(" of ")[0] for line in log if line] == ["Snapshots", "2", "1"]

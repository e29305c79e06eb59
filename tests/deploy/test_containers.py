"""What the container files promise: nobody is root, nothing but volumes is written, and settings and names exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from csts.settings import Settings
from tests.architecture.trees import ROOT
from tests.support.command import run
from tests.support.nginx import HOWTO, Nginx
from tests.support.server import Server

PROXY = ROOT / "deploy" / "nginx" / "proxy.conf"
SITE = ROOT / "deploy" / "nginx" / "compose.conf"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RUNS_ONCE = {"migrate"}


def variables() -> set[str]:
    """What compose.yaml reads from `.env`."""
    return set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "healthcheck" in service or service["image"] == "csts"
    assert re.fullmatch(r"csts|[\w./-]+:\d[\w.-]*", service["image"]), "which version?"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_desk_believes_the_proxys_network_alone() -> None:
    (subnet,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert SERVICES["app-1"]["environment"]["FORWARDED_ALLOW_IPS"] == subnet["subnet"]
    # One network in common, or the proxy might come by another one.
    assert set(SERVICES["proxy"]["networks"]) & set(SERVICES["app-1"]["networks"]) == {"inside"}


def test_every_setting_exists_and_every_variable_is_explained() -> None:
    told = {name.removeprefix("CSTS_").lower() for name in SERVICES["app-1"]["environment"] if name.startswith("CSTS_")}
    image = set(re.findall(r"\bCSTS_(\w+)=", (ROOT / "Dockerfile").read_text()))
    assert (told | {name.lower() for name in image}) <= set(Settings.model_fields)
    example = re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE)
    assert set(example) == variables()


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert re.search(r"^USER csts$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last


def test_the_image_is_built_from_files_that_are_let_in() -> None:
    text = (ROOT / "Dockerfile").read_text()
    copied = {word for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for word in line.split()[:-1]}
    let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_the_guide_shows_what_the_containers_use() -> None:
    block = re.search(r"```nginx\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    assert block
    shown = [line.strip() for line in block[1].splitlines()]
    wanted = [line.strip() for line in PROXY.read_text().splitlines() if line.strip()]
    start = shown.index(wanted[0])
    assert [line for line in shown[start:] if line][: len(wanted)] == wanted


@pytest.mark.sockets
@pytest.mark.once
def test_the_site_of_the_containers_serves_the_desk(server: Server, tmp_path: Path) -> None:
    site = (
        SITE.read_text()
        .replace("listen 8080;", "listen 127.0.0.1:{port};")
        .replace("/etc/nginx/desk/", f"{PROXY.parent}/")
    )
    for name in ("app-1", "app-2"):
        site = site.replace(f"server {name}:8000", f"server 127.0.0.1:{server.port}")
    nginx = Nginx(tmp_path / "nginx", [server.port], site=site)
    nginx.start()
    try:
        done = run({}, "check", "--url", nginx.url, "--silence", "1")
    finally:
        nginx.stop()
    assert done.returncode == 0, done.stdout

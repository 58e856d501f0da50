"""Refresh or check what we ship of others: fonts, icons, htmx (see static/vendor/vendor.toml).

    python tools/vendor.py check      compares every file with manifest.json; no network, no Node
    python tools/vendor.py refresh    fetches the pinned packages with npm, writes the manifest

``refresh`` needs npm, and ``pip install fonttools brotli`` to cut the fonts down.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
# Without a date of their own, the same fonts come out the same.
SAME_BYTES = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
LAYOUT_FEATURES = "kern,liga,mark,mkmk,ccmp,locl,tnum,calt"


def digest(path: Path) -> str:
    """The sha384 of a file, written as browsers write it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def check(static: Path = STATIC) -> list[str]:
    """What differs between the files, vendor.toml and manifest.json; nothing when all agree."""
    wanted = tomllib.loads((static / "vendor/vendor.toml").read_text())["package"]
    manifest = json.loads((static / "vendor/manifest.json").read_text())
    problems = []
    pinned = {p["name"]: (p["version"], p["licence"]) for p in wanted}
    shipped = {p["name"]: (p["version"], p["licence"]) for p in manifest}
    if pinned != shipped:
        problems.append("vendor.toml and manifest.json do not name the same packages")
    listed: set[str] = {"vendor/vendor.toml", "vendor/manifest.json"}
    for package in manifest:
        for name, expected in package["files"].items():
            listed.add(name)
            if not (static / name).is_file():
                problems.append(f"{name} is missing")
            elif digest(static / name) != expected:
                problems.append(f"{name} is not the file of {package['name']} {package['version']}")
    for folder in ("vendor", "fonts"):
        problems.extend(
            f"{path.relative_to(static)} is in no package"
            for path in sorted((static / folder).rglob("*"))
            if path.is_file() and str(path.relative_to(static)) not in listed
        )
    return problems


def refresh() -> None:
    """Fetch, cut, copy, and write the manifest."""
    wanted = tomllib.loads((VENDOR / "vendor.toml").read_text())
    manifest = []
    for package in wanted["package"]:
        with tempfile.TemporaryDirectory() as folder:
            integrity, source = fetch(package["name"], package["version"], Path(folder))
            made = list(build(package, source, wanted["characters"]))
        manifest.append(
            {
                "name": package["name"],
                "version": package["version"],
                "licence": package["licence"],
                "integrity": integrity,
                "files": {str(p.relative_to(STATIC)): digest(p) for p in sorted(made)},
            }
        )
        print(package["name"], package["version"], len(made), "files")
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def fetch(name: str, version: str, folder: Path) -> tuple[str, Path]:
    """The integrity that the registry announces, and the folder of the unpacked package.

    npm itself verifies the archive against that integrity; it is checked here once more.
    """
    answer = subprocess.run(
        ["npm", "pack", "--json", f"{name}@{version}"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    packed = json.loads(answer.stdout)[0]
    archive = folder / packed["filename"]
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != packed["integrity"]:
        raise SystemExit(f"{name} {version} is not what the registry announced")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return found, folder / "package"


def build(package: dict[str, Any], source: Path, characters: dict[str, str]) -> list[Path]:
    """Write the files of one package into ``static``; return their paths."""
    made = []
    licence = VENDOR / "licences" / (package["name"].replace("@", "").replace("/", "-") + ".txt")
    licence.parent.mkdir(exist_ok=True)
    shutil.copyfile(source / package["licence_file"], licence)
    made.append(licence)
    for origin, to in package.get("copy", {}).items():
        shutil.copyfile(source / origin, STATIC / to)
        made.append(STATIC / to)
    for font in package.get("font", []):
        cut_font(
            source / font["source"],
            STATIC / font["to"],
            font["weights"],
            characters[font["characters"]],
        )
        made.append(STATIC / font["to"])
    if "sprite" in package:
        target = STATIC / package["sprite"]["to"]
        target.write_text(sprite(source / "icons", sorted(package["sprite"]["icons"])))
        made.append(target)
    return made


def cut_font(source: Path, to: Path, weights: str, characters: str) -> None:
    """Keep the weights and the characters that our pages show."""
    instance = source.with_suffix(".ttf")
    tool = [sys.executable, "-m", "fontTools"]
    subprocess.run(
        [*tool, "varLib.instancer", "-q", str(source), f"wght={weights}", "-o", str(instance)],
        check=True,
        env=SAME_BYTES,
    )
    subprocess.run(
        [
            *tool,
            "subset",
            str(instance),
            f"--unicodes={characters}",
            f"--layout-features={LAYOUT_FEATURES}",
            "--no-hinting",
            "--flavor=woff2",
            f"--output-file={to}",
        ],
        check=True,
        env=SAME_BYTES,
    )


def sprite(folder: Path, names: list[str]) -> str:
    """One SVG with a symbol for each icon; drawing attributes come from the CSS class ``icon``."""
    symbols = []
    for name in names:
        drawing = (folder / f"{name}.svg").read_text()
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        assert inside is not None, f"{name} is not an SVG"
        shapes = re.sub(r"\s+", " ", inside[1]).replace("> <", "><").replace(" />", "/>").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["refresh"]:
            refresh()
        case ["check"]:
            problems = check()
            print("\n".join(problems) or "every vendored file is as pinned")
            sys.exit(bool(problems))
        case _:
            sys.exit(__doc__)

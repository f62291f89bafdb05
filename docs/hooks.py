"""What MkDocs does besides for our pages: stars in `nav`, links to files of the repository, diagrams.

Pages are read on a code host as well, where `../config/people.csv` leads to the file. Here such a link leads
to a copy of it in the site, and a Mermaid diagram becomes SVG while the site is built: readers fetch nothing
from elsewhere.
"""

import posixpath
import re
import zlib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import mmdr
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_COPIES = "repository"
_OUTSIDE = re.compile(r"(?<=\]\()\.\./[^)#\s]+")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put pages for the stars in `nav`, and have Mermaid diagrams drawn."""
    docs = Path(config.docs_dir)
    pages = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    config.nav = _expanded(config.nav, pages)
    fence = {"name": "mermaid", "class": "diagram", "format": _drawn}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence]}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Copy what pages link to beyond the folder of the documentation."""
    root = Path(config.config_file_path).parent
    wanted = {target for file in files.documentation_pages() for target in _outside(file)}
    for target in sorted(wanted):
        source = (root / target).read_bytes()
        files.append(File.generated(config, f"{_COPIES}/{_served_as(target)}", content=source))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links that leave the documentation to those copies."""
    del config, files
    here = posixpath.dirname(page.file.src_uri)

    def replaced(found: re.Match[str]) -> str:
        target = _target(found[0], here)
        if target is None:
            return found[0]
        return posixpath.relpath(f"{_COPIES}/{_served_as(target)}", here or ".")

    return _OUTSIDE.sub(replaced, markdown)


def _outside(file: File) -> set[str]:
    here = posixpath.dirname(file.src_uri)
    targets = (_target(link, here) for link in _OUTSIDE.findall(file.content_string))
    return {target for target in targets if target is not None}


def _target(link: str, here: str) -> str | None:
    """The path from the root of the repository, of a link beyond `docs`."""
    path = posixpath.normpath(posixpath.join("docs", here, link))
    return None if path.startswith("docs/") else path


def _served_as(path: str) -> str:
    """Everything as text, which browsers show instead of saving it."""
    return f"{path}.txt"


def _expanded(nav: Any, pages: list[str]) -> Any:
    if isinstance(nav, list):
        parts = [_expanded(part, pages) for part in nav]
        return [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if isinstance(nav, dict):
        return {title: _expanded(part, pages) for title, part in nav.items()}
    return [page for page in pages if fnmatch(page, nav)] if "*" in nav else nav


def _drawn(source: str, language: str, css_class: str, *rest: object, **options: object) -> str:
    """A diagram as SVG; its id is its own, since its styles and arrows are bound to it."""
    del language, rest, options
    name = f"diagram-{zlib.crc32(source.encode()):08x}"
    svg = mmdr.render(source).svg().replace("merman", name)
    return f'<div class="{css_class}">{svg}</div>'

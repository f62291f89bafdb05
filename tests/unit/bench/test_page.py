"""The pages about performance and sizing quote the run whose figures are kept, and nothing else."""

import json

from tests.bench import adapter_page, sizing
from tests.bench.page import FIGURES, PAGE, written


def test_the_page_has_the_figures_of_the_run_that_is_kept() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page, json.loads(FIGURES.read_text("utf-8"))) == page


def test_the_page_about_sizing_rests_on_the_same_run() -> None:
    page = sizing.PAGE.read_text("utf-8")
    assert sizing.written(page, json.loads(FIGURES.read_text("utf-8"))) == page


def test_the_page_about_the_adapter_has_the_figures_of_its_run() -> None:
    page = adapter_page.PAGE.read_text("utf-8")
    assert adapter_page.written(page, json.loads(adapter_page.FIGURES.read_text("utf-8"))) == page

"""The page about performance quotes the run whose figures are kept beside it, and nothing else."""

import json

from tests.bench.page import FIGURES, PAGE, written


def test_the_page_has_the_figures_of_the_run_that_is_kept() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page, json.loads(FIGURES.read_text("utf-8"))) == page

# The book's commands. Every path is relative, so that the clone may live anywhere.
SITE := _build/html/index.html
RUN := .venv/bin
# Any Python starts tools/make.py, which finds a recent one for .venv, and runs what follows in surroundings that it sees to.
ANY := $(firstword $(foreach name,$(PYTHON) python3 python3.13 python3.12 python3.11 python,$(shell command -v $(name) 2>&-)))
DO := $(ANY) tools/make.py
NOTEBOOKS := $(wildcard intro.ipynb chapters appendix)
RECORDS := experiments/results/runs.csv
CODE := $(shell find lib -type f ! -name '*.pyc' ! -path '*/.*' 2>/dev/null)
PAGES := $(shell find _config.yml _toc.yml *.bib *.ipynb chapters appendix assets -type f ! -path '*/.*' 2>/dev/null)

# A backend or a module path from the caller's shell must not reach the notebooks.
unexport MPLBACKEND PYTHONPATH
# The book's matrices are small: a second thread in a product costs more than it helps, most of all on a busy machine.
export OPENBLAS_NUM_THREADS := 1
# Whatever a program reads or prints is UTF-8, also where the system has another encoding.
export PYTHONUTF8 := 1

.PHONY: help book pdf test check lint format outputs bench bench-page weigh shots links parity experiments mutants lock \
	upgrade clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /    make \1#/p' Makefile | awk -F'#' '{ printf "%-20s %s\n", $$1, $$2 }'

book: _build/book ## build the site into _build/html, warnings being errors
	@echo "The book is built. Open $(SITE) in a browser:"
	@echo "    file://$$(pwd | sed 's/ /%20/g')/$(SITE)"

pdf: _build/gated-memory.pdf ## print the whole book into _build/gated-memory.pdf

test: .venv/test ## run the tests of the library, the pages and every notebook
	@$(DO) browser
	@status=0; \
	$(MAKE) --no-print-directory book || status=1; \
	$(DO) run -m pytest tests --junitxml=_build/tests-lib.xml || status=1; \
	$(DO) run -m pytest --nbval -n 2 --dist loadscope $(NOTEBOOKS) --junitxml=_build/tests-notebooks.xml || status=1; \
	exit $$status

check: lint book test ## what CI runs: lint, book, test

lint: .venv/test ## check the style of code and notebooks
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .

format: .venv/test ## put code and notebooks into that style
	@$(RUN)/ruff check --fix .
	@$(RUN)/ruff format .

outputs: .venv/book ## run every notebook afresh and store its outputs
	@$(RUN)/python tools/outputs.py

bench: .venv/book ## time the cells against PyTorch, if it is installed, and against bare matrix products
	@$(RUN)/python benchmarks/speed.py

bench-page: .venv/test book ## time the built pages in a browser: a drag, the first answer, the first paint
	@$(RUN)/python benchmarks/pages.py

weigh: .venv/test book ## weigh the built pages in a browser, all that they ask for; fail past a limit
	@$(RUN)/python benchmarks/weigh.py

shots: .venv/test book ## take every page in light, dark and phone width into _build/shots
	@$(RUN)/python benchmarks/shots.py

links: .venv/book ## ask every link to other sites whether it still leads somewhere
	@$(RUN)/jupyter-book build . --all --builder linkcheck

parity: .venv/test ## compare the cells with each framework that is installed
	@cd tests && ../$(RUN)/python parity.py

experiments: .venv/experiments ## run what the laboratory's records lack, on all cores; go on after an interruption
	@$(RUN)/python experiments/run.py

mutants: .venv/test ## plant mistakes in the library, one at a time; the tests must catch each
	@$(RUN)/python tests/mutants.py

lock: ## rewrite requirements.lock after a change of pyproject.toml
	@$(DO) lock

upgrade: ## rewrite requirements.lock with the newest versions that pyproject.toml allows
	@$(DO) lock --upgrade

clean: ## remove the site, the environment and the caches
	rm -rf _build .venv .pytest_cache .ruff_cache .hypothesis *.egg-info

# Stamps: .venv/GROUP says that the group is installed as locked, _build/book that the whole site is built.
.venv/book: pyproject.toml requirements.lock
	@$(DO) setup book

.venv/test: .venv/book
	@$(DO) setup test

.venv/experiments: .venv/book
	@$(DO) setup experiments

# Sphinx forgets the warnings of pages that it does not read again, so a changed book is always built whole;
# what the notebooks show is kept between builds until the code, the packages or the records they read change.
_build/book: .venv/book $(CODE) $(PAGES) $(RECORDS)
	@rm -rf _build/book _build/html _build/.doctrees $(if $(filter .venv/book lib/% $(RECORDS),$?),_build/.jupyter_cache)
	@$(DO) run $(RUN)/jupyter-book build . --all -W -n --keep-going
	@touch $@

_build/gated-memory.pdf: .venv/test _build/book tools/pdf.py tools/pdf.css
	@$(DO) browser
	@$(RUN)/python tools/pdf.py

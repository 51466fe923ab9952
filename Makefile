# The book's commands. Every path is relative, so that the clone may live anywhere.
RUN := .venv/bin
# Any Python starts tools/make.py, which finds a recent one for .venv, and runs what follows in surroundings that it sees to.
ANY := $(firstword $(foreach name,$(PYTHON) python3 python3.13 python3.12 python3.11 python,$(shell command -v $(name) 2>&-)))
DO := $(ANY) tools/make.py
# A backend or a module path from the caller's shell must not reach the notebooks.
unexport MPLBACKEND PYTHONPATH
# The book's matrices are small: a second thread in a product costs more than it helps, most of all on a busy machine.
export OPENBLAS_NUM_THREADS := 1
# Whatever a program reads or prints is UTF-8, also where the system has another encoding.
export PYTHONUTF8 := 1

.PHONY: help book pdf test browsers quick check lint format outputs prose students bench bench-page weigh shots links parity experiments mutants lock \
	upgrade clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /    make \1#/p' Makefile | awk -F'#' '{ printf "%-20s %s\n", $$1, $$2 }'

book: ## build the site into _build/html, warnings being errors
	@$(DO) book

pdf: _build/gated-memory.pdf ## print the whole book into _build/gated-memory.pdf

test: ## build it, and run the tests of the library, the pages and every notebook
	@$(DO) test

browsers: ## try the built pages in Firefox and WebKit; say which of them is missing
	@$(DO) browsers

quick: ## run what needs no built page, no browser and no running notebook, while you write
	@$(DO) quick

check: lint test ## what CI runs: lint, book, test

lint: .venv/test ## check the style of code and notebooks
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .

format: .venv/test ## put code and notebooks into that style
	@$(RUN)/ruff check --fix .
	@$(RUN)/ruff format .

prose: .venv/book ## what holds each number and each verdict of the text: make prose PAGE=chapters/03_backprop_cell_state.ipynb
	@$(RUN)/python tests/prose.py $(PAGE)

outputs: .venv/book ## run every notebook afresh and store its outputs
	@$(RUN)/python tools/outputs.py

students: .venv/book ## write the notebooks without solutions and outputs into _build/students
	@$(RUN)/python tools/students.py

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

mutants: .venv/test book ## plant mistakes in the library and faults in figures and pages, one at a time; a test must catch each
	@status=0; for table in mutants picture_faults shown_faults words_faults page_faults; do \
	$(DO) run tests/$$table.py || status=1; done; exit $$status

lock: ## rewrite requirements.lock after a change of pyproject.toml
	@$(DO) lock

upgrade: ## rewrite requirements.lock with the newest versions that pyproject.toml allows
	@$(DO) lock --upgrade

clean: ## remove the site, the environment and the caches
	rm -rf _build .venv .pytest_cache .ruff_cache .hypothesis *.egg-info

# Stamps: .venv/GROUP says that the group is installed as locked, _build/book of what the site is built.
.venv/book: pyproject.toml requirements.lock
	@$(DO) setup book

.venv/test: .venv/book
	@$(DO) setup test

.venv/experiments: .venv/book
	@$(DO) setup experiments

_build/book: FORCE # what it is built of decides
	@$(DO) book
FORCE:

_build/gated-memory.pdf: .venv/test _build/book tools/pdf.py tools/pdf.css
	@$(DO) browser
	@$(RUN)/python tools/pdf.py

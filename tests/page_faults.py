"""Faults that pages have had or could have, planted one at a time: the test that a row names must fail.

A row of FAULTS or of SMALL_FAULTS is

    (what it is, the test that must kill it, where, right, wrong)

`where` is a file of the site, or a pattern as in "_static/live/*.js"; in SMALL_FAULTS, of the small book of explorers
that test_live_pages.py builds. Every `right` in these files becomes `wrong`; code that stands in a page's JSON is found
there too. Without a `right`, `wrong` is put at the file's end, or is the file; without a `wrong`, the file is deleted.

The fault is planted in a copy of what is built, and that test alone is run on it: `--site` and `--small` name the
copies, `--visit` the one page that is visited. A fault that its test does not see is alive, whoever else might see it.
A row whose `right` is nowhere has to follow the pages. `make mutants` runs these tables after the library's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
AT_ONCE = 2
VISITED = "chapters/04_gru.html"  # where the fault is not in a page of its own
LIGHT, DARK, PHONE, FOLDER = "wide-light", "wide-dark", "phone-light", "folder"

# The tests.
QUIET = "test_site.py::test_pages_are_quiet_and_stay_at_home[{}]".format
OPEN = "test_site.py::test_pages_are_open_to_all[{}]".format
HOME = "test_site.py::test_no_page_loads_from_another_host"
LINKS = "test_site.py::test_every_link_within_the_book_leads_somewhere"
TITLE = "test_site.py::test_every_page_has_a_title_and_a_language"
HEADINGS = "test_site.py::test_headings_are_in_order"
KEYBOARD = "test_site.py::test_the_keyboard_reaches_everything_in_order[wide-light]"
WIDE = "test_site.py::test_no_page_is_wider_than_the_window[{}]".format
LEFT = "test_light.py::test_nothing_that_no_page_asks_for_is_left"

PAGE, END, SHEET = "chapters/04_gru.html", "</article>", "_static/book.css"

FAULTS = [
    ("a script from another host", HOME, PAGE, "</head>", '<script src="https://example.org/a.js"></script></head>'),
    ("a style sheet from another host", HOME, PAGE, "</head>",
     '<link rel="stylesheet" href="//example.org/a.css"></head>'),
    ("a picture from another host, in a style sheet", HOME, SHEET, "",
     "p { background: url(https://example.org/a.png) }"),
    ("a request to another host while it runs", QUIET(LIGHT), PAGE, END,
     "<script>setTimeout(() => fetch('https://example.org/a').catch(() => 0), 300)</script></article>"),
    ("an error on the console", QUIET(PHONE), PAGE, END, "<script>console.error('oh')</script></article>"),
    ("a script that throws", QUIET(DARK), PAGE, END, "<script>null.x</script></article>"),
    ("a script that throws from a folder alone", QUIET(FOLDER), PAGE, END,
     "<script>if (location.protocol === 'file:') null.x</script></article>"),
    ("a picture that is not there", QUIET(FOLDER), PAGE, END, '<img src="gone.png" alt="A picture"></article>'),
    ("a picture without words", "test_site.py::test_every_picture_says_what_is_there", PAGE, END,
     '<img src="../_static/logo.svg" alt=""></article>'),
    ("pale text", OPEN(LIGHT), PAGE, END, '<p style="color: #aaa; background: #fff">pale</p></article>'),
    ("pale text on a phone alone", OPEN(PHONE), SHEET, "", "@media (max-width: 400px) { article p { color: #bbb } }"),
    ("dark text on the dark page", OPEN(DARK), SHEET, "", "html[data-theme=dark] article p { color: #444 }"),
    ("one pale word of a kind of its own", OPEN(FOLDER), PAGE, END,
     '<div style="background: #eee"><p><b style="color: #999; font-weight: 500">pale</b></p></div></article>'),
    ("a slider without a name", OPEN(PHONE), PAGE, END, '<input type="range"></article>'),
    ("a button without a name", OPEN(LIGHT), PAGE, END, "<button></button></article>"),
    ("pale links in what opens over a page",
     "test_site.py::test_what_opens_over_a_page_is_open_to_all[primary-toggle-light]", SHEET, "",
     "dialog[open] a { color: #ccc !important }"),
    ("a link to a page that is not there", LINKS, PAGE, END, '<a href="gone.html">gone</a></article>'),
    ("a link to an anchor that is not there", LINKS, PAGE, END, '<a href="#gone">gone</a></article>'),
    ("the index is missing", LINKS, "genindex.html", "", None),
    ("a page without a title", TITLE, PAGE, "<title>", "<template>"),
    ("a page without a language", TITLE, PAGE, '<html lang="en"', "<html"),
    ("a level of headings left out", HEADINGS, PAGE, END, "<h2>a</h2><h4>b</h4></article>"),
    ("two first headings", HEADINGS, PAGE, END, "<h1>again</h1></article>"),
    ("an equation as text", "test_site.py::test_every_equation_is_mathml", PAGE, END,
     '<span class="math">x²</span></article>'),
    ("a comma that may leave its equation", "test_site.py::test_a_mark_stays_with_its_equation", PAGE, END,
     '<span class="math"><math><mi>x</mi></math></span>, and</article>'),
    ("an equation that is not heard", "test_site.py::test_every_equation_is_in_the_accessibility_tree[wide-light]",
     PAGE, "<math", '<math aria-hidden="true"'),
    ("equations in another font", "test_site.py::test_equations_are_set_in_the_books_own_font[wide-light]",
     "_static/fonts/stix-two-math.woff2", "", None),
    ("fonts without their license", "test_site.py::test_the_fonts_come_with_their_license", "_static/fonts/OFL.txt",
     "", None),
    ("a gate of another color than in the figures", "test_site.py::test_the_page_has_the_colors_of_the_figures", SHEET,
     "--gate-f: #", "--gate-f: #1"),
    ("a function without a place in the reference",
     "test_site.py::test_the_reference_holds_every_public_function[optim]", "appendix/reference.html",
     'id="lib.optim.adam"', ""),
    ("a page wider than a phone", WIDE(PHONE), PAGE, END, '<div style="width: 500px">wide</div></article>'),
    ("a picture that is too wide", WIDE(PHONE), PAGE, END,
     '<img src="../_static/logo.svg" alt="A wide picture" style="width: 700px; max-width: none"></article>'),
    ("a page wider than a tablet alone", "test_site.py::test_no_page_is_wider_than_a_window_that_changes[wide-light]",
     SHEET, "", "@media (min-width: 700px) and (max-width: 800px) { article { width: 900px } }"),
    ("a coarse picture", "test_site.py::test_pictures_are_sharp_on_dense_screens[wide-light]", PAGE, END,
     '<img src="../_static/card.png" alt="A card" width="1200"></article>'),
    ("a trap for the keyboard", KEYBOARD, PAGE, END,
     '<button onkeydown="event.preventDefault()">trap</button></article>'),
    ("no ring around what has the focus", KEYBOARD, SHEET, "", "*:focus { outline: none !important }"),
    ("a stop before its turn", KEYBOARD, PAGE, END, '<button tabindex="5">first</button></article>'),
    ("a stop out of sight", KEYBOARD, PAGE, END,
     '<a href="#" style="position: fixed; left: -999px">away</a></article>'),
    ("no way past the sidebar", "test_site.py::test_the_first_stop_leads_past_the_sidebar",
     "chapters/01_rnn_recap.html", 'id="pst-skip-link"', 'hidden id="pst-skip-link"'),
    ("a search that finds nothing", "test_site.py::test_search_finds_the_forget_gate_from_a_folder",
     "_static/searchtools.js", "", None),
    ("a search that leads elsewhere",
     "test_publish.py::test_search_leads_first_to_the_section[half-life-chapters/02_lstm_gates.html#sec-lstm-forget]",
     "searchindex.js", "sec-lstm-forget", "sec-lstm-gone"),
    ("a page without a description", "test_publish.py::test_every_page_has_a_description_of_its_own", PAGE,
     '<meta name="description"', '<meta name="described"'),
    ("a card without a title", "test_publish.py::test_a_shared_link_shows_the_title_and_the_description", PAGE,
     'property="og:title"', 'property="og:titel"'),
    ("an address that follows the wording",
     "test_publish.py::test_every_section_has_a_label_and_it_is_the_sections_address[chapters/04_gru.ipynb]", PAGE,
     '<section id="sec-gru-moves"', '<section id="three-moves"'),
    ("a notebook that cannot be downloaded",
     "test_publish.py::test_every_notebook_can_be_downloaded_as_it_is[intro.ipynb]", "_sources/intro.ipynb", "", None),
    ("a link into a solution that stays folded",
     "test_claims.py::test_a_link_to_a_cell_in_a_folded_solution_unfolds_it", "_static/site.js", "'hashchange'",
     "'hash'"),
    ("a heavy page", "test_light.py::test_every_page_is_light[wide-light]", PAGE, END,
     f"<!--{'a' * 1_200_000}--></article>"),
    ("a heavy page on a phone alone", "test_light.py::test_every_page_is_light[phone-light]", PAGE, END,
     "<script>innerWidth < 400 && fetch('../_static/card.png')</script>" + f"<!--{'a' * 1_100_000}--></article>"),
    ("a sheet that no page asks for", LEFT, "_static/theme.css", "", "a { color: red }"),
    ("a rule cut away that matches", "test_light.py::test_no_rule_that_matches_was_cut[wide-light]", SHEET,
     ".bd-main{", ".gone{"),
    ("an icon without a picture", "test_light.py::test_every_icon_is_in_the_cut_font[wide-light]", PAGE, END,
     '<i class="fas fa-gone"></i></article>'),
    ("a page that moves when it has come",
     "test_live_pages.py::test_hardly_anything_moves_on_a_page_of_the_book[360]", PAGE, "</body>",
     "<script>setTimeout(() => { document.body.style.paddingTop = '400px' }, 300)</script></body>"),
    ("sliders out of sight", "test_live_pages.py::test_every_slider_of_the_book_is_in_sight[folder]",
     "_static/live/page.css", "", ".live-view input { visibility: hidden }"),
    ("a printed page with its buttons", "test_print.py::test_a_printed_page_is_the_article_alone", "_static/print.css",
     "", ".bd-article button { display: block !important; visibility: visible !important }"),
    ("a printed page that stays dark", "test_print.py::test_a_printed_page_is_light", "_static/print.js",
     "root.dataset.theme = 'light';", "root.dataset.theme = 'dark';"),
    ("solutions that stay in their place on paper",
     "test_print.py::test_printed_solutions_stand_open_at_the_chapters_end", "_static/print.js",
     "chapter.append(end);", ""),
    ("wider than the paper", "test_print.py::test_nothing_printed_is_wider_than_the_paper[folder]", SHEET, "",
     "@media print { article p { width: 1200px } }"),
    ("Korean words in a borrowed font", "test_print.py::test_the_korean_words_of_the_book_have_a_font_of_its_own",
     "appendix/glossary.html", END, "<p>\ub7c9</p></article>"),
]  # fmt: skip

LIVE = "test_live_pages.py::test_{}".format
KEYS = LIVE("every_slider_is_found_by_its_name_and_moved_by_keyboard[{}]").format
SCRIPTS, LOOKS_OF_LIVE = "_static/live/*.js", "_static/live/page.css"

SMALL_FAULTS = [
    ("a preset that sets another value", LIVE("presets_set_what_they_say_from_anywhere[http-lstm_step]"), SCRIPTS,
     "forget: { f: 0, i: 0", "forget: { f: 0, i: 1"),
    ("a preset that is not shown as pressed", LIVE("presets_set_what_they_say_from_anywhere[http-gru_step]"), SCRIPTS,
     '{ "aria-pressed": here }', '{ "aria-pressed": false }'),
    ("a reset that forgets one slider", LIVE("reset_restores_what_the_page_showed_first[http]"), SCRIPTS,
     'button("Reset", model.get("start"),',
     'button("Reset", Object.fromEntries(Object.entries(model.get("start")).slice(1)),'),
    ("a reset that leaves the answer", LIVE("reset_restores_what_the_page_showed_first[http]"), SCRIPTS,
     'clear() { field.value = "";', "clear() {"),
    ("a slider that does not move the drawing", KEYS("http-lstm_step"), SCRIPTS, " update(v, run);",
     ' if (!("f" in v)) update(v, run);'),
    ("a slider that does not move the equation", KEYS("http-budget"), SCRIPTS, " fill(spec.equation(v, run));",
     " fill(window.first ||= spec.equation(v, run));"),
    ("another number beside a slider", KEYS("http-lstm_step"), SCRIPTS, "readout.data = text;",
     "readout.data = formatted(value / 2, '.2f');"),
    ("a slider that does not say its unit", KEYS("http-fading_memory"), SCRIPTS, "unit ? `${text} ${unit}` : text",
     "text"),
    ("sliders that are dead from a folder", KEYS("file-lstm_step"), SCRIPTS, "const block = document",
     'const block = location.protocol !== "file:" && document'),
    ("sliders that the mouse does not move", LIVE("every_slider_is_dragged_with_the_mouse[http-lstm_step]"),
     LOOKS_OF_LIVE, "", ".live-control > input { pointer-events: none }"),
    ("nothing lit in a wiring", LIVE("a_part_is_lit_while_its_slider_is_held_by_keyboard_mouse_or_finger[http]"),
     SCRIPTS, '"live-pale", Boolean(lit)', '"live-pale", false'),
    ("nothing lit under a finger", LIVE("a_part_is_lit_while_its_slider_is_held_by_keyboard_mouse_or_finger[http]"),
     SCRIPTS, '["focusin", "pointerdown"]', '["focusin"]'),
    ("a part of a wiring that stays lit",
     LIVE("a_part_is_lit_while_its_slider_is_held_by_keyboard_mouse_or_finger[http]"),
     SCRIPTS, '["focusout", "pointerup"', '["pointerup"'),
    ("an answer that is always right", LIVE("an_answer_is_compared_with_what_happens[lstm_step]"), SCRIPTS,
     'close ? "Yes:" : "Not quite:"', '"Yes:"'),
    ("an answer that is no number, taken for one",
     LIVE("any_answer_may_be_given_and_the_figure_stays_whole[lstm_step]"), SCRIPTS, "Number.isFinite(guess)",
     "typed"),
    ("a sentence that a screen reader does not hear", LIVE("the_result_is_told_politely[lstm_step]"), SCRIPTS,
     'class: "live-sentence", role: "status"', 'class: "live-sentence", role: "note"'),
    ("buttons too small for a finger", LIVE("what_is_touched_is_at_least_24_pixels_wide_and_high[http-lstm_step]"),
     LOOKS_OF_LIVE, "", ".live-explorer button { min-height: 12px !important; height: 12px; padding: 0 }"),
    ("an explorer wider than a phone", LIVE("no_page_is_wider_than_the_window[360]"), LOOKS_OF_LIVE, "",
     ".live-explorer { min-width: 420px }"),
    ("pale words in an explorer", LIVE("axe_finds_nothing_to_mend_in_the_explorers[360-light]"), LOOKS_OF_LIVE, "",
     ".live-explorer .live-sentence { color: #bbb !important }"),
    ("pale words on the dark page", LIVE("axe_finds_nothing_to_mend_in_the_explorers[1280-dark]"), LOOKS_OF_LIVE, "",
     "[data-theme=dark] .live-explorer .live-sentence { color: #444 !important }"),
    ("a box that does not grow with its explorer",
     LIVE("a_slider_lays_out_its_explorer_alone_in_a_box_that_grows_with_it[360]"), SCRIPTS,
     "`height:${high}px;", "`height:${hold.offsetHeight || high}px;"),
    ("a slider that lays out the whole page",
     LIVE("a_slider_lays_out_its_explorer_alone_in_a_box_that_grows_with_it[1280]"), SCRIPTS,
     "contain:size layout", "contain:layout"),
    ("something that moves by itself", LIVE("nothing_in_an_explorer_moves_by_itself"), LOOKS_OF_LIVE, "",
     ".live-explorer button { transition: background 1s !important }"),
    ("an explorer that comes late", LIVE("nothing_moves_after_the_first_paint"), SCRIPTS, " else stand();",
     " else setTimeout(stand, 200);"),
    ("no picture without scripts", LIVE("without_scripts_and_in_print_the_picture_is_shown"), "index.html",
     '<img alt="', '<img hidden alt="'),
    ("the picture beside the living explorer", LIVE("without_scripts_and_in_print_the_picture_is_shown"),
     LOOKS_OF_LIVE, "", ".live-stands > .live-still { display: block }"),
    ("two explorers with one field", LIVE("two_explorers_of_one_kind_do_not_disturb_each_other[lstm_step]"), SCRIPTS,
     "const field = html(", "const field = window.one ||= html("),
    ("a link that goes both ways", LIVE("widgets_that_are_not_ours_live_too[http]"), SCRIPTS,
     'link(model, made, model.name === "LinkModel")', "link(model, made, true)"),
]  # fmt: skip


def main():
    """Print the fate of each fault and a line for each table; is any alive, or does a row no longer apply?"""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks"), str(ROOT / "tools")]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        alive = judge("the site", FAULTS, "--site", SITE, folder)
        if SMALL_FAULTS:
            from test_live_pages import PAGES, build

            (folder / "small").mkdir()
            done = build(folder / "small", PAGES)
            if done.returncode:
                sys.exit(f"The small book cannot be built:\n{done.stderr}")
            alive += judge(
                "the explorers", SMALL_FAULTS, "--small", folder / "small" / "html", folder
            )
    return alive > 0


def judge(table, faults, option, whole, folder):
    """How many faults of a table are alive."""
    pages = sorted({page_of(where) for _, _, where, *_ in faults})
    for page in pages:  # as each row is run, but for the fault
        tests = sorted({test for _, test, where, *_ in faults if page_of(where) == page})
        clean = run(tests, option, whole, page)
        if clean.returncode:
            sys.exit(f"{clean.stdout}\nThe tests fail before a fault is planted: mend that first.")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(fate, row, option, whole, folder / f"{option[2:]}-{number}")
            for number, row in enumerate(faults)
        ]
        fates = []
        for (what, test, *_), job in zip(faults, jobs, strict=True):
            fates.append(job.result())
            print(f"{fates[-1]:9} {what}: {test}", flush=True)
    killed = fates.count("killed")
    print(f"{killed} of {len(faults)} faults of {table} killed, each by its own test")
    return len(faults) - killed


def fate(row, option, whole, copy):
    """Plant one fault in a copy of its own and run the test that must see it."""
    _, test, where, right, wrong = row
    shutil.copytree(whole, copy, copy_function=os.link)  # a planted file is a new one
    try:
        if not plant(copy, where, right, wrong):
            return "NOT FOUND"
        done = run([test], option, copy, page_of(where))
    finally:
        shutil.rmtree(copy)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{test} could not be run:\n{done.stdout}{done.stderr}")
    return "killed" if done.returncode else "ALIVE"


def plant(site, where, right, wrong):
    """Put the fault into the files; was there a place for it?"""
    if "*" not in where and not right:
        path = site / where
        text = path.read_text(encoding="utf-8") if wrong and path.is_file() else ""
        found = bool(wrong) or path.is_file()
        path.unlink(missing_ok=True)
        if wrong:
            path.write_text(text + wrong, encoding="utf-8")
        return found
    found = False
    for path in site.glob(where):
        if path.suffix not in (".html", ".js", ".css"):
            continue
        text = path.read_text(encoding="utf-8")
        for old, new in ((right, wrong), (in_json(right), in_json(wrong))):
            if old in text:
                path.unlink()
                path.write_text(text.replace(old, new), encoding="utf-8")
                found = True
                break
    return found


def in_json(text):
    """As the text stands in a page's JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("</", r"<\/")


def page_of(where):
    """The page that is visited to see what is planted there."""
    return where if where.endswith(".html") and "*" not in where else VISITED


def run(tests, option, folder, page):
    """Run these tests alone on what is in a folder, of whose pages one is visited."""
    words = ["-q", "-p", "no:cacheprovider", "--no-header", option, str(folder), "--visit", page]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, *(f"tests/{test}" for test in tests)],
        cwd=ROOT,
        env={**os.environ, "CI": "1"},  # no browser, no verdict
        capture_output=True,
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())

"""Python in the page: the book's own `lib` in Pyodide, from the site's folder, at the first press on a button Run.

In the browser
    js/run.js       a button at each code cell, and nothing else before the first press
    js/notebook.js  the page: what is loading, editing, Stop, Reset, what comes back
    js/worker.js    where Python runs, so that the page never stands still
    kernel.py       runs a cell: what it prints, draws, says and raises
    needs.py        which cells above it have to run first
    explorer.py     an explorer without ipywidgets
While the book is built
    sphinx.py       an extension: the buttons and the files
    files.py        where the official files come from, and whether they are those of official.json
    pack.py         what is loaded of them, compiled; pack.mjs runs it in that Python itself
"""

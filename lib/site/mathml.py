r"""Equations as MathML, made while the book is built by the package math-core; browsers draw it by themselves.

Numbers and links ({eq}, {numref}) stay Sphinx's. An equation that math-core cannot read is a warning with its place,
and so fails the book's build. What it does not read, and what to write instead:

    split, align            aligned (align would be numbered a second time)
    \tag, \label            a label behind the equation: $$ ... $$ (eq-name)
    \widetilde              \tilde
    \substack               two sums, or a shorter condition
    smallmatrix             pmatrix, bmatrix
    \smash, \rule, \small   nothing: layout is the page's
    \text{if $x$}           \text{if } x
    colors in hex, \class   nothing: equations are ink; a gate's letter has its color in the prose and the figures

It does read fractions, sums and products with limits, \left ... \right, matrices, cases, aligned, gathered, array,
\underbrace, \overbrace, \operatorname, \mathbb, \mathcal, \mathbf, \boldsymbol, \lVert, accents, \xrightarrow, \boxed.

Every equation carries its LaTeX as an annotation: to be copied (assets/site.js), and read where MathML is switched off.
"""

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

log = logging.getLogger(__name__)
reader = LatexToMathML(fancy_error=False, annotation=True)
UNSCRIPTED = (
    '<noscript><p class="notice">Without JavaScript the explorers stand still and the search is off. '
    "Where a browser draws no equations either, each is followed by its LaTeX.</p></noscript>"
)
TWICE_NUMBERED = (r"\begin{align}", r"\begin{gather}", r"\begin{equation}")


def translate(self, node, block):
    """The equation's MathML, or its LaTeX as code and a warning."""
    latex = node.astext()
    try:
        if latex.lstrip().startswith(TWICE_NUMBERED):
            raise LatexError(
                "numbered by itself: use aligned or gathered, and a label behind the equation"
            )
        return reader.convert_with_local_state(latex, displaystyle=block)
    except LatexError as why:
        log.warning("equation %r: %s", latex, why, location=node, type="mathml")
        return f"<code>{self.encode(latex)}</code>"


def inline(self, node):
    """$...$ within a line."""
    self.body.append(
        f'<span class="math" translate="no">{translate(self, node, block=False)}</span>'
    )
    raise nodes.SkipNode


def display(self, node):
    """$$...$$ on lines of its own, with its number if it has a label. What is too wide scrolls (see assets/site.js)."""
    self.body.append(self.starttag(node, "div", CLASS="math", translate="no"))
    self.body.append(f'<div class="scrolls">{translate(self, node, block=True)}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def tell_of_latex(_app, _page, _template, context, _doctree):
    """Say without a script what the LaTeX behind an equation is doing there."""
    if "<math" in context.get("body", ""):
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{UNSCRIPTED}", 1)


def setup(app):
    """Make it the way HTML draws equations, unless the book's configuration names another."""
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
    app.config.html_math_renderer = "mathml"
    app.connect("html-page-context", tell_of_latex)

"""A number of a figure or a section is looked up on its page: each page is unpacked once, not for every number.

Sphinx unpacks all of the page each time, which took a third of the time of writing the book.
"""


def unpack_once(app, env):
    """What is resolved and written is a copy of its own, as before; who only reads shares one."""
    if app.builder.name != "html":  # others change what they have asked for
        return
    unpacked, resolve, kept = env.get_doctree, env.get_and_resolve_doctree, {}

    def get_doctree(page):
        if page not in kept:
            kept[page] = unpacked(page)
        return kept[page]

    def get_and_resolve_doctree(page, builder, doctree=None, **options):
        own = unpacked(page) if doctree is None else doctree
        return resolve(page, builder, own, **options)

    env.get_doctree, env.get_and_resolve_doctree = get_doctree, get_and_resolve_doctree


def setup(app):
    """Called by the extension's setup."""
    app.connect("env-check-consistency", unpack_once)  # all is read and stored

"""What is done to every page once all are written, the templates' parts included.

Addresses: a script, style sheet, picture or font is asked for with a checksum of what it holds. A browser keeps such
files, and after a change of the book must not use an old one with the new page. Sphinx does so for what it knows while
it writes; some files are written later, or asked for by templates.

Translations: what stays as it is in every language is marked for the browser's translator.
"""

import re
import zlib
from pathlib import Path

from lib.site.lean import pages

ASKED = r'(<(?:script|link|img)\b[^>]*? (?:src|href)=")([^":?#]+\.(?:js|css|svg|png|ico))(?:\?[^"#]*)?(?=")'
WITHIN = r"""(url\(["']?)([^"':?#)]+\.\w+)(?:\?[^"'#)]*)?"""
SCRIPTS = r"(<script\b.*?</script>)"
KEPT = (  # equations have it from mathml.py
    r"<(?:code|pre|kbd|samp|var)(?=[\s>])|"
    r'<(?:span|em|strong|dt)(?= [^>]*(?:class="(?:[^"]* )?(?:gate-\w+|sig)[ "]|lang="ko"))'
)
MARK = ' translate="no"'


def finish(app, error):
    """Rewrite every style sheet and page."""
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for sheet in site.rglob("*.css"):  # before the pages, which ask for them
        rewrite(sheet, lambda text, path: stamped(text, path, WITHIN))
    for page in pages(site):
        rewrite(page, lambda text, path: kept(stamped(text, path, ASKED)))


def rewrite(path, change):
    text = path.read_text(encoding="utf8")
    changed = change(text, path)
    if changed != text:
        path.write_text(changed, encoding="utf8", newline="\n")


def stamped(text, path, pattern):
    """The text with a checksum in every address that leads from `path` to a file of the site."""

    def checked(found):
        asked = path.parent / found[2]
        if not asked.is_file():
            return found[0]
        return f"{found[1]}{found[2]}?v={zlib.crc32(asked.read_bytes()):08x}"

    return re.sub(pattern, checked, text)


def kept(text):
    """The page with code, keys, gates' letters and Korean terms marked as not to be translated."""
    parts = re.split(SCRIPTS, text, flags=re.S)
    parts[::2] = [re.sub(f"({KEPT})(?!{MARK})", rf"\1{MARK}", part) for part in parts[::2]]
    return "".join(parts)


def setup(app):
    """Called by the extension's setup."""
    app.connect("build-finished", finish, priority=950)  # after all that write files

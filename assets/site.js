// The letters of text and equations are asked for at once, not when the first line that needs them has been laid out.
for (const face of ['', 'italic ', 'bold ']) document.fonts.load(`${face}1em "STIX Two Text"`);
document.fonts.load('1em "STIX Two Math"');

// The theme's own script decides between light and dark only when the page has come; decided here, nothing flickers or moves.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme === 'auto') root.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
})();

// What is wider than its place scrolls inside itself; the keyboard must be able to get there to scroll it.
(() => {
  const boxes = '.math > .scrolls, .pst-scrollable-table-container, .cell_output figure';
  const mark = () => document.querySelectorAll(boxes).forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  });
  addEventListener('load', mark);
  addEventListener('resize', mark);
})();

// A link to something inside a folded solution unfolds it.
(() => {
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target?.closest('.toggle-hidden');
    if (!folded) return;
    folded.querySelector('.admonition-title').click();
    target.scrollIntoView();
  };
  addEventListener('load', unfold);
  addEventListener('hashchange', unfold);
})();

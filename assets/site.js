// What the pages do beside the theme and the explorers; runs once the page stands.

// What is wider than its place scrolls inside itself and says so: where more is hidden its edge has a shadow (data-more),
// the keyboard gets there to scroll it, and it has a name.
addEventListener('DOMContentLoaded', () => {
  const kinds = { '.pst-scrollable-table-container': 'Table', '.math > .scrolls': 'Equation', '.highlight > pre': 'Code' };
  const scrolling = Object.keys(kinds).join();
  function mark(box) {
    if (matchMedia('print').matches) return;
    const hidden = box.scrollWidth - box.clientWidth, code = box.matches('[role="textbox"]'); // which a reader may open
    if (hidden > 1) {
      const kind = kinds[Object.keys(kinds).find((kind) => box.matches(kind))];
      const title = box.querySelector('caption .caption-text')?.textContent;
      if (!code) {
        box.tabIndex = 0;
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', `${title ?? kind}, scrolls sideways`);
      }
      box.dataset.more = `${box.scrollLeft > 1 ? 'left' : ''} ${box.scrollLeft < hidden - 1 ? 'right' : ''}`.trim();
    } else if ('more' in box.dataset) {
      for (const name of ['data-more', ...(code ? [] : ['tabindex', 'role', 'aria-label'])]) box.removeAttribute(name);
    }
  }
  const sizes = new ResizeObserver((changed) => changed.forEach((change) => mark(change.target.closest(scrolling))));
  for (const box of document.querySelectorAll(scrolling)) {
    sizes.observe(box);
    if (!box.matches('pre')) sizes.observe(box.firstElementChild); // its letters may come later
    box.addEventListener('scroll', () => mark(box), { passive: true });
  }
});

// A link to something inside a folded solution or check unfolds it, also when it is followed a second time.
(() => {
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const solution = target?.closest('.toggle-hidden'), check = target?.closest('details:not([open])');
    if (!solution && !check) return;
    solution?.querySelector('.admonition-title').click();
    if (check) check.open = true;
    target.scrollIntoView();
  };
  addEventListener('load', unfold);
  addEventListener('hashchange', unfold);
  addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href*="#"]');
    if (link && link.href === location.href) setTimeout(unfold);
  });
})();

// The switch in the header: tint the sentences that a cell has checked, and remember it.
for (const button of document.querySelectorAll('[data-press="checked"]')) {
  const page = document.documentElement, tell = () => button.setAttribute('aria-pressed', 'checked' in page.dataset);
  button.addEventListener('click', () => {
    if ('checked' in page.dataset) delete page.dataset.checked;
    else page.dataset.checked = 'shown';
    localStorage.setItem('gated-memory-checked', page.dataset.checked ?? '');
    tell();
  });
  tell();
}

// A search starts by its address, too: a frame may be denied the sending of forms.
for (const form of document.querySelectorAll('form.bd-search')) {
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    location.assign(`${form.action.split('?')[0]}?${new URLSearchParams(new FormData(form))}`);
  });
}

// Where a browser draws no MathML (Safari in Lockdown Mode, Tor Browser), equations are read as the LaTeX that they carry.
(() => {
  const title = document.querySelector('article h1');
  if (!title || !document.querySelector('article math')) return;
  const trial = document.createElement('p');
  trial.innerHTML = '<math><mspace width="99px"></mspace></math>';
  title.after(trial);
  const drawn = trial.querySelector('mspace').getBoundingClientRect().width > 50;
  trial.remove();
  if (drawn) return;
  document.documentElement.classList.add('no-mathml');
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.textContent = 'This browser draws no equations: its MathML is switched off, as in Lockdown Mode or Tor Browser. They stand here as LaTeX.';
  title.after(notice);
})();

// A copied equation is its LaTeX: $h_t$ in a sentence, $$h_t$$ on lines of its own. Copied as it is drawn it would be "ht".
(() => {
  const latex = (math) => math.querySelector('annotation').textContent;
  const equation = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.('math');

  document.addEventListener('copy', (event) => {
    const selection = getSelection();
    if (event.target.closest?.('input, textarea') || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0).cloneRange();
    const [first, last] = [range.startContainer, range.endContainer].map(equation);
    if (first) range.setStartBefore(first);                      // half an equation is no LaTeX
    if (last) range.setEndAfter(last);
    const part = document.createElement('div');
    part.className = 'copied';
    part.append(range.cloneContents());
    if (!part.querySelector('math')) return;
    for (const node of part.querySelectorAll('script, button, .headerlink, noscript')) node.remove();
    const html = part.innerHTML;
    for (const math of part.querySelectorAll('math')) {
      const block = math.getAttribute('display') === 'block', text = document.createElement(block ? 'pre' : 'span');
      text.textContent = block ? `$$\n${latex(math)}\n$$` : `$${latex(math)}$`;
      math.replaceWith(text);
    }
    document.querySelector('article').append(part);              // so that folded things and breaks count as on the page
    event.clipboardData.setData('text/plain', part.innerText);
    event.clipboardData.setData('text/html', html);
    event.preventDefault();
    part.remove();
  });

  const status = document.createElement('span');
  status.className = 'visually-hidden';
  status.setAttribute('role', 'status');
  for (const box of document.querySelectorAll('article div.math')) {
    const button = document.createElement('button'), number = box.querySelector('.eqno')?.firstChild.textContent;
    button.type = 'button';
    button.className = 'copy-latex';
    button.innerHTML = `Copy LaTeX${number ? `<span class="visually-hidden"> of equation ${number}</span>` : ''}`;
    box.append(button, ...(status.isConnected ? [] : [status]));
  }
  new ClipboardJS('.copy-latex', { text: (button) => latex(button.parentElement) })
    .on('success', () => { status.textContent = 'LaTeX copied'; setTimeout(() => { status.textContent = ''; }, 3000); });
})();

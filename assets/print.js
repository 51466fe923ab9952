// On paper the book is always light, its folded checks are open, and a chapter's solutions stand at its end under a heading of their own.
(() => {
  const root = document.documentElement, paper = matchMedia('print');
  let undo = [];

  function toPaper() {
    if (undo.length) return;
    const theme = root.dataset.theme;
    root.dataset.theme = 'light';
    undo.push(() => { root.dataset.theme = theme; });
    for (const check of document.querySelectorAll('details.check:not([open])')) {
      check.open = true;
      undo.push(() => { check.open = false; });
    }
    for (const chapter of document.querySelectorAll('article > section')) {
      const solutions = chapter.querySelectorAll('.solution');
      if (!solutions.length) continue;
      const end = document.createElement('section');
      end.innerHTML = '<h2>Solutions</h2>';
      for (const solution of solutions) {
        const place = document.createComment('solution');
        solution.replaceWith(place);
        end.append(solution);
        undo.push(() => place.replaceWith(solution));
      }
      chapter.append(end);
      undo.push(() => end.remove());
    }
  }

  function toScreen() {
    for (const step of undo) step();
    undo = [];
  }

  addEventListener('beforeprint', toPaper);
  addEventListener('afterprint', toScreen);
  paper.addEventListener('change', () => (paper.matches ? toPaper : toScreen)()); // a browser that only shows the print view
})();

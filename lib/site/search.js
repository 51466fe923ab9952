// How Sphinx's search weighs its hits: search.py puts sections, terms and symbols into the index as page#anchor.
var Scorer = {
  objNameMatch: 25, objPartialMatch: 1, objPrio: { 0: 0, 1: 0, 2: 0 }, objPrioDefault: 0,   // a function, by its whole name
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score(hit) {
    const [name, , anchor, about, score] = hit, [page, section] = name.split('#');
    hit[0] = page;
    if (section && !anchor) hit[2] = `#${section}`;
    if (!section && !about) return score - 10;                   // only the page as a whole has all words
    if (page === 'appendix/reference' && section && score < 100) return 0.3 * score;   // asked by half a name
    const lists = /^appendix\/(?!relatives|rosetta)/.test(page);  // where all others explain
    return score - (lists ? 1 : 0);
  },
};
Documentation.TRANSLATIONS['Search finished, found ${resultCount} page(s) matching the search query.'] = 'Found in ${resultCount} places.';

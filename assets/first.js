// Runs before every other script and before the page is drawn.

// Where a browser keeps nothing for a page (in another site's frame, by the reader's wish, when it is full), whoever asks
// gets a store that lasts as long as the page, in place of an error that would stop the script.
{
  class Store {
    #kept;
    constructor(kept) { this.#kept = new Map(kept); }
    getItem(key) { return this.#kept.get(String(key)) ?? null; }
    setItem(key, value) { this.#kept.set(String(key), String(value)); }
    removeItem(key) { this.#kept.delete(String(key)); }
    clear() { this.#kept.clear(); }
    key(place) { return [...this.#kept.keys()][place] ?? null; }
    get length() { return this.#kept.size; }
  }
  const names = ['localStorage', 'sessionStorage'];
  const standIn = (name) => {
    let kept = [];
    try { kept = Object.entries(window[name] ?? {}); } catch { /* nothing may be read either */ }
    Object.defineProperty(window, name, { value: new Store(kept), configurable: true });
  };
  for (const name of names) {
    try {
      window[name].setItem('gated-memory', 'a trial');
      window[name].removeItem('gated-memory');
    } catch { standIn(name); }
  }
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {            // it may be full later
    try { setItem.call(this, key, value); } catch {
      const name = names.find((one) => window[one] === this);
      standIn(name);
      window[name].setItem(key, value);
    }
  };
}

// Light or dark: the theme's own script decides only when the page has come; decided here, nothing flickers or moves.
{
  const mode = localStorage.getItem('mode') ?? 'auto', dark = matchMedia('(prefers-color-scheme: dark)').matches;
  Object.assign(document.documentElement.dataset, { mode, theme: mode === 'auto' ? (dark ? 'dark' : 'light') : mode });
}

// Whether the sentences that are checked are tinted: assets/site.js has the switch.
if (localStorage.getItem('gated-memory-checked')) document.documentElement.dataset.checked = 'shown';

// The letters of text and equations are asked for at once, not when the first line that needs them has been laid out.
// Where they are refused the page has its stand-ins.
for (const face of ['1em "STIX Two Text"', 'italic 1em "STIX Two Text"', 'bold 1em "STIX Two Text"', '1em "STIX Two Math"']) {
  document.fonts.load(face).catch(() => {});
}

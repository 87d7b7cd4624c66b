// Full-text search over all versions, without a server: which policies hold a word, then their
// passages. Both come as scripts, because a page opened from disk may not fetch.
"use strict";

const policySearch = (() => {
  const UNSPACED = "\\u0e00-\\u0eff\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af";
  const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}])+`, "gu");
  const AT_ONCE = 10; // policies searched before a reader asks for more
  const PER_POLICY = 8;
  const root = new URL("..", document.currentScript.src);
  const form = document.querySelector("form.search");
  const status = document.querySelector(".status");
  const results = document.querySelector(".results");
  const more = document.querySelector(".more");
  const waiting = new Map();
  const loaded = new Map();
  let round = 0;

  const fold = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "");
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const keyOf = (word) => {
    const [first, second = ""] = word;
    if (!/[a-z0-9]/.test(first)) return "u" + word.codePointAt(0).toString(16);
    return first + (/[a-z0-9]/.test(second) ? second : "");
  };

  const shards = new Set(form.dataset.shards.split(" "));

  function load(kind, subject, path) {
    const name = kind + " " + subject;
    if (!loaded.has(name))
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(name, resolve);
        script.src = new URL(path, root);
        script.onload = () => script.remove();
        script.onerror = () => reject(new Error(path));
        document.head.append(script);
      }));
    return loaded.get(name);
  }

  const receive = (kind) => (subject, value) => waiting.get(kind + " " + subject)?.(value);

  function parse(text) {
    const phrases = [...text.matchAll(/["“”„]([^"“”„]+)["“”„]/g)].map(([, phrase]) => fold(phrase));
    const words = [...new Set(fold(text).match(WORD) ?? [])].map((word) => word.slice(0, 40));
    return { words, phrases };
  }

  async function holders(word) {
    const found = new Set();
    if (!shards.has(keyOf(word))) return found;
    const shard = await load("words", keyOf(word), `assets/words/${keyOf(word)}.js`);
    for (const [known, policies] of Object.entries(shard)) {
      if (!known.startsWith(word)) continue;
      let number = 0;
      for (const step of policies) found.add((number += step));
    }
    return found;
  }

  async function candidates(query, policy) {
    const all = [...form.elements.policy.options].slice(1);
    const sets = await Promise.all(query.words.map(holders));
    return all.filter(
      (option, index) => (!policy || option.value === policy) && sets.every((set) => set.has(index)),
    );
  }

  const starts = (text, word) => {
    for (const found of text.matchAll(WORD)) if (found[0].startsWith(word)) return true;
    return false;
  };

  function hits(file, query, from, until) {
    const spans = new Map(file.versions.map(([number, first, last]) => [number, [first, last]]));
    const found = [];
    for (const [heading, text, runs, block, part] of file.passages) {
      const folded = fold(heading + " " + text);
      if (!query.phrases.every((phrase) => folded.includes(phrase))) continue;
      if (!query.words.every((word) => starts(folded, word))) continue;
      const stands = runs
        .map(([first, last]) => ({ first, last, start: spans.get(first)[0], end: spans.get(last)[1] }))
        .filter(({ start, end }) => (!from || end >= from) && (!until || start <= until));
      if (stands.length) found.push({ heading, text, stands, latest: runs.at(-1)[1], block, part });
    }
    return found;
  }

  // The part of the text around its first hit, with hits marked; text nodes only.
  function excerpt(text, query) {
    const words = [...text.matchAll(/\S+/g)];
    const isHit = (word) => query.words.some((wanted) => starts(fold(word), wanted));
    const first = Math.max(0, words.findIndex(([word]) => isHit(word)));
    const start = Math.max(0, first - 12);
    const quote = document.createElement("q");
    if (start) quote.append("…");
    for (const [word] of words.slice(start, start + 45)) {
      if (quote.hasChildNodes()) quote.append(" ");
      if (isHit(word)) {
        const mark = document.createElement("mark");
        mark.textContent = word;
        quote.append(mark);
      } else quote.append(word);
    }
    if (words.length > start + 45) quote.append(" …");
    return quote;
  }

  const told = (one) =>
    filled(one.first === one.last ? form.dataset.standsOne : form.dataset.stands, one);

  function item(option, hit, query) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    const span = document.createElement("span");
    const page = hit.part === 1 ? "index.html" : `part-${hit.part}.html`;
    link.href = new URL(`${option.value}/versions/${hit.latest}/${page}#b${hit.block}`, root);
    link.textContent = hit.heading || option.textContent;
    span.className = "meta";
    span.textContent = hit.stands.map(told).join("; ");
    const text = document.createElement("div");
    text.lang = option.lang;
    text.dir = "auto";
    text.append(excerpt(hit.text, query));
    row.append(link, " ", span, text);
    return row;
  }

  function unfolding(list, rows) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = filled(form.dataset.all, { count: rows.length });
    button.onclick = () => {
      list.append(...rows.slice(PER_POLICY));
      rows[PER_POLICY].querySelector("a").focus();
      button.remove();
    };
    return button;
  }

  function show(option, found, query) {
    const heading = document.createElement("h2");
    const list = document.createElement("ul");
    heading.textContent = `${option.textContent} (${found.length})`;
    const rows = found.map((hit) => item(option, hit, query));
    list.append(...rows.slice(0, PER_POLICY));
    results.append(heading, list);
    if (rows.length > PER_POLICY) results.append(unfolding(list, rows));
  }

  async function search() {
    const mine = ++round;
    const want = Object.fromEntries(new FormData(form));
    const query = parse(want.q);
    results.replaceChildren();
    more.hidden = true;
    if (!query.words.length) return void (status.textContent = form.dataset.nothing);
    status.textContent = form.dataset.searching;
    const asking = new URLSearchParams(Object.entries(want).filter(([, value]) => value));
    history.replaceState(null, "", location.pathname + "?" + asking);
    const options = await candidates(query, want.policy);
    const total = { passages: 0, policies: 0 };
    const next = async () => {
      more.hidden = true;
      for (let searched = 0; searched < AT_ONCE && options.length; ) {
        const option = options.shift();
        const file = await load("passages", option.value, `${option.value}/passages.js`);
        loaded.delete("passages " + option.value);
        if (mine !== round) return;
        const found = hits(file, query, want.from, want.until);
        if (!found.length) continue;
        show(option, found, query);
        total.passages += found.length;
        total.policies += 1;
        searched += 1;
      }
      status.textContent = total.passages ? filled(form.dataset.found, total) : form.dataset.nothing;
      more.hidden = !options.length;
    };
    more.onclick = () => next().catch(fail);
    await next();
  }

  const fail = () => (status.textContent = form.dataset.failed);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search().catch(fail);
  });
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of asked) if (form.elements[name]) form.elements[name].value = value;
  // Scripts that answer need the name below, so a question in the address waits for it.
  if (asked.get("q")) setTimeout(() => search().catch(fail));
  return { words: receive("words"), passages: receive("passages") };
})();

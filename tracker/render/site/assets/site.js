// What pages gain from a script: filters, the version at a date, folds that open for a link or for
// print. Everything can be read without.
"use strict";

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function startFilters(form) {
  const changes = [...document.querySelectorAll(".month .change")];
  const output = form.querySelector("output");
  const speaks = (topics, wanted) =>
    topics.split(" ").some((topic) => topic === wanted || topic.startsWith(wanted + "."));

  const matches = (data, want) =>
    (!want.topic || speaks(data.topics, want.topic)) &&
    (!want.service || data.service === want.service) &&
    (!want.language || data.language === want.language) &&
    (!want.kind || data.kinds.split(" ").includes(want.kind)) &&
    (!want.from || data.by >= want.from) &&
    (!want.until || data.since <= want.until);

  const apply = () => {
    const want = Object.fromEntries(new FormData(form));
    for (const change of changes) change.hidden = !matches(change.dataset, want);
    for (const month of document.querySelectorAll(".month"))
      month.hidden = !month.querySelector(".change:not([hidden])");
    const shown = changes.filter((change) => !change.hidden).length;
    output.textContent = shown
      ? filled(output.dataset.shown, { shown, total: changes.length })
      : output.dataset.none;
    remember(want);
  };

  // The address holds the choice, so that a filtered list can be linked to.
  const remember = (want) => {
    const chosen = Object.entries(want).filter(([, value]) => value);
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
  };

  for (const [name, value] of new URLSearchParams(location.search))
    if (form.elements[name]) {
      form.elements[name].value = value;
      form.closest("details").open = true; // on phones it is folded
    }
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}

function startAtDate(form) {
  const versions = [...document.querySelectorAll("[data-version]")].reverse();
  const output = form.querySelector("output");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const day = form.querySelector("input").value;
    const index = versions.findLastIndex((version) => version.dataset.first <= day);
    if (index < 0) return void (output.textContent = form.dataset.before);
    const link = versions[index].querySelector("a");
    const next = versions[index + 1];
    if (day > versions[index].dataset.last && next) {
      const numbers = { before: versions[index].dataset.version, after: next.dataset.version };
      return void (output.textContent = filled(form.dataset.between, numbers));
    }
    location.href = link.href;
  });
}

// Browsers differ in whether a link into a closed fold opens it.
function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  const fold = target?.closest("details:not([open])");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}

document.querySelectorAll("form.filters").forEach(startFilters);
document.querySelectorAll("form.at-date").forEach(startAtDate);
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});
reveal();

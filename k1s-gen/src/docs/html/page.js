"use strict";
(() => {
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const [query, results, side] = [at("k1s:query"), at("k1s:results"), at("k1s:side")];
  const index = JSON.parse(at("k1s:index").textContent);
  const MOST = 60;
  root.classList.add("js");

  /* What a link leads to: versions come to the front, folded fields unfold. */

  const show = (version) => {
    const kind = version.closest(".kind");
    for (const other of kind.querySelectorAll(":scope > .version")) {
      if (other === version) other.removeAttribute("hidden");
      else other.setAttribute("hidden", "until-found");
    }
    for (const tab of kind.querySelectorAll(".tabs a")) {
      tab.setAttribute("aria-selected", String(decoded(tab.hash) === version.id));
    }
  };
  const decoded = (hash) => {
    try { return decodeURIComponent(hash.slice(1)); } catch { return hash.slice(1); }
  };
  const reveal = (target) => {
    const version = target.closest(".version");
    if (version) show(version);
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    for (const before of document.querySelectorAll(".target")) before.classList.remove("target");
    if (target.matches(".field")) target.classList.add("target");
    target.scrollIntoView({ block: "start" });
  };
  for (const kind of document.querySelectorAll(".kind")) {
    const version = kind.querySelector(".version");
    if (version) show(version);
  }
  document.addEventListener("beforematch", (event) => {
    const version = event.target.closest(".version");
    if (version) show(version);
  });

  /* Search: every word must be found in the path, the kind, the version or the description. */

  const entries = index.fields.map(([kind, version, path, type, id, about]) => {
    const [, name, group] = index.kinds[kind];
    const last = path.slice(path.lastIndexOf(".") + 1);
    return { id, name, version, path, type, about, last: last.toLowerCase(), low: path.toLowerCase(),
      around: `${name} ${group} ${version} ${type}`.toLowerCase(), words: about.toLowerCase() };
  });
  for (const [id, name, group, about] of index.kinds) {
    entries.push({ id, name, version: group, path: "", type: "", about, last: name.toLowerCase(), low: "", around: group.toLowerCase(),
      words: about.toLowerCase() });
  }
  const worth = (entry, word) => {
    if (entry.last === word) return 100;
    if (entry.last.startsWith(word)) return 60;
    if (entry.last.includes(word)) return 40;
    if (entry.low.includes(word)) return 20;
    if (entry.around.includes(word)) return 10;
    return entry.words.includes(word) ? 5 : 0;
  };
  const found = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = [];
    for (const entry of entries) {
      let sum = entry.path === "" ? 15 : 0;
      for (const word of words) {
        const each = worth(entry, word);
        if (each === 0) { sum = -1; break; }
        sum += each;
      }
      if (sum > 0) kept.push([sum - entry.path.split(".").length, entry]);
    }
    kept.sort((one, other) => other[0] - one[0]);
    return [words, kept.map(([, entry]) => entry)];
  };
  const element = (name, kind, text) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text) made.textContent = text;
    return made;
  };
  const marked = (kind, text, words) => {
    const made = element("div", kind);
    const low = text.toLowerCase();
    let from = 0;
    while (from < text.length) {
      let [start, length] = [text.length, 0];
      for (const word of words) {
        const place = low.indexOf(word, from);
        if (place >= 0 && place < start) [start, length] = [place, word.length];
      }
      made.append(text.slice(from, start));
      if (length) made.append(element("mark", "", text.slice(start, start + length)));
      from = start + length;
    }
    return made;
  };
  let chosen = 0;
  const choose = (number) => {
    const links = results.querySelectorAll("a");
    if (!links.length) { query.removeAttribute("aria-activedescendant"); return; }
    chosen = (number + links.length) % links.length;
    links.forEach((link, place) => link.setAttribute("aria-selected", String(place === chosen)));
    query.setAttribute("aria-activedescendant", links[chosen].id);
    links[chosen].scrollIntoView({ block: "nearest" });
  };
  const search = () => {
    const text = query.value.trim();
    results.hidden = !text;
    query.setAttribute("aria-expanded", String(Boolean(text)));
    results.replaceChildren();
    if (!text) return;
    const [words, all] = found(text);
    all.slice(0, MOST).forEach((entry, number) => {
      const link = element("a");
      link.href = `#${entry.id}`;
      link.id = `k1s:result-${number}`;
      link.setAttribute("role", "option");
      const where = element("div", "where");
      where.append(element("span", "", `${entry.name} ${entry.version}`), element("span", "", entry.type || "kind"));
      link.append(where, marked("what", entry.path || entry.name, words));
      if (entry.about) link.append(marked("about", entry.about, words));
      results.append(link);
    });
    if (!all.length) results.append(element("p", "none", `Nothing has “${text}”.`));
    if (all.length > MOST) results.append(element("p", "rest", `and ${all.length - MOST} more`));
    results.scrollTop = 0;
    choose(0);
  };
  query.addEventListener("input", () => {
    search();
    const text = query.value.trim();
    history.replaceState(null, "", text ? `#?q=${encodeURIComponent(text)}` : location.pathname + location.search);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") results.querySelectorAll("a")[chosen]?.click();
    else if (event.key === "Escape") { query.value = ""; search(); query.blur(); side.classList.remove("shown"); }
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); side.classList.add("shown"); query.focus(); query.select(); }
    else if (event.key === "Escape") side.classList.remove("shown");
  });

  /* The address: a field, or a search. */

  const go = () => {
    const hash = location.hash;
    if (hash.startsWith("#?")) {
      const text = new URLSearchParams(hash.slice(2)).get("q") ?? "";
      if (text !== query.value.trim()) { query.value = text; search(); }
      if (text) side.classList.add("shown");
      return;
    }
    const target = hash.length > 1 && at(decoded(hash));
    if (target) { side.classList.remove("shown"); reveal(target); }
  };
  addEventListener("hashchange", go);
  document.addEventListener("click", (event) => {
    /* A link to where the address is already leads there again. */
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) { event.preventDefault(); go(); }
  });

  /* Buttons. */

  document.querySelector(".menu").addEventListener("click", () => side.classList.toggle("shown"));
  for (const button of document.querySelectorAll(".tools button")) {
    button.addEventListener("click", () => {
      const open = button.dataset.open === "true";
      for (const fold of button.closest(".version").querySelectorAll("details")) {
        fold.open = open || fold.parentElement.parentElement.matches(".fields");
      }
    });
  }
  const copied = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not every page may */ }
    const area = element("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      const done = await copied(button.closest(".block").querySelector("code").textContent);
      button.textContent = done ? "Copied" : "Not copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

  /* The kind that is being read is marked in the list. */

  const links = new Map([...side.querySelectorAll("nav a")].map((link) => [decoded(link.hash), link]));
  const seen = new Set();
  const watch = new IntersectionObserver((changes) => {
    for (const change of changes) seen[change.isIntersecting ? "add" : "delete"](change.target);
    const first = [...document.querySelectorAll(".kind")].find((kind) => seen.has(kind));
    for (const [id, link] of links) link.classList.toggle("current", id === first?.id);
  }, { rootMargin: "-10% 0px -60% 0px" });
  document.querySelectorAll(".kind").forEach((kind) => watch.observe(kind));
  go();
})();

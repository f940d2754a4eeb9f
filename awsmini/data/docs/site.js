"use strict";
var awsmini = (() => {
  const html = document.documentElement, root = document.currentScript.src.replace(/_\/site\.js.*/, ""), LIMIT = 25;
  const stored = (value) => {  // a browser may keep nothing of files
    try { return value === undefined ? localStorage.theme : (localStorage.theme = value); } catch { return value; }
  };
  if (stored()) html.dataset.theme = stored();
  document.head.append(Object.assign(document.createElement("link"), { rel: "icon", href: "data:," }));

  // Words in names, as `awsmini search` finds them: see awsmini/help/search.py.
  const squash = (text) => text.replace(/[-_]/g, "").toLowerCase();
  const command = (api) => api.replace(/(.)([A-Z][a-z]+)/g, "$1-$2").replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  const bare = (text) => text.replace(/s+$/, "");
  const fit = (word, api) => {
    const low = api.toLowerCase(), w = squash(word);
    if (w === low) return 100;
    if (!low.includes(w)) return 0;
    const parts = api.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g)?.map((part) => part.toLowerCase()) || [];
    return parts.includes(w) ? 40 : parts.some((part) => bare(part) === bare(w)) ? 30 : 20;
  };
  const fitOfService = (word, s) => squash(word) === squash(s.name) ? 30
    : s.full.toLowerCase().split(/\s+/).includes(word) || s.name.split("-").includes(word) ? 10 : 0;

  let services, own, parts, hasProse;
  const byName = {}, wanted = {};
  const load = (file) => wanted[file] ||= new Promise((done) => {
    const script = document.createElement("script");
    script.src = `${root}_/${file}`;
    script.onload = script.onerror = done;
    document.head.append(script);
  });
  const names = (found) => {
    ({ own, parts, prose: hasProse } = found);
    services = found.services.map(([name, full, operations, waiters]) => {
      const s = byName[name] = { name, full, commands: [] };
      for (const word of operations.split(" ").filter(Boolean)) {
        const [api, given] = word.split("=");
        s.commands.push({ api, low: api.toLowerCase(), name: given || command(api) });
      }
      s.shown = s.commands.length;
      for (const api of waiters.split(" ").filter(Boolean))
        s.commands.push({ api, low: api.toLowerCase(), name: `wait ${command(api)}` });
      return s;
    });
  };
  const part = (_, found) => {
    for (const [name, operations, shapes] of found)
      Object.assign(byName[name], { operations, shapes, low: shapes.toLowerCase() });
  };
  const prose = (_, found) => {
    for (const [name, texts] of found) Object.assign(byName[name], { texts, lowTexts: texts.map((text) => text.toLowerCase()) });
  };

  const read = (s) => {  // the graph of a service, made when a word is in it
    if (s.users) return;
    s.lines = s.shapes.split("\n").map((line) => line.split("\t"));
    s.users = s.lines.map(() => []);
    const refer = (refs, user) => refs && refs.split(" ").forEach((at) => s.users[at].push(user));
    for (const line of s.operations.split("\n")) { const [api, refs] = line.split("\t"); refer(refs, api); }
    s.lines.forEach(([, , , refs], at) => refer(refs, at));
  };
  const why = (word, [name, members, choices]) => {
    const w = squash(word);
    const member = members && members.split(" ").find((text) => text.toLowerCase().includes(w));
    if (member) return `${member} of ${name}`;
    const choice = choices && choices.split("¦").find((text) => text.toLowerCase().includes(word));
    return choice ? `${choice}, a choice of ${name}` : "";
  };
  const reached = (s, word) => {  // operation → how many steps away the word is, and where
    const found = new Map(), seen = new Set();
    if (!s.low.includes(word) && !s.low.includes(squash(word))) return found;
    read(s);
    let level = new Map();
    s.lines.forEach((line, at) => {
      const told = line[0] && why(word, line);
      if (told) { level.set(at, [1, told]); seen.add(at); }
    });
    while (level.size) {
      const next = new Map();
      for (const [at, [step, told]] of level)
        for (const user of s.users[at])
          if (typeof user === "string") found.has(user) || found.set(user, [step, told]);
          else if (!seen.has(user)) { seen.add(user); next.set(user, [step + 1, told]); }
      level = next;
    }
    return found;
  };

  const search = (words) => {
    const hits = new Map();
    const candidates = services.map((s) => {
      const fits = words.map((word) => fitOfService(word, s));
      return { s, fits, words: words.filter((_, at) => !fits[at]) };
    });
    const add = (c, found, place, told, steps = 0) => {
      const name = `${c.s.name} ${found.name}`;
      if (hits.has(name)) return;
      const fits = words.reduce((sum, word, at) => sum + Math.max(c.fits[at], fit(word, found.api)), 0);
      hits.set(name, { name, told, rank: [place, steps - fits, name] });
    };
    const missing = (c, found) => c.words.filter((word) => !found.low.includes(squash(word)));
    return {
      hits,
      names() {
        for (const c of candidates) {
          const squashed = c.words.map(squash);
          for (const found of c.s.commands) if (squashed.every((word) => found.low.includes(word))) add(c, found, 0, c.s.full);
        }
        for (const [name, told] of own) {
          const low = squash(name), text = told.toLowerCase();
          if (words.every((word) => low.includes(squash(word)) || text.includes(word)) && !hits.has(name)) {
            const sum = words.reduce((all, word) => all + (name.split(" ").includes(word) ? 40 : low.includes(squash(word)) ? 20 : 0), 0);
            hits.set(name, { name, told, rank: [sum ? 0 : 2, -sum, name] });
          }
        }
      },
      shapes(from, to) {
        for (const c of candidates.slice(from, to)) {
          if (!c.s.shapes) continue;
          c.found = Object.fromEntries(c.words.map((word) => [word, reached(c.s, word)]));
          for (const found of c.s.commands) {
            const lost = missing(c, found), places = lost.map((word) => c.found[word].get(found.api));
            if (lost.length && places.every(Boolean))
              add(c, found, 1, [...new Set(places.map(([, told]) => told))].join("; "), places.reduce((sum, [step]) => sum + step, 0));
          }
        }
      },
      prose(from, to) {
        for (const c of candidates.slice(from, to)) {
          const texts = c.s.lowTexts;
          if (!texts || !c.found) continue;
          c.s.commands.slice(0, c.s.shown).forEach((found, at) => {
            const left = missing(c, found).filter((word) => !c.found[word].has(found.api));
            if (left.length && left.every((word) => texts[at].includes(word))) add(c, found, 2, c.s.texts[at].split(/\.(?= [A-Z]|$)/)[0]);
          });
        }
      },
      best() {
        const order = ({ rank: a }, { rank: b }) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1);
        return [...hits.values()].sort(order).slice(0, LIMIT);
      },
    };
  };

  const make = (tag, attributes, ...inner) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inner);
    return element;
  };
  const box = () => {
    const input = make("input", {
      type: "search", id: "q", role: "combobox", "aria-label": "Search commands", "aria-controls": "hits", "aria-expanded": "false",
      "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search commands ( / )",
    });
    const list = make("ul", { id: "hits", role: "listbox", "aria-label": "Commands" }), say = make("div", { id: "say", role: "status" });
    let at = -1, turn = 0;
    const choose = (to) => {
      const items = list.children;
      at = items.length ? (to + items.length) % items.length : -1;
      [...items].forEach((item, number) => item.setAttribute("aria-selected", number === at));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", items[at].id);
      items[at].scrollIntoView({ block: "nearest" });
    };
    const go = (name) => { location.href = `${root}${name.split(" ").join("/")}.html`; };
    const show = (hits, ended) => {
      const chosen = list.children[at]?.dataset.name;
      list.replaceChildren(...hits.map(({ name, told }, number) =>
        make("li", { id: `hit${number}`, role: "option", "data-name": name, "aria-selected": "false" }, name, make("small", {}, told))));
      input.setAttribute("aria-expanded", hits.length > 0);
      choose(Math.max(0, hits.findIndex(({ name }) => name === chosen)));
      say.textContent = ended ? `${hits.length} commands` : "";
      list.dataset.ended = ended;
    };
    const find = async () => {
      const mine = ++turn, words = input.value.toLowerCase().split(/\s+/).filter(squash);
      const stale = () => mine !== turn;
      if (!words.length) return show([], true);
      await load("names.js");
      if (stale() || !services) return;
      const found = search(words);
      found.names();
      show(found.best(), false);
      const size = Math.ceil(services.length / parts);
      for (const kind of hasProse ? ["part", "prose"] : ["part"]) {
        if (found.hits.size >= LIMIT) break;
        for (let number = 0; number < parts; number++) {
          await load(`${kind}${number}.js`);
          if (stale()) return;
          const before = found.hits.size;
          found[kind === "part" ? "shapes" : "prose"](number * 20, number * 20 + 20);
          if (found.hits.size > before) show(found.best(), false);
        }
      }
      show(found.best(), true);
    };
    input.addEventListener("focus", () => load("names.js"));
    input.addEventListener("input", find);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") choose(at + 1);
      else if (event.key === "ArrowUp") choose(at - 1);
      else if (event.key === "Escape") { turn++; input.value = ""; show([], true); }
      else if (event.key === "Enter" && at >= 0) go(list.children[at].dataset.name);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const item = event.target.closest("li"); if (item) go(item.dataset.name); });
    document.addEventListener("click", (event) => { if (!event.target.closest("#find")) { turn++; show([], true); } });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && document.activeElement !== input) { event.preventDefault(); input.focus(); }
    });
    return make("div", { id: "find", role: "search" }, input, list, say);
  };
  const themes = () => {
    const dark = () => html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
    const button = make("button", { type: "button" });
    const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => { html.dataset.theme = dark() ? "light" : "dark"; stored(html.dataset.theme); label(); });
    label();
    return button;
  };
  // What an option or a member holds: named by all that leads there, and loaded where other pages share it.
  const filled = {};
  const service = () => location.href.slice(root.length).split(/[/.]/)[0];
  const fill = (found) => Object.assign(filled, found);
  const head = (term) => term.firstElementChild;
  const anchor = (id, ...inner) => make("a", { href: `#${encodeURIComponent(id)}`, ...(inner[0] === "#" && { class: "at", "aria-label": `Link to ${id}` }) }, ...inner);
  const hash = (element) => element[element.tagName === "SUMMARY" ? "after" : "append"](anchor(element.id, "#"));
  const name = (term) => {
    for (const inner of term.querySelectorAll(":scope>details,:scope>div")) {
      const own = head(inner).querySelector("b");
      if (!own || head(inner).id) continue;
      head(inner).id = `${head(term).id}.${own.textContent}`;
      hash(head(inner));
      name(inner);
    }
  };
  const linked = (within) => {
    for (const code of within.querySelectorAll("code")) {
      const id = code.textContent;
      if (!code.closest("a,summary") && document.getElementById(id)) { const link = anchor(id); code.replaceWith(link); link.append(code); }
    }
  };
  const complete = async (term) => {
    const part = term.dataset.part;
    if (!part) return;
    delete term.dataset.part;
    const [place, name_] = part.split("/");
    const key = `${place}/${name_ || head(term).querySelector("b").textContent}`;
    await load(place === "_" ? "_/0.js" : `${service()}/${place}.js`);
    const inner = make("template", {});
    inner.innerHTML = filled[key] || "";
    for (const link of inner.content.querySelectorAll('a:not([href^="http"],[href^="#"])')) link.href = root + link.getAttribute("href");
    linked(inner.content);
    term.append(inner.content);
    name(term);
  };
  const unfold = async () => {
    const id = decodeURIComponent(location.hash.slice(1));
    for (let end = id.indexOf("."); end > 0; end = id.indexOf(".", end + 1)) {
      const around = document.getElementById(id.slice(0, end))?.parentElement;
      if (around?.tagName === "DETAILS") { await complete(around); around.open = true; }
    }
    const target = document.getElementById(id);
    if (!target) return;
    if (target.tagName === "SUMMARY") target.parentElement.open = true;
    for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    target.scrollIntoView();
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("header").append(box(), make("a", { href: `${root}help/global-options.html` }, "Global options"), themes());
    for (const pre of document.querySelectorAll("pre")) pre.tabIndex = 0;  // to be scrolled by keys
    const sections = [...document.querySelectorAll("h2[id]")];
    if (sections.length > 2)
      document.querySelector("h1").after(make("ul", { class: "on" }, ...sections.map(({ id }) => make("li", {}, anchor(id, id[0].toUpperCase() + id.slice(1).replaceAll("_", " "))))));
    for (const element of document.querySelectorAll("h2[id],p[id],dt[id],summary[id]")) hash(element);
    for (const term of document.querySelectorAll("main>details,main>div")) {
      if (!head(term).id && head(term).querySelector("b")) head(term).id = `error-${head(term).querySelector("b").textContent}`;
      name(term);
    }
    linked(document.querySelector("main"));
    document.addEventListener("toggle", (event) => { if (event.target.open) complete(event.target); }, true);
    unfold();
  });
  addEventListener("hashchange", unfold);
  return { names, part, prose, fill };
})();

"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const texts = data.texts;
  const VERDICTS = ["Migratable", "Not fully checked", "With warnings", "Not migratable", "Unknown"];
  const VERDICT_NOTES = ["can be moved as they are", "nothing was found, but the source does not tell everything", "can be moved; something is lost or has to be done", "need a change before they can be moved", "the source lacks what it should tell"];
  const SIGNS = ["✓", "◐", "!", "✕", "?"];
  const RISKS = ["Low", "Medium", "High"];
  const CATEGORIES = ["Information", "Advisory", "Warning", "Critical"];
  // In the order of PageData.Machine; those in the second list are numbers into data.texts.
  const FIELDS = ["name", "verdict", "risk", "wave", "group", "power", "guest", "cpus", "memory", "disks", "nics", "capacity", "used", "inUse", "minutes", "flavor", "cluster", "host", "datacenter",
    "datastores", "networks", "addresses", "hardware", "firmware", "source", "snapshots", "concerns", "unknown"];
  const INTERNED = new Set(["group", "power", "guest", "flavor", "cluster", "host", "datacenter", "datastores", "networks", "hardware", "firmware", "source"]);

  const checks = data.checks.map(([id, category, label, meaning, cure]) => ({ id, category, label, meaning, cure }));
  const machines = data.machines.map(row => {
    const m = {};
    FIELDS.forEach((f, i) => { m[f] = INTERNED.has(f) ? texts[row[i]] : row[i]; });
    m.concerns = m.concerns.map(([check, evidence]) => ({ check: checks[check], number: check, evidence: texts[evidence] }));
    m.heaviest = m.concerns.length ? m.concerns[0].check.category : -1;
    m.text = [m.name, m.guest, m.cluster, m.host, m.datacenter, m.datastores, m.networks, m.addresses, m.group, m.flavor, m.source].join("\n").toLocaleLowerCase();
    return m;
  });

  const $ = id => document.getElementById(id);
  const number = new Intl.NumberFormat("en");
  const n = v => number.format(v);
  const plural = (count, one, many) => `${n(count)} ${count === 1 ? one : many || one + "s"}`;
  const percent = (part, all) => all ? (part === all ? "100%" : part === 0 ? "0%" : `${Math.min(99, Math.max(1, Math.round(part * 100 / all)))}%`) : "0%";

  function bytes(value) {
    if (value === null || value === undefined) return "not known";
    const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
    return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
  }

  function time(minutes) {
    if (minutes === null || minutes === undefined) return "not known";
    if (minutes < 60) return `${Math.round(minutes)} min`;
    if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`;
    return `${Math.floor(minutes / 1440)} d ${Math.round(minutes % 1440 / 60)} h`;
  }

  /** Makes an element; children that are texts stay texts. */
  function el(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "class") e.className = value;
      else if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
      else e.setAttribute(key, value === true ? "" : value);
    }
    e.append(...children.flat().filter(c => c !== null && c !== undefined).map(c => c instanceof Node ? c : document.createTextNode(String(c))));
    return e;
  }

  /** A text of the inventory: its direction is its own and does not turn what stands beside it. */
  const own = text => el("bdi", {}, text);
  const badge = (kind, index, label) => el("span", { class: `badge ${kind}${index}` }, label);
  const fill = (id, ...children) => $(id).replaceChildren(...children.flat());
  const meter = (part, all, label) => {
    const bar = el("b");
    bar.style.width = `${all ? Math.max(1, part * 100 / all) : 0}%`;
    return el("div", { class: "meter" }, el("i", { "aria-hidden": "true" }, bar), el("span", {}, label));
  };

  // ---------------------------------------------------------------- overview
  const totals = data.totals;
  const all = totals.verdicts.reduce((a, b) => a + b, 0);
  const movable = totals.verdicts[0] + totals.verdicts[1] + totals.verdicts[2];

  function overview() {
    document.title = data.title;
    $("title").textContent = data.title;
    $("redacted").hidden = !data.redacted;
    fill("about", `${data.createdAt} · `, ...data.sources.slice(0, 3).flatMap((s, i) => [i ? ", " : "", own(s)]), data.sources.length > 3 ? ` and ${data.sources.length - 3} more` : "", data.cloud ? [" · to ", own(data.cloud)] : "");
    const need = totals.verdicts[3];
    // Where checks are open, nobody can say more than that nothing was found.
    const open = totals.verdicts[1] > 0;
    fill("headline", open ? "Nothing was found that forbids moving " : "", el("strong", {}, `${n(movable)} of ${plural(all, "machine")}`), open ? "" : " can be moved",
      totals.verdicts[2] ? `, ${n(totals.verdicts[2])} of them with warnings` : "",
      need ? [". ", el("strong", {}, n(need)), need === 1 ? " needs a change first" : " need a change first"] : "",
      totals.verdicts[4] ? `. Of ${n(totals.verdicts[4])} too little is known` : "", ".");
    $("share").textContent = percent(movable, all);
    $("share-of").textContent = open ? "no obstacle found" : "can be moved";
    const tile = (label, v) => el("button", { type: "button", class: `tile v${v}`, onclick: () => filter({ verdict: String(v) }) },
      el("b", {}, `${SIGNS[v]} ${label}`), el("strong", {}, n(totals.verdicts[v])), el("small", {}, `${percent(totals.verdicts[v], all)} · ${VERDICT_NOTES[v]}`));
    // Two of the groups exist only for some sources.
    fill("verdicts", VERDICTS.map((label, v) => totals.verdicts[v] || ![1, 4].includes(v) ? tile(label, v) : null).filter(t => t));
    $("verdicts").className = `tiles n${$("verdicts").children.length}`;
    const kpi = (label, value, note) => el("div", {}, el("dt", {}, label), el("dd", {}, value, note ? el("small", {}, note) : null));
    fill("kpis",
      kpi("Processors", n(totals.cpus), `${n(totals.poweredOn)} machines are on`), kpi("Memory", bytes(totals.memoryMiB * 1048576)), kpi("Disks", bytes(totals.capacity), `${n(totals.disks)} disks`),
      kpi("Used", totals.used ? bytes(totals.used) : "not known", totals.withoutSize ? `without ${plural(totals.withoutSize, "machine")} of unknown size` : null),
      kpi("To copy", bytes(totals.copy), "in all waves"), kpi("Estimated time", time(totals.minutes), `${plural(data.waves.length, "wave")}, one after the other`));
    if (totals.verdicts[1]) {
      $("incomplete").hidden = false;
      $("incomplete").textContent = `The source does not tell everything that could forbid a move, such as encryption or devices of the host. ${plural(totals.verdicts[1], "machine has", "machines have")} no other finding; ask vSphere itself to be sure. See "How this was made".`;
    }
  }

  // ---------------------------------------------------------------- charts
  const charts = [];
  const tone = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const tones = () => [tone("--ok"), tone("--open"), tone("--warn"), tone("--bad"), tone("--unknown")];

  function donut() {
    $("c-verdicts").setAttribute("aria-label", VERDICTS.map((v, i) => `${v}: ${totals.verdicts[i]}`).join(", "));
    charts.push(new Chart($("c-verdicts"), {
      type: "doughnut",
      data: { labels: VERDICTS, datasets: [{ data: totals.verdicts, backgroundColor: tones(), borderWidth: 0 }] },
      options: { cutout: "72%", responsive: true, maintainAspectRatio: false, animation: false, plugins: { legend: { display: false } } },
    }));
  }

  /** Bars by verdict, and the same numbers as a table for those who do not see them. */
  function bars(title, rows, horizontal) {
    const shown = horizontal ? rows.slice(0, 14) : rows;
    if (rows.length > shown.length) {
      const rest = rows.slice(shown.length);
      shown.push([`${rest.length} others`, VERDICTS.map((_, v) => rest.reduce((a, r) => a + r[1][v], 0)), 0]);
    }
    const canvas = el("canvas", { role: "img", "aria-label": `${title}: ` + shown.map(r => `${r[0]} ${r[1].reduce((a, b) => a + b, 0)}`).join(", ") });
    const table = el("table", {}, el("thead", {}, el("tr", {}, ["", ...VERDICTS].map((h, i) => el("th", { scope: "col", class: i ? "num" : null }, h)))),
      el("tbody", {}, rows.map(r => el("tr", {}, el("th", { scope: "row" }, own(r[0])), r[1].map(v => el("td", { class: "num" }, n(v)))))));
    $("charts").append(el("figure", { class: horizontal ? "card broad" : "card" }, el("figcaption", {}, title), el("div", { class: "canvas" }, canvas), el("details", {}, el("summary", {}, "As a table"), el("div", { class: "scroll" }, table))));
    const SHORT = [["Red Hat Enterprise Linux", "RHEL"], ["SUSE Linux Enterprise", "SUSE"], ["Windows Server", "Win Server"]];
    const short = text => {
      for (const [long, brief] of SHORT) text = text.replace(long, brief);
      return text.length > 22 ? `${text.slice(0, 21)}…` : text;
    };
    const chart = new Chart(canvas, {
      type: "bar",
      data: { labels: shown.map(r => short(r[0])), datasets: VERDICTS.map((label, v) => ({ label, data: shown.map(r => r[1][v]), backgroundColor: tones()[v], borderRadius: 2, maxBarThickness: 34 })) },
      options: {
        indexAxis: horizontal ? "y" : "x", responsive: true, maintainAspectRatio: false, animation: false, interaction: { mode: "index", axis: horizontal ? "y" : "x", intersect: false },
        scales: { x: { stacked: true, grid: { display: horizontal }, ticks: { precision: 0, autoSkip: false, maxRotation: 40 } }, y: { stacked: true, grid: { display: !horizontal }, ticks: { precision: 0, autoSkip: !horizontal } } },
        plugins: { legend: { display: false }, tooltip: { filter: item => item.raw > 0 } },
      },
    });
    charts.push(chart);
  }

  function paint() {
    const [ink, line] = [tone("--soft"), tone("--line")];
    for (const chart of charts) {
      chart.data.datasets.forEach((set, i) => { set.backgroundColor = chart.config.type === "doughnut" ? tones() : tones()[i]; });
      for (const scale of Object.values(chart.options.scales || {})) {
        scale.ticks.color = ink;
        scale.grid.color = line;
        scale.border = { color: line };
      }
      chart.update("none");
    }
  }

  // ---------------------------------------------------------------- concerns, waves
  function concerns(limit) {
    const rows = data.concerns.map(([check, count]) => ({ check: checks[check], number: check, count }));
    fill2("t-concerns", rows.slice(0, limit).map(({ check, number: index, count }) => el("tr", {},
      el("td", {}, badge("c", check.category, CATEGORIES[check.category])),
      el("td", { class: "concern" }, el("button", { type: "button", onclick: () => filter({ concern: String(index) }) }, check.label), el("span", { class: "sub" }, check.meaning), el("span", { class: "id" }, check.id)),
      el("td", { class: "num" }, n(count), el("span", { class: "sub" }, percent(count, all))), el("td", {}, check.cure))),
      4, "Nothing was found.");
    more("more-concerns", rows.length, limit, "concerns", () => concerns(Infinity));
  }

  function waves(limit) {
    const longest = Math.max(1, ...data.waves.map(w => w[3]));
    fill("waves-lead", `What belongs together moves together; the harmless and small go first. ${plural(data.parallel, "machine")} at a time.`);
    fill2("t-waves", data.waves.slice(0, limit).map(([wave, count, size, minutes, risky]) => el("tr", {},
      el("td", { class: "concern" }, el("button", { type: "button", onclick: () => filter({ wave: String(wave) }) }, `Wave ${wave}`)), el("td", { class: "num" }, n(count)), el("td", { class: "num" }, bytes(size)), el("td", {}, meter(minutes, longest, time(minutes))), el("td", { class: "num" }, n(risky)))),
      5, "No machine can be moved as it is.");
    more("more-waves", data.waves.length, limit, "waves", () => waves(Infinity));
  }

  function fill2(id, rows, columns, none) {
    $(id).tBodies[0].replaceChildren(...(rows.length ? rows : [el("tr", {}, el("td", { class: "empty", colspan: columns }, none))]));
  }

  function more(id, count, limit, what, action) {
    $(id).hidden = count <= limit;
    $(id).textContent = `Show all ${n(count)} ${what}`;
    $(id).onclick = action;
  }

  // ---------------------------------------------------------------- machines
  const COLUMNS = [
    ["name", "Machine", m => m.name], ["verdict", "Verdict", m => [3, 4, 2, 1, 0].indexOf(m.verdict)], ["guest", "System", m => m.guest], ["cpus", "CPUs", m => m.cpus], ["memory", "Memory", m => m.memory],
    ["capacity", "Disks", m => m.capacity ?? -1], ["used", "Used", m => m.used ?? -1], ["minutes", "Time", m => m.minutes ?? -1], ["risk", "Risk", m => m.risk], ["wave", "Wave", m => m.wave ?? 1e9], ["concerns", "Heaviest concern", m => m.heaviest * 1000 + m.concerns.length],
  ];
  const NUMERIC = new Set(["cpus", "memory", "capacity", "used", "minutes", "wave"]);
  const PAGE = 100;
  const state = { sort: "verdict", down: false, page: 0, matching: machines };
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function choices(id, label, options) {
    fill(id, el("option", { value: "" }, label), options.map(([value, text]) => el("option", { value }, text)));
  }

  function controls() {
    const distinct = f => [...new Set(machines.map(f))].filter(v => v !== "" && v !== null && v !== undefined);
    choices("f-verdict", "All", VERDICTS.map((v, i) => [i, `${v} (${n(totals.verdicts[i])})`]));
    choices("f-concern", "All", data.concerns.map(([check, count]) => [check, `${CATEGORIES[checks[check].category]}: ${checks[check].label} (${n(count)})`]));
    choices("f-wave", "All", [...distinct(m => m.wave).sort((a, b) => a - b).map(w => [w, `Wave ${w}`]), ["none", "Not planned"]]);
    choices("f-guest", "All", distinct(m => m.guest).sort(collator.compare).slice(0, 1000).map(g => [g, g]));
    choices("f-cluster", "All", distinct(m => m.cluster).sort(collator.compare).slice(0, 1000).map(c => [c, c]));
    $("filters").addEventListener("input", () => { state.page = 0; select(); });
    $("filters").addEventListener("reset", () => setTimeout(() => { state.page = 0; select(); }));
    $("filters").addEventListener("submit", e => e.preventDefault());
    $("prev").onclick = () => { state.page--; show(); };
    $("next").onclick = () => { state.page++; show(); };
    $("t-machines").tHead.rows[0].append(...COLUMNS.map(([key, label]) => el("th", { scope: "col", class: NUMERIC.has(key) ? "num" : null, "data-label": label }, el("button", { type: "button", "data-sort": key, onclick: () => sortBy(key) }, label))));
  }

  function filter(wanted) {
    $("filters").reset();
    for (const [key, value] of Object.entries(wanted)) $(`f-${key}`).value = value;
    state.page = 0;
    select();
    $("machines").scrollIntoView();
    $("f-text").focus({ preventScroll: true });
  }

  function sortBy(key) {
    state.down = state.sort === key ? !state.down : NUMERIC.has(key) && key !== "wave" || key === "concerns" || key === "risk";
    state.sort = key;
    state.page = 0;
    select();
  }

  function select() {
    const words = $("f-text").value.toLocaleLowerCase().split(/\s+/).filter(w => w);
    const [verdict, concern, wave, guest, cluster] = ["verdict", "concern", "wave", "guest", "cluster"].map(f => $(`f-${f}`).value);
    const value = COLUMNS.find(c => c[0] === state.sort)[2];
    state.matching = machines.filter(m => words.every(w => m.text.includes(w)) && (verdict === "" || m.verdict === +verdict) && (concern === "" || m.concerns.some(c => c.number === +concern))
      && (wave === "" || (wave === "none" ? m.wave === null : m.wave === +wave)) && (guest === "" || m.guest === guest) && (cluster === "" || m.cluster === cluster));
    const compare = (a, b) => typeof a === "string" ? collator.compare(a, b) : a - b;
    state.matching = state.matching.map((m, i) => [m, i]).sort(([a, i], [b, j]) => (state.down ? -1 : 1) * compare(value(a), value(b)) || i - j).map(p => p[0]);
    for (const th of $("t-machines").tHead.rows[0].cells) {
      const key = th.firstElementChild.dataset.sort;
      if (key === state.sort) th.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
      th.firstElementChild.textContent = COLUMNS.find(c => c[0] === key)[1] + (key === state.sort ? (state.down ? " ↓" : " ↑") : "");
    }
    show();
  }

  function show(everything) {
    const pages = Math.max(1, Math.ceil(state.matching.length / PAGE));
    state.page = Math.min(Math.max(0, state.page), pages - 1);
    const rows = everything ? state.matching : state.matching.slice(state.page * PAGE, (state.page + 1) * PAGE);
    fill2("t-machines", rows.map(row), COLUMNS.length, "No machine fits. Reset the filters to see all.");
    const sum = state.matching.reduce((a, m) => a + (m.capacity || 0), 0);
    $("count").textContent = `${n(state.matching.length)} of ${plural(all, "machine")}, ${bytes(sum)} of disks`;
    $("pager").hidden = pages === 1;
    $("page").textContent = `Page ${state.page + 1} of ${pages}`;
    $("prev").disabled = state.page === 0;
    $("next").disabled = state.page === pages - 1;
  }

  function row(m) {
    const open = el("button", { type: "button", "aria-expanded": "false" }, own(m.name || "(no name)"));
    const tr = el("tr", {},
      el("td", { class: "name" }, open, el("span", { class: "sub" }, own([m.cluster, m.host].filter(t => t).join(" · ") || m.source))),
      el("td", {}, badge("v", m.verdict, `${SIGNS[m.verdict]} ${VERDICTS[m.verdict]}`)), el("td", {}, own(m.guest || "not stated")), el("td", { class: "num" }, n(m.cpus)), el("td", { class: "num" }, m.memory ? bytes(m.memory * 1048576) : "not known"),
      el("td", { class: "num" }, bytes(m.capacity), el("span", { class: "sub" }, plural(m.disks, "disk"))), el("td", { class: "num" }, m.used === null ? "not known" : bytes(m.used)), el("td", { class: "num" }, time(m.minutes)),
      el("td", { class: "tight" }, RISKS[m.risk]), el("td", { class: "num" }, m.wave === null ? "–" : m.wave),
      el("td", {}, m.concerns.length ? [badge("c", m.concerns[0].check.category, CATEGORIES[m.concerns[0].check.category]), " ", m.concerns[0].check.label, m.concerns.length > 1 ? el("span", { class: "sub" }, `and ${m.concerns.length - 1} more`) : null] : "none"));
    open.onclick = () => {
      const isOpen = open.getAttribute("aria-expanded") === "true";
      open.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) tr.nextElementSibling.remove();
      else tr.after(el("tr", { class: "detail" }, el("td", { colspan: COLUMNS.length }, detail(m))));
    };
    return tr;
  }

  function detail(m) {
    const facts = [["Group", m.group], ["Power", m.power], ["Datacenter", m.datacenter], ["Cluster", m.cluster], ["Host", m.host], ["Datastores", m.datastores], ["Networks", m.networks], ["Addresses", m.addresses], ["Adapters", n(m.nics)],
      ["Firmware", m.firmware], ["Hardware", m.hardware], ["Snapshots", n(m.snapshots)], ["In file systems", m.inUse === null ? "" : bytes(m.inUse)], ["Flavor", m.flavor], ["Read from", m.source]].filter(f => f[1] !== "");
    return el("div", { class: "cols" },
      el("div", {}, el("h3", {}, m.concerns.length ? "Concerns" : "No concerns"), el("ul", {}, m.concerns.map(c => el("li", {}, badge("c", c.check.category, CATEGORIES[c.check.category]), " ", el("strong", {}, c.check.label), ": ", own(c.evidence),
        el("span", { class: "sub" }, `${c.check.meaning} ${c.check.cure}`), el("span", { class: "id" }, c.check.id)))),
      m.unknown.length ? el("details", {}, el("summary", {}, `${plural(m.unknown.length, "check")} of ${checks.length} could not be answered`), el("ul", {}, m.unknown.map(i => el("li", { class: "id" }, `${checks[i].id}: ${checks[i].label}`)))) : null),
      el("dl", {}, facts.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, own(value))])));
  }

  // ---------------------------------------------------------------- infrastructure, method
  function panel(title, heads, rows) {
    if (!rows.length) return null;
    return el("details", { class: "panel" }, el("summary", {}, `${title} (${n(rows.length)})`), el("div", { class: "scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, heads.map(([h, kind]) => el("th", { scope: "col", class: kind ? "num" : null }, h)))),
      el("tbody", {}, rows.map(r => el("tr", {}, r.map((c, i) => el("td", { class: heads[i][1] ? "num" : null }, c === null || c === "" ? "–" : own(c)))))))));
  }

  function infrastructure() {
    const count = v => v.reduce((a, b) => a + b, 0);
    const panels = [
      panel("Clusters", [["Cluster"], ["Machines", 1], ...VERDICTS.map(v => [v, 1]), ["Disks", 1]], data.clusters.map(c => [c[0], n(count(c[1])), ...c[1].map(n), bytes(c[2])])),
      panel("Hosts", [["Host"], ["Cluster"], ["Model"], ["Version"], ["Cores", 1], ["Memory", 1]], data.hosts.map(h => [h[0], h[1], h[2], h[3], h[4] === null ? null : n(h[4]), h[5] === null ? null : bytes(h[5] * 1048576)])),
      panel("Datastores", [["Datastore"], ["Type"], ["Capacity", 1], ["Free", 1], ["Machines", 1]], data.datastores.map(d => [d[0], d[1], bytes(d[2]), bytes(d[3]), n(d[4])])),
      panel("Networks", [["Network"], ["VLAN"], ["Machines", 1]], data.networks.map(w => [w[0], w[1], n(w[2])])),
    ].filter(p => p);
    fill("infra", panels.length ? panels : el("p", { class: "lead" }, "The source tells nothing of hosts, datastores and networks."));
  }

  function method() {
    const list = items => el("ul", {}, items.map(i => el("li", {}, i)));
    fill("how",
      el("p", {}, `Each machine was looked at by ${checks.length} checks. A check that the source does not answer counts as unknown and never as passed: a machine is called migratable only when every check that could forbid its move was answered. Checks whose id begins with vmware. mean what Forklift's checks of the same id mean.`),
      el("p", {}, `Times are estimates from these rates: ${data.rates}. ${plural(data.parallel, "machine")} at a time.`),
      data.unknown.length ? el("details", { class: "panel" }, el("summary", {}, `What could not be answered (${data.unknown.length} checks)`), el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Category"), el("th", { scope: "col" }, "Check"), el("th", { scope: "col", class: "num" }, "Machines"))),
        el("tbody", {}, data.unknown.map(([check, count]) => el("tr", {}, el("td", {}, badge("c", checks[check].category, CATEGORIES[checks[check].category])), el("td", {}, checks[check].label, el("span", { class: "id" }, ` ${checks[check].id}`)), el("td", { class: "num" }, n(count)))))))) : "",
      el("details", { class: "panel" }, el("summary", {}, `All checks (${checks.length})`), el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, checks.map(c => el("tr", {}, el("td", {}, badge("c", c.category, CATEGORIES[c.category])), el("td", {}, el("strong", {}, c.label), el("span", { class: "sub" }, c.meaning), el("span", { class: "id" }, c.id)), el("td", {}, c.cure))))))),
      data.notices.length ? el("details", { class: "panel" }, el("summary", {}, `Notices (${data.notices.length})`), list(data.notices.map(own))) : "");
    $("foot").textContent = `OsMigrate ${data.version}. Long names are cut here; report.json and machines.csv hold them whole. manifest.json holds the SHA-256 of every file.`;
  }

  // ---------------------------------------------------------------- theme, print
  const root = document.documentElement;
  const isDark = () => root.classList.contains("dark") || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);

  function theme(dark) {
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
    $("theme").setAttribute("aria-pressed", String(dark));
    $("theme").textContent = dark ? "Light" : "Dark";
    paint();
  }

  let before = null;
  function toPaper() {
    before = isDark();
    theme(false);
    concerns(Infinity);
    waves(Infinity);
    show(true);
    for (const chart of charts) chart.resize();
  }

  overview();
  donut();
  bars("Systems", data.charts.guests, true);
  bars("Processors", data.charts.cpus);
  bars("Memory (up to GiB)", data.charts.memory);
  bars("Disks in all (up to)", data.charts.sizes);
  bars("Number of disks", data.charts.disks);
  bars("Network adapters", data.charts.nics);
  bars("Risk of the move", RISKS.map((label, r) => [label, VERDICTS.map((_, v) => machines.filter(m => m.risk === r && m.verdict === v).length), 0]));
  concerns(12);
  waves(15);
  controls();
  select();
  infrastructure();
  method();
  paint();
  $("theme").textContent = isDark() ? "Light" : "Dark";
  $("theme").onclick = () => theme(!isDark());
  $("print").onclick = () => print();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", () => { theme(before); concerns(12); waves(15); show(); });
  root.dataset.ready = "true";
})();

// A list from its file to its answers: the columns are shown and can be corrected, the file goes to the same address as a program's would, the answers are shown a hundred
// rows at a time. The bytes of file and answers stay with the browser (Blob); what is known of each row stays in a worker.
import { makeReport } from "./report.js";

const words = JSON.parse(document.querySelector("#words").textContent);
const say = (name, ...values) => words.say[name].replace(/\{(\d)\}/g, (_, i) => values[i]);
const locale = words.language === "en" ? "en-GB" : words.language; // 1 November 2019, as the other pages have it
const number = new Intl.NumberFormat(locale);
const day = (text) => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(text + "T00:00:00Z"));
const one = (selector) => document.querySelector(selector);

const form = one("#list");
const preview = one("#preview");
const start = 256 << 10; // bytes of a table that show what its columns are
const perPage = 100;
const mostColumns = 30; // of the list's own that are shown
const worker = newWorker();
const state = { file: null, running: null, begun: null, index: null, meanings: [], page: 0, shown: 0, view: { answer: "", text: "", sort: null, down: false } };

form.file.addEventListener("change", () => look(form.file.files[0]));
form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) {
    return; // the switch of language
  }

  event.preventDefault();
  begin();
});
one("#cancel").addEventListener("click", () => state.running?.stop());
one("#again").addEventListener("click", begin);
dropInto(one(".drop"));
showAnswers();
addEventListener("beforeunload", (event) => {
  if (state.file || state.index) {
    event.preventDefault(); // file, answers and report are this page's alone: the browser asks before they are gone
  }
});
if (form.file.files[0]) {
  look(form.file.files[0]); // the browser has kept it from before
}

/** What the start of the file is taken for; the whole of it where the start alone says nothing. */
async function look(file) {
  state.file = file;
  preview.replaceChildren();
  if (!file) {
    return;
  }

  preview.setAttribute("aria-busy", "true");
  try {
    let shown = await ask(file.slice(0, start), file.size > start);
    if (shown.querySelector("[data-needs-whole]")) {
      const most = Number(form.dataset.most);
      preview.replaceChildren(...shown.body.childNodes);
      if (file.size > most) {
        tell(say("toolarge", number.format(Math.ceil(file.size / 1e6)), number.format(Math.floor(most / 1e6))));
        return;
      }

      shown = await ask(file, false);
    }

    if (state.file === file) {
      preview.replaceChildren(...shown.body.childNodes);
    }
  } catch (error) {
    tell(toldBy(error));
  } finally {
    preview.removeAttribute("aria-busy");
  }

  async function ask(body, isPart) {
    const answer = await fetch(`/list?handler=Preview&part=${isPart ? 1 : 0}`, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/octet-stream", RequestVerificationToken: form.elements.__RequestVerificationToken.value },
    });
    demand(answer);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function tell(text) {
    preview.replaceChildren(make("p", { role: "alert", className: "notice" }, text));
  }
}

/** Refuses an answer that cannot be used: who asked too often is told when to come back. */
function demand(answer) {
  if (!answer.ok) {
    throw Object.assign(new Error(answer.status), { wait: answer.status === 429 ? answer.headers.get("Retry-After") : null });
  }
}

function toldBy({ wait }) {
  return wait ? say("limited", wait) : say("broken");
}

/** Asks the fields first: what is wrong with them is said before a long file is on its way. */
async function begin() {
  const list = preview.querySelector("[data-type]");
  if (!state.file || !list || state.running) {
    if (!state.running) {
      form.file.focus();
    }

    return;
  }

  one("#results").hidden = true;
  one("#report").hidden = true;
  const fields = new FormData(form);
  fields.delete("file");
  let begun;
  try {
    const answer = await fetch("/list?handler=Begin", { method: "POST", body: fields });
    demand(answer);
    begun = await answer.json();
  } catch (error) {
    showProgress();
    end(toldBy(error), true);
    return;
  }

  if (!showFaults(begun)) {
    return;
  }

  state.begun = { ...begun, file: state.file.name, recogniserName: begun.recogniser ?? "" };
  state.meanings = [...preview.querySelectorAll("select[name=column]")].map((select) => select.value);
  run(list.dataset.type, list.dataset.count ? Number(list.dataset.count) : null);
}

function showFaults({ faults, near }) {
  for (const old of form.querySelectorAll(".said-by-script")) {
    old.remove();
  }

  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
  }

  for (const { field, message } of faults) {
    const input = form.elements[field];
    input.setAttribute("aria-invalid", "true");
    const told = make("p", { className: "fault said-by-script", role: "alert" }, message);
    (field === "file" ? preview : input.closest(".field")).append(told);
    if (field === "recognisedBy" && near.length > 0) {
      const choices = near.map((name) => {
        const choice = make("button", { type: "button", className: "said-by-script" }, name);
        choice.addEventListener("click", () => {
          input.value = name;
          showFaults({ faults: [], near: [] });
          input.focus();
        });
        return choice;
      });
      told.after(make("p", { className: "said-by-script actions" }, say("near")), ...choices);
    }
  }

  if (faults.length > 0) {
    form.elements[faults[0].field].focus();
  }

  return faults.length === 0;
}

/** Sends the file and takes the answers. Only XMLHttpRequest tells how much of a body has been sent, and keeps what comes back out of the page's memory. */
function run(type, rows) {
  showProgress();
  const { file } = state;
  const request = new XMLHttpRequest();
  const began = performance.now();
  let total = rows;
  let said = 0;
  state.running = { stop: () => request.abort() };
  if (total === null) {
    worker.ask("countLines", { file, wide: /utf-16/i.test(type) ? 2 : 1 }).then((lines) => {
      total = lines;
    });
  }

  request.open("POST", state.begun.address);
  request.responseType = "blob";
  request.setRequestHeader("Content-Type", type);
  request.setRequestHeader("Accept", "text/csv");
  request.setRequestHeader("Accept-Language", words.language);
  request.upload.addEventListener("progress", ({ loaded }) => {
    const part = Math.min(1, loaded / file.size);
    progress(part, total === null ? say("sentDocument", number.format(Math.floor(part * 100))) : say("sent", number.format(Math.floor(part * total)), number.format(total)));
  });
  request.upload.addEventListener("load", () => progress(null, say("receiving"), true));
  request.addEventListener("load", () => take(request).catch(() => end(say("broken"), true)));
  request.addEventListener("error", () => end(say("broken"), true));
  request.addEventListener("abort", () => end(say("cancelled"), true));
  request.send(file);

  function progress(part, text, isNew = false) {
    const bar = one("#bar");
    if (part === null) {
      bar.removeAttribute("value");
    } else {
      bar.value = part;
    }

    const now = performance.now();
    if (!isNew && now - said < 1000) {
      return; // nobody reads faster, least of all aloud
    }

    said = now;
    const left = part > 0.02 && now - began > 1500 ? ((now - began) / part) * (1 - part) / 1000 : 0;
    one("#said").textContent = [text, left >= 90 ? say("left", Math.round(left / 60)) : left >= 1 ? say("leftSeconds", Math.round(left)) : ""].join(" ").trim();
  }

  async function take() {
    if (request.status !== 200) {
      end(say("refused", await problemOf(request)), true);
      return;
    }

    let isStopped = false;
    state.running.stop = () => {
      isStopped = true;
      end(say("cancelled"), true);
    };
    const answered = request.response;
    state.begun.revision = request.getResponseHeader("Registry-Revision");
    const index = await worker.ask("index", { answered }, ({ rows: read }) => {
      if (!isStopped) {
        progress(total ? Math.min(1, read / total) : null, say("indexing", number.format(read)));
      }
    });
    if (!isStopped) {
      end(say("done", number.format(index.count)), false);
      open(index, answered);
    }
  }
}

async function problemOf(request) {
  try {
    const problem = JSON.parse(await request.response.text());
    return problem.detail ?? problem.title;
  } catch {
    return `HTTP ${request.status}`;
  }
}

function showProgress() {
  const section = one("#progress");
  section.hidden = false;
  one("#progress-title").hidden = false;
  one("#bar").hidden = false;
  one("#bar").removeAttribute("value");
  one("#said").textContent = say("starting");
  one("#cancel").hidden = false;
  one("#again").hidden = true;
  section.focus();
}

function end(text, isBroken) {
  state.running = null;
  one("#said").textContent = text;
  one("#progress-title").hidden = true;
  one("#bar").hidden = true;
  one("#cancel").hidden = true;
  one("#again").hidden = !isBroken;
  if (isBroken) {
    one("#again").focus();
  }
}

// The answers.

function showAnswers() {
  for (const button of document.querySelectorAll(".totals button")) {
    button.addEventListener("click", () => look({ answer: button.dataset.answer }));
  }

  let timer = 0;
  one("#seek").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => look({ text: event.target.value.trim() }), 250);
  });
  one("#rows thead").addEventListener("click", (event) => {
    const by = event.target.closest("button")?.dataset.sort;
    if (by !== undefined) {
      const sort = by === "row" ? null : by === "answer" ? by : Number(by);
      look({ sort, down: state.view.sort === sort && !state.view.down });
    }
  });
  one("#pager").addEventListener("click", (event) => {
    const go = event.target.closest("button")?.dataset.go;
    if (go) {
      turn({ first: 0, previous: state.page - 1, next: state.page + 1, last: Infinity }[go]);
    }
  });
  one("#page-number").addEventListener("change", (event) => turn((Number(event.target.value) || 1) - 1));
  one("#make-report").addEventListener("click", () => makeReport({ worker, words, say, state, make, day, locale }));

  async function look(change) {
    Object.assign(state.view, change);
    one("#shown").textContent = say("searching", number.format(state.index.count));
    one("#rows").setAttribute("aria-busy", "true");
    const found = await worker.ask("view", state.view);
    if (found) {
      state.shown = found.count;
      await turn(0);
      one("#rows").removeAttribute("aria-busy");
    }
  }
}

function open(index, answered) {
  if (state.begun.url) {
    URL.revokeObjectURL(state.begun.url);
  }

  state.index = index;
  Object.assign(state.view, { answer: "", text: "", sort: null, down: false });
  state.shown = index.count;
  if (state.meanings.length === 0) {
    state.meanings = index.header.slice(0, index.own); // a document's columns are called what they are
  }

  state.begun.url = URL.createObjectURL(answered);
  const download = one("#download");
  download.href = state.begun.url;
  download.download = state.file.name.replace(/\.[^.]*$/, "") + "-checked.csv";
  one("#seek").value = "";
  one("#asked").textContent = say("asked", state.begun.recogniserName || "–", day(state.begun.asOf), state.begun.revision);
  for (const button of document.querySelectorAll(".totals button")) {
    const total = button.dataset.answer ? index.totals[button.dataset.answer] : index.count;
    button.querySelector("strong").textContent = number.format(total);
    button.hidden = total === 0 && button.dataset.answer !== "";
  }

  one("#results").hidden = false;
  turn(0).then(() => one("#results-title").focus());
}

async function turn(page) {
  const pages = Math.max(1, Math.ceil(state.shown / perPage));
  state.page = Math.min(Math.max(0, page), pages - 1);
  const from = state.page * perPage;
  const rows = await worker.ask("rows", { from, size: perPage });
  head();
  const table = one("#rows");
  table.setAttribute("aria-rowcount", state.shown + 1);
  table.tBodies[0].replaceChildren(...rows.map((row, i) => line(row, from + i)));
  explain(rows, [...table.tBodies[0].rows]);
  one("#shown").textContent = state.shown === 0 ? say("none") : say("shown", number.format(from + 1), number.format(from + rows.length), number.format(state.shown))
    + (state.index.own > mostColumns ? " " + say("moreColumns", number.format(state.index.own - mostColumns)) : "");
  for (const button of document.querySelectorAll(".totals button")) {
    button.setAttribute("aria-pressed", String(button.dataset.answer === state.view.answer));
  }

  one("#pager").hidden = pages === 1;
  one("#page-number").value = state.page + 1;
  one("#page-number").max = pages;
  one("#page-of").textContent = say("page", number.format(pages));
  for (const button of document.querySelectorAll("#pager button")) {
    button.disabled = ["first", "previous"].includes(button.dataset.go) ? state.page === 0 : state.page === pages - 1;
  }
}

function head() {
  const { header, own } = state.index;
  const columns = [["row", say("row")], ["answer", say("answer")], [null, say("why")], [own + 3, say("certificate")], [own + 7, say("until")],
    ...header.slice(0, Math.min(own, mostColumns)).map((name, i) => [i, name])];
  const row = make("tr", { ariaRowIndex: 1 });
  for (const [sort, name] of columns) {
    const cell = make("th", { scope: "col" });
    if (sort === null) {
      cell.textContent = name;
    } else {
      const isSorted = (state.view.sort ?? "row") === sort && (sort !== "row" || state.view.down);
      const button = make("button", { type: "button", className: "sort" }, name || "–");
      button.dataset.sort = sort;
      if (isSorted) {
        cell.setAttribute("aria-sort", state.view.down ? "descending" : "ascending");
        button.append(make("span", { className: "hidden" }, " " + say(state.view.down ? "sortDown" : "sortUp")));
      }

      cell.append(button);
    }

    row.append(cell);
  }

  const old = one("#rows thead button:focus")?.dataset.sort;
  one("#rows thead").replaceChildren(row);
  if (old !== undefined) {
    one(`#rows thead button[data-sort="${old}"]`)?.focus();
  }
}

function line({ row, answer, cells }, place) {
  const { own, header } = state.index;
  const [, outcome, scheme, certificate, agreement, , conditions, until, reasons, warnings, accepted] = cells.slice(own);
  const list = (text) => (text ? text.split("; ") : []);
  const word = words.answers[answer] ?? say(answer === "problem" ? "problem" : "classOnly");
  const why = [];
  if (answer === "problem") {
    why.push(words.problems[reasons] ?? reasons);
  } else if (answer === "accepted") {
    why.push(accepted ? say("accepted", list(accepted).map((code) => words.schemes[code] ?? code).join(", ")) : say("acceptedNone"));
  } else {
    why.push(words.outcomes[outcome] ?? outcome, ...(answer === "partly" ? [] : list(reasons).map((code) => words.reasons[code] ?? code)));
    if (conditions) {
      why.push(say("toProve", number.format(list(conditions).length)));
    }
  }

  const told = make("td", { className: "why" }, make("span", {}, why.join(" · ")));
  if (list(warnings).length > 0) {
    const more = make("details", {}, make("summary", {}, say("warnings", number.format(list(warnings).length))));
    more.append(make("ul", { className: "small" }, ...list(warnings).map((code) => make("li", {}, words.warnings[code] ?? code))));
    told.append(more);
  }

  if (list(warnings).includes("sample")) {
    told.append(make("span", { className: "tag" }, say("invented")));
  }

  const shape = make("span", { className: `mini mini-${answer}` }, word);
  const address = addressOf(cells);
  const answered = make("td", {});
  if (address) {
    answered.append(make("a", { href: address, ariaLabel: `${word}: ${say("check", row)}` }, shape));
  } else {
    answered.append(shape);
  }

  const label = words.schemes[scheme] ?? scheme;
  const on = make("td", {}, [label, certificate].filter(Boolean).join(" "));
  if (agreement) {
    on.append(make("span", { className: "small block" }, words.instruments[agreement] ?? agreement));
  }

  return make("tr", { ariaRowIndex: place + 2 },
    make("th", { scope: "row", className: "number" }, number.format(row)), answered, told, on, make("td", { className: "standing" }, until ? day(until) : ""),
    ...header.slice(0, Math.min(own, mostColumns)).map((_, i) => make("td", {}, cells[i])));
}

/** Says in words what is wrong with the rows that could not be asked: the list has a code for it, and the same question once more has which digit, which label is near. */
async function explain(rows, lines) {
  const { begun } = state;
  const wrong = rows.flatMap((row, i) => (row.answer === "problem" ? [{ row, told: lines[i].querySelector(".why > span") }] : []));
  if (wrong.length === 0) {
    return;
  }

  const members = ["recognisedBy", "gtin", "brand", "model", "scheme", "certificate", "category", "territory", "asOf", "minLevel"];
  const items = wrong.map(({ row }) => filled(members.map((member) => [member, cellOf(row.cells, member)])));
  const defaults = filled([...["recognisedBy", "scheme", "category", "territory", "asOf"].map((member) => [member, begun[member]]), ["knownAt", begun.revision]]);
  try {
    const answer = await fetch("/v1/checks", {
      method: "POST",
      body: JSON.stringify({ defaults, items }),
      headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": words.language },
    });
    const { results } = answer.ok ? await answer.json() : { results: [] };
    for (const [i, { problem }] of results.entries()) {
      if (problem) {
        wrong[i].told.textContent = Object.values(problem.errors ?? {}).flat().join(" ") || problem.detail || problem.title;
      }
    }
  } catch {
    // The word for the code stands there already.
  }
}

function filled(members) {
  return Object.fromEntries(members.filter(([, value]) => value));
}

function cellOf(cells, meaning) {
  return state.meanings.flatMap((m, i) => (m === meaning && cells[i]?.trim() ? [cells[i].trim()] : []))[0];
}

/** Where the single check answers the same question at the same revision; null for a row that asks nothing. */
function addressOf(cells) {
  const { begun } = state;
  const of = (meaning) => cellOf(cells, meaning);
  const scheme = of("scheme") ?? begun.scheme;
  const what = scheme && of("certificate") ? { scheme, certificate: of("certificate") }
    : of("gtin") ? { gtin: of("gtin") }
      : of("brand") && of("model") ? { brand: of("brand"), model: of("model") }
        : null;
  const who = of("recognisedBy") ?? begun.recognisedBy;
  if (!what || !who) {
    return null;
  }

  const fields = {
    recognisedBy: who, ...what, category: of("category") ?? begun.category, territory: of("territory") ?? begun.territory, minLevel: of("minLevel"),
    asOf: of("asOf") ?? begun.asOf, knownAt: begun.revision,
  };
  return "/check?" + new URLSearchParams(Object.entries(fields).filter(([, value]) => value));
}

// Small things.

function make(name, members = {}, ...children) {
  const element = document.createElement(name);
  for (const [member, value] of Object.entries(members)) {
    if (member in element) {
      element[member] = value;
    } else {
      element.setAttribute(member, value);
    }
  }

  element.append(...children);
  return element;
}

function dropInto(zone) {
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length > 0) {
        form.file.files = event.dataTransfer.files;
        form.file.dispatchEvent(new Event("change"));
      }
    });
  }
}

function newWorker() {
  const thread = new Worker(new URL("check-list-worker.js", import.meta.url), { type: "module" });
  const asked = new Map();
  let id = 0;
  thread.addEventListener("message", ({ data }) => {
    const waiting = asked.get(data.id);
    if ("progress" in data) {
      waiting.tell?.(data.progress);
      return;
    }

    asked.delete(data.id);
    if ("fault" in data) {
      waiting.reject(new Error(data.fault));
    } else {
      waiting.resolve(data.value);
    }
  });
  return {
    ask: (task, what, tell) => new Promise((resolve, reject) => {
      asked.set(++id, { resolve, reject, tell });
      thread.postMessage({ ...what, id, task });
    }),
  };
}

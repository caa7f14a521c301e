// The purchase report of a list that was answered: computed here, from the answers that the worker holds.
import { table } from "./csv.js";

const shownGroups = 50;
const chartGroups = 12;
const one = (selector) => document.querySelector(selector);
let current = null;
let isWired = false;

/** Reads the amounts, and shows the report. */
export async function makeReport(with_) {
  const { worker, state } = with_;
  const button = one("#make-report");
  button.disabled = true;
  try {
    const places = Object.fromEntries(["spend", "quantity", "category"].map((meaning) => [meaning, state.meanings.flatMap((m, i) => (m === meaning ? [i] : []))]));
    const read = await worker.ask("read", { places, category: state.begun.category ?? "" });
    if (!read) {
      return;
    }

    const named = read.currencies.filter((c) => c.code).sort((a, b) => b.rows - a.rows);
    current = {
      ...with_,
      read,
      currency: named[0]?.code ?? "",
      spendBy: agreed(read.found.spend),
      quantityBy: agreed(read.found.quantity),
      made: new Date().toISOString(),
    };
    wire();
    offer();
    await draw();
    one("#report").hidden = false;
    one("#report-title").focus();
  } finally {
    button.disabled = false;
  }
}

/** How the clear numbers of a column write their decimals, if they agree. */
function agreed({ point, comma }) {
  return point > 0 && comma === 0 ? "point" : comma > 0 && point === 0 ? "comma" : "";
}

function wire() {
  if (isWired) {
    return;
  }

  isWired = true;
  const follow = (id, member) => one(id).addEventListener("change", (event) => {
    current[member] = event.target.value;
    draw();
  });
  follow("#currency", "currency");
  follow("#decimal", "spendBy");
  follow("#quantity-decimal", "quantityBy");
  one("#notes").addEventListener("input", ({ target }) => {
    one("#notes-written").textContent = target.value; // what is printed: a field would cut it off
  });
  one("#print-report").addEventListener("click", () => window.print());
  const give = (id, end, type, text) => one(id).addEventListener("click", ({ currentTarget: link }) => {
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([text()], { type }));
    link.download = current.state.begun.file.replace(/\.[^.]*$/, "") + end;
  });
  give("#report-json", "-report.json", "application/json", () => JSON.stringify(asJson(), null, 2));
  give("#report-csv", "-report.csv", "text/csv;charset=utf-8", () => table(asRows()));
  give("#report-page", "-report.html", "text/html;charset=utf-8", asPage);
}

/** The choices that the amounts leave open; where nothing is open, nothing is offered. */
function offer() {
  const { read, say, make } = current;
  const fill = (select, choices, value) => {
    select.replaceChildren(...choices.map(([code, text]) => make("option", { value: code, selected: code === value }, text)));
  };
  const named = read.currencies.filter((c) => c.code);
  fill(one("#currency"), (named.length > 0 ? named : [{ code: "" }]).map((c) => [c.code, c.code || say("noCurrency")]), current.currency);
  one("[data-choice=currency]").hidden = named.length < 2;
  const ways = [["", say("asNeither")], ["point", say("asPoint")], ["comma", say("asComma")]];
  fill(one("#decimal"), ways, current.spendBy);
  one("[data-choice=decimal]").hidden = read.found.spend.unclear === 0;
  fill(one("#quantity-decimal"), ways, current.quantityBy);
  one("[data-choice=quantity]").hidden = read.found.quantity.unclear === 0;
  one("#reading").hidden = [...document.querySelectorAll("#reading .field")].every((field) => field.hidden);
}

async function draw() {
  const { worker, read, currency, spendBy, quantityBy, state } = current;
  current.figures = await worker.ask("figures", { currency, spendBy, quantityBy, hasQuantity: read.hasQuantity });
  if (!current.css) {
    current.css = await (await fetch(one("link[rel=stylesheet]").href)).text(); // for the report as a page of its own
  }

  const fact = (name, text) => {
    one(`[data-fact=${name}]`).textContent = text;
  };
  fact("file", state.begun.file);
  fact("recogniser", state.begun.recogniserName || "–");
  fact("asOf", current.day(state.begun.asOf));
  fact("revision", state.begun.revision);
  fact("made", current.day(current.made.slice(0, 10)));
  fact("sample", onInvented() ?? "");
  one("[data-fact=sample]").hidden = onInvented() === null;
  one("[data-fact=read]").replaceChildren(...whatWasRead().map((text) => current.make("li", {}, text)));
  one("[data-fact=read]").setAttribute("data-done", `${currency} ${spendBy} ${quantityBy}`.trim());
  for (const kind of ["answer", "category", "label"]) {
    drawTable(kind);
    drawChart(kind);
  }

  drawSdg();
}

/** What rests on invented data is no purchase to report; null where nothing does. */
function onInvented() {
  const { read, say, figures: { sample } } = current;
  return sample.rows.total === 0 ? null
    : read.hasSpend ? say("sample", count(sample.rows.total), money(sample.spend.total), money(sample.spend.each[0])) : say("sampleRows", count(sample.rows.total), count(sample.rows.each[0]));
}

/** Nothing is left out silently. */
function whatWasRead() {
  const { read, say, figures: { told }, spendBy, quantityBy } = current;
  const { spend, quantity } = read.found;
  const way = { point: say("asPoint"), comma: say("asComma"), "": say("asNeither") };
  const lines = [];
  if (!read.hasSpend) {
    lines.push(say("noAmounts"));
  } else {
    lines.push(say("amountsRead", count(told.spendRead), money(current.figures.total.spend.total)));
    add(spend.empty, "amountsEmpty");
    add(spend.unread, "amountsUnread", spend.unreadTexts.join(" | "));
    add(spend.unclear, "amountsUnclear", spend.unclearTexts.join(" | "), way[spendBy]);
    add(told.spendOther, "amountsOther", read.currencies.map((c) => c.code).filter((code) => code && code !== current.currency).join(", "));
    add(told.credits, "credits");
  }

  if (!read.hasQuantity) {
    lines.push(say("noQuantity"));
  } else {
    lines.push(say("quantityRead", count(told.quantityRead), count(quantity.empty), count(quantity.unread)));
    add(quantity.unclear, "quantityUnclear", quantity.unclearTexts.join(" | "), way[quantityBy]);
  }

  return lines;

  function add(number, text, ...values) {
    if (number > 0) {
      lines.push(say(text, count(number), ...values));
    }
  }
}

/** The rows of one table: name, and what was counted. */
function groups(kind) {
  const { figures: { kinds, total, categories, labels }, words, say } = current;
  const nameOf = {
    category: (name) => (name ? words.categories[name] ?? name : say("noCategory")),
    label: (name) => (name ? words.schemes[name] ?? name : say("noLabel")),
  };
  if (kind === "answer") {
    return kinds.map((answer, i) => ({
      code: answer,
      name: words.answers[answer] ?? say(answer === "problem" ? "problem" : "classOnly"),
      ...Object.fromEntries(["rows", "items", "spend"].map((part) => [part, { total: total[part].each[i], each: kinds.map((_, k) => (k === i ? total[part].each[i] : 0)) }])),
    })).filter((group) => group.rows.total > 0);
  }

  const { groups: all, further, rest } = kind === "category" ? categories : labels;
  const named = all.map((group) => ({ ...group, code: group.name, name: nameOf[kind](group.name) }));
  return rest ? [...named, { ...rest, code: "", name: say("further", count(further)) }] : named;
}

/** At most so many groups; what is behind them is added up and says so. */
function first(all, most) {
  if (all.length <= most) {
    return all;
  }

  const rest = all.slice(most - 1);
  const sum = (part) => ({
    total: rest.reduce((n, group) => n + group[part].total, 0),
    each: current.figures.kinds.map((_, i) => rest.reduce((n, group) => n + group[part].each[i], 0)),
  });
  return [...all.slice(0, most - 1), { code: "", name: current.say("further", count(rest.length)), rows: sum("rows"), items: sum("items"), spend: sum("spend") }];
}

function parts() {
  return ["rows", "items", "spend"].filter((part) => part !== "spend" || current.read.hasSpend);
}

/** A share says of what: of the spend, not of nothing. */
function shareOf(part) {
  return current.say({ rows: "shareOfRows", items: "shareOfItems", spend: "shareOfSpend" }[part]);
}

function drawTable(kind) {
  const { make, say, figures: { total } } = current;
  const drawn = one(`[data-table=${kind}]`);
  const hasYes = kind !== "answer";
  const by = current.read.hasSpend ? "spend" : "items";
  drawn.tHead.replaceChildren(make("tr", {}, make("th", { scope: "col" }, say(`${kind}-group`)),
    ...parts().flatMap((part) => [make("th", { scope: "col", className: "number" }, say(part)), make("th", { scope: "col", className: "number" }, shareOf(part))]),
    ...(hasYes ? [make("th", { scope: "col", className: "number" }, say("recognised"))] : [])));
  const figure = (label, text) => make("td", { className: "number", "data-label": label }, text);
  const row = (group, isTotal) => make("tr", isTotal ? { className: "sum" } : {}, make("th", { scope: "row" }, group.name),
    ...parts().flatMap((part) => [
      figure(say(part), part === "spend" ? money(group.spend.total) : count(group[part].total)),
      figure(shareOf(part), share(group[part].total, total[part].total)),
    ]),
    ...(hasYes ? [figure(say("recognised"), share(group[by].each[0], group[by].total))] : []));
  drawn.tBodies[0].replaceChildren(...first(groups(kind), shownGroups).map((group) => row(group, false)), row({ ...total, name: say("total") }, true));
}

const svg = "http://www.w3.org/2000/svg";

/** A bar for each group, as long as its share, its answers one behind the other. */
function drawChart(kind) {
  const { make, say, figures: { kinds, total } } = current;
  const by = current.read.hasSpend ? "spend" : "items";
  const list = make("ol", { className: "bars" });
  for (const group of first(groups(kind), chartGroups)) {
    const drawn = document.createElementNS(svg, "svg");
    const text = share(group[by].total, total[by].total);
    for (const [name, value] of Object.entries({ viewBox: "0 0 1000 10", preserveAspectRatio: "none", role: "img", "aria-label": `${group.name}: ${text}` })) {
      drawn.setAttribute(name, value);
    }

    let at = 0;
    const add = (width, className) => {
      const bar = document.createElementNS(svg, "rect");
      for (const [name, value] of Object.entries({ x: at, y: 0, width, height: 10, class: className })) {
        bar.setAttribute(name, value);
      }

      drawn.append(bar);
    };
    add(1000, "ground");
    for (const [i, answer] of kinds.entries()) {
      const width = total[by].total > 0 ? Math.max(0, (group[by].each[i] / total[by].total) * 1000) : 0;
      if (width > 0) {
        add(Math.round(width * 100) / 100, `bar bar-${answer}`);
        at += width;
      }
    }

    list.append(make("li", {}, make("span", { className: "bar-name" }, group.name), make("span", { className: "bar-share" }, text), drawn));
  }

  const chart = one(`[data-chart=${kind}]`);
  chart.replaceChildren(make("p", { className: "small" }, say("chartOf", shareOf(by))), ...(kind === "answer" ? [] : [legend(by)]), list);
}

/** Which answer has which colour, of those that occur. */
function legend(by) {
  const { make, say, words, figures: { kinds, total } } = current;
  return make("ul", { className: "bar-legend" }, ...kinds.filter((_, i) => total[by].each[i] > 0).map((answer) => {
    const swatch = document.createElementNS(svg, "svg");
    const bar = document.createElementNS(svg, "rect");
    for (const [element, members] of [[swatch, { viewBox: "0 0 10 10", "aria-hidden": "true" }], [bar, { width: 10, height: 10, class: `bar bar-${answer}` }]]) {
      for (const [name, value] of Object.entries(members)) {
        element.setAttribute(name, value);
      }
    }

    swatch.append(bar);
    return make("li", {}, swatch, words.answers[answer] ?? say(answer === "problem" ? "problem" : "classOnly"));
  }));
}

function drawSdg() {
  const { figures: { total, told, sample }, read } = current;
  const { each, total: all } = total.spend;
  const other = all - each[0] - each[1];
  const [rows, lines] = [total.rows.each[0], total.rows.total];
  const values = {
    recognised: money(each[0]), recognisedShare: share(each[0], all), partly: money(each[1]), partlyShare: share(each[1], all), other: money(other), otherShare: share(other, all),
    total: money(all), rows: count(rows), rowsShare: share(rows, lines), leftOut: count(lines - told.spendRead),
  };
  for (const [name, value] of Object.entries(values)) {
    one(`[data-sdg=${name}]`).textContent = read.hasSpend || name.startsWith("rows") || name === "leftOut" ? value : "–";
  }

  for (const row of document.querySelectorAll("[data-sample]")) {
    row.hidden = sample.rows.total === 0; // a list without such lines needs no words about them
  }

  one("[data-sdg=sample]").textContent = sample.rows.total === 0 ? "" : read.hasSpend ? money(sample.spend.each[0]) : "–";
  one("[data-sdg=sampleShare]").textContent = sample.rows.total === 0 ? "" : read.hasSpend ? share(sample.spend.each[0], all) : "–";
}

// What is handed out.

function asJson() {
  const { state: { begun, index }, read, say, figures, currency, spendBy, quantityBy, made } = current;
  const { total, kinds, told, sample } = figures;
  const ofAll = (part, i) => portion(total[part].each[i], total[part].total);
  const group = (g) => ({
    code: g.code || null, name: g.name, rows: g.rows.total, items: g.items.total, spend: read.hasSpend ? g.spend.total : null,
    shareOfRows: portion(g.rows.total, total.rows.total), shareOfItems: portion(g.items.total, total.items.total), shareOfSpend: read.hasSpend ? portion(g.spend.total, total.spend.total) : null,
    byAnswer: Object.fromEntries(kinds.map((kind, i) => [kind, { rows: g.rows.each[i], items: g.items.each[i], spend: read.hasSpend ? g.spend.each[i] : null }])),
  });
  return {
    kind: "purchase-report",
    made,
    list: begun.file,
    recognisedBy: begun.recognisedBy,
    asOf: begun.asOf,
    revision: Number(begun.revision),
    currency: currency || null,
    total: { rows: index.count, items: total.items.total, spend: read.hasSpend ? total.spend.total : null },
    byAnswer: groups("answer").map(group),
    byCategory: groups("category").map(group),
    byLabel: groups("label").map(group),
    onInventedData: group({ ...sample, code: "sample", name: say("onSample") }),
    reading: {
      spend: read.hasSpend ? { ...only(read.found.spend), read: told.spendRead, unclearReadAs: spendBy || null, inOtherCurrency: told.spendOther, credits: told.credits } : null,
      quantity: read.hasQuantity ? { ...only(read.found.quantity), read: told.quantityRead, unclearReadAs: quantityBy || null } : null,
      currencies: read.currencies,
      said: whatWasRead(),
    },
    sdg1271: {
      referenceYear: Number(one("#year").value) || null,
      country: one("#country").value.trim() || null,
      authority: one("#authority").value.trim() || null,
      levelOfGovernment: one("#government").value || null,
      recognised: read.hasSpend ? { spend: total.spend.each[0], share: ofAll("spend", 0) } : null,
      partly: read.hasSpend ? { spend: total.spend.each[1], share: ofAll("spend", 1) } : null,
      other: read.hasSpend ? { spend: rest(total.spend), share: portion(rest(total.spend), total.spend.total) } : null,
      recognisedOnInventedData: { spend: read.hasSpend ? sample.spend.each[0] : null, rows: sample.rows.each[0] },
      recognisedRows: { rows: total.rows.each[0], share: ofAll("rows", 0) },
      rowsWithoutSpend: total.rows.total - told.spendRead,
    },
    method: [...document.querySelectorAll(".method li")].map((item) => item.textContent),
    notes: one("#notes").value,
  };
}

function only({ empty, clear, unclear, unread, unclearTexts, unreadTexts }) {
  return { empty, clear, unclear, unread, unclearTexts, unreadTexts };
}

function rest({ each, total }) {
  return Math.round((total - each[0] - each[1]) * 1e4) / 1e4;
}

/** One long table, which every spreadsheet can pivot. */
function asRows() {
  const { figures: { total, sample }, currency, read, say } = current;
  const rows = [["table", "code", "name", "rows", "share_of_rows", "items", "share_of_items", "spend", "share_of_spend", "currency", "recognised_spend", "partly_spend"]];
  const spend = (number) => (read.hasSpend ? number : "");
  for (const [kind, all] of [...["answer", "category", "label"].map((each) => [each, groups(each)]), ["warning", [{ ...sample, code: "sample", name: say("onSample") }]]]) {
    for (const group of all) {
      rows.push([kind, group.code, group.name, group.rows.total, portion(group.rows.total, total.rows.total) ?? "", group.items.total, portion(group.items.total, total.items.total) ?? "",
        spend(group.spend.total), spend(portion(group.spend.total, total.spend.total) ?? ""), currency, spend(group.spend.each[0]), spend(group.spend.each[1])]);
    }
  }

  const said = (kind, text) => [kind, "", text, ...rows[0].slice(3).map(() => "")]; // as wide as the others: some programs read no ragged table
  return [...rows, ...whatWasRead().map((text) => said("reading", text)), ...[...document.querySelectorAll(".method li")].map((item) => said("method", item.textContent)),
    ...(one("#notes").value ? [said("notes", one("#notes").value)] : [])];
}

/** The report as a page of its own, which opens without this service. */
function asPage() {
  const { make, css, words } = current;
  const copy = one("#report").cloneNode(true);
  for (const left of copy.querySelectorAll(".no-print")) {
    left.remove();
  }

  const text = { SELECT: (field) => field.selectedOptions[0]?.textContent ?? "", INPUT: (field) => field.value };
  for (const field of copy.querySelectorAll("input, select")) {
    const now = one("#" + field.id);
    field.replaceWith(make("span", { className: "block" }, text[now.tagName](now) || "–"));
  }

  for (const label of copy.querySelectorAll("label")) {
    label.replaceWith(make("strong", {}, ...label.childNodes));
  }

  copy.querySelector("textarea").remove();
  const page = document.implementation.createHTMLDocument(one("#report-title").textContent + " · " + current.state.begun.file);
  const main = page.createElement("main");
  main.className = "wide alone";
  main.append(page.importNode(copy, true));
  page.body.append(main);
  return `<!DOCTYPE html>
<html lang="${words.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${page.querySelector("title").outerHTML}
<style>${css}</style></head>
${page.body.outerHTML}
</html>
`;
}

// Numbers as the language of the page writes them.

function count(number) {
  return new Intl.NumberFormat(current.locale, { maximumFractionDigits: 4 }).format(number);
}

function money(number) {
  const { currency, locale } = current;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(number) + (currency ? "\u00a0" + currency : "");
}

function portion(part, whole) {
  return whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : null;
}

function share(part, whole) {
  return whole > 0 ? new Intl.NumberFormat(current.locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(part / whole) : "–";
}

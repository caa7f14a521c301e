// Holds the answers of one list: their bytes in a Blob, of each row where it begins and what was answered. A text is made of a row only when somebody looks at it, so
// that a million rows take some ten megabytes here.
import { cells } from "./csv.js";
import { readAmount } from "./amounts.js";

const kinds = ["yes", "partly", "no", "unknown", "problem", "accepted"];
const stretch = 4 << 20; // bytes that are looked through at a time
const mostGroups = 2000;
const mostExamples = 3;
const states = { empty: 0, clear: 1, unclear: 2, unread: 3 };

let blob, header, own, starts, answers, count, order, lines;
let turn = 0;

const tasks = { countLines, index, view, rows, read, figures };

self.addEventListener("message", async ({ data }) => {
  const tell = (progress) => self.postMessage({ id: data.id, progress });
  try {
    self.postMessage({ id: data.id, value: await tasks[data.task](data, tell) });
  } catch (fault) {
    self.postMessage({ id: data.id, fault: String(fault) });
  }
});

/** How many rows a file of text has, about: for the time that is left. `wide` is 2 for UTF-16. */
async function countLines({ file, wide }) {
  const reader = file.stream().getReader();
  let found = 0;
  let quoted = false;
  let last = 10;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return Math.max(0, found - 1 + (last === 10 || wide === 2 ? 0 : 1));
    }

    for (const letter of value) {
      if (letter === 34) {
        quoted = !quoted;
      } else if (letter === 10 && !quoted) {
        found++;
      }
    }

    last = value.at(-1);
  }
}

/** Takes the answers over, in one pass. */
async function index({ answered }, tell) {
  turn++;
  [blob, order, lines] = [answered, null, null];
  const first = await firstRow();
  header = first.cells;
  own = header.length - (/^accepted(_\d+)?$/.test(header.at(-1)) ? 11 : 10);
  const [answerAt, reasonsAt] = [own, own + 8];
  [starts, answers, count] = [new Float64Array(4096), new Uint8Array(4096), 0];
  const totals = kinds.map(() => 0);
  const reader = blob.slice(first.end).stream().getReader();
  let [at, start, column, quoted, watched, kind] = [first.end, first.end, 0, false, 0, 4];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }

    for (let i = 0; i < value.length; i++) {
      const letter = value[i];
      if (watched === 1) {
        kind = letter === 121 ? 0 : letter === 112 ? 1 : letter === 110 ? 2 : letter === 117 ? 3 : 4;
        watched = 0;
      } else if (watched === 2) {
        kind = kind === 4 && letter === 44 ? 5 : kind; // neither an answer nor a reason: the labels of a class
        watched = 0;
      }

      if (quoted) {
        quoted = letter !== 34; // a doubled quote opens it again
      } else if (letter === 44) {
        column++;
        watched = column === answerAt ? 1 : column === reasonsAt ? 2 : 0;
      } else if (letter === 34) {
        quoted = true;
      } else if (letter === 10) {
        if (count + 1 >= starts.length) {
          [starts, answers] = [grown(starts), grown(answers)];
        }

        starts[count] = start;
        answers[count++] = kind;
        totals[kind]++;
        [start, column, kind] = [at + i + 1, 0, 4];
        starts[count] = start;
      }
    }

    at += value.length;
    tell({ rows: count });
  }

  return { header, own, count, totals: Object.fromEntries(kinds.map((name, i) => [name, totals[i]])) };
}

/** Which rows are shown and in which order; null when a newer wish has come. */
async function view({ answer, text, sort, down }, tell) {
  const mine = ++turn;
  const wanted = answer ? kinds.indexOf(answer) : -1;
  const needle = text.toLowerCase();
  const byText = Number.isInteger(sort);
  const keys = byText ? new Array(count) : null;
  let kept = new Uint32Array(count);
  let n = 0;
  if (needle || byText) {
    const whole = await scan((row, line) => {
      if (!needle || line.text().toLowerCase().includes(needle)) {
        kept[n++] = row;
        if (byText) {
          keys[row] = line.cell(sort);
        }
      }
    }, wanted, () => mine === turn, tell);
    if (!whole) {
      return null;
    }
  } else {
    for (let row = 0; row < count; row++) {
      if (wanted < 0 || answers[row] === wanted) {
        kept[n++] = row;
      }
    }
  }

  kept = kept.slice(0, n);
  const turned = down ? -1 : 1;
  if (sort === "answer") {
    kept.sort((a, b) => turned * (answers[a] - answers[b]) || a - b);
  } else if (byText) {
    const compare = comparison(keys, kept);
    kept.sort((a, b) => (keys[a] === "") - (keys[b] === "") || turned * compare(a, b) || a - b);
  } else if (down) {
    kept.reverse();
  }

  order = kept;
  return { count: n };
}

/** Some of the rows that are shown. */
async function rows({ from, size }) {
  const wanted = [];
  for (let i = from; i < from + size && i < (order?.length ?? count); i++) {
    wanted.push(order ? order[i] : i);
  }

  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  if (wanted.length > 0 && wanted.at(-1) - wanted[0] === wanted.length - 1 && wanted.every((row, i) => row === wanted[0] + i)) {
    const first = starts[wanted[0]];
    const bytes = new Uint8Array(await blob.slice(first, starts[wanted.at(-1) + 1]).arrayBuffer());
    return wanted.map((row) => shown(row, decoder.decode(bytes.subarray(starts[row] - first, starts[row + 1] - first - 2))));
  }

  return Promise.all(wanted.map(async (row) => shown(row, decoder.decode(await blob.slice(starts[row], starts[row + 1] - 2).arrayBuffer()))));
}

/** Reads what a report needs of every row: category, label, amount, quantity. */
async function read({ places, category }, tell) {
  const mine = turn;
  const of = (list) => ({ state: new Uint8Array(count), point: new Float64Array(count), comma: list.length > 0 ? new Float64Array(count) : null });
  lines = {
    spend: of(places.spend), quantity: of(places.quantity), currency: new Uint8Array(count), category: new Uint32Array(count), label: new Uint32Array(count), sample: new Uint8Array(count),
    categories: [], labels: [""], currencies: [""],
    found: { spend: fresh(), quantity: fresh() },
  };
  const ids = { categories: new Map(), labels: new Map([["", 0]]), currencies: new Map([["", 0]]) };
  const whole = await scan((row, line) => {
    const first = (list) => list.map((place) => line.cell(place)).find((text) => text.trim()) ?? "";
    lines.category[row] = id("categories", first(places.category).trim() || category);
    lines.label[row] = answers[row] <= 1 ? id("labels", line.cell(own + 2)) : 0;
    lines.sample[row] = line.cell(own + 9).split("; ").includes("sample") ? 1 : 0;
    for (const [name, list] of [["spend", places.spend], ["quantity", places.quantity]]) {
      if (list.length > 0) {
        const text = first(list);
        let amount = readAmount(text);
        if (name === "quantity" && amount.currency) {
          amount = { state: "unread", currency: "" }; // a sum of money is no quantity
        }

        take(name, row, amount, text.trim());
      }
    }
  }, -1, () => mine === turn, tell);
  return whole ? { found: lines.found, currencies: tally(), hasSpend: places.spend.length > 0, hasQuantity: places.quantity.length > 0 } : null;

  function id(list, text) {
    let known = ids[list].get(text);
    if (known === undefined) {
      known = lines[list].length;
      ids[list].set(text, known);
      lines[list].push(text);
    }

    return known;
  }

  function take(name, row, amount, text) {
    const [to, found] = [lines[name], lines.found[name]];
    to.state[row] = states[amount.state];
    found[amount.state]++;
    if (amount.state === "clear") {
      to.point[row] = amount.point;
      found[amount.by || "either"]++;
    } else if (amount.state === "unclear") {
      [to.point[row], to.comma[row]] = [amount.point, amount.comma];
      remember(found.unclearTexts, text);
    } else if (amount.state === "unread") {
      remember(found.unreadTexts, text);
    }

    if (name === "spend") {
      lines.currency[row] = Math.min(255, id("currencies", amount.currency));
    }
  }

  function tally() {
    const rows = lines.currencies.map(() => 0);
    for (let row = 0; row < count; row++) {
      if (lines.spend.state[row] === states.clear || lines.spend.state[row] === states.unclear) {
        rows[lines.currency[row]]++;
      }
    }

    return lines.currencies.map((code, i) => ({ code, rows: rows[i] })).filter((c) => c.rows > 0);
  }
}

/** Adds up what was read. `currency` is the report's; `spendBy` and `quantityBy` say how unclear numbers are read: "point", "comma" or "" for not at all. */
async function figures({ currency, spendBy, quantityBy, hasQuantity }) {
  const [byAnswer, byCategory, byLabel, bySample] = [sums(1), sums(lines.categories.length), sums(lines.labels.length), sums(2)];
  const wanted = lines.currencies.indexOf(currency);
  const told = { spendRead: 0, spendOther: 0, credits: 0, quantityRead: 0, rowsRead: kinds.map(() => 0) };
  for (let row = 0; row < count; row++) {
    const isOurs = lines.currency[row] === wanted || lines.currency[row] === 0;
    const amount = value(lines.spend, row, spendBy);
    const spend = amount !== null && isOurs ? amount : null;
    told.spendOther += amount !== null && !isOurs ? 1 : 0;
    const quantity = hasQuantity ? value(lines.quantity, row, quantityBy) : 1;
    if (spend !== null) {
      told.spendRead++;
      told.credits += spend < 0 ? 1 : 0;
      told.rowsRead[answers[row]]++;
    }

    told.quantityRead += hasQuantity && quantity !== null ? 1 : 0;
    byAnswer.add(0, answers[row], quantity, spend);
    byCategory.add(lines.category[row], answers[row], quantity, spend);
    byLabel.add(lines.label[row], answers[row], quantity, spend);
    bySample.add(lines.sample[row], answers[row], quantity, spend);
  }

  const byMost = (a, b) => b.spend.total - a.spend.total || b.rows.total - a.rows.total || (a.name < b.name ? -1 : 1);
  return {
    kinds,
    total: byAnswer.groups([""])[0],
    sample: bySample.groups(["", ""])[1], // what rests on invented data
    categories: most(byCategory.groups(lines.categories).sort(byMost)),
    labels: most(byLabel.groups(lines.labels).filter((g) => g.rows.total > 0).sort(byMost)),
    told,
  };
}

function value(list, row, by) {
  switch (list.state[row]) {
    case states.clear: return list.point[row];
    case states.unclear: return by === "point" ? list.point[row] : by === "comma" ? list.comma[row] : null;
    default: return null;
  }
}

/** Sums for each of some groups and each answer, without the errors that a million additions would make (Neumaier). */
function sums(size) {
  const width = kinds.length;
  const [rows, items, itemsRest, spend, spendRest] = [0, 0, 0, 0, 0].map(() => new Float64Array(size * width));
  const plus = (to, rest, at, number) => {
    const sum = to[at] + number;
    rest[at] += Math.abs(to[at]) >= Math.abs(number) ? to[at] - sum + number : number - sum + to[at];
    to[at] = sum;
  };
  const part = (to, rest, group) => {
    const each = kinds.map((_, i) => round(to[group * width + i] + (rest?.[group * width + i] ?? 0)));
    return { each, total: round(each.reduce((a, b) => a + b, 0)) };
  };
  return {
    add(group, answer, quantity, money) {
      const at = group * width + answer;
      rows[at]++;
      if (quantity !== null) {
        plus(items, itemsRest, at, quantity);
      }

      if (money !== null) {
        plus(spend, spendRest, at, money);
      }
    },
    groups: (all) => all.map((name, i) => ({ name, rows: part(rows, null, i), items: part(items, itemsRest, i), spend: part(spend, spendRest, i) })),
  };
}

function round(number) {
  return Math.round(number * 1e4) / 1e4;
}

/** The largest groups by themselves; the others together, and how many they are. */
function most(groups) {
  const rest = groups.slice(mostGroups);
  const together = (name) => rest.reduce((sum, group) => ({
    each: sum.each.map((n, i) => round(n + group[name].each[i])), total: round(sum.total + group[name].total),
  }), { each: kinds.map(() => 0), total: 0 });
  return { groups: groups.slice(0, mostGroups), further: rest.length, rest: rest.length > 0 ? { rows: together("rows"), items: together("items"), spend: together("spend") } : null };
}

function fresh() {
  return { empty: 0, clear: 0, unclear: 0, unread: 0, point: 0, comma: 0, either: 0, unclearTexts: [], unreadTexts: [] };
}

function remember(texts, text) {
  if (texts.length < mostExamples && !texts.includes(text)) {
    texts.push(text.slice(0, 40));
  }
}

function shown(row, line) {
  return { row: row + 1, answer: kinds[answers[row]], cells: cells(line) };
}

async function firstRow() {
  for (let size = 64 << 10; ; size *= 2) {
    const bytes = new Uint8Array(await blob.slice(0, size).arrayBuffer());
    let quoted = false;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === 34) {
        quoted = !quoted;
      } else if (bytes[i] === 10 && !quoted) {
        return { cells: cells(new TextDecoder().decode(bytes.subarray(0, i - 1))), end: i + 1 };
      }
    }

    if (size >= blob.size) {
      throw new Error("no header");
    }
  }
}

/** Looks through the rows of one answer, or of all (-1), as long as it is wanted. */
async function scan(visit, wanted, isWanted, tell) {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let from = 0; from < count;) {
    let to = from + 1;
    while (to < count && starts[to + 1] - starts[from] <= stretch) {
      to++;
    }

    const bytes = new Uint8Array(await blob.slice(starts[from], starts[to]).arrayBuffer());
    if (!isWanted()) {
      return false;
    }

    let [at, end] = [0, 0];
    const line = {
      text: () => decoder.decode(bytes.subarray(at, end)),
      cell: (column) => cellOf(bytes, at, end, column, decoder),
    };
    for (let row = from; row < to; row++) {
      if (wanted < 0 || answers[row] === wanted) {
        [at, end] = [starts[row] - starts[from], starts[row + 1] - starts[from] - 2];
        visit(row, line);
      }
    }

    from = to;
    tell({ rows: from });
  }

  return true;
}

/** One cell alone: a part of its row's text would keep the whole of it in memory, which a million rows would feel. */
function cellOf(bytes, at, end, column, decoder) {
  for (let i = at; ; column--) {
    const isQuoted = bytes[i] === 34;
    const start = isQuoted ? i + 1 : i;
    let close = start;
    if (isQuoted) {
      while (bytes[close] !== 34 || bytes[close + 1] === 34) {
        close += bytes[close] === 34 ? 2 : 1;
      }

      i = close + 1;
    } else {
      while (close < end && bytes[close] !== 44) {
        close++;
      }

      i = close;
    }

    if (column === 0) {
      const text = decoder.decode(bytes.subarray(start, close));
      return isQuoted ? text.replaceAll('""', '"') : text;
    }

    i++; // the comma
  }
}

/** Numbers by their value, all else as the language of the page orders texts. */
function comparison(keys, kept) {
  if (kept.every((row) => keys[row] === "" || /^-?\d+(\.\d+)?$/.test(keys[row]))) {
    const numbers = new Float64Array(keys.length);
    for (const row of kept) {
      numbers[row] = Number(keys[row]);
    }

    return (a, b) => numbers[a] - numbers[b];
  }

  const { compare } = new Intl.Collator();
  return (a, b) => compare(keys[a], keys[b]);
}

function grown(list) {
  const larger = new list.constructor(list.length * 2);
  larger.set(list);
  return larger;
}

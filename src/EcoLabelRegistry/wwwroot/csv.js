// Tables as RFC 4180 has them: rows of the service's answers in, tables of our own out.

/** The cells of one row, without its line break. */
export function cells(row) {
  if (!row.includes('"')) {
    return row.split(",");
  }

  const found = [];
  let at = 0;
  while (at <= row.length) {
    if (row[at] === '"') {
      let text = "";
      at++;
      for (;;) {
        const quote = row.indexOf('"', at);
        const end = quote < 0 ? row.length : quote;
        text += row.slice(at, end);
        at = end + 1;
        if (row[at] !== '"') {
          break;
        }

        text += '"';
        at++;
      }

      found.push(text);
      at++; // the comma
    } else {
      const comma = row.indexOf(",", at);
      const end = comma < 0 ? row.length : comma;
      found.push(row.slice(at, end));
      at = end + 1;
    }
  }

  return found;
}

/** A table as a file for spreadsheets. A text that one would take for a formula gets an apostrophe in front. */
export function table(rows) {
  const cell = (value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? "'" + value : String(value ?? "");
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  return "\uFEFF" + rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

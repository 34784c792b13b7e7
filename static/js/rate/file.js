// A file of what somebody wrote, made on the device.

/**
 * @param {import("./sheet").Sheet} sheet
 * @param {import("./types").Item[]} items
 * @param {DOMStringMap} words
 */
export function download(sheet, items, words) {
  const { data } = sheet;
  const rows = items
    .filter((item) => item.answer)
    .map((item) => {
      const [number, cell] = item.cell.split("/");
      const decision = data && data.decisions.find((one) => one[0] === +number);
      const partner = data && data.partners.find((one) => "p" + one[0] === cell);
      const asked = partner ? partner[1] : cell === "a" ? words.agree : cell;
      return [decision ? decision[1] : number, asked, ...(item.answer ?? [])];
    });
  asFile([[words.decision, words.partner, words.answer, "", words.reason], ...rows], "answers.csv");
}

/**
 * @param {unknown[][]} rows
 * @param {string} name
 */
export function asFile(rows, name) {
  const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(URL.revokeObjectURL, 60000, link.href);
}

// Programs would take what begins like a formula for one.
/** @param {unknown} value */
function quoted(value) {
  const text = String(value == null ? "" : value);
  return '"' + (/^[=+\-@\t]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
}

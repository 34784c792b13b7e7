// A file of what somebody wrote, made on the device.

export function download(sheet, items, words) {
  const { data } = sheet;
  const rows = items
    .filter((item) => item.answer)
    .map((item) => {
      const [number, cell] = item.cell.split("/");
      const decision = data && data.decisions.find((one) => one[0] === +number);
      const partner = data && data.partners.find((one) => "p" + one[0] === cell);
      return [decision ? decision[1] : number, partner ? partner[1] : cell === "a" ? words.agree : cell].concat(
        item.answer,
      );
    });
  asFile([[words.decision, words.partner, words.answer, "", words.reason]].concat(rows), "answers.csv");
}

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
function quoted(value) {
  const text = String(value == null ? "" : value);
  return '"' + (/^[=+\-@\t]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
}

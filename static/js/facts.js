// Saves each fact without leaving the page, and again when the connection is back.

const page = document.querySelector("[data-facts]");
const words = page.dataset;
const waiting = new Set();

async function save(form) {
  const said = form.querySelector(".saved");
  waiting.delete(form);
  said.textContent = words.saving;
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
    if (!answer.ok) return form.submit(); // the page says what is wrong, and shows both versions
    form.elements.seen.value = (await answer.json()).version;
    said.textContent = words.saved;
  } catch {
    said.textContent = words.failed;
    waiting.add(form);
  }
}

page.addEventListener("submit", (event) => {
  if ("plain" in event.target.dataset) return; // a choice between versions, or a confirmation: the page changes
  event.preventDefault();
  save(event.target);
});
page.addEventListener("input", (event) => {
  event.target.form.querySelector(".saved").textContent = "";
});
addEventListener("online", () => [...waiting].forEach(save));
addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});

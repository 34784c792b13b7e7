// Counts the characters that are left, as they are typed.
for (const field of document.querySelectorAll("textarea[data-count]")) {
  const counter = field.form.querySelector("[data-counter]");
  const most = Number(field.dataset.count);
  const count = () => (counter.textContent = `${[...field.value].length} / ${most}`);
  counter.hidden = false;
  field.addEventListener("input", count);
  count();
}

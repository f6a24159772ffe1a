// What every page does in the browser, and works without: focus on what is wrong, a password that can be looked at,
// a form that is sent once.

for (const target of document.querySelectorAll("[data-focus]")) target.focus();

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? "Показать" : "Скрыть";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

// A second press within the same page does nothing; the server recognises a repeated form anyway.
document.addEventListener("submit", event => {
  // Another module sends it in its own way, or later.
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
});
addEventListener("pageshow", event => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

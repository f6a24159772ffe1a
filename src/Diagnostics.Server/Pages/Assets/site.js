// The behaviour of every page in the browser; pages also work without it. This module moves the focus to errors, can
// show a password, and sends a form only once.

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

// A second press of a button on the same page does nothing; the server would also recognise a repeated form.
document.addEventListener("submit", event => {
  // When the default action is prevented, another module sends this form later or in its own way.
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

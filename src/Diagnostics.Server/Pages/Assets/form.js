// The behaviour of a page with a form in which a person writes. The browser asks for confirmation before the person
// leaves the page. If the sign-in ends while the person writes, the person signs in again here, and the text stays in
// its place. Without this module the form can still be sent.

const $ = id => document.getElementById(id);
const form = document.querySelector("form[data-written]"), dialog = $("sign-in"), wrong = $("sign-in-wrong");
// When a form is shown again with errors, its text is stored nowhere else, so leaving the page would lose it.
let written = $("errors") !== null, leaves = false, asking = false;

form.addEventListener("input", () => { written = true; });
addEventListener("beforeunload", event => {
  if (!written || leaves) return;
  event.preventDefault();
  event.returnValue = "";
});
// The person came back with the browser's "back" button, and the text is still there.
addEventListener("pageshow", event => { if (event.persisted) leaves = false; });

form.addEventListener("submit", async event => {
  if (leaves) return;
  event.preventDefault();
  if (asking) return;
  asking = true;
  const status = await whoIsHere();
  asking = false;
  if (status === 401) return dialog.showModal();
  if (status === 0) return tell("Нет связи: форма не отправлена, текст на месте. Отправьте её ещё раз, когда связь вернётся.");
  send();
});

function send() {
  leaves = true;
  form.requestSubmit();
}

/** Returns 0 when the server cannot be reached. */
async function whoIsHere() {
  try {
    const answer = await fetch("/api/v1/auth/me", { headers: { Accept: "application/json", "X-Diagnostics-Page": "1" }, cache: "no-store", credentials: "same-origin" });
    return answer.status;
  } catch {
    return 0;
  }
}

function tell(text) {
  const line = $("not-sent");
  line.textContent = text;
  line.hidden = false;
}

$("sign-in-later").addEventListener("click", () => dialog.close());
$("sign-in-form").addEventListener("submit", async event => {
  event.preventDefault();
  try {
    const answer = await fetch(event.target.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(event.target)) });
    const body = await answer.json();
    const other = answer.ok && body.accountId !== dialog.dataset.account;
    wrong.hidden = answer.ok && !other;
    if (!answer.ok) wrong.textContent = body.detail;
    else if (other) wrong.textContent = "Это другая учётная запись. Войдите той, под которой начали писать.";
    else {
      event.target.reset();
      dialog.close();
      send();
    }
  } catch {
    wrong.hidden = false;
    wrong.textContent = "Нет связи: войти пока нельзя. Текст на месте.";
  }
});

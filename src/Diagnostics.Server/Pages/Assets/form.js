// The behaviour of a page with a form in which a person writes. The browser asks for confirmation before the person
// leaves the page. If the sign-in ends while the person writes, the person signs in again here, and the text stays in
// its place. Without this module the form can still be sent.

const $ = id => document.getElementById(id);
const form = document.querySelector("form[data-written]"), dialog = $("sign-in"), wrong = $("sign-in-wrong");
// When a form is shown again with what was typed, the text is stored nowhere else, so leaving the page would lose it.
const again = $("errors") !== null || form.dataset.shown === "again";
let written = again, leaves = false, asking = false, pressed = null;

// What is typed stays on this device until the server has carried the form out: the page after it forgets the text.
const NAME = form.dataset.keep, state = $("kept");
const typed = () => [...form.elements].filter(it => it.name && it.type !== "hidden" && it.type !== "submit");
const read = () => JSON.stringify(typed().filter(it => it.type !== "radio" || it.checked).map(it => [it.name, it.value]));
const empty = read();
function keep() {
  if (!NAME) return;
  let done = true;
  try { read() === empty && !again ? localStorage.removeItem(NAME) : localStorage.setItem(NAME, read()); } catch { done = false; }
  // What the device keeps is not lost by leaving.
  written = !done;
  say(done ? "kept" : "unsaved", done ? "Набранное — на этом устройстве" : "Не сохранено: не закрывайте страницу");
}
function restore() {
  try {
    const before = JSON.parse(localStorage.getItem(NAME) ?? "null");
    if (!before) return;
    const of = new Map(before);
    for (const it of typed()) if (it.type === "radio") it.checked = of.get(it.name) === it.value; else if (of.has(it.name)) it.value = of.get(it.name);
    say("kept", "Восстановлено набранное на этом устройстве");
  } catch { /* The page shows the form as it came. */ }
}
function say(claim, text) {
  state.dataset.claim = claim;
  state.hidden = false;
  if (state.textContent !== text) state.textContent = text;
}
if (NAME) again ? keep() : restore();

form.addEventListener("input", () => { written = true; keep(); });
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
  pressed = event.submitter;
  const status = await whoIsHere();
  asking = false;
  if (status === 401) return dialog.showModal();
  if (status === 0) return tell("Нет связи: форма не отправлена, текст на месте. Отправьте её ещё раз, когда связь вернётся.");
  send();
});

function send() {
  leaves = true;
  form.requestSubmit(pressed);
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

// The behaviour of a page with forms in which a person writes. What is typed stays on this device until the server has
// carried the form out. If the sign-in ends while the person writes, the person signs in again here, and the text stays
// in its place; or on another page, and the text is back with this one. Without this module the forms can still be sent.

import { onSignIn, signIn, whoIsHere } from "./sign-in.js";

let pressed = null, asking = false, leaves = false;

for (const form of document.querySelectorAll("form[data-written]")) {
  const { keep: NAME, tab, shown } = form.dataset, state = form.querySelector("[data-kept]"), line = form.querySelector("[data-not-sent]");
  const store = () => tab ? sessionStorage : localStorage;
  const ticked = it => it.type === "radio" || it.type === "checkbox";
  const typed = () => [...form.elements].filter(it => it.name && !["hidden", "submit", "file"].includes(it.type));
  const entries = () => typed().filter(it => !ticked(it) || it.checked).map(it => [it.name, it.value]);
  const read = () => JSON.stringify(entries()), stored = () => JSON.parse(store().getItem(NAME) ?? "[]");
  const empty = read();
  // When a form is shown again with what was typed, the text may be stored nowhere else.
  let written = Boolean(shown);

  function keep() {
    let done = true;
    try {
      // What another form of the same name holds, such as the one before this, stays.
      const others = stored().filter(([name]) => !typed().some(it => it.name === name));
      read() === empty && !shown && !others.length ? store().removeItem(NAME) : store().setItem(NAME, JSON.stringify([...others, ...entries()]));
    } catch { done = false; }
    // What the device keeps is not lost by leaving; what the tab keeps is lost with the tab.
    written = !done || Boolean(tab);
    say(done ? "kept" : "unsaved", !done ? "Не сохранено: не закрывайте страницу" : tab ? "Набранное — в этой вкладке" : "Набранное — на этом устройстве");
  }
  function restore() {
    try {
      const before = stored();
      if (!before.length) return;
      const texts = new Map(before);
      for (const it of typed()) if (ticked(it)) it.checked = before.some(([name, value]) => name === it.name && value === it.value); else if (texts.has(it.name)) it.value = texts.get(it.name);
      if (read() === empty) return;
      for (let it = form.parentElement; it; it = it.parentElement) if (it.tagName === "DETAILS") it.open = true;
      say("kept", tab ? "Восстановлено набранное в этой вкладке" : "Восстановлено набранное на этом устройстве");
    } catch { /* The page shows the form as it came. */ }
  }
  function say(claim, text) {
    state.dataset.claim = claim;
    state.className = claim === "kept" ? "small quiet" : "wrong";
    state.hidden = false;
    if (state.textContent !== text) state.textContent = text;
  }
  shown ? keep() : restore();

  form.addEventListener("input", () => { written = true; keep(); });
  addEventListener("beforeunload", event => {
    if (!written || leaves) return;
    event.preventDefault();
    event.returnValue = "";
  });
  form.addEventListener("submit", async event => {
    if (leaves) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    pressed = { form, button: event.submitter };
    line.hidden = true;
    const status = await whoIsHere();
    asking = false;
    if (status === 401) return signIn();
    if (status === 0) {
      line.textContent = "Нет связи: форма не отправлена, текст на месте. Отправьте её ещё раз, когда связь вернётся.";
      line.hidden = false;
      return;
    }
    send();
  });
}

function send() {
  const { form, button } = pressed;
  pressed = null;
  leaves = true;
  form.requestSubmit(button);
}

onSignIn(() => { if (pressed) send(); });
// The person came back with the browser's "back" button, and the text is still there.
addEventListener("pageshow", event => { if (event.persisted) leaves = false; });

// Signing in again without leaving the page, in the page's dialog.

const $ = id => document.getElementById(id);
const dialog = $("sign-in"), wrong = $("sign-in-wrong"), waiting = [];

export const signIn = () => { if (!dialog.open) dialog.showModal(); };

/** Calls back each time the person whose page this is has signed in again. */
export const onSignIn = tell => waiting.push(tell);

/** Returns 401 when the person whose page this is has not signed in, also if somebody else has; 0 when the server cannot be reached. */
export async function whoIsHere() {
  try {
    const answer = await fetch("/api/v1/auth/me", { headers: { Accept: "application/json", "X-Diagnostics-Page": "1" }, cache: "no-store", credentials: "same-origin" });
    const { accountId } = answer.ok ? await answer.json() : {};
    return accountId && accountId !== dialog.dataset.account ? 401 : answer.status;
  } catch {
    return 0;
  }
}

/** The forms of the page belong to the sign-in that has ended, and the browser may have lost their cookie, too. */
async function renewForms() {
  const answer = await fetch("/form-token", { headers: { Accept: "application/json" }, cache: "no-store", credentials: "same-origin" });
  if (!answer.ok) return;
  const { token } = await answer.json();
  for (const field of document.querySelectorAll("input[name=form-token]")) field.value = token;
}

$("sign-in-later").addEventListener("click", () => dialog.close());
$("sign-in-form").addEventListener("submit", async event => {
  event.preventDefault();
  let text = "";
  try {
    const answer = await fetch(event.target.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(event.target)) });
    const body = await answer.json();
    if (!answer.ok) text = body.detail;
    else if (body.accountId !== dialog.dataset.account) text = "Это другая учётная запись. Войдите той, под которой начали писать.";
    else await renewForms();
  } catch { text = "Нет связи: войти пока нельзя. Набранное на месте."; }
  Object.assign(wrong, { textContent: text, hidden: !text });
  if (text) return;
  event.target.reset();
  dialog.close();
  for (const tell of waiting) tell();
});

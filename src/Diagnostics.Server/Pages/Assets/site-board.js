// The board of a sitting: asks the server every ten seconds what has changed and counts the remaining time. Rows stay
// the same elements, so that ticks, focus and the memory of the browser stay as they are. Without this module the page
// shows the state at the moment when it was opened, and the link «Обновить» opens it again.

const POLL = 10_000;
const $ = id => document.getElementById(id);
const bar = $("board"), rows = $("board-rows"), checked = $("board-checked"), stop = $("board-stop"), form = $("board-form");
const clock = new Intl.DateTimeFormat("ru", { hour: "numeric", minute: "2-digit", second: "2-digit", timeZone: bar.dataset.zone });
let tag = null, failed = 0, timer = 0, stopped = false;
// The difference between the server's clock and this device's, in milliseconds.
let ahead = Number(bar.dataset.now) - Date.now();
let last = Date.now() + ahead;

const now = () => Date.now() + ahead;
const text = (element, said) => { if (element.textContent !== said) element.textContent = said; };

async function ask() {
  clearTimeout(timer);
  // A board that nobody sees asks nothing.
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(bar.dataset.state, {
        headers: tag ? { "If-None-Match": tag } : {}, credentials: "same-origin", cache: "no-store", redirect: "error",
        signal: "timeout" in AbortSignal ? AbortSignal.timeout(8_000) : undefined,
      });
      if (answer.status === 401) return end("Вход закончился: обновите страницу и войдите снова.");
      if (answer.status === 403 || answer.status === 404) return end("Этот день вам больше не показывают: обновите страницу.");
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      ahead = Number(answer.headers.get("X-Server-Time")) - Date.now();
      if (answer.status !== 304) {
        show((await answer.json()).rows);
        tag = answer.headers.get("ETag");
      }
      failed = 0;
      last = now();
      old(false);
    } catch {
      failed += 1;
      if (failed > 1) old(true);
    }
    tick();
  }
  if (!stopped) timer = setTimeout(ask, POLL * (0.8 + 0.4 * Math.random()));
}

function old(is) {
  bar.classList.toggle("old", is);
  document.body.classList.toggle("board-old", is);
  text(checked, is ? `Нет связи. Данные на ${clock.format(last)}` : `Обновлено в ${clock.format(last)}`);
}

function end(said) {
  stopped = true;
  stop.hidden = true;
  document.body.classList.add("board-old");
  text(checked, said);
  text($("board-said"), said);
}

function show(state) {
  const calls = [];
  let place = rows.firstElementChild;
  const focus = document.activeElement;
  for (const row of state) {
    const line = $(`r-${row.id.replaceAll("-", "")}`);
    // Somebody who got a seat after the page was opened has no name here yet.
    if (!line) return location.reload();
    if (row.rank < 4 && !line.classList.contains("hot")) calls.push(`место ${row.seat}: ${row.marks.map(mark => mark.text).join(", ")}`);
    line.className = row.rank < 4 ? "hot" : row.rank === 9 ? "past" : "";
    line.dataset.until = row.until ?? "";
    line.dataset.left = row.left ?? "";
    const cell = name => line.querySelector(`[data-cell=${name}]`);
    text(cell("state"), row.state);
    cell("state").className = `tag ${row.tone}`;
    text(cell("answered"), row.answered);
    text(cell("saved"), row.saved);
    mark(cell("marks"), row.marks);
    if (line === place) place = place.nextElementSibling;
    else rows.insertBefore(line, place);
  }
  // A row that is moved loses the focus.
  if (focus && focus !== document.activeElement && rows.contains(focus)) focus.focus({ preventScroll: true });
  if (calls.length > 0) text($("board-said"), calls.slice(0, 5).join("; "));
}

function mark(cell, marks) {
  if ([...cell.children].map(one => one.textContent).join() === marks.map(one => one.text).join()) return;
  cell.replaceChildren(...marks.map(one => {
    const note = document.createElement("span");
    note.className = `mark-note ${one.tone}`;
    note.textContent = one.text;
    return note;
  }));
}

/** Hours and minutes; the last ten minutes also with seconds. */
function length(seconds) {
  const two = number => String(number).padStart(2, "0");
  return seconds < 600
    ? `${Math.floor(seconds / 60)} мин ${two(seconds % 60)} с`
    : `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}`;
}

function tick() {
  for (const line of rows.children) {
    const { until, left } = line.dataset;
    const seconds = left ? Number(left) : until ? Math.max(0, Math.floor((Number(until) - now()) / 1000)) : null;
    text(line.querySelector("[data-cell=left]"), seconds === null ? "—" : length(seconds));
  }
}

if (rows) {
  stop.hidden = false;
  $("board-again").hidden = true;
  stop.addEventListener("click", () => {
    stopped = !stopped;
    stop.textContent = stopped ? "Продолжить обновление" : "Остановить обновление";
    if (stopped) clearTimeout(timer); else ask();
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && !stopped) ask(); });
  addEventListener("pageshow", event => { if (event.persisted && !stopped) ask(); });
  setInterval(() => { if (document.visibilityState === "visible") tick(); }, 1_000);
  ask();
}

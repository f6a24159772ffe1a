// The waiting room: checks the device, asks whether the person has been admitted, and then starts the test by itself.
// Without this module the page explains what to do, and its form also starts the test.

const HEADERS = { "X-Diagnostics-Page": "1", "Content-Type": "application/json" };
const POLL = 10_000;
const COUNTDOWN = 10;
const SLOW = 1_000;
const CLOCK_OFF = 120;

const WORDS = {
  admitted: "Вас допустили",
  begins: "Тест начнётся сам через 10 секунд, и пойдёт время. Можно начать раньше или подождать.",
  left: left => `Осталось ${left} с`,
  held: "Когда будете готовы, нажмите «Начать тест». Время ещё не идёт.",
  checked: at => `Ждём допуска. Проверено в ${at}.`,
  stopped: "Обновление остановлено.",
  goOn: "Продолжить обновление",
  stop: "Остановить обновление",
  noLine: "Нет связи с сервером. Проверяем снова каждые 10 секунд.",
  signedOut: "Вход закончился. Обновите страницу и войдите снова.",
  gone: "Сеанс изменился. Обновите страницу.",
};

const $ = id => document.getElementById(id);
const room = $("room");
const session = room.dataset.session;
let state = room.dataset.state;

const api = (path, options = {}) => fetch(`/api/v1/sessions${path}`, {
  ...options, headers: HEADERS, credentials: "same-origin", cache: "no-store", redirect: "error",
  signal: "timeout" in AbortSignal ? AbortSignal.timeout(10_000) : undefined,
});

// ——— The device ———

function tell(id, tone, text) {
  const line = $(`check-${id}`);
  line.className = tone;
  line.querySelector(".check-mark").textContent = { good: "✓", warn: "!", bad: "×" }[tone];
  line.querySelector(".check-text").textContent = text;
  return `${id}: ${tone}`;
}

async function tryLine() {
  const times = [];
  try {
    for (let at = 0; at < 3; at++) {
      const from = performance.now();
      const answer = await api("/connection-check/1", { method: "PUT", body: JSON.stringify({ baseRevision: 0, response: null }) });
      if (!answer.ok) throw new Error(String(answer.status));
      await answer.json();
      times.push(performance.now() - from);
    }
  } catch {
    return tell("line", "bad", "Сервер не отвечает. Проверьте сеть или позовите организатора.");
  }
  const middle = Math.round(times.sort((a, b) => a - b)[1]);
  return middle > SLOW
    ? tell("line", "warn", `Медленная: ответ за ${middle} мс. Тест пройдёт, но сохранение будет заметно позже нажатия.`)
    : tell("line", "good", `Хорошая: ответ за ${middle} мс.`);
}

function tryDatabase() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("exam-check", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tried");
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
    opening.onsuccess = () => {
      const database = opening.result;
      const work = database.transaction("tried", "readwrite");
      work.objectStore("tried").put("проба", 1);
      const reading = work.objectStore("tried").get(1);
      work.oncomplete = () => {
        database.close();
        indexedDB.deleteDatabase("exam-check");
        reading.result === "проба" ? resolve() : reject(new Error("lost"));
      };
      work.onerror = work.onabort = () => reject(work.error);
    };
  });
}

async function tryStore() {
  try {
    await tryDatabase();
    // Only this page asks the browser for persistent storage, because Firefox shows the person a question whenever a
    // page asks. The page works the same whatever the person replies.
    navigator.storage?.persist?.().catch(() => {});
    return tell("store", "good", "Работает: при обрыве связи ответы сохранятся на этом устройстве.");
  } catch {
    try {
      localStorage.setItem("exam-check", "1");
      localStorage.removeItem("exam-check");
      return tell("store", "warn", "Работает не полностью. Закройте приватное окно и откройте обычное.");
    } catch {
      return tell("store", "bad", "Браузер не хранит ответы. Откройте обычное, не приватное окно или другой браузер.");
    }
  }
}

async function tryClock() {
  try {
    const from = Date.now();
    const answer = await api(`/${session}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const mine = (from + Date.now()) / 2;
    const off = Math.round((mine - Date.parse((await answer.json()).serverTime)) / 1000);
    return Math.abs(off) <= CLOCK_OFF
      ? tell("clock", "good", "Идут верно. Время теста всё равно считает сервер.")
      : tell("clock", "warn", `На устройстве ${off > 0 ? "спешат" : "отстают"} (${length(Math.abs(off))}). Это не помешает: время теста считает сервер.`);
  } catch {
    return tell("clock", "warn", "Не удалось сверить. Время теста считает сервер.");
  }
}

function length(seconds) {
  if (seconds < 3600) return `${Math.round(seconds / 60)} мин`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} ч` : `${Math.round(seconds / 86_400)} дн.`;
}

function tryDevice() {
  if (!navigator.cookieEnabled || !("BroadcastChannel" in window))
    return tell("device", "warn", "Браузер старый: тест откроется, но лучше обновить его или взять другой.");
  return Math.min(innerWidth, innerHeight) < 320
    ? tell("device", "warn", "Экран маленький: поверните устройство или закройте лишние панели.")
    : tell("device", "good", "Подходят.");
}

async function tryAll() {
  $("check-again").disabled = true;
  const found = [await tryLine(), await tryStore(), await tryClock(), tryDevice()];
  $("check-again").hidden = false;
  $("check-again").disabled = false;
  return found;
}

// ——— The door ———

let timer = 0, stopped = false, countdown = 0;

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await api(`/${session}`);
    if (answer.status === 401) return say(WORDS.signedOut);
    if (!answer.ok) return again(answer.status === 404 ? WORDS.gone : WORDS.noLine);
    const now = (await answer.json()).state;
    if (now === "scheduled") return again(WORDS.checked(new Date().toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit", second: "2-digit" })));
    state = now;
    now === "open" ? admit() : location.reload();
  } catch {
    again(WORDS.noLine);
  }
}

function again(text) {
  say(text);
  if (!stopped) timer = setTimeout(ask, POLL * (0.8 + 0.4 * Math.random()));
}

function say(text) { $("room-checked").textContent = text; }

function admit() {
  document.title = document.title.replace(/^[^—]+/, `${WORDS.admitted} `);
  $("room-heading").textContent = WORDS.admitted;
  $("room-poll").hidden = true;
  $("room-start").hidden = false;
  $("room-hold").hidden = false;
  $("room-text").textContent = WORDS.begins;
  // The counter is beside the status and not in it, so that a screen reader announces the start of the countdown and
  // not every second.
  $("room-count").hidden = false;
  let left = COUNTDOWN;
  $("room-count").textContent = WORDS.left(left);
  countdown = setInterval(() => {
    // The test starts only when the page is visible: a person who is looking at another tab has not begun.
    if (document.visibilityState !== "visible") return;
    left -= 1;
    $("room-count").textContent = WORDS.left(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(countdown);
    $("room-start").requestSubmit();
  }, 1_000);
  $("room-start").querySelector("[type=submit]").focus();
}

$("room-hold").addEventListener("click", () => {
  clearInterval(countdown);
  $("room-hold").hidden = true;
  $("room-count").hidden = true;
  $("room-text").textContent = WORDS.held;
  $("room-start").querySelector("[type=submit]").focus();
});

$("room-stop").addEventListener("click", () => {
  stopped = !stopped;
  clearTimeout(timer);
  $("room-stop").textContent = stopped ? WORDS.goOn : WORDS.stop;
  stopped ? say(WORDS.stopped) : ask();
});

function deviceName() {
  try {
    const known = localStorage.getItem("device") ?? Array.from(crypto.getRandomValues(new Uint8Array(8)), each => each.toString(16).padStart(2, "0")).join("");
    localStorage.setItem("device", known);
    return known;
  } catch {
    return "";
  }
}

$("room-start").elements.device.value = deviceName();
$("check-again").addEventListener("click", tryAll);
if (state === "scheduled") {
  $("room-poll").hidden = false;
  timer = setTimeout(ask, POLL);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && state === "scheduled" && !stopped) ask(); });
}
const found = await tryAll();
const told = `checked-${session}`;
try {
  if (!sessionStorage.getItem(told)) {
    const noted = await api(`/${session}/events`, { method: "POST", body: JSON.stringify({ kind: "device_checked", note: found.join("; ") }) });
    if (noted.ok) sessionStorage.setItem(told, "1");
  }
} catch { /* The next visit reports it. */ }

// What the person sees and does: fields, list of items, check before the end. Knows nothing of lines and stores.
import { status, unsent, writable } from './machine.js';
import { describe, plural } from './words.js';

const $ = (id, from = document) => from.querySelector(`#${id}`);

/** An element with text and children; no HTML is ever made of strings. */
function make(tag, more = {}, ...inside) {
  const it = document.createElement(tag), { on, data, ...rest } = more;
  Object.assign(it, rest);
  if (data) Object.assign(it.dataset, data);
  if (on) it.addEventListener('click', on);
  it.append(...inside);
  return it;
}

// How each kind of item is read and written.
const choice = (type, one) => ({
  read: it => {
    const chosen = [...it.querySelectorAll('.choices input:checked')].map(each => each.value);
    return one ? { type, option: chosen[0] ?? null } : { type, options: chosen };
  },
  write: (it, value) => {
    const chosen = one ? [value?.option] : value?.options ?? [];
    for (const each of it.querySelectorAll('.choices input')) each.checked = chosen.includes(each.value);
  },
  words: (it, value) => (one ? [value.option] : value.options)
    .map(id => it.querySelector(`.choices input[value="${id}"]`)?.parentElement.textContent).join('; '),
});
const words = type => ({
  text: true,
  read: it => ({ type, text: it.querySelector('input[type=text], textarea').value }),
  write: (it, value) => {
    const field = it.querySelector('input[type=text], textarea');
    if (field.value !== (value?.text ?? '')) field.value = value?.text ?? '';
  },
  words: (_, value) => value.text,
});
const rows = it => [...it.querySelectorAll('.exam-order > li')];
const KINDS = {
  single_choice: choice('single_choice', true),
  multiple_choice: choice('multiple_choice', false),
  short_answer: words('short_answer'),
  extended_response: words('extended_response'),
  matching: {
    read: it => ({ type: 'matching', pairs: Object.fromEntries([...it.querySelectorAll('select')].map(each => [each.dataset.left, each.value])) }),
    write: (it, value) => {
      for (const each of it.querySelectorAll('select')) each.value = value?.pairs[each.dataset.left] ?? '';
      it.querySelector('.exam-moved')?.remove();
    },
    whole: (it, value) => Object.values(value.pairs).filter(Boolean).length === it.querySelectorAll('select').length,
    words: (it, value) => Object.entries(value.pairs).map(([left, right]) => {
      const select = it.querySelector(`select[data-left="${left}"]`);
      return `${select.labels[0].textContent.trim()} → ${[...select.options].find(each => each.value === right)?.textContent}`;
    }).join('; '),
  },
  ordering: {
    read: it => ({ type: 'ordering', order: rows(it).map(each => each.dataset.id) }),
    write: (it, value) => {
      const list = it.querySelector('.exam-order'), order = value?.order ?? [...it.first];
      if (rows(it).some((row, at) => row.dataset.id !== order[at])) for (const id of order) list.append(rows(it).find(row => row.dataset.id === id));
      number(it);
    },
    words: (it, value) => value.order.map(id => rows(it).find(row => row.dataset.id === id)?.querySelector('.exam-text').textContent).join(' → '),
  },
};

function number(it) {
  const all = rows(it);
  all.forEach((row, at) => {
    row.querySelector('select').value = at + 1;
    for (const button of row.querySelectorAll('[data-move]'))
      button.setAttribute('aria-disabled', at + Number(button.dataset.move) < 0 || at + Number(button.dataset.move) >= all.length);
  });
}

export class Page {
  /** @param does input(slot, value, text), choose(slot, mine), finish(auto, without), stay(), hurry(), takeOver(), signIn(), save() */
  constructor({ time, does, flags }) {
    this.time = time; this.does = does; this.flags = flags; this.current = null; this.checking = false; this.saidAt = 0;
    this.items = new Map([...document.querySelectorAll('.exam-item')].map(it => [Number(it.dataset.slot), it]));
    for (const [slot, it] of this.items) this.#prepare(slot, it);
    for (const slot of this.items.keys()) $('nav-list').append(make('li', {}, make('a', { href: `#item-${slot}`, id: `nav-${slot}` })));
    $('nav').hidden = this.items.size === 0;
    $('to-check').addEventListener('click', () => this.check(true));
    $('export').addEventListener('click', () => this.does.save());
    document.addEventListener('click', event => {
      const link = event.target.closest?.('a[href^="#item-"]');
      if (!link) return;
      event.preventDefault();
      this.open(Number(link.hash.slice(6)), true);
    });
    const first = Number(location.hash.slice(6));
    this.open(this.items.has(first) ? first : this.items.keys().next().value);
  }

  get slots() { return [...this.items.keys()]; }

  #prepare(slot, it) {
    const kind = KINDS[it.dataset.type];
    it.first = rows(it).map(row => row.dataset.id);
    const told = () => this.does.input(slot, kind.read(it), !!kind.text);
    if (kind.text) it.querySelector('.exam-fields').addEventListener('input', told);
    else it.querySelector('.exam-fields').addEventListener('change', event => {
      if (it.dataset.type === 'ordering') this.#move(it, event.target.closest('li'), event.target.value - 1, event.target);
      if (it.dataset.type === 'matching') this.#once(it, event.target);
      told();
    });
    for (const button of it.querySelectorAll('[data-move]')) button.addEventListener('click', () => {
      const row = button.closest('li');
      if (button.getAttribute('aria-disabled') === 'true' || it.querySelector('fieldset').disabled) return;
      this.#move(it, row, rows(it).indexOf(row) + Number(button.dataset.move), button);
      told();
    });
    it.querySelector('[data-clear]').addEventListener('click', () => {
      kind.write(it, null);
      this.does.input(slot, null, false);
      it.focus();
    });
    it.querySelector('[data-keep]')?.addEventListener('click', told);
    it.querySelector('[data-flag]').checked = this.flags.has(slot);
    it.querySelector('[data-flag]').addEventListener('change', event => this.does.flag(slot, event.target.checked));
    for (const button of it.querySelectorAll('[data-go]')) button.addEventListener('click', () => this.#step(Number(button.dataset.go)));
    // Enter in a field of one line does nothing: the only way to the end is the check.
    it.addEventListener('keydown', event => { if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault(); });
  }

  #move(it, row, to, focus) {
    const list = row.parentElement, others = rows(it).filter(each => each !== row);
    list.insertBefore(row, others[to] ?? null);
    number(it);
    focus.focus();
    this.say(`«${row.querySelector('.exam-text').textContent}» — место ${to + 1} из ${others.length + 1}`);
  }

  // Taken in another row, a variant moves here; that row may be off the screen, so the words stand where the person looks.
  #once(it, select) {
    it.querySelector('.exam-moved')?.remove();
    if (it.dataset.reuse || !select.value) return;
    for (const other of it.querySelectorAll('select')) {
      if (other === select || other.value !== select.value) continue;
      other.value = '';
      const text = `Вариант перенесён сюда из строки «${other.labels[0].textContent.trim()}»: она теперь без ответа.`;
      select.closest('.exam-row').append(make('p', { className: 'small exam-moved', textContent: text }));
      this.say(text);
    }
  }

  #step(by) {
    const slots = this.slots, to = slots[slots.indexOf(this.current) + by];
    if (to) this.open(to, true); else if (by > 0) this.check(true);
  }

  open(slot, focus = false) {
    if (!this.items.has(slot)) return;
    this.check(false);
    this.current = slot;
    for (const [each, it] of this.items) it.hidden = each !== slot;
    const it = this.items.get(slot), at = this.slots.indexOf(slot);
    $('place').textContent = `Задание ${at + 1} из ${this.items.size}`;
    it.querySelector('[data-go="-1"]').disabled = at === 0;
    it.querySelector('[data-go="1"]').textContent = at === this.items.size - 1 ? 'К проверке' : 'Дальше';
    if (focus) { history.replaceState(null, '', `#item-${slot}`); scrollTo(0, 0); it.focus({ preventScroll: true }); }
    if (this.state) this.render(this.state);
  }

  check(open) {
    this.checking = open;
    $('check').hidden = !open;
    $('items').hidden = open;
    $('to-check').hidden = open;
    if (!open) return;
    $('place').textContent = 'Проверка';
    if (this.state) this.render(this.state);
    // It is opened from below a long item, and begins with what is not in order.
    scrollTo(0, 0);
    $('check').focus({ preventScroll: true });
  }

  /** Puts a value into its field, without taking the focus. */
  show(slot, value) {
    const it = this.items.get(slot);
    if (it) KINDS[it.dataset.type].write(it, value);
  }

  /** Politely, and not more often than every five seconds: of several the last. */
  say(text) {
    if (!text) return;
    clearTimeout(this.saying);
    const wait = Math.max(0, this.saidAt + 5000 - performance.now());
    this.saying = setTimeout(() => { this.saidAt = performance.now(); $('said').textContent = text; }, wait);
  }

  render(state) {
    this.state = state;
    const told = describe(state, performance.now(), this.time), open = writable(state), shown = state.session !== 'paused' && state.stop !== 'other';
    const bar = $('state');
    bar.dataset.claim = told.claim;
    bar.dataset.bad = told.bad || told.claim === 'unsaved' ? 'yes' : '';
    if ($('state-text').textContent !== told.text) $('state-text').textContent = told.text;
    this.#buttons($('acts'), told.act ?? '', [
      told.act && (this.checking || told.act !== this.current) && ['Показать', () => this.open(told.act, true)],
      told.signIn && ['Войти', this.does.signIn],
      told.bad && state.line !== 'stopped' && state.line !== 'ok' && ['Отправить сейчас', this.does.hurry],
    ]);
    $('export').hidden = !(told.n && (told.bad || told.claim === 'unsaved'));
    this.#waits(state);
    $('items').hidden = this.checking || !shown || state.session === 'over';
    $('nav').hidden = !shown || this.items.size === 0 || state.session === 'over';
    for (const [slot, it] of this.items) this.#item(state, slot, it, open);
    if (this.checking) this.#check(state);
    if (state.session === 'over') this.#end(state, told);
  }

  #whole(slot, { value }) {
    const it = this.items.get(slot);
    return KINDS[it.dataset.type].whole?.(it, value) ?? true;
  }

  #item(state, slot, it, open) {
    const mine = state.slots[slot], now = status(state, slot), fields = it.querySelector('.exam-fields');
    if (fields.disabled === open) fields.disabled = !open;
    const answered = mine.value !== null, whole = answered && this.#whole(slot, mine);
    const mark = now === 'conflict' || now === 'refused' ? '!' : now !== 'clean' ? '↻' : whole ? '●' : answered ? '◐' : '○';
    const clean = whole ? 'отвечено' : answered ? 'отвечено не до конца' : 'нет ответа';
    const text = { conflict: 'выбрать из двух', refused: 'исправить', clean }[now] ?? 'не отправлено';
    const flagged = this.flags.has(slot), link = $(`nav-${slot}`);
    const label = `${slot} ${mark}${flagged ? ' ⚑' : ''}|${text}${flagged ? ', вернуться' : ''}`;
    if (link.dataset.label !== label) {
      link.dataset.label = label;
      link.dataset.state = mark === '↻' ? 'wait' : mark === '!' ? 'wrong' : whole ? 'done' : answered ? 'part' : 'none';
      link.replaceChildren(
        make('span', { className: 'hide', textContent: `Задание ${slot}: ${label.split('|')[1]}` }),
        make('span', { ariaHidden: 'true', textContent: `${slot}` }), make('span', { ariaHidden: 'true', className: 'exam-mark', textContent: `${mark}${flagged ? '⚑' : ''}` }));
    }
    if (slot === this.current && !this.checking) link.setAttribute('aria-current', 'step'); else link.removeAttribute('aria-current');
    if (slot !== this.current) return;
    const type = it.dataset.type;
    it.querySelector('[data-clear]').hidden = !open || !answered || !['single_choice', 'ordering'].includes(type);
    const keep = it.querySelector('[data-keep]');
    if (keep) keep.hidden = !open || answered;
    it.querySelector('.exam-order')?.classList.toggle('touched', answered);
    this.#length(slot, it, mine);
    // That it is too long the counter says already.
    const wrong = $(`wrong-${slot}`), why = now === 'refused' && mine.refused.code !== 'answer-too-long' && (mine.refused.detail ?? 'Ответ слишком велик для сети: сократите его.');
    if (why && wrong.textContent !== why) wrong.textContent = why;
    wrong.hidden = !why;
    this.#conflict(slot, it, mine);
  }

  // Over the limit one may type: the words say what is lost, and nothing is cut off.
  #length(slot, it, mine) {
    const max = Number(it.dataset.max), count = $(`count-${slot}`);
    if (!max) return;
    const length = (mine.value?.text ?? '').length, left = max - length;
    count.hidden = left > max / 10;
    count.className = left < 0 ? 'wrong' : 'hint';
    count.textContent = left < 0 ? `Длиннее на ${-left} ${plural(-left, 'знак', 'знака', 'знаков')}: такой ответ на сервере не сохраняется.` : `Осталось знаков: ${left}`;
  }

  #conflict(slot, it, mine) {
    const box = $(`conflict-${slot}`), { other } = mine, key = other ? `${other.rev}|${JSON.stringify(mine.value)}` : '';
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.hidden = !other;
    box.replaceChildren();
    if (!other) return;
    const tell = value => value === null ? 'ответ стёрт' : KINDS[it.dataset.type].words(it, value);
    box.append(
      make('h3', { textContent: 'Этот ответ изменён и в другом месте' }),
      make('p', { textContent: 'Выберите, какой верен. Второй не пропадёт: он сохранён для комиссии.' }),
      make('div', { className: 'exam-two' },
        make('div', {}, make('h4', { textContent: 'На этом устройстве' }), make('p', { className: 'lines', textContent: tell(mine.value) }),
          make('button', { type: 'button', textContent: 'Оставить этот', on: () => this.does.choose(slot, true) })),
        make('div', {}, make('h4', { textContent: `На сервере${other.at ? `, ${this.time(other.at)}` : ''}` }), make('p', { className: 'lines', textContent: tell(other.value) }),
          make('button', { type: 'button', className: 'second', textContent: 'Взять тот, что на сервере', on: () => this.does.choose(slot, false) }))));
  }

  #waits(state) {
    const what = state.tab === 'follower' ? 'tab' : state.session === 'paused' ? 'pause' : state.finish?.phase === 'posting' ? 'posting' : state.store !== 'idb' ? 'store' : '';
    const box = $('waits');
    if (box.dataset.what === what) return;
    box.dataset.what = what;
    box.hidden = !what;
    box.replaceChildren();
    const [head, text, button] = {
      tab: ['Тест открыт в другой вкладке', 'Здесь можно только смотреть: отвечать можно в одной вкладке.', ['Продолжить здесь', this.does.takeOver]],
      pause: ['Пауза, время стоит', 'Организатор остановил тест. Задания появятся, когда он продолжит; ничего делать не нужно.'],
      posting: ['Проверяем, принят ли тест…', 'Не закрывайте страницу.'],
      store: ['Браузер не хранит ответы', 'Пока есть связь, всё сохраняется на сервере. При обрыве связи не закрывайте страницу.'],
    }[what] ?? [];
    if (!head) return;
    box.append(make('h2', { textContent: head }), make('p', { textContent: text }));
    if (button) box.append(make('p', {}, make('button', { type: 'button', textContent: button[0], on: button[1] })));
  }

  #check(state) {
    const of = (...kinds) => this.slots.filter(slot => kinds.includes(status(state, slot)));
    const blank = this.slots.filter(slot => state.slots[slot].value === null), order = slot => this.items.get(slot).dataset.type === 'ordering';
    const part = this.slots.filter(slot => state.slots[slot].value !== null && !this.#whole(slot, state.slots[slot]));
    const stuck = of('conflict', 'refused'), waits = of('dirty', 'sending', 'unsure'), { finish } = state;
    const key = JSON.stringify([stuck, waits, blank, part, [...this.flags], finish?.phase, state.line, state.session]);
    if (this.checked === key) return;
    this.checked = key;
    const group = (title, slots, bad) => slots.length ? [make('div', { className: bad ? 'notice bad' : 'stack-s' },
      make('h3', { textContent: `${title}: ${slots.length}` }),
      make('p', { className: 'exam-links' }, ...slots.map(slot => make('a', { href: `#item-${slot}`, textContent: `Задание ${slot}` }))))] : [];
    const lists = [
      ...group('Не сохранено, нужно исправить', stuck, true), ...group('Ещё не отправлено', waits, true),
      ...group('Нет ответа', blank.filter(slot => !order(slot))), ...group('Порядок не тронут', blank.filter(order)),
      ...group('Отвечено не до конца', part),
      ...group('Хотели вернуться', this.slots.filter(slot => this.flags.has(slot))),
    ];
    $('check-lists').replaceChildren(...(lists.length ? lists : [make('p', { textContent: 'На все задания есть ответ, всё сохранено на сервере.' })]));
    const without = make('input', { type: 'checkbox' }), auto = make('input', { type: 'checkbox', checked: !!finish?.auto });
    const ask = (box, text) => make('label', { className: 'choice' }, box, make('span', { textContent: text }));
    const done = make('button', { type: 'button', className: 'big', textContent: finish?.phase === 'posting' ? 'Завершаем…' : finish ? 'Ждём отправки…' : 'Завершить тест' });
    done.disabled = !!finish;
    done.addEventListener('click', () => this.does.finish(auto.checked, without.checked ? stuck : []));
    $('check-acts').replaceChildren(
      ...(stuck.length ? [ask(without, `Завершить без ответа на ${stuck.join(', ')}`)] : []),
      ...(waits.length && state.line !== 'ok' ? [ask(auto, 'Завершить тест автоматически, как только всё отправится')] : []),
      done, make('button', { type: 'button', className: 'second', textContent: 'Вернуться к заданиям', on: () => { this.does.stay(); this.open(this.current, true); } }));
  }

  #end(state, told) {
    const box = $('end'), left = unsent(state).filter(slot => !state.slots[slot].held), key = JSON.stringify([told.text, left, state.ended]);
    $('check').hidden = true;
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    const first = box.hidden;
    box.hidden = false;
    box.replaceChildren(
      make('h2', { textContent: state.ended === 'annulled' ? 'Сеанс аннулирован' : state.receipt ? 'Тест завершён' : 'Тест окончен' }),
      make('p', { textContent: told.text }),
      ...(left.length ? [make('p', { textContent: 'Сохраните их в файл и передайте организатору: он отправит их комиссии.' }),
        make('p', {}, make('button', { type: 'button', textContent: 'Сохранить в файл', on: () => this.does.save() }))] : []),
      ...(state.ended === 'annulled' ? [make('p', {}, make('a', { href: '/', textContent: 'Мои диагностики' }))]
        : [make('p', {}, make('a', { className: 'button', href: 'receipt', textContent: 'Квитанция' }))]));
    if (first) box.focus();
  }

  #buttons(box, key, list) {
    const wanted = list.filter(Boolean), now = `${key}|${wanted.map(([text]) => text)}`;
    if (box.dataset.key === now) return;
    box.dataset.key = now;
    box.replaceChildren(...wanted.map(([text, on]) => make('button', { type: 'button', className: 'second', textContent: text, on: () => on() })));
  }
}

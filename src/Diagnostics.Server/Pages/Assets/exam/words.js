// Every sentence that the running test says by itself, and which of them is true now.
import { status, unsent } from './machine.js';

export const plural = (n, one, few, many) => {
  const tens = n % 100, ones = n % 10;
  return tens > 10 && tens < 20 ? many : ones === 1 ? one : ones > 1 && ones < 5 ? few : many;
};
const answers = n => `${n} ${plural(n, 'ответ', 'ответа', 'ответов')}`;
const minutes = n => `${n} ${plural(n, 'минута', 'минуты', 'минут')}`;
const list = numbers => numbers.join(', ');

/**
 * The one true state of what was typed. `claim` is what the page vouches for: 'saved' — the server has everything;
 * 'kept' — what it has not, this device has; 'unsaved' — neither; 'saving' — on its way, nothing promised yet.
 * @param time Writes an instant of the server as the site's time.
 */
export function describe(state, at, time) {
  const open = unsent(state), n = open.length, of = kind => open.filter(each => status(state, each) === kind);
  const onDevice = open.every(each => state.slots[each].kept >= state.slots[each].edit);
  // A browser writes localStorage to the disk when it likes: killed before that, it has forgotten. Only IndexedDB is a promise.
  const kept = state.store !== 'idb' ? 'unsaved' : onDevice ? 'kept' : 'saving';
  const say = (claim, text, more) => ({ claim, n, text, ...more });

  if (state.stop === 'other')
    return say(kept, 'Вошёл другой человек. Ответы прежнего остались на этом устройстве; позовите организатора.', { call: true });
  if (state.stop === 'gone')
    return say(n ? kept : 'saved', `Сеанс недоступен. Позовите организатора.${n ? ` На этом устройстве ${answers(n)}.` : ''}`, { call: true });
  if (state.receipt) return say(n ? 'unsaved' : 'saved', 'Тест завершён, ответы приняты.');

  const conflicts = of('conflict'), refused = of('refused'), lost = open.filter(each => state.slots[each].lost);
  if (conflicts.length) return say('unsaved', `Ответ ${list(conflicts)} есть в двух видах: выберите, какой верен.`, { act: conflicts[0] });
  if (refused.length) return say('unsaved', `Ответ ${list(refused)} не сохранён: исправьте его, причина у поля.`, { act: refused[0] });
  if (lost.length) return say('unsaved', `Ответ ${list(lost)} сервер не принимает. Обновите страницу.`, { act: lost[0] });
  if (state.line === 'signed_out') return say(n ? kept : 'saved', `Войдите снова${n ? ' — ответы на месте' : ''}.`, { signIn: true });

  if (state.session === 'over') return over(state, open, say, kept);
  if (state.session === 'paused') return say(n ? kept : 'saved', `Пауза, время стоит.${n ? ` Ждут отправки: ${answers(n)}.` : ''}`);
  if (n === 0) return state.line === 'down'
    ? say('saved', 'Нет связи. Всё, что вы ответили, на сервере.', { bad: true })
    : say('saved', savedAt(state, time));
  if (kept === 'unsaved' && state.line !== 'ok' && state.line !== 'slow')
    return say('unsaved', 'Нет связи, и этот браузер не хранит ответы: не закрывайте страницу.', { bad: true });
  const late = open.find(each => state.line === 'ok' && state.slots[each].sending && at - state.slots[each].sending.since > 60000);
  if (late) return say(kept, `Ответ ${late} сервер не принимает уже минуту. Он ${where(kept)}.`, { bad: true, call: true });
  if (state.session === 'time_up') return say(kept, `Время вышло. Отправляем ${answers(n)}.`);
  switch (state.line) {
    case 'down': return say(kept, `Нет связи. ${cap(answers(n))} ${where(kept)}. Продолжайте, не закрывайте страницу.`, { bad: true });
    case 'busy': if (at - state.since > 10000) return say(kept, `Сервер занят, отправим сами. ${cap(answers(n))} ${where(kept)}.`, { bad: true }); break;
    case 'error': if (state.fails >= 3) return say(kept, `Сервер отвечает с ошибкой. ${cap(answers(n))} ${where(kept)}.${trace(state)}`, { bad: true }); break;
    case 'slow': return say(kept, kept === 'kept' ? 'Медленная связь, ответ на устройстве.' : 'Медленная связь, сохраняется…');
  }
  return say(kept === 'unsaved' ? 'saving' : kept, kept === 'kept' ? `На устройстве, отправляется: ${n}…` : 'Сохраняется…');
}

const where = kept => kept === 'kept' ? 'на этом устройстве' : 'на этой странице';
const cap = text => text[0].toUpperCase() + text.slice(1);
const trace = state => state.trace ? ` Номер: ${state.trace}.` : '';

function savedAt(state, time) {
  const last = Object.values(state.slots).map(slot => slot.acked.at).filter(Boolean).sort().at(-1);
  return last ? `Сохранено на сервере в ${time(last)}` : 'Ответов пока нет';
}

function over(state, open, say, kept) {
  const aside = open.filter(n => state.slots[n].held), waits = open.filter(n => !state.slots[n].held);
  const why = { finished: 'Тест завершён на другом устройстве.', annulled: 'Сеанс аннулирован.' }[state.ended] ?? 'Время сеанса вышло.';
  const late = aside.length ? ` Не засчитаны, сохранены для комиссии: ${list(aside)}.` : '';
  if (waits.length) return say(kept, `${why}${late} Не дошли до сервера: ${list(waits)}.`, { bad: true, call: true });
  return say(aside.length ? 'aside' : 'saved', `${why}${late}${aside.length ? '' : ' Сохранённые ответы приняты.'}`);
}

/** Said once, politely. */
export function announce({ what, n, slot, minutes: m, slots, detail }) {
  switch (what) {
    case 'restored': return `Восстановлено с этого устройства: ${answers(n)}, отправляем.`;
    case 'down': return 'Связь пропала. Ответы хранятся здесь, отправим их сами. Продолжайте.';
    case 'back': return 'Связь восстановилась.';
    case 'conflict': return `Ответ ${slot} изменён и в другом месте: выберите, какой верен.`;
    case 'blankRefused': return `Пустой ответ на задание ${slot} не заменил сохранённый.`;
    case 'elsewhere': return 'Тест продолжен и на другом устройстве: показаны ответы оттуда.';
    case 'paused': return 'Организатор поставил паузу. Время стоит.';
    case 'resumed': return 'Пауза закончилась, время идёт.';
    case 'reopened': return 'Время добавлено, можно продолжать.';
    case 'extended': return `Добавлено времени: ${minutes(m)}.`;
    case 'timeUp': return 'Время вышло.';
    case 'over': return 'Сеанс окончен.';
    case 'receipt': return 'Тест завершён.';
    case 'missing': return `На сервере нет последних ответов на задания ${list(slots)}: отправляем их ещё раз. Если не поможет, позовите организатора.`;
    case 'finishRefused': return detail ?? 'Завершить не удалось.';
    case 'left': return `Осталось ${minutes(m)}.`;
    case 'clock': return 'Уточняем время…';
    default: return '';
  }
}

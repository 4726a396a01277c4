// The page of the sandbox: everything it does goes through the control routes that scripts use too.

const $ = (id) => document.getElementById(id);
const state = { recipient: null, message: null };
let ahead = 0;

async function call(method, path, body) {
  const response = await fetch(`/control/${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(answer?.detail ?? response.statusText);
  return answer;
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

let noticeTimer;
function notice(text, failed = false) {
  $('notice').textContent = text;
  $('notice').className = failed ? 'shown failed' : 'shown';
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { $('notice').className = ''; }, 4000);
}

async function doing(work, done) {
  try {
    const answer = await work();
    notice(typeof done === 'function' ? done(answer) : done);
  } catch (error) {
    notice(error.message, true);
  }
  await refresh();
}

const time = (at) => new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });

function showClock() {
  const now = new Date(Date.now() + ahead);
  $('now').textContent = now.toLocaleString([], {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
}

function nextBusinessMorning() {
  const at = new Date(Date.now() + ahead);
  const next = new Date(at.getFullYear(), at.getMonth(), at.getDate(), 9, 0, 0);
  while (next <= at || [0, 6].includes(next.getDay())) next.setDate(next.getDate() + 1);
  return next;
}

async function refreshClock() {
  const { now } = await call('GET', 'clock');
  ahead = new Date(now).getTime() - Date.now();
  showClock();
}

async function refreshRecipients() {
  const { items } = await call('GET', 'messages/recipients?limit=1000');
  const wanted = $('filter').value.trim().toLowerCase();
  const rows = items.filter((one) => one.recipient.includes(wanted)).map((one) => element('li', {}, element(
    'button',
    { type: 'button', 'aria-current': String(one.recipient === state.recipient), onclick: () => choose(one.recipient) },
    element('strong', {}, one.recipient),
    element('span', { class: 'count' }, String(one.count)),
    element('small', {}, time(one.last_at)),
  )));
  replaceRows($('recipients'), rows, 'Nobody has mail yet.');
}

async function refreshMessages() {
  if (!state.recipient) return replaceRows($('messages'), [], 'Choose an inbox.');
  $('inbox-name').textContent = state.recipient;
  const { items } = await call('GET', `messages?limit=200&to=${encodeURIComponent(state.recipient)}`);
  replaceRows($('messages'), items.map((one) => element('li', {}, element(
    'button',
    { type: 'button', 'aria-current': String(one.id === state.message), onclick: () => read(one.id) },
    element('strong', {}, one.subject || '(no subject)'),
    element('small', {}, `${one.from} · ${time(one.at)}`),
  ))), 'This inbox is empty.');
}

function replaceRows(list, rows, empty) {
  const focused = [...list.querySelectorAll('button')].indexOf(document.activeElement);
  list.replaceChildren(...(rows.length ? rows : [element('li', { class: 'empty' }, empty)]));
  if (focused >= 0) list.querySelectorAll('button')[focused]?.focus();
}

async function choose(recipient) {
  state.recipient = recipient;
  state.message = null;
  history.replaceState(null, '', '#');
  $('reader').replaceChildren(element('p', { class: 'empty' }, 'Choose a message to act on it.'));
  await refresh();
}

async function read(id) {
  const message = await call('GET', `messages/${id}`);
  Object.assign(state, { message: id, recipient: message.recipient });
  history.replaceState(null, '', `#${id}`);
  const frame = element('iframe', { sandbox: '', title: 'The message as HTML' });
  frame.srcdoc = message.html || `<pre>${escaped(message.text)}</pre>`;
  $('reader').replaceChildren(
    element('div', {}, element('h3', {}, message.subject || '(no subject)'), facts(message)),
    acts(message),
    frame,
    details('Plain text', message.text),
    details('Headers', Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`).join('\n')),
  );
  await refresh();
}

const escaped = (text) => text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]);
const details = (title, text) => element('details', {}, element('summary', {}, title), element('pre', {}, text));

function facts(message) {
  const pairs = [['From', message.from], ['To', message.to], ['At', time(message.at)], ['Message-ID', message.message_id]];
  return element('dl', {}, ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

function acts(message) {
  const act = (name, body, done) => () => doing(() => call('POST', `messages/${message.id}/${name}`, body), done);
  const visited = (answer) => answer.requests.map((one) => `${one.status} from ${new URL(one.url).pathname.slice(0, 40)}`).join(', ');
  const button = (label, onclick, attributes = {}) => element('button', { type: 'button', onclick, ...attributes }, label);
  const links = message.links.map((link, n) => button(`Click “${link.text || link.url}”`, act('click', { link: n }, visited)));
  return element('div', { class: 'acts' },
    element('h2', {}, 'What the prospect does'),
    element('div', { class: 'actions' },
      button('Open', act('open', {}, visited), { class: 'primary', disabled: message.pixels.length ? false : '' }),
      ...links,
      button('Reply…', () => askReply(message)),
      button('Out of office', act('reply', { auto: 'out_of_office' }, 'The out-of-office is on its way back.')),
      button('Automatic reply', act('reply', { auto: 'auto_reply' }, 'The automatic reply is on its way back.')),
      button('Unsubscribe', act('unsubscribe', {}, visited)),
      button('Hard bounce', act('bounce', { kind: 'hard' }, 'Sent back: the address does not exist.'), { class: 'danger' }),
      button('Soft bounce', act('bounce', { kind: 'soft' }, 'Sent back: the inbox is full.'), { class: 'danger' })));
}

function askReply(message) {
  const dialog = $('reply-dialog');
  $('reply-from').textContent = message.recipient;
  dialog.onclose = () => {
    if (dialog.returnValue !== 'send') return;
    const text = $('reply-text').value;
    doing(() => call('POST', `messages/${message.id}/reply`, { text }), (answer) => `Replied to ${answer.delivered_to}.`);
  };
  dialog.returnValue = '';
  dialog.showModal();
}

async function refreshAccounts() {
  const { items } = await call('GET', 'accounts');
  const rows = items.map((one) => element('li', {},
    element('strong', {}, one.account),
    element('span', { class: 'state' }, `${one.provider}, ${one.connected ? 'connected' : 'not connected'}`),
    element('button', {
      type: 'button', class: 'danger', disabled: one.connected ? false : '',
      onclick: () => doing(() => call('POST', 'accounts/revoke', { provider: one.provider, account: one.account }), 'Access withdrawn.'),
    }, 'Revoke')));
  $('accounts').replaceChildren(...(rows.length ? rows : [element('li', { class: 'state' }, 'No account yet.')]));
}

let faults = [];
async function refreshFaults() {
  faults = await call('GET', 'faults');
  const rows = faults.map((one, n) => element('li', {},
    element('code', {}, `${one.provider ?? 'any'} ${one.path ?? 'every path'}: ${one.kind}${one.kind === 'status' ? ` ${one.status}` : ''}`),
    element('span', { class: 'state' }, one.count === null ? 'always' : `${one.count} left`),
    element('button', { type: 'button', onclick: () => setFaults(faults.filter((_, other) => other !== n)) }, 'Remove')));
  $('faults').replaceChildren(...(rows.length ? rows : [element('li', { class: 'state' }, 'Everything answers as it should.')]));
}

const setFaults = (rules) => doing(() => call('PUT', 'faults', rules), 'Faults changed.');

async function refreshRequests() {
  const report = await call('GET', 'requests?limit=0');
  $('request-count').textContent = `· ${report.count}`;
  $('requests').replaceChildren(...Object.entries(report.counts).map(([kind, count]) => element(
    'tr', {}, element('td', {}, String(count)), element('td', {}, kind))));
}

async function refresh() {
  try {
    await Promise.all([
      refreshClock(), refreshRecipients(), refreshMessages(), refreshAccounts(), refreshFaults(), refreshRequests(),
    ]);
  } catch (error) {
    notice(`The sandbox does not answer: ${error.message}`, true);
  }
}

for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', () => doing(() => call('POST', 'clock', { advance: button.dataset.advance }), 'The clock moved.'));
}
$('business-morning').addEventListener('click', () => doing(() => call('POST', 'clock', { at: nextBusinessMorning().toISOString() }), 'The clock moved.'));
$('filter').addEventListener('input', refreshRecipients);
$('clear-faults').addEventListener('click', () => setFaults([]));
$('clear-requests').addEventListener('click', () => doing(() => call('DELETE', 'requests'), 'Counting anew.'));
$('fault-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  const rule = { ...form, status: Number(form.status), count: Number(form.count), path: form.path || null };
  setFaults([...faults, rule]);
});
setInterval(showClock, 1000);
setInterval(() => { if (!document.hidden) refresh(); }, 3000);
const linked = location.hash.slice(1);
(linked ? read(linked).catch(refresh) : refresh());

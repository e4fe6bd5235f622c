// The console's script: makes pages live that work without it. No build step, no dependency but the framework's own script,
// which follows links and sends forms without loading the page anew. Long for a file: a browser fetches it in one piece,
// and its parts stand in the order in which a page comes to need them.
'use strict';

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

// ---- Times in the viewer's own zone -------------------------------------------------------------------------------------
// A moment says how exactly it is written: to the second; to the thousandth (data-precise), without its day where that is today; or as a step of a
// chart's axis. Days and months of an axis are those of UTC, and not moments.
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
const exact = { ...clock, fractionalSecondDigits: 3 };
const manners = {
  moment: { dateStyle: 'medium', timeStyle: 'medium' },
  today: exact,
  thisYear: { day: 'numeric', month: 'short', ...exact },
  before: { day: 'numeric', month: 'short', year: 'numeric', ...exact },
  second: clock,
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
};
const formats = {};
const written = (time, manner) => (formats[manner] ??= new Intl.DateTimeFormat(undefined, manners[manner])).format(time);
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

function mannerOf(element, time) {
  if (element.dataset.step) return element.dataset.step;
  if (!element.hasAttribute('data-precise')) return 'moment';
  const now = new Date();
  return time.toDateString() === now.toDateString() ? 'today' : time.getFullYear() === now.getFullYear() ? 'thisYear' : 'before';
}

function localizeTimes(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    const text = written(time, mannerOf(element, time));
    if (element.textContent !== text) {
      element.title = element.dateTime;
      element.textContent = text;
    }
  }
}

// A field for a moment is sent in UTC, and typed in the viewer's zone, which its label names then.
const shifted = (text, minutes) => {
  const time = new Date(text + 'Z');
  return Number.isNaN(time.getTime()) ? text : new Date(time.getTime() + minutes * 60000).toISOString().slice(0, 19);
};
const toLocal = text => shifted(text, -new Date(text + 'Z').getTimezoneOffset());
const toUtc = text => shifted(text, new Date(text).getTimezoneOffset());

function localizeFields() {
  for (const field of document.querySelectorAll('input[data-utc]:not([data-local])')) {
    field.dataset.local = '';
    field.defaultValue = field.value = toLocal(field.value);
    for (const label of field.labels) label.textContent = label.textContent.replace('UTC', zone());
  }
}

document.addEventListener('formdata', event => {
  for (const field of event.target.querySelectorAll('input[data-utc][data-local]'))
    if (event.formData.has(field.name)) event.formData.set(field.name, toUtc(field.value));
});

// ---- A region's new content, put in place without touching what did not change ---------------------------------------------
// Focus, selection, open details and scroll positions stay, since the nodes that have them stay.
function morph(from, to) {
  const oldNodes = [...from.childNodes];
  const newNodes = [...to.childNodes];
  for (let i = 0; i < newNodes.length; i++) {
    const oldNode = oldNodes[i];
    const newNode = newNodes[i];
    if (!oldNode) from.append(newNode);
    else if (oldNode.nodeType !== newNode.nodeType || oldNode.nodeName !== newNode.nodeName) oldNode.replaceWith(newNode);
    else if (oldNode.nodeType !== Node.ELEMENT_NODE) { if (oldNode.data !== newNode.data) oldNode.data = newNode.data; }
    else {
      morphAttributes(oldNode, newNode);
      morph(oldNode, newNode);
    }
  }
  for (const extra of oldNodes.slice(newNodes.length)) extra.remove();
}

function morphAttributes(from, to) {
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) {
    const isOurs = name === 'open' || (name === 'hidden' && from.matches('[data-copy]')) || (name === 'title' && from.matches('time'));
    if (!to.hasAttribute(name) && !isOurs) from.removeAttribute(name);
  }
}

function showRegion(key, html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  localizeTimes(template.content);
  for (const region of document.querySelectorAll('[data-live]')) {
    if (region.dataset.live !== key) continue;
    if (isRead(region)) {
      waiting.set(key, html);
      region.querySelector('[data-still]').dataset.waits = '';
      clearTimeout(waitingTimer);
      waitingTimer = setTimeout(showWaiting, 1000);
      continue;
    }
    const follows = region.querySelector('[data-follow]');
    const atEnd = follows && follows.scrollHeight - follows.scrollTop - follows.clientHeight < 40;
    morph(region, template.content.cloneNode(true));
    const after = region.querySelector('[data-follow]');
    if (atEnd && after) after.scrollTop = after.scrollHeight;
    enliven(region);
  }
}

// ---- Lists that stand still while somebody reads them -----------------------------------------------------------------------
// What comes first in such a list pushes the rest on: whoever points at an entry, or has opened one, would find another there.
// A pointer that rests is nobody who reads.
const waiting = new Map();
const restsAfter = 4000;
let pointedAt = -restsAfter;
let waitingTimer = 0;

function isRead(region) {
  const list = region.querySelector('[data-still]');
  if (!list) return false;
  const isPointed = list.matches(':hover') && performance.now() - pointedAt < restsAfter;
  return isPointed || list.contains(document.activeElement) || list.querySelector('details[open]') !== null;
}

function showWaiting() {
  for (const [key, html] of [...waiting]) {
    waiting.delete(key);
    showRegion(key, html);
  }
}

addEventListener('pointermove', () => { pointedAt = performance.now(); }, { passive: true });
for (const left of ['pointerout', 'focusout', 'toggle'])
  document.addEventListener(left, event => { if (waiting.size && event.target.closest?.('[data-still]')) setTimeout(showWaiting); }, true);

// ---- Live regions -----------------------------------------------------------------------------------------------------------
// One stream for all regions of the page, closed while nobody looks: browsers allow six connections to a server, tabs included.
const live = { source: null, keys: '', timer: 0, wait: 1000, version: null, lost: false };
const pollEvery = 5000;

const wantedKeys = () => [...new Set([...document.querySelectorAll('[data-live]')].map(e => e.dataset.live))].slice(0, 8);
const queryOf = keys => keys.map(k => 'r=' + encodeURIComponent(k)).join('&');

function say(text) {
  const line = document.getElementById('connection');
  if (line && line.textContent !== text) line.textContent = text;
}

function closeStream() {
  clearTimeout(live.timer);
  live.source?.close();
  live.source = null;
}

function openStream() {
  const keys = wantedKeys();
  const query = document.hidden ? '' : queryOf(keys);
  if (live.source && live.keys === query) return;
  closeStream();
  live.keys = query;
  if (query === '') return;

  const source = new EventSource('/_/live?' + query);
  live.source = source;
  source.addEventListener('hello', event => {
    live.wait = 1000;
    if (live.lost) say('Connected again.');
    else say('');
    if (live.lost) setTimeout(() => { if (!live.lost) say(''); }, 3000);
    live.lost = false;
    const version = JSON.parse(event.data);
    if (live.version !== null && live.version !== version && isTyped()) {
      say('The server runs another version. Load the page again once you are done here.');
      return;
    }
    if (live.version !== null && live.version !== version) location.reload();
    live.version = version;
  });
  source.addEventListener('region', event => {
    const { key, html } = JSON.parse(event.data);
    showRegion(key, html);
  });
  source.onerror = () => {
    // A stream that ended by itself, a server that restarts, or no room: asking once tells which.
    if (live.source !== source) return;
    closeStream();
    live.keys = '';
    askOnce();
  };
}

async function askOnce() {
  const keys = wantedKeys();
  if (keys.length === 0 || document.hidden) return;
  try {
    const answer = await fetch('/_/live/now?' + queryOf(keys), { headers: { accept: 'application/json' } });
    if (answer.status === 401 || answer.status === 403) {
      say('You are not signed in any more. Load the page again.');
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    for (const [key, html] of Object.entries(await answer.json())) showRegion(key, html);

    // Who is answered is not cut off, also where there is no room for a stream.
    if (live.lost) say('');
    live.lost = false;
    live.failures = (live.failures ?? 0) + 1;
    if (live.failures > 2) {
      say('Too many pages are live at once; this one asks every five seconds.');
      live.timer = setTimeout(() => { live.failures = 1; openStream(); }, pollEvery);
    } else {
      live.timer = setTimeout(openStream, 100);
    }
    setTimeout(() => { if (live.source?.readyState === EventSource.OPEN) live.failures = 0; }, 2000);
  } catch {
    live.lost = true;
    say('The server does not answer. Trying again…');
    live.timer = setTimeout(askOnce, live.wait);
    live.wait = Math.min(live.wait * 1.5, 5000);
  }
}

document.addEventListener('visibilitychange', openStream);
addEventListener('pagehide', closeStream);
addEventListener('pageshow', event => { if (event.persisted) { live.keys = ''; openStream(); } });

// ---- Copying -------------------------------------------------------------------------------------------------------------------
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const label = button.querySelector('span') ?? button;
  const before = button.dataset.label ?? (button.dataset.label = label.textContent);
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = 'Copied';
  } catch {
    // Without the right to the clipboard: the text is selected, to be copied by hand.
    const text = button.parentElement.querySelector('code');
    if (text) getSelection().selectAllChildren(text);
    label.textContent = 'Press Ctrl C';
  }
  setTimeout(() => { label.textContent = before; }, 1500);
});

// ---- Forms -----------------------------------------------------------------------------------------------------------------------
document.addEventListener('submit', event => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); }
  else if (live.lost && form.method !== 'dialog') {
    // The page would give way to the browser's own, and what was typed with it.
    event.preventDefault();
    event.stopImmediatePropagation();
    say('The server does not answer. Nothing was sent, and what you typed is still here. Trying again…');
  }
}, true);
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  const isElsewhere = link && (link.origin !== location.origin || link.target || event.ctrlKey || event.metaKey || event.shiftKey);
  if (!link || !live.lost || isElsewhere || (link.hash && link.pathname + link.search === location.pathname + location.search)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(staying);
}, true);

// The framework writes the address before it asks for the page: where nobody answers, it is of a page that is not there.
const staying = 'The server does not answer. You are still on the page where you were. Trying again…';
addEventListener('unhandledrejection', event => {
  if (!(event.reason instanceof TypeError) || (location.pathname === last.path && location.search === last.search)) return;
  event.preventDefault();
  setAddress(last.path + last.search);
  live.lost = true;
  closeStream();
  live.keys = '';
  askOnce().then(() => { if (live.lost) say(staying); });
});
// A place on a page is not sent to the server: whoever signs in on the way to it gets there all the same, since browsers keep it over redirects.
document.addEventListener('submit', event => {
  if (event.target.matches('[data-keeps-place]')) event.target.action = event.target.action.split('#')[0] + location.hash;
});
document.addEventListener('change', event => {
  if (event.target.matches('form[data-auto] select, form[data-auto] input[type=checkbox]')) event.target.form.requestSubmit();
});

// Whether there is something in a form that was not there at first, and would be lost with the page.
function isTyped() {
  return [...document.querySelectorAll('main form[method=post] :is(input:not([type=hidden]), textarea, select)')].some(field => {
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const first = Math.max(0, [...field.options].findIndex(o => o.defaultSelected));
    return field.selectedIndex !== first;
  });
}

// ---- What is opened is in the address ------------------------------------------------------------------------------------------
// A part that is closed at first has a name. Whoever opens it has it in the address, to be sent to somebody.
document.addEventListener('click', event => {
  const part = event.target.closest('summary')?.parentElement;
  if (!part?.id || event.defaultPrevented) return;
  const here = location.pathname + location.search;
  const own = new URL(part.dataset.address ?? here + '#' + part.id, location.href);
  if (!part.open) setAddress(own.pathname === location.pathname ? own : here + '#' + part.id);
  else if (location.hash === '#' + part.id) setAddress(here);
});

function setAddress(address) {
  history.replaceState(history.state, '', address);
}

function openNamed() {
  const named = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (let part = named?.closest('details'); part; part = part.parentElement.closest('details')) part.open = true;
}

addEventListener('hashchange', openNamed);

// ---- The palette ---------------------------------------------------------------------------------------------------------------
let entries = null;
let chosen = 0;

async function openPalette(words) {
  const palette = document.getElementById('palette');
  if (!palette || palette.open) return;
  if (!palette.firstChild) buildPalette(palette);
  palette.showModal();
  const input = palette.querySelector('input');
  input.value = words;
  input.focus();
  if (!entries) {
    try { entries = await (await fetch(palette.dataset.source)).json(); } catch { entries = null; }
  }
  showEntries(palette, input.value);
}

function buildPalette(palette) {
  palette.innerHTML = `
    <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
           aria-label="Find a page, a module, a setting or an action" placeholder="Find a page, a module, a setting, an action" autocomplete="off" spellcheck="false">
    <ul id="palette-list" role="listbox" aria-label="What was found"></ul>
    <p class="hint" aria-hidden="true"><kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> go <kbd>Esc</kbd> close</p>`;
  const input = palette.querySelector('input');
  input.addEventListener('input', () => showEntries(palette, input.value));
  input.addEventListener('keydown', event => {
    const items = palette.querySelectorAll('[role=option]');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (items.length) choose(palette, (chosen + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length);
    } else if (event.key === 'Enter' && items[chosen]) {
      event.preventDefault();
      go(palette, items[chosen]);
    }
  });
  palette.addEventListener('click', event => {
    const item = event.target.closest('[role=option]');
    if (item) go(palette, item);
    else if (event.target === palette) palette.close();
  });
}

function score(entry, words) {
  const title = entry.title.toLowerCase();
  const rest = (entry.kind + ' ' + entry.detail).toLowerCase();
  let sum = 0;
  for (const word of words) {
    const at = title.indexOf(word);
    if (at === 0) sum += 4;
    else if (at > 0) sum += 2;
    else if (rest.includes(word)) sum += 1;
    else return 0;
  }
  return sum + (isOfMany(entry) ? 0 : 1);
}

// Of which there are so many that they are shown to who asks for them alone.
const isOfMany = entry => ['setting', 'drill', 'benchmark'].includes(entry.kind);

function showEntries(palette, text) {
  const words = text.toLowerCase().split(/\s+/).filter(w => w);
  const list = palette.querySelector('ul');
  const searches = words.length ? (entries ?? []).filter(e => e.kind === 'search').map(e => ({ ...e, address: e.address.replace('{words}', encodeURIComponent(text.trim())) })) : [];
  const found = [...(entries ?? []).filter(e => e.kind !== 'search').map(e => [words.length ? score(e, words) : (isOfMany(e) ? 0 : 1), e])
    .filter(([s]) => s > 0).sort((a, b) => b[0] - a[0]).slice(0, 12).map(([, e]) => e), ...searches];
  list.replaceChildren(...found.map((entry, index) => {
    const item = document.createElement('li');
    item.role = 'option';
    item.id = 'palette-' + index;
    item.dataset.address = entry.address;
    const title = document.createElement('strong');
    title.textContent = entry.title;
    const kind = document.createElement('span');
    kind.className = 'chip';
    kind.textContent = entry.kind;
    const detail = document.createElement('span');
    detail.className = 'quiet';
    detail.textContent = entry.detail;
    item.append(title, ' ', kind, ' ', detail);
    return item;
  }));
  if (found.length > 0 && words.length > 0) list.append(allFound(text, found.length));
  if (found.length === 0) {
    const nothing = document.createElement('li');
    nothing.className = 'quiet';
    nothing.textContent = entries ? 'Nothing is called that.' : 'The list could not be fetched.';
    list.append(nothing);
  }
  choose(palette, 0);
}

// The page that shows the same, and all of it: it has an address.
function allFound(text, index) {
  const item = document.createElement('li');
  item.role = 'option';
  item.id = 'palette-' + index;
  item.dataset.address = '/_/find?q=' + encodeURIComponent(text.trim());
  item.className = 'quiet';
  item.textContent = 'All that is found';
  return item;
}

function choose(palette, index) {
  chosen = index;
  const items = palette.querySelectorAll('[role=option]');
  items.forEach((item, i) => item.setAttribute('aria-selected', String(i === index)));
  items[index]?.scrollIntoView({ block: 'nearest' });
  palette.querySelector('input').setAttribute('aria-activedescendant', items[index]?.id ?? '');
}

function go(palette, item) {
  palette.close();
  if (live.lost) say(staying);
  else if (window.Blazor?.navigateTo) window.Blazor.navigateTo(item.dataset.address);
  else location.href = item.dataset.address;
}

// ---- Keyboard --------------------------------------------------------------------------------------------------------------------
addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openPalette('');
  } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey
             && !event.target.closest('input, textarea, select, [contenteditable]')) {
    event.preventDefault();
    openPalette('');
  }
});
document.addEventListener('focusin', event => {
  if (event.target.matches('[data-palette]') && event.target.dataset.pointed) openPalette('');
});
document.addEventListener('pointerdown', event => {
  if (event.target.closest?.('.find') && document.getElementById('palette')) {
    event.preventDefault();
    openPalette('');
  }
});

// ---- Pages that come and go ------------------------------------------------------------------------------------------------------
function enliven(root) {
  localizeTimes(root);
  for (const button of root.querySelectorAll('[data-copy][hidden]')) button.hidden = false;
}

// On a narrow window the navigation is a line that is longer than it.
function showWhere() {
  const current = document.querySelector('.side [aria-current]');
  const line = current?.closest('.side');
  if (line) line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
}

let last = { path: location.pathname, search: location.search };
function arrived() {
  enliven(document);
  localizeFields();
  openNamed();
  showWhere();
  openStream();
  for (const follows of document.querySelectorAll('[data-follow]')) follows.scrollTop = follows.scrollHeight;
  if (location.pathname !== last.path || location.search !== last.search) {
    const wanted = document.querySelector('main [autofocus]');
    if (wanted) wanted.focus();
    else if (location.pathname !== last.path) document.getElementById('main')?.focus({ preventScroll: true });
    last = { path: location.pathname, search: location.search };
  }
  // What became of an action, or is wrong with what was typed, is brought into view: a page that answers a form keeps its place.
  const wrong = document.querySelector('main [aria-invalid=true], main [data-wrong]');
  if (wrong) wrong.focus();
  else document.querySelector('main > .notice')?.scrollIntoView({ block: 'nearest' });
}

// The framework's script and the stream wait for the first paint: nothing that is shown needs them, and they would hold it up.
function afterFirstPaint(then) {
  if (document.hidden) then(); // nothing is painted then
  else requestAnimationFrame(() => setTimeout(then));
}

function fetchFramework() {
  const script = document.createElement('script');
  script.src = document.documentElement.dataset.framework;
  script.addEventListener('load', () => window.Blazor.addEventListener('enhancedload', arrived));
  document.head.append(script);
}

enliven(document);
localizeFields();
openNamed();
showWhere();
afterFirstPaint(() => {
  openStream();
  fetchFramework();
});
document.documentElement.dataset.script = reduced.matches ? 'calm' : 'on';

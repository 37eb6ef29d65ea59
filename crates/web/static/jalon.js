// What makes the pages of staff better where scripts run; without it every page does the same.
//
// A form with `data-draft` is kept as it is typed, at that address, and what would happen is shown again after each change. A
// connection that is lost, or a session that ended, is said at once: what is typed stays, is kept when they return, and nothing
// leaves until then. A form is sent once. Every sentence stands in the page.
'use strict';
(() => {
  const PAUSE = 700, RETRY = 3000, PATIENCE = 10000;
  const place = document.getElementById('annonce');
  const drafts = new Map();
  // What the browser believes of its connection is no proof: only its change, and what fails to leave.
  let lost = false;

  /** Says one of the sentences of the page, or nothing any more. */
  const say = name => {
    if (!place || place.dataset.said === name) return;
    const words = document.querySelector(`template[data-annonce="${name}"]`);
    place.dataset.said = name;
    place.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
  };

  /** What a form holds, without its files. */
  const typed = form => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
    return fields;
  };

  class Draft {
    constructor(form) {
      this.form = form;
      this.status = form.querySelector('[data-saved]');
      // `kept`, `typed`; or why it cannot be kept: `perdue`, `session`, `autre`.
      this.state = 'kept';
      form.addEventListener('input', () => this.touched());
      form.addEventListener('change', event => { this.touched(); this.rehearse(event.target); });
    }

    touched() {
      if (this.state === 'kept') this.state = 'typed';
      this.typed = true;
      this.later(PAUSE);
    }

    later(delay) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), delay);
    }

    body() {
      const body = typed(this.form);
      body.set('formulaire', this.form.getAttribute('action'));
      return body;
    }

    /** Keeps what is typed; one request at a time. */
    async keep() {
      clearTimeout(this.timer);
      if (this.keeping) await this.keeping;
      if (!this.typed) return;
      this.typed = false;
      this.keeping = this.send();
      const state = await this.keeping;
      this.keeping = null;
      if (state !== 'kept') this.typed = true;
      this.state = this.typed && state === 'kept' ? 'typed' : state;
      lost = state === 'perdue';
      say(state === 'kept' ? '' : state);
      if (state === 'perdue') this.later(RETRY);
    }

    async send() {
      try {
        const answer = await fetch(this.form.dataset.draft, {
          method: 'POST', body: this.body(), redirect: 'manual', signal: AbortSignal.timeout(PATIENCE),
        });
        if (answer.type === 'opaqueredirect') return 'session';
        if (answer.status === 403) return 'autre';
        if (!answer.ok) return 'perdue';
        const at = (answer.headers.get('jalon-saved-at') || '').replaceAll(' ', '\u00a0');
        if (this.status) this.status.textContent = `${this.status.dataset.saved} ${at}`;
        return 'kept';
      } catch {
        return 'perdue';
      }
    }

    /** Shows what would happen with the fields as they are, once all those that are required are filled. */
    async rehearse(changed) {
      const before = this.form.querySelector('#repetition');
      const files = [...this.form.querySelectorAll('input[type=file]')].some(field => field.files.length);
      if (!before || before.contains(changed) || files || !this.form.checkValidity()) return;
      this.rehearsing?.abort();
      this.rehearsing = new AbortController();
      try {
        const { signal } = this.rehearsing;
        const answer = await fetch(this.form.getAttribute('action'), { method: 'POST', body: typed(this.form), redirect: 'manual', signal });
        if (answer.status !== 200) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const after = page.getElementById('repetition');
        const read = ['repetition', 'promesse'].map(name => `input[name=${name}]`);
        const fresh = read.map(name => page.querySelector(`form[data-draft] ${name}`)).filter(field => field);
        if (!after || !fresh.length || signal.aborted || before.contains(document.activeElement)) return;
        for (const name of read) this.form.querySelector(name)?.remove();
        this.form.prepend(...fresh);
        before.replaceWith(after);
      } catch {
        // The button shows it all the same.
      }
    }

    /** Nothing of this form is under way any more: it leaves. */
    leave() {
      clearTimeout(this.timer);
      this.rehearsing?.abort();
    }
  }

  for (const form of document.querySelectorAll('form[data-draft]')) drafts.set(form, new Draft(form));

  document.addEventListener('submit', async event => {
    const { target: form, submitter } = event;
    if (form.getAttribute('method') !== 'post') return;
    if (form.dataset.sent) return event.preventDefault();
    const draft = drafts.get(form);
    draft?.leave();
    if (lost && !draft) { event.preventDefault(); return say('perdue'); }
    if (draft && (lost || (draft.state !== 'kept' && draft.state !== 'autre'))) {
      // What is typed is kept before it leaves: a connection that is lost then takes nothing with it.
      event.preventDefault();
      draft.typed = true;
      await draft.keep();
      if (draft.state === 'typed') await draft.keep();
      if (draft.state === 'kept' || draft.state === 'autre') form.requestSubmit(submitter);
      return;
    }
    form.dataset.sent = 'oui';
    if (submitter?.name !== 'faire') sessionStorage.setItem('place', `${form.getAttribute('action')} ${scrollY}`);
  });

  // A page shown again by the button « back » may send again.
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
  addEventListener('offline', () => { lost = true; say('perdue'); });
  addEventListener('online', () => {
    lost = false;
    say('');
    drafts.forEach(draft => draft.keep());
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) drafts.forEach(draft => { if (draft.state === 'typed') draft.keep(); });
    else drafts.forEach(draft => { if (draft.state === 'session') draft.keep(); });
  });
  addEventListener('pagehide', () => drafts.forEach(draft => {
    if (draft.state === 'typed' && !draft.form.dataset.sent) navigator.sendBeacon(draft.form.dataset.draft, draft.body());
  }));

  // What a wide window shows open is folded on a narrow one.
  if (matchMedia('(max-width: 800px)').matches) document.querySelectorAll('details[data-fold]').forEach(part => { part.open = false; });

  // A message is shown whole.
  for (const frame of document.querySelectorAll('iframe.mail')) {
    const fit = () => {
      const whole = frame.contentDocument?.documentElement;
      if (!whole) return;
      // It is never said shorter than its frame.
      frame.style.height = '0';
      frame.style.height = `${whole.scrollHeight + 2}px`;
    };
    frame.addEventListener('load', fit);
    addEventListener('resize', fit);
    fit();
  }

  // A list whose lines are ticked: all at once, and how many are.
  for (const list of document.querySelectorAll('form.selection')) {
    const boxes = [...list.querySelectorAll('tbody input[type=checkbox]')];
    const label = list.querySelector('[data-tick-all]'), said = list.querySelector('[data-ticked]');
    if (!label || !said) continue;
    const all = label.querySelector('input');
    const count = () => {
      const ticked = boxes.filter(box => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && !all.checked;
      said.textContent = ticked ? `${ticked}\u00a0${ticked > 1 ? said.dataset.several : said.dataset.one}` : '';
    };
    all.addEventListener('change', () => { boxes.forEach(box => { box.checked = all.checked; }); count(); });
    list.addEventListener('change', count);
    addEventListener('pageshow', count);
    label.hidden = false;
  }

  // A form that comes back after it was only rehearsed stays where it was.
  const kept = (sessionStorage.getItem('place') || '').split(' ');
  sessionStorage.removeItem('place');
  if (kept[0] === location.pathname + location.search && !document.querySelector('[autofocus]')) scrollTo(0, Number(kept[1]));
})();

// Whether mail readers show e-mails well: the validity of their HTML, by html-validate, and what each reader knows of their tags
// and styles, by the data of caniemail.com. Both work from their own data: nothing is asked of the network.
//
//   node check.mjs FOLDER
//
// reads every .html file of a folder and writes one line of JSON for each problem: { file, check, problem, where }. The exit code is 1 when
// there is one. What is known and shows well all the same stands in allowed.json, each with its reason; an entry that allows
// nothing is a problem too.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { caniemail, rawData } from 'caniemail';
import { HtmlValidate } from 'html-validate';

// Readers of the data that the people of the paths may have. Outlook on Windows is the one with the engine of Word; its versions
// since 2016 share it.
const READERS = [
  'apple-mail.*', 'gmail.*', 'laposte.desktop-webmail', 'orange.*', 'outlook.*', 'samsung-email.android', 'sfr.*',
  'thunderbird.macos', 'yahoo.*',
];

const folder = process.argv[2];
if (!folder) {
  console.error('node check.mjs FOLDER');
  process.exit(2);
}

const allowed = JSON.parse(readFileSync(new URL('allowed.json', import.meta.url), 'utf8'));
const used = new Set();
const found = [];

/// A problem of a file, unless an entry allows it.
function report({ file, html }, { check, name, support, reader }, problem, where) {
  const rank = allowed.findIndex(entry => entry.check === check && entry.name === name);
  const entry = allowed[rank];
  const pattern = check === 'html' ? '' : entry?.[support]?.find(pattern => matches(pattern, reader));
  if (pattern === undefined || entry === undefined) {
    found.push({ file, check, problem, where });
    return;
  }
  used.add(`${rank} ${support} ${pattern}`);
  const unless = entry.unless && html.match(entry.unless);
  if (unless) found.push({ file, check, problem: `${problem} Allowed but for: ${unless[0].slice(-60)}`, where });
}

/// `gmail.*` names every reader of a family.
function matches(pattern, reader) {
  return pattern.endsWith('.*') ? reader.startsWith(pattern.slice(0, -1)) : pattern === reader;
}

// Names of what is not the validity of HTML5 but the taste of other trades stand in allowed.json too.
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  elements: ['html5'],
  rules: { 'doctype-style': ['error', { style: 'lowercase' }] },
});

async function validity(page) {
  const { results } = await validator.validateString(page.html, page.file);
  for (const { ruleId, message, line, column } of results.flatMap(result => result.messages)) {
    // Attributes of tables are allowed one by one, by their name.
    const attribute = ruleId === 'no-deprecated-attr' && message.match(/^Attribute "(\w+)" is deprecated on <(table|td|th|tr)>/);
    const name = attribute ? `${ruleId} ${attribute[1]}` : ruleId;
    report(page, { check: 'html', name, support: '', reader: '' }, `${name}: ${message}`, `${line}:${column}`);
  }
}

/// The rules that stand inside conditions of a style sheet, which the checker passes over.
function conditional(html) {
  const sheets = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, sheet]) => sheet).join('');
  return [...sheets.matchAll(/@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\}/g)].map(([, rules]) => rules).join('');
}

/// What the data say of the conditions of a style sheet, which the checker knows by the name of `@media` alone.
function conditions(html) {
  const names = new Set([...html.matchAll(/@media\s*\(([\w-]+)/g)].map(([, name]) => `@media (${name})`));
  return rawData.data.filter(({ title }) => names.has(title)).flatMap(({ title, stats }) =>
    Object.entries(stats).flatMap(([family, platforms]) => Object.entries(platforms).map(([platform, versions]) => {
      const latest = versions[Object.keys(versions).sort().at(-1)];
      return { title, reader: `${family}.${platform}`, latest, notes: [] };
    })).filter(({ reader }) => READERS.some(pattern => matches(pattern, reader))));
}

function support(page) {
  const seen = new Set();
  const told = ({ title, notes }, support, reader) => {
    const problem = `${title}: ${support === 'none' ? 'unknown to' : 'half known by'} ${reader}. ${notes.join(' ')}`.trim();
    if (seen.has(problem)) return;
    seen.add(problem);
    report(page, { check: 'support', name: title, support, reader }, problem, '');
  };
  const css = conditional(page.html);
  for (const source of [{ html: page.html }, ...(css ? [{ css }] : [])]) {
    const { issues } = caniemail({ clients: READERS, ...source });
    for (const [support, readers] of [['none', issues.errors], ['partial', issues.warnings]]) {
      for (const [reader, features] of readers) {
        features.forEach(feature => told(feature, support, reader));
      }
    }
  }
  for (const { latest, reader, ...feature } of conditions(page.html)) {
    if (!latest.startsWith('y')) told(feature, latest.startsWith('n') ? 'none' : 'partial', reader);
  }
}

/// Entries that allow nothing any more, or give no reason.
function idle() {
  allowed.forEach(({ check, name, reason, ...entry }, rank) => {
    const keys = check === 'html'
      ? [`${rank}  `]
      : ['none', 'partial'].flatMap(support => (entry[support] ?? []).map(pattern => `${rank} ${support} ${pattern}`));
    for (const key of keys.filter(key => !used.has(key))) {
      found.push({ file: 'allowed.json', check: 'idle', problem: `${name} ${key.slice(`${rank} `.length)}`.trim(), where: '' });
    }
    if (!reason) found.push({ file: 'allowed.json', check: 'reason', problem: name, where: '' });
  });
}

const files = readdirSync(folder).filter(name => name.endsWith('.html')).sort();
for (const file of files) {
  const page = { file, html: readFileSync(join(folder, file), 'utf8') };
  await validity(page);
  support(page);
}
if (files.length === 0) {
  found.push({ file: folder, check: 'files', problem: 'no .html file', where: '' });
}
idle();
for (const problem of found) console.log(JSON.stringify(problem));
console.log(JSON.stringify({ files: files.length, problems: found.length }));
process.exitCode = found.length > 0 ? 1 : 0;

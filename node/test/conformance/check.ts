/** Holds what came of a call against what was expected of it. */
import type { Failed, Seen } from './face.js';
import type { Failure, Fields, Json, Outcome, Rows } from './scenario.js';

/** What differs, but for which rows came. */
export function outcome(expected: Outcome, seen: Seen): string[] {
  const wrong: string[] = [];
  const same = (what: string, wanted: unknown, had: unknown): void => {
    if (show(wanted) !== show(had)) wrong.push(`${what}: ${show(wanted)} expected, ${show(had)} seen`);
  };
  if (expected.count !== undefined) same('rows', expected.count, seen.rows.length);
  if (expected.pages && seen.pages) same('pages', expected.pages, seen.pages);
  if (expected.told !== undefined && seen.told !== undefined) same('count told', expected.told, seen.told);
  if (expected.absent) same('value', null, seen.value ?? null);
  if (expected.unique !== false) {
    const ids = seen.rows.map(id).filter((one) => one !== undefined);
    same('distinct rows', ids.length, new Set(ids).size);
  }
  for (const [number, row] of seen.rows.entries()) {
    if (expected.each) push(wrong, lacks(expected.each, row, `row ${number}`));
    for (const field of expected.without ?? []) {
      if ((row[field] ?? null) !== null) wrong.push(`row ${number} has a value for ${field}`);
    }
  }
  for (const [number, wanted] of Object.entries(expected.row ?? {})) {
    push(wrong, lacks(wanted, seen.rows[Number(number)] ?? null, `row ${number}`));
  }
  if (expected.value !== undefined) push(wrong, lacks(expected.value, seen.value ?? null, 'value'));
  return [...wrong, ...error(expected.error, seen.error)];
}

function error(expected: Failure | undefined, seen: Failed | undefined): string[] {
  if (!expected) return seen ? [`no error expected, seen: ${seen.code}: ${seen.text}`] : [];
  if (!seen) return [`an error ${expected.code} expected, none seen`];
  const wrong: string[] = [];
  const same = (what: string, wanted: unknown, had: unknown): void => {
    if (wanted !== undefined && wanted !== had) {
      wrong.push(`error's ${what}: ${show(wanted)} expected, ${show(had)} seen (${seen.text})`);
    }
  };
  same('code', expected.code, seen.code);
  same('status', expected.status, seen.status);
  same('attempts', expected.attempts, seen.attempts);
  same('retryable', expected.retryable, seen.retryable);
  same('GraphQL errors', expected.graphql, seen.graphql);
  same('retry_after', expected.retry_after?.toFixed(3), seen.retryAfter?.toFixed(3));
  const text = seen.text.toLowerCase();
  for (const says of expected.says ?? []) {
    if (!text.includes(says.toLowerCase())) wrong.push(`the error does not say ${show(says)}: ${seen.text}`);
  }
  for (const never of expected.never ?? []) {
    if (text.includes(never.toLowerCase())) wrong.push(`the error says ${show(never)}: ${seen.text}`);
  }
  return wrong;
}

/** Whether these are the rows that were expected; `after` is a plain reading at the end, only for `kept`. */
export function rows(expected: Rows, seen: Fields[], before: Fields[], after: Fields[] = []): string[] {
  if (expected === 'all') return equal(before, seen);
  if (expected === 'kept') {
    const had = new Set(seen.map(id));
    const still = new Set(after.map(id));
    const lost = before.map(id).filter((one) => still.has(one) && !had.has(one));
    return lost.length > 0 ? [`${lost.length} rows were lost: ${lost.join(', ')}`] : [];
  }
  const { where = {}, reversed, skip = 0, first } = expected;
  let part = before.filter((row) => Object.entries(where).every(([name, value]) => show(row[name]) === show(value)));
  if (reversed) part = part.reverse();
  return equal(part.slice(skip, first === undefined ? undefined : skip + first), seen);
}

/** The same rows in the same order, each with the same values in the fields that both have. */
function equal(expected: Fields[], seen: Fields[]): string[] {
  if (expected.length !== seen.length) return [`${expected.length} rows expected, ${seen.length} seen`];
  for (const [number, row] of expected.entries()) {
    const wrong = differs(row, seen[number] as Fields);
    if (wrong) return [`row ${number}: ${wrong}`];
  }
  return [];
}

function differs(expected: Fields, seen: Fields): string | undefined {
  if (id(expected) !== id(seen)) return `id ${id(expected)} expected, ${id(seen)} seen`;
  for (const [name, value] of Object.entries(expected)) {
    const had = seen[name];
    if (had === undefined) continue;
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (isObject ? lacks(value, had, name) : show(value) !== show(had)) {
      return `${name}: ${show(value)} expected, ${show(had)} seen`;
    }
  }
  return undefined;
}

/** What a row is told apart by: its id, or its person's. */
function id(row: Fields): string | undefined {
  const own = row['id'] ?? (row['user'] as Fields | undefined)?.['id'];
  return typeof own === 'string' ? own : undefined;
}

/** What an expected value has and the seen one has not. Objects may have more fields than expected. */
export function lacks(expected: Json, seen: Json, at: string): string | undefined {
  if (Array.isArray(expected) && Array.isArray(seen) && expected.length === seen.length) {
    return first(expected.map((value, n) => lacks(value, seen[n] ?? null, `${at}.${n}`)));
  }
  if (isObject(expected) && isObject(seen)) {
    return first(Object.entries(expected).map(([name, value]) => lacks(value, seen[name] ?? null, `${at}.${name}`)));
  }
  if (show(expected) === show(seen) || sameMoment(expected, seen)) return undefined;
  return `${at}: ${show(expected)} expected, ${show(seen)} seen`;
}

/** Moments stay the texts that the server writes, and one moment can be written in several ways. */
function sameMoment(expected: Json, seen: Json): boolean {
  const moment = /^\d{4}-\d{2}-\d{2}T/;
  const texts = typeof expected === 'string' && typeof seen === 'string';
  return texts && moment.test(expected) && moment.test(seen) && Date.parse(expected) === Date.parse(seen);
}

function isObject(json: Json): json is Fields {
  return json !== null && typeof json === 'object' && !Array.isArray(json);
}

function first(wrong: (string | undefined)[]): string | undefined {
  return wrong.find((one) => one !== undefined);
}

function push(wrong: string[], one: string | undefined): void {
  if (one !== undefined) wrong.push(one);
}

/** A value as text, the same for equal values whatever the order of their fields. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

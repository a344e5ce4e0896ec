/** What is to be true at the end: requests, faults, waits, secrets. */
import { lacks, show } from './check.js';
import { type Expect, type ExpectedRequest, holds, milliseconds, type Range } from './scenario.js';
import type { Fault, LogEntry } from './stage.js';

const PATHS = { graphql: '/graphql/', token: '/oauth/token/' };

/** The requests of a kind. */
export function of(log: LogEntry[], on: 'graphql' | 'token'): LogEntry[] {
  return log.filter((entry) => entry.path === PATHS[on]);
}

/** What differs in the requests. */
export function requests(expected: Expect, log: LogEntry[]): string[] {
  const wrong: string[] = [];
  const [tokens, graphql] = [of(log, 'token'), of(log, 'graphql')];
  const number = (what: string, range: Range | undefined, seen: number): void => {
    if (range !== undefined && !holds(range, seen)) wrong.push(`${what}: ${show(range)} expected, ${seen} seen`);
  };
  number('requests for tokens', expected.tokens, tokens.length);
  number('GraphQL requests', expected.graphql, graphql.length);
  number('connections', expected.connections, new Set(log.map((entry) => entry.connection)).size);
  number('in flight', expected.in_flight, Math.max(0, ...log.map((entry) => entry.in_flight)));
  number('requests elsewhere', 0, log.length - tokens.length - graphql.length);
  for (const request of expected.requests ?? []) {
    const on = request.on ?? 'graphql';
    const all = on === 'token' ? tokens : graphql;
    const chosen = [...all.entries()].filter(([at]) => request.nth === undefined || at === request.nth - 1);
    if (chosen.length === 0) wrong.push(`there was no request ${request.nth} to look at`);
    for (const [at, entry] of chosen) {
      wrong.push(...one(request, entry).map((what) => `${on} request ${at + 1}: ${what}`));
    }
  }
  return wrong;
}

function one(expected: ExpectedRequest, seen: LogEntry): string[] {
  const wrong: string[] = [];
  const unless = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(what);
  };
  const { operation, version } = expected;
  unless(
    operation === undefined || operation === seen.operation,
    `operation ${operation} expected, ${seen.operation} seen`,
  );
  unless(version === undefined || version === seen.version, `${version} expected, ${seen.version} seen`);
  const variables = seen.variables ?? {};
  const lacking = lacks(expected.variables ?? {}, variables, 'variables');
  if (lacking) wrong.push(lacking);
  for (const name of expected.without ?? [])
    unless((variables[name] ?? null) === null, `the variable ${name} was sent`);
  const query = seen.query ?? '';
  for (const text of expected.query_says ?? [])
    unless(query.includes(text), `the document lacks ${show(text)}: ${query}`);
  for (const text of expected.query_never ?? [])
    unless(!query.includes(text), `the document has ${show(text)}: ${query}`);
  for (const [name, text] of Object.entries(expected.headers ?? {})) {
    const had = seen.headers[name];
    unless(
      text === null ? had === undefined : had?.includes(text) === true,
      `header ${name}: ${text} expected, ${had} seen`,
    );
  }
  for (const [name, text] of Object.entries(expected.form ?? {})) {
    const had = seen.form?.[name] ?? null;
    unless(text === had, `form field ${name}: ${text} expected, ${had} seen`);
  }
  return wrong;
}

/** Faults that were not hit although planned, or hit although they were not to be. */
export function faults(expected: Expect, planned: Fault[]): string[] {
  const unhit = expected.unhit ?? [];
  const wrong = planned
    .filter(({ fault, hits }) => unhit.includes(fault.name ?? '') === hits > 0)
    .map(({ fault, hits }) => `the fault ${fault.name} ${show(fault.do)} was ${hits > 0 ? '' : 'not '}hit`);
  const known = new Set(planned.map(({ fault }) => fault.name));
  return [...wrong, ...unhit.filter((name) => !known.has(name)).map((name) => `there is no fault ${name}`)];
}

/** Mail that was not expected, or did not go out. */
export function outbox(expected: Expect, mails: { operation: string; to: unknown[] }[]): string[] {
  const wanted = expected.outbox ?? [];
  const sent = mails.map(({ operation, to }) => ({ operation, people: to.length }));
  return show(wanted) === show(sent) ? [] : [`mail: ${show(wanted)} expected, ${show(sent)} seen`];
}

/** What differs in the waits, which are seconds. */
export function waits(expected: NonNullable<Expect['waited']>, seen: number[]): string[] {
  const sum = seen.reduce((sum, wait) => sum + wait * 1000, 0);
  const { least, most, times } = expected;
  const wrong: string[] = [];
  // A tenth of a millisecond is lost to seconds in floating point.
  if (least !== undefined && sum < milliseconds(least) - 0.1)
    wrong.push(`waited ${sum} ms, at least ${least} expected`);
  if (most !== undefined && sum > milliseconds(most) + 0.1) wrong.push(`waited ${sum} ms, at most ${most} expected`);
  if (times !== undefined && !holds(times, seen.length))
    wrong.push(`waited ${seen.length} times, ${show(times)} expected`);
  return wrong;
}

/** Secrets that stand in a text. */
export function leaks(secrets: string[], text: string, what: string): string[] {
  return secrets
    .filter((secret) => text.includes(secret))
    .map((secret) => `${show(secret)} stands in ${what}, after: ${text.slice(0, text.indexOf(secret)).slice(-120)}`);
}

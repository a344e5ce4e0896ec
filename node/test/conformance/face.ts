/** The package as scenarios call it: by its public API, and a clock that is held. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type * as sdk from 'pluvo-sdk';
import type { NativeClock } from '../../dist/cjs/native.js';
import { type CallStep, type Fields, type How, type Json, milliseconds, type Settings } from './scenario.js';
import type { Stage } from './stage.js';

/** What came of a call. */
export interface Seen {
  rows: Fields[];
  pages?: number[];
  told?: number | undefined;
  value?: Json;
  error?: Failed;
  position?: string | undefined;
}

/** An error, as every face can tell it. */
export interface Failed {
  readonly code: string;
  readonly text: string;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly attempts: number;
  readonly retryable: boolean;
  readonly graphql: number;
}

export type Sdk = typeof sdk;

export class Face {
  readonly clock: NativeClock;
  readonly #sdk: Sdk;
  readonly #stage: Stage;
  readonly #clients = new Map<string, sdk.Pluvo>();
  readonly #told: string[] = [];
  /** For token files and journals. */
  readonly #folder: string;

  constructor(pluvo: Sdk, stage: Stage, clock: NativeClock) {
    this.#sdk = pluvo;
    this.#stage = stage;
    this.clock = clock;
    const { store } = stage.scenario.client ?? {};
    this.#folder = mkdtempSync(join(tmpdir(), 'pluvo-scenario-'));
    if (store) {
      // As the SDK would have left it, or its mode alone would be reason enough not to read it.
      if (store.holds !== undefined) writeFileSync(this.#store, store.holds, { mode: 0o600 });
    }
  }

  async call(step: CallStep, after: string | undefined, signal: AbortSignal): Promise<Seen> {
    const seen: Seen = { rows: [] };
    try {
      if (step.call === 'webhooks.verify') seen.value = this.#verify(step.args ?? {});
      else await this.#call(await this.#client(step.client ?? 'first'), step, after, signal, seen);
    } catch (error) {
      if (!(error instanceof this.#sdk.PluvoError)) throw error;
      seen.error = this.#failed(error);
    }
    return seen;
  }

  advance(client: string | undefined, calendar: string | undefined): void {
    if (client) this.clock.advance(milliseconds(client));
    if (calendar) this.clock.shiftWall(milliseconds(calendar));
  }

  /** Everything that the clients gave off. */
  told(): string {
    return [...this.#told, ...[...this.#clients.values()].map((client) => `${inspect(client)}${client}`)].join('\n');
  }

  storeMode(): string | undefined {
    if (!this.#stage.scenario.client?.store) return undefined;
    return (statSync(this.#store).mode & 0o777).toString(8);
  }

  async end(): Promise<void> {
    for (const client of this.#clients.values()) await client.close();
    rmSync(this.#folder, { recursive: true });
  }

  get #store(): string {
    return join(this.#folder, 'token.json');
  }

  async #client(name: string): Promise<sdk.Pluvo> {
    const { auth } = this.#stage.scenario.client ?? {};
    const token = auth?.kind === 'token' && auth.value === undefined ? await this.#stage.token() : '';
    // Another call may have made it while this one waited for a token of the sandbox.
    const client = this.#clients.get(name) ?? new this.#sdk.Pluvo(this.#options(token));
    this.#clients.set(name, client);
    return client;
  }

  #options(token: string): sdk.PluvoOptions {
    const given = this.#stage.scenario.client ?? {};
    const { sandbox } = this.#stage;
    const { organization, auth, scopes, store, trust, max_body, user_agent, ...timed } = given;
    const options = {
      organization: organization ?? sandbox.url,
      proxy: false,
      ...this.#auth(auth, token),
      scopes,
      tokenStore: store && this.#store,
      certificateAuthority: trust ? sandbox.certificateAuthority : undefined,
      maxBody: max_body,
      userAgent: user_agent,
      ...(camel(timed as unknown as Json) as object),
      onRequest: (event: sdk.RequestEvent) => this.#told.push(inspect(event)),
      [Symbol.for('pluvo-sdk.clock')]: this.clock,
    };
    return options as sdk.PluvoOptions;
  }

  #auth(auth: Settings['auth'], token: string): object {
    const { clientId, clientSecret } = this.#stage.sandbox;
    if (auth?.kind === 'token') return { token: auth.value ?? token };
    if (auth?.kind === 'provider') return { token: this.#provider(auth.does ?? '') };
    return { clientId: auth?.id ?? clientId, clientSecret: auth?.secret ?? clientSecret };
  }

  #provider(does: string): sdk.TokenProvider {
    switch (does) {
      case 'fresh':
        return () => this.#stage.token();
      case 'fails':
        return () => {
          throw new Error('the vault is shut');
        };
      case 'hangs':
        return () => new Promise(() => {});
      case 'empty':
        return () => '';
      case 'expired':
        return () => ({ value: 'once-good', expiresInMs: 0 });
      default:
        throw new Error(`there is no provider that does ${does}`);
    }
  }

  async #call(
    client: sdk.Pluvo,
    step: CallStep,
    after: string | undefined,
    signal: AbortSignal,
    seen: Seen,
  ): Promise<void> {
    const { call, how = {} } = step;
    const { rows, ...args } = camel(step.args ?? {}) as Fields;
    if (call === 'query') {
      const { operation_name: operationName, partial, repeatable } = how;
      const options = { operationName, partial, repeatable, signal } as sdk.QueryOptions & { partial: true };
      const answer = await client.query<Json>(args['document'] as string, args['variables'] as Fields, options);
      seen.value = (partial ? { data: answer.data, errors: answer.errors.length } : answer) as Json;
    } else if (call === 'check') {
      seen.value = (await client.check({ signal })) as unknown as Json;
    } else if (call === 'users.sync') {
      seen.value = await this.#sync(client, rows as sdk.SyncRow[], args, signal);
    } else {
      const made = invoke(client, call, rows, args, after, how, signal);
      await this.#take(made, how, seen);
    }
  }

  #verify({ body, headers, keys, literal }: Fields): Json {
    const options = literal === true ? { literal } : {};
    const pairs = headers as unknown as [string, string][];
    const { event, raw } = this.#sdk.webhooks.verify(body as string, pairs, keys as string[], options);
    return { event, raw: raw as Fields };
  }

  /** Plans a sync, and carries it out if `apply` says so; what else is said is about one or the other. */
  async #sync(client: sdk.Pluvo, rows: sdk.SyncRow[], given: Fields, signal: AbortSignal): Promise<Json> {
    const { apply, archiveMissing, archiveManagers, leaveGroups, journal, ...options } = given;
    const planning = { archiveMissing, archiveManagers, leaveGroups } as sdk.UsersSyncArgs;
    const plan = await client.users.sync(rows, planning).plan({ signal });
    const { summary, steps, problems } = plan;
    const file = journal === undefined ? {} : { journal: join(this.#folder, journal as string) };
    const applying = { ...(options as sdk.ApplyOptions), ...file, signal };
    const applied = apply === true ? await plan.apply(applying) : undefined;
    const done = applied && { ...applied, steps: applied.steps.map((step) => this.#row(step)) };
    return JSON.parse(JSON.stringify({ summary, steps, problems, applied: done }));
  }

  async #take(made: unknown, how: How, seen: Seen): Promise<void> {
    const { List, BulkRun } = this.#sdk;
    if (made instanceof List) {
      await this.#read(made as sdk.List<Fields>, how, seen);
    } else if (made instanceof BulkRun) {
      const { outcomes, complete, ...totals } = await made;
      seen.value = { totals, rows: outcomes.map((row) => this.#row(row)), complete } as unknown as Json;
    } else {
      seen.value = (await made) as Json;
    }
  }

  #row({ error, ...row }: sdk.RowOutcome | sdk.AppliedStep): object {
    return error ? { ...row, error: this.#failed(error) } : row;
  }

  async #read(list: sdk.List<Fields>, how: How, seen: Seen): Promise<void> {
    const { select, parallel, limit, take = Number.POSITIVE_INFINITY } = how;
    let reading = select === undefined ? list : list.select<Fields>(select);
    if (parallel !== undefined) reading = reading.parallel(parallel);
    switch (how.read ?? 'pages') {
      case 'count':
        seen.told = await reading.count();
        return;
      case 'all':
        seen.rows = await reading.toArray({ limit });
        return;
      case 'items':
        for await (const row of reading) {
          seen.rows.push(row);
          if (seen.rows.length >= take) break;
        }
        return;
      case 'pages':
        return this.#pages(reading, how, take, seen);
    }
  }

  async #pages(list: sdk.List<Fields>, how: How, take: number, seen: Seen): Promise<void> {
    const pages = list.pages();
    seen.pages = [];
    try {
      while (seen.pages.length < take) {
        const page = await pages.next();
        if (page.done) break;
        seen.pages.push(page.value.items.length);
        seen.rows.push(...page.value.items);
        if (how.pause) {
          const ms = milliseconds(how.pause);
          this.clock.advance(ms);
          await this.#stage.sandbox.control('POST', 'clock', { advance: `${ms}ms` });
        }
      }
    } finally {
      seen.told = pages.count;
      seen.position = pages.position;
      await pages.return();
    }
  }

  #failed(error: sdk.PluvoError): Failed {
    let text = error.message;
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) text += `: ${cause.message}`;
    this.#told.push(inspect(error), `${error}`, JSON.stringify(error), error.stack ?? '', text);
    return {
      code: error.code,
      text,
      status: error.status,
      retryAfter: error.retryAfterMs === undefined ? undefined : error.retryAfterMs / 1000,
      attempts: error.attempts,
      retryable: error.retryable,
      graphql: error.graphql.length,
    };
  }
}

/** Calls `users.list` and the like. What a scenario says and the package does not have is a failure. */
function invoke(
  client: sdk.Pluvo,
  call: string,
  rows: Json | undefined,
  args: Fields,
  after: string | undefined,
  how: How,
  signal: AbortSignal,
): unknown {
  const [resource = '', method = ''] = call.split('.').map(name);
  // biome-ignore lint/suspicious/noExplicitAny: scenarios name what they call
  const made = (client as any)[resource]?.[method];
  if (typeof made !== 'function') throw new Error(`there is no call ${call}`);
  const { page_size: pageSize, limit, prefetch, select } = how;
  if (rows !== undefined) return made.call((client as never)[resource], rows, { ...args, signal });
  const options = { signal, pageSize, limit, prefetch, after, select };
  // A scenario says what a file holds, and the package takes a text for a path.
  const content = typeof args['content'] === 'string' ? { content: Buffer.from(args['content']) } : {};
  return made.call((client as never)[resource], { ...args, ...sorted(args), ...content }, options);
}

/** `sort_by` of a scenario is a direction. */
function sorted({ sortBy }: Fields): object {
  return typeof sortBy === 'string' ? { sortBy: { direction: sortBy } } : {};
}

function name(snake: string): string {
  return snake.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Names in camel case, and lengths of time as milliseconds. */
function camel(json: Json): Json {
  if (Array.isArray(json)) return json.map(camel);
  if (json === null || typeof json !== 'object') return json;
  const entries = Object.entries(json).map(([field, value]): [string, Json] => {
    if (['variables', 'values', 'values_by_id'].includes(field)) return [name(field), value];
    const isTime = typeof value === 'string' && /^-?\d+(ms|s|m|h)$/.test(value);
    return isTime ? [`${name(field)}Ms`, milliseconds(value)] : [name(field), camel(value)];
  });
  return Object.fromEntries(entries);
}

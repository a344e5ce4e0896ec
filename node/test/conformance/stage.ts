/** Sets a scenario up: sandbox, trap, plain readings, placeholders, settings, faults. */

/** Sets a scenario up: sandbox, trap, plain readings, placeholders, settings, faults. */
import http, { createServer } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Sandbox, SandboxOptions } from 'pluvo-sdk/testing';
import type { Fields, Json, Scenario, Setup, Step, Truth } from './scenario.js';
import { milliseconds } from './scenario.js';

export interface Fault {
  readonly fault: { readonly name?: string | null; readonly do: Json };
  readonly hits: number;
}

export interface LogEntry {
  readonly seq: number;
  readonly path: string;
  readonly status?: number | null;
  readonly operation?: string | null;
  readonly query?: string | null;
  readonly variables?: Fields | null;
  readonly headers: { readonly [name: string]: string };
  readonly form?: { readonly [name: string]: string } | null;
  readonly connection: number;
  readonly in_flight: number;
  readonly version: string;
  readonly fault?: string | null;
}

/** What a scenario needs from outside: sandboxes, and the lists that are read without the SDK. */
export interface House {
  start(options: SandboxOptions): Promise<Sandbox>;
  readonly trap: Sandbox;
  readonly truth: Truth;
}

export class Stage {
  /** The scenario, its placeholders filled in. */
  readonly scenario: Scenario;
  readonly sandbox: Sandbox;
  readonly #house: House;
  readonly #lists = new Map<string, Fields[]>();
  #settings: Json = null;

  private constructor(draft: Scenario, sandbox: Sandbox, house: House) {
    this.scenario = draft;
    this.sandbox = sandbox;
    this.#house = house;
  }

  static async set(draft: Scenario, house: House, today: () => number): Promise<Stage> {
    await house.trap.control('DELETE', 'log');
    const stage = new Stage(draft, await house.start(options(draft.sandbox ?? {})), house);
    const scenario = (await stage.#fill(draft as unknown as Json, today)) as unknown as Scenario;
    Object.assign(stage, { scenario });
    await stage.#readLists();
    await stage.#breakThings();
    return stage;
  }

  isList(call: string): boolean {
    return call in this.#house.truth;
  }

  /** The rows that a plain reading found at the start. */
  rows(call: string, args: Fields): Fields[] {
    const rows = this.#lists.get(key(call, args));
    if (!rows) throw new Error(`${key(call, args)} was not read beforehand`);
    return rows;
  }

  /** The rows that are there now, with everything that was broken made whole. The log is lost by it. */
  async rowsNow(call: string, args: Fields): Promise<Fields[]> {
    await this.sandbox.control('DELETE', 'faults');
    await this.sandbox.control('POST', 'clock', { hold: false });
    await this.sandbox.control('POST', 'settings', this.#settings);
    return this.#read(call, args);
  }

  async log(): Promise<LogEntry[]> {
    return (await this.sandbox.control('GET', 'log')) as LogEntry[];
  }

  async faults(): Promise<Fault[]> {
    return ((await this.sandbox.control('GET', 'faults')) as { faults: Fault[] }).faults;
  }

  /** What was mailed. */
  async outbox(): Promise<{ operation: string; to: unknown[] }[]> {
    return (await this.sandbox.control('GET', 'outbox')) as { operation: string; to: unknown[] }[];
  }

  /** How many requests came to the sandbox that nobody may call. */
  async trapped(): Promise<number> {
    return ((await this.#house.trap.control('GET', 'log')) as unknown[]).length;
  }

  /** A token, without the token endpoint. */
  async token(): Promise<string> {
    return ((await this.sandbox.control('POST', 'tokens', {})) as { access_token: string }).access_token;
  }

  async #readLists(): Promise<void> {
    for (const { call, args = {} } of this.#listsWanted()) {
      if (!this.#lists.has(key(call, args))) this.#lists.set(key(call, args), await this.#read(call, args));
    }
  }

  #listsWanted(): { call: string; args?: Fields }[] {
    const all = this.scenario.expect?.rows !== undefined;
    const calls = this.scenario.steps.filter((step: Step) => 'call' in step);
    return calls.filter((step) => step.expect?.rows !== undefined || (all && this.isList(step.call)));
  }

  async #breakThings(): Promise<void> {
    const { settings, held, faults = [] } = this.scenario.sandbox ?? {};
    this.#settings = (await this.sandbox.control('GET', 'settings')) as Json;
    if (settings) await this.sandbox.control('POST', 'settings', settings);
    if (held) await this.sandbox.control('POST', 'clock', { hold: true });
    await this.sandbox.control('POST', 'faults', faults);
    await this.sandbox.control('DELETE', 'log');
  }

  /** All rows of a list as a plain client reads them. */
  async #read(list: string, args: Fields): Promise<Fields[]> {
    const truth = this.#house.truth[list];
    if (!truth) throw new Error(`truth.json has nothing for ${list}`);
    const token = await this.token();
    const rows: Fields[] = [];
    const { id, ref } = args as { id?: Json; ref?: Json };
    for (let after: Json = null; ; ) {
      const answer = await post(`${this.sandbox.url}/graphql/`, token, {
        query: truth.query,
        variables: { after, ...(id === undefined ? {} : { id }), ...(ref === undefined ? {} : { ref }) },
      });
      // biome-ignore lint/suspicious/noExplicitAny: a plain client reads what there is
      const found = truth.path.reduce((value: any, field) => value?.[field], (answer as any).data);
      if (!Array.isArray(found?.edges)) throw new Error(`the plain reading got no list: ${JSON.stringify(answer)}`);
      rows.push(...found.edges.map((edge: { node: Fields }) => edge.node));
      if (found.pageInfo.hasNextPage !== true) return rows;
      after = found.pageInfo.endCursor;
    }
  }

  /** Fills placeholders in: `${sandbox}`, `${trap}`, `${nobody}`, `${date +30s}`, `${users.list/0/id}`. */
  async #fill(json: Json, today: () => number): Promise<Json> {
    if (typeof json === 'string') {
      let text = json;
      for (const [whole, name] of json.matchAll(/\$\{([^}]*)\}/g)) {
        text = text.replace(whole, await this.#value(name ?? '', today));
      }
      return text;
    }
    if (Array.isArray(json)) return Promise.all(json.map((item) => this.#fill(item, today)));
    if (json === null || typeof json !== 'object') return json;
    const filled: Fields = {};
    for (const [name, value] of Object.entries(json)) filled[name] = await this.#fill(value, today);
    return filled;
  }

  async #value(name: string, today: () => number): Promise<string> {
    if (name.startsWith('date ')) {
      return new Date(today() + milliseconds(name.slice(5).trim().replace(/^\+/, ''))).toUTCString();
    }
    if (name === 'sandbox') return this.sandbox.url;
    if (name === 'trap') return this.#house.trap.url;
    if (name === 'nobody') return nobody();
    const [list = '', number = '', field = ''] = name.split('/');
    const known = this.#lists.get(key(list, {})) ?? (await this.#read(list, {}));
    this.#lists.set(key(list, {}), known);
    const value = known[Number(number)]?.[field];
    if (typeof value !== 'string') throw new Error(`no text at ${name}`);
    return value;
  }
}

function options(setup: Setup): SandboxOptions {
  const { tls, settings, held, faults, ...rest } = setup;
  const kind = tls?.replace('_', '-') as SandboxOptions['tls'];
  return kind ? { ...rest, tls: kind } : rest;
}

/** A base URL at which nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

function key(call: string, args: Fields): string {
  return [call, args['id'], args['ref']].filter((part) => typeof part === 'string').join(' ');
}

/** Asks as any client does; the sandbox's certificate need not be right for that. */
function post(url: string, token: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(url, { method: 'POST', headers, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

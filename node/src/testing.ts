/** A Pluvo on this machine, for tests: `pluvo sandbox`, started and stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import findCommand from './command.cjs';
import { Pluvo, type PluvoOptions } from './index.js';

/** What the organisation is like. */
export interface SandboxOptions {
  /** How many people there are: 60 where nothing is said. */
  readonly users?: number | undefined;
  /** How many groups: 5. */
  readonly groups?: number | undefined;
  /** How many trainings: 4. */
  readonly trainings?: number | undefined;
  /** Equal seeds give equal data. */
  readonly seed?: number | undefined;
  /** How long every answer takes at least. */
  readonly latencyMs?: number | undefined;
  /** How many requests a client may send: `10/s`. */
  readonly rateLimit?: string | undefined;
  /** How long tokens live: `1h`. */
  readonly tokenLifetime?: string | undefined;
  /** Speaks HTTPS with such a certificate. */
  readonly tls?: 'valid' | 'wrong-host' | 'expired' | undefined;
  /** The command: that of `PLUVO_COMMAND`, the one that came with the package, or the one on the path. */
  readonly command?: string | undefined;
}

/** A request that came in. */
export interface SandboxRequest {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly status?: number | null;
  readonly operation?: string | null;
  readonly query?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>> | null;
  readonly connection: number;
  readonly in_flight: number;
  readonly version: string;
  readonly fault?: string | null;
}

/** Something that the sandbox does wrong; its README and the guide to it list what there is. */
export interface SandboxFault {
  readonly name?: string;
  /** Which requests: `graphql` or `token`. */
  readonly on?: string;
  readonly from?: number;
  readonly times?: number;
  readonly do: { readonly kind: string; readonly [parameter: string]: unknown };
  readonly [more: string]: unknown;
}

interface Listening {
  readonly url: string;
  readonly control_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly ca_pem?: string | null;
}

/**
 * A Pluvo organisation of one's own, with data that is the same each time and faults on demand.
 *
 * It is the command `pluvo sandbox`; `npx pluvo-sdk --version` tells whether that is there.
 *
 * @example
 * ```ts
 * await using sandbox = await Sandbox.start({ users: 120 });
 * await using pluvo = sandbox.client();
 * console.log(await pluvo.users.list().count());
 * ```
 */
export class Sandbox implements AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  /** Where its control API is, which faults do not reach. */
  readonly controlUrl: string;
  /** The id of the client that may do everything. */
  readonly clientId: string;
  /** Its secret. */
  readonly clientSecret: string;
  /** With `tls`: the authority of its certificate, as PEM. */
  readonly certificateAuthority: string | undefined;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, listening: Listening) {
    this.#process = process;
    this.url = listening.url;
    this.controlUrl = listening.control_url;
    this.clientId = listening.client_id;
    this.clientSecret = listening.client_secret;
    this.certificateAuthority = listening.ca_pem ?? undefined;
  }

  /** Starts one, on a free port. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const command = options.command ?? findCommand() ?? 'pluvo';
    const child = spawn(command, ['sandbox', '--port', '0', '--format', 'json', ...flags(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // It must not outlive this process.
    if (running.size === 0) process.on('exit', endAll);
    running.add(child);
    child.once('exit', () => {
      running.delete(child);
      if (running.size === 0) process.off('exit', endAll);
    });
    return new Sandbox(child, await listening(child, command));
  }

  /** A client of it. */
  client(options: PluvoOptions = {}): Pluvo {
    const { clientId, clientSecret } = this;
    const credentials = options.token === undefined ? { clientId, clientSecret } : undefined;
    const trust = this.certificateAuthority && { certificateAuthority: this.certificateAuthority };
    return new Pluvo({ baseUrl: this.url, ...credentials, ...trust, ...options });
  }

  /** Has it do something wrong. */
  async fault(...faults: SandboxFault[]): Promise<void> {
    await this.control('POST', 'faults', faults);
  }

  /** The requests that came in, oldest first. */
  async requests(): Promise<SandboxRequest[]> {
    return (await this.control('GET', 'log')) as SandboxRequest[];
  }

  /** Asks something of its control API: `POST settings`, `DELETE log`, `POST clock` and the like. */
  async control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const request: RequestInit = { method };
    if (body !== undefined) {
      request.headers = { 'content-type': 'application/json' };
      request.body = JSON.stringify(body);
    }
    const response = await fetch(new URL(path, this.controlUrl), request);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill();
    await ended;
  }

  /** {@link stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

const running = new Set<ChildProcess>();

function endAll(): void {
  for (const child of running) child.kill();
}

function flags(options: SandboxOptions): string[] {
  const { users, groups, trainings, seed, latencyMs, rateLimit, tokenLifetime, tls } = options;
  const given = {
    users,
    groups,
    trainings,
    seed,
    latency: latencyMs === undefined ? undefined : `${latencyMs}ms`,
    'rate-limit': rateLimit,
    'token-lifetime': tokenLifetime,
    tls,
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
}

/** What the command says once it listens. */
function listening(child: ChildProcess, command: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', (cause) => {
      const message = `cannot run \`${command}\`: install the command pluvo, or name it in PLUVO_COMMAND`;
      reject(new Error(message, { cause }));
    });
    child.once('exit', (code) => reject(new Error(`\`${command} sandbox\` ended with ${code}: ${said.trim()}`)));
    if (child.stdout) createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as Listening));
  });
}

/** The client. */
import { type CallOptions, Core } from './core.js';
import { connectLog, observer } from './diagnostics.js';
import { type CallSite, callSite, sync } from './errors.js';
import { type Access, Resources } from './generated/index.js';
import { type NativeClock, native } from './native.js';
import {
  documentText,
  type PartialResult,
  type QueryOptions,
  type TypedDocument,
  toPartial,
  type UntypedDocument,
  type WirePartial,
} from './query.js';
import {
  answering,
  checkOptions,
  type DerivedOptions,
  type PluvoOptions,
  toDerivedSettings,
  toSettings,
} from './settings.js';

/** Variables and options, where variables can be left out only if the document needs none. */
type Rest<Variables, Options> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

/**
 * A client of one organisation. Make one and keep it: its connections, token and limits are shared by all calls.
 *
 * Without any argument it is set up from the environment: `PLUVO_ORGANIZATION`, `PLUVO_CLIENT_ID`,
 * `PLUVO_CLIENT_SECRET` and the like.
 *
 * @example
 * ```ts
 * const pluvo = new Pluvo({ organization: 'acme', clientId, clientSecret, scopes: ['users.read'] });
 * for await (const user of pluvo.users.list({ archived: false })) console.log(user.name);
 * ```
 */
export class Pluvo extends Resources implements AsyncDisposable {
  /**
   * Sets a client up. Nothing is sent.
   *
   * @throws {@link ConfigError} where the options do not say where to go or how to get in.
   */
  constructor(options?: PluvoOptions);
  /** @internal */
  constructor(core: Core);
  constructor(given: PluvoOptions | Core = {}) {
    super(given instanceof Core ? given : open(given, callSite(new.target)));
  }

  /**
   * A client set up from the environment, and from options where they say something else.
   *
   * @example
   * ```ts
   * await using pluvo = Pluvo.fromEnv({ scopes: ['users.read'] });
   * ```
   */
  static fromEnv(options: PluvoOptions = {}): Pluvo {
    return new Pluvo(open(options, callSite(Pluvo.fromEnv), true));
  }

  /**
   * A client that makes its requests differently and shares everything else with this one.
   *
   * @example
   * ```ts
   * const patient = pluvo.withOptions({ retry: { maxAttempts: 10 } });
   * ```
   */
  withOptions(options: DerivedOptions): Pluvo {
    const site = callSite(this.withOptions);
    return new Pluvo(new Core(sync(site, () => this.core.session.withOptions(toDerivedSettings(options)))));
  }

  /**
   * Sends a GraphQL document and gives its data. Errors in the answer are thrown; with `partial` they come beside the
   * data. A query is repeated when it fails on the way; a mutation only with `repeatable`.
   *
   * @example
   * ```ts
   * const { user } = await pluvo.query<{ user: { name: string } | null }>(
   *   'query($ref: String!) { user(ref: $ref) { name } }',
   *   { ref: 'EMP-1' },
   * );
   * ```
   */
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...rest: Rest<Variables, QueryOptions & { partial?: false }>
  ): Promise<Data>;
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options: QueryOptions & { partial: true },
  ): Promise<PartialResult<Data>>;
  query<Data = unknown>(
    document: UntypedDocument,
    variables?: Record<string, unknown>,
    options?: QueryOptions & { partial?: false },
  ): Promise<Data>;
  query<Data = unknown>(
    document: UntypedDocument,
    variables: Record<string, unknown> | undefined,
    options: QueryOptions & { partial: true },
  ): Promise<PartialResult<Data>>;
  async query(
    document: unknown,
    variables?: unknown,
    options: QueryOptions & { partial?: boolean } = {},
  ): Promise<unknown> {
    const site = callSite(this.query);
    const { operationName, partial, repeatable, ...rest } = options;
    const text = await documentText(document);
    const args = { document: text, variables, operationName, repeatable, partial };
    const data = await this.core.call('query', { args }, rest, site);
    return partial ? toPartial(data as WirePartial) : data;
  }

  /**
   * Gets a token, if there is none yet, and tells what it may do.
   *
   * @example
   * ```ts
   * const { granted, missing } = await pluvo.check();
   * ```
   */
  check(options?: CallOptions): Promise<Access> {
    return this.core.call('check', {}, options, callSite(this.check));
  }

  /** Gives up whatever is running; calls made later fail with a {@link CancelledError}. Can be called twice. */
  async close(): Promise<void> {
    this.core.session.close();
  }

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What it is, without any secret. */
  override toString(): string {
    return this.core.session.describe();
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Where the package's own tests put a clock that they hold. */
const CLOCK = Symbol.for('pluvo-sdk.clock');

function open(options: PluvoOptions, site: CallSite, environment?: boolean): Core {
  checkOptions(options);
  connectLog();
  const { token, onRequest } = options;
  const settings = toSettings(options, environment ?? Object.keys(options).length === 0);
  const provider = typeof token === 'function' ? answering(token) : undefined;
  const { [CLOCK]: clock } = options as { [CLOCK]?: NativeClock };
  return new Core(sync(site, () => native().Session.open(settings, provider, observer(onRequest), clock)));
}

/** One way for all calls: the request as JSON, cancellation, errors of their classes with the caller's stack. */
import { at, type CallSite, CancelledError, callSite, fromWire, type PluvoError, sync } from './errors.js';
import { type NativeCancel, type NativePages, type NativeSession, native } from './native.js';

/** How one call is made. */
export interface CallOptions {
  /** Gives the call up. It fails with a {@link CancelledError} then, whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take. */
  readonly timeoutMs?: number | undefined;
  /** How often it is sent at most; 1 never repeats. */
  readonly maxAttempts?: number | undefined;
  /** No attempt is begun after so long. */
  readonly totalMs?: number | undefined;
}

/** How one call is made of which other fields can be selected. */
export interface SelectOptions extends CallOptions {
  /** Other fields than the default ones, as GraphQL writes them: `id name groups { id }`. */
  readonly select?: string | undefined;
}

/** A request's members beside its arguments. */
export interface Request {
  readonly args?: object | undefined;
  readonly select?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly limit?: number | undefined;
  readonly prefetch?: boolean | undefined;
  readonly parallel?: number | undefined;
  readonly after?: string | undefined;
  readonly count?: boolean | undefined;
  readonly all?: boolean | undefined;
}

/** A request as the native module takes it. */
export function toRequest(request: Request, options: CallOptions = {}): string {
  const { timeoutMs, maxAttempts, totalMs } = options;
  const inner = {
    timeout: timeoutMs === undefined ? undefined : timeoutMs / 1000,
    total: totalMs === undefined ? undefined : totalMs / 1000,
    maxAttempts,
  };
  const some = Object.values(inner).some((value) => value !== undefined);
  return JSON.stringify({ ...request, args: request.args ?? {}, options: some ? inner : undefined });
}

/** The error of a call that its signal gave up. */
function cancelled(signal: AbortSignal): PluvoError {
  return new CancelledError({ code: 'cancelled', message: 'given up by its AbortSignal' }, { cause: signal.reason });
}

/** Runs a native call that a signal can give up. The signal itself never gets to the native module. */
export async function abortable<A extends { error?: string | null }>(
  signal: AbortSignal | undefined,
  site: CallSite,
  work: (cancel: NativeCancel | undefined) => A | Promise<A>,
): Promise<A> {
  let answer: A;
  if (signal === undefined) {
    answer = await work(undefined);
  } else {
    if (signal.aborted) throw at(cancelled(signal), site);
    const cancel = new (native().CancelHandle)();
    const abort = (): void => cancel.cancel();
    signal.addEventListener('abort', abort, { once: true });
    try {
      answer = await work(cancel);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
  if (answer.error == null) return answer;
  const error = fromWire(answer.error, site);
  throw signal?.aborted && error instanceof CancelledError ? at(cancelled(signal), site) : error;
}

/** What resources and lists call. */
export class Core {
  readonly session: NativeSession;

  constructor(session: NativeSession) {
    this.session = session;
  }

  /** Makes a call and gives what its JSON says. */
  async call<T>(name: string, request: Request, options: CallOptions | undefined, site: CallSite): Promise<T> {
    const text = toRequest(request, options);
    const answer = await abortable(options?.signal, site, (cancel) => this.session.call(name, text, cancel));
    return decode(answer.ok, answer.nulls === true && request.select === undefined && name !== 'query');
  }

  /** Begins to read a list. */
  list(name: string, request: Request, options: CallOptions, site: CallSite): NativePages {
    return sync(site, () => this.session.list(name, toRequest(request, options)));
  }

  /** Makes a call with the content of a file: bytes, or the path of one. */
  async upload<T>(
    name: string,
    args: object,
    content: string | Uint8Array,
    options: CallOptions | undefined,
    site: CallSite,
  ): Promise<T> {
    const text = toRequest({ args }, options);
    const answer = await abortable(options?.signal, site, (cancel) => this.session.upload(name, text, content, cancel));
    return decode(answer.ok, answer.nulls === true);
  }
}

/**
 * Reads JSON of the native module. With `compact` null elements of lists are left out, as the types of models say; what
 * the caller selects stays as the server sent it.
 */
export function decode<T>(json: string | null | undefined, compact: boolean): T {
  const value: unknown = json == null ? null : JSON.parse(json);
  return (compact ? withoutNulls(value) : value) as T;
}

function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** What generated classes of resources are made of. */
export abstract class Resource {
  /** @internal */
  protected readonly core: Core;

  /** @internal */
  constructor(core: Core) {
    this.core = core;
  }

  /** Makes a call; its errors have the stack of whoever called the resource's method. */
  protected send<T>(name: string, args: object | undefined, options?: SelectOptions): Promise<T> {
    return this.core.call<T>(name, { args, select: options?.select }, options, callSite(this.send));
  }

  /** As {@link send}, with the content of a file. */
  protected sendFile<T>(
    name: string,
    { content, ...args }: { content: string | Uint8Array },
    options?: CallOptions,
  ): Promise<T> {
    return this.core.upload<T>(name, args, content, options, callSite(this.sendFile));
  }
}

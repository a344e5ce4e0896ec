/** How a client is set up, and how that is told to the native module. */
import { ConfigError } from './errors.js';
import type { TokenRequest } from './native.js';

/** A token, and how long it may be used. */
export interface Token {
  readonly value: string;
  /** Milliseconds from now. Where nothing is said it is used until Pluvo refuses it. */
  readonly expiresInMs?: number;
}

/** Gives tokens: asked for one when there is none, and when Pluvo no longer accepts the last one. */
export type TokenProvider = () => Token | string | Promise<Token | string>;

/** One attempt of a request, once it is over. */
export interface RequestEvent {
  /** The operation, such as `Users`. */
  readonly operation: string;
  /** Which attempt of its call, from 1. */
  readonly attempt: number;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** The code of what went wrong. */
  readonly error?: string;
  /** After how many milliseconds it is tried again. */
  readonly retryInMs?: number;
  /** From sending to the last byte. */
  readonly elapsedMs: number;
  /** The server's id of the request. */
  readonly requestId?: string;
  /** The size of the answer, decompressed. */
  readonly bytes: number;
}

/** What a client made by {@link Pluvo.withOptions} can have of its own. */
export interface DerivedOptions {
  /** How failures are repeated. */
  readonly retry?: RetryOptions | undefined;
  /** How long one attempt may go without a byte, and take in all. */
  readonly timeouts?: { readonly readMs?: number | undefined; readonly attemptMs?: number | undefined } | undefined;
  /** How lists are read. */
  readonly paging?: PagingOptions | undefined;
  /** The largest answer, in bytes after decompression. */
  readonly maxBody?: number | undefined;
}

/** How failures are repeated. By default 5 attempts within 3 minutes, with delays from 250 ms to 20 s. */
export interface RetryOptions {
  /** Attempts in all; 1 never repeats. */
  readonly maxAttempts?: number | undefined;
  /** The longest first delay. */
  readonly baseDelayMs?: number | undefined;
  /** The longest delay. */
  readonly maxDelayMs?: number | undefined;
  /** No attempt is begun after so long. */
  readonly totalMs?: number | undefined;
  /** The longest `Retry-After` to wait for; a longer one is a {@link RateLimitError}. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** How lists are read. */
export interface PagingOptions {
  /** Rows a page: 50 at most, which is the default. */
  readonly pageSize?: number | undefined;
  /** Whether a page is fetched while the last one is worked on. On where nothing is said. */
  readonly prefetch?: boolean | undefined;
  /** Pages in flight for calls that read everything. 4 where nothing is said. */
  readonly parallel?: number | undefined;
}

/** Where the organisation is, how to get in, and how requests are made. */
export interface PluvoOptions {
  /** The organisation: its name (`acme`), its host or a URL. */
  readonly organization?: string | undefined;
  /** The same as a URL: `https://acme.pluvo.com`. */
  readonly baseUrl?: string | undefined;
  /** The id of the API client. */
  readonly clientId?: string | undefined;
  /** Its secret. For servers only: an app must never ship it. */
  readonly clientSecret?: string | undefined;
  /** What the token is asked for: `users.read`. Everything the API client may do where nothing is said. */
  readonly scopes?: readonly string[] | undefined;
  /** Instead of credentials: a token, or a function that gives tokens. */
  readonly token?: string | TokenProvider | undefined;
  /** A file, of mode 0600, in which processes share a token. */
  readonly tokenStore?: string | undefined;
  /** How failures are repeated. */
  readonly retry?: RetryOptions | undefined;
  /** How long one attempt may take: 10 s to connect, 30 s without a byte, 60 s in all. */
  readonly timeouts?:
    | {
        readonly connectMs?: number | undefined;
        readonly readMs?: number | undefined;
        readonly attemptMs?: number | undefined;
      }
    | undefined;
  /** How lists are read. */
  readonly paging?: PagingOptions | undefined;
  /** How many requests may be in flight (8), and how many are sent a second (as many as the server lets through). */
  readonly limits?: { readonly inFlight?: number | undefined; readonly rate?: number | undefined } | undefined;
  /** How much may be repeated in all: a fifth of the requests of a minute, and ten. */
  readonly retryBudget?:
    | {
        readonly ratio?: number | undefined;
        readonly windowMs?: number | undefined;
        readonly reserve?: number | undefined;
      }
    | undefined;
  /** When tokens are renewed. */
  readonly renewal?:
    | {
        readonly aheadMs?: number | undefined;
        readonly marginMs?: number | undefined;
        readonly pauseMs?: number | undefined;
        readonly providerTimeoutMs?: number | undefined;
      }
    | undefined;
  /** How long an unused connection is kept. */
  readonly idleTimeoutMs?: number | undefined;
  /** The largest answer, in bytes after decompression: 64 MiB. */
  readonly maxBody?: number | undefined;
  /** PEM of certificate authorities to trust beside the system's. */
  readonly certificateAuthority?: string | undefined;
  /** The URL of a proxy, or false for none. What the environment says where nothing is said. */
  readonly proxy?: string | false | undefined;
  /** What the program calls itself. */
  readonly userAgent?: string | undefined;
  /** Told of each attempt of each request. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
}

/** What travels as it is, or with `Ms` taken off and in seconds. */
function seconds(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) =>
    name.endsWith('Ms') && typeof inner === 'number' ? [name.slice(0, -2), inner / 1000] : [name, seconds(inner)],
  );
  return Object.fromEntries(entries);
}

/** The settings as the native module takes them. With `environment` what is not set is read from the environment. */
export function toSettings({ token, onRequest, ...rest }: PluvoOptions, environment: boolean): string {
  const settings = seconds(rest) as Record<string, unknown>;
  return JSON.stringify({ ...settings, token: typeof token === 'string' ? token : undefined, environment });
}

/** The settings of a client that is derived from another. */
export function toDerivedSettings(options: DerivedOptions): string {
  return JSON.stringify(seconds(options));
}

/** Answers questions for tokens with what the caller's function gives. Never throws and never rejects. */
export function answering(provider: TokenProvider): (request: TokenRequest) => void {
  return (request) => {
    const ask = async (): Promise<void> => {
      const token = await provider();
      const { value, expiresInMs }: Token = typeof token === 'string' ? { value: token } : token;
      request.give(value, expiresInMs === undefined ? undefined : expiresInMs / 1000);
    };
    ask().catch((error: unknown) => request.fail(error instanceof Error ? error.message : String(error)));
  };
}

/** Fails where something else than an object was given, as in `new Pluvo('acme')`. */
export function checkOptions(options: unknown): asserts options is PluvoOptions {
  if (options === null || typeof options !== 'object') {
    throw new ConfigError({
      code: 'config',
      message: "a client takes one object, such as { organization: 'acme', clientId, clientSecret }",
    });
  }
}

/** Everything that can go wrong, one class a kind. */

/** The kind of an error: the same word in every language of the SDK. */
export type ErrorCode =
  | 'config'
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'rate_limited'
  | 'timeout'
  | 'connect'
  | 'server'
  | 'indeterminate'
  | 'graphql'
  | 'decode'
  | 'pagination'
  | 'webhook'
  | 'cancelled'
  | 'internal';

/** An error that stood in a GraphQL answer, as the server sent it. */
export interface GraphQLErrorDetail {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An error as the native module tells it. */
export interface WireError {
  code: ErrorCode;
  message: string;
  operation?: string | null;
  status?: number | null;
  requestId?: string | null;
  /** Seconds. */
  retryAfter?: number | null;
  attempts?: number;
  retryable?: boolean;
  indeterminate?: boolean;
  graphql?: GraphQLErrorDetail[] | null;
  causes?: string[];
}

/**
 * Whatever this package throws. {@link code} and the class say what kind it is.
 *
 * No message holds a token, a secret, a variable or what a server answered.
 *
 * @example
 * ```ts
 * try {
 *   await pluvo.users.get({ ref: 'EMP-1' });
 * } catch (error) {
 *   if (error instanceof PluvoError && error.retryable) console.log(`again in ${error.retryAfterMs ?? 1000} ms`);
 * }
 * ```
 */
export class PluvoError extends Error {
  /** The kind. */
  readonly code: ErrorCode;
  /** The operation that failed, such as `Users`. */
  declare readonly operation?: string;
  /** The HTTP status. */
  declare readonly status?: number;
  /** The server's id of the request. */
  declare readonly requestId?: string;
  /** After how many milliseconds the server wants to be asked again. */
  declare readonly retryAfterMs?: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** Whether it may go well later without any change. */
  readonly retryable: boolean;
  /** Whether a write was sent of which nobody can say whether it was carried out. */
  readonly indeterminate: boolean;
  /** The GraphQL errors of the answer, as the server sent them. Not shown when the error is printed. */
  declare readonly graphql: readonly GraphQLErrorDetail[];

  constructor(wire: WireError, options?: ErrorOptions) {
    super(wire.message, options ?? cause(wire.causes ?? []));
    this.name = new.target.name;
    this.code = wire.code;
    // What is not known is not there, so that a printed error is short.
    if (wire.operation != null) this.operation = wire.operation;
    if (wire.status != null) this.status = wire.status;
    if (wire.requestId != null) this.requestId = wire.requestId;
    if (wire.retryAfter != null) this.retryAfterMs = wire.retryAfter * 1000;
    this.attempts = wire.attempts ?? 0;
    this.retryable = wire.retryable ?? false;
    this.indeterminate = wire.indeterminate ?? false;
    // Servers quote what they were sent: it is there for whoever asks for it, and in no log by accident.
    Object.defineProperty(this, 'graphql', { value: wire.graphql ?? [], enumerable: false });
  }
}

/** The client is set up wrongly, or the address is not a Pluvo organisation. */
export class ConfigError extends PluvoError {}
/** No token could be had, or Pluvo does not accept it. */
export class AuthError extends PluvoError {}
/** The token may not do this; the message names the scope. */
export class PermissionDeniedError extends PluvoError {}
/** What was addressed does not exist. */
export class NotFoundError extends PluvoError {}
/** The request is wrong: an argument, a variable, the document. */
export class InvalidRequestError extends PluvoError {}
/** It collides with what is there. */
export class ConflictError extends PluvoError {}
/** Too many requests: see {@link PluvoError.retryAfterMs}. */
export class RateLimitError extends PluvoError {}
/** It took too long. */
export class RequestTimeoutError extends PluvoError {}
/** Name, network, proxy or certificate; or the line broke. */
export class ConnectError extends PluvoError {}
/** Pluvo answered with a server error. */
export class ServerError extends PluvoError {}
/** A write was sent and nobody can say whether it was carried out: look before you send it again. */
export class IndeterminateError extends PluvoError {}
/** GraphQL errors of no more special kind: see {@link PluvoError.graphql}. */
export class GraphQLError extends PluvoError {}
/** The answer could not be read. */
export class DecodeError extends PluvoError {}
/** A list could not be read to its end without doubt. */
export class PaginationError extends PluvoError {}
/** A webhook could not be verified: answer it with 401. */
export class WebhookError extends PluvoError {}
/** It was given up: by an `AbortSignal`, whose reason is the `cause`, or by closing the client. */
export class CancelledError extends PluvoError {}
/** A fault of the SDK. */
export class InternalError extends PluvoError {}

/** The class of each kind. */
export const ERROR_CLASSES: Readonly<Record<ErrorCode, typeof PluvoError>> = {
  config: ConfigError,
  auth: AuthError,
  permission: PermissionDeniedError,
  not_found: NotFoundError,
  invalid: InvalidRequestError,
  conflict: ConflictError,
  rate_limited: RateLimitError,
  timeout: RequestTimeoutError,
  connect: ConnectError,
  server: ServerError,
  indeterminate: IndeterminateError,
  graphql: GraphQLError,
  decode: DecodeError,
  pagination: PaginationError,
  webhook: WebhookError,
  cancelled: CancelledError,
  internal: InternalError,
};

/** Where a call was made. */
export interface CallSite {
  stack?: string;
}

/** Notes where a call is made, for the stack of what it may throw. `above` is the function whose caller is meant. */
// biome-ignore lint/complexity/noBannedTypes: this is what Error.captureStackTrace takes
export function callSite(above: Function): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, above);
  return site;
}

/** Makes the error of its class, with the stack of the call. */
export function toError(wire: WireError, site?: CallSite, options?: ErrorOptions): PluvoError {
  const error = new (ERROR_CLASSES[wire.code] ?? InternalError)(wire, options);
  return site ? at(error, site) : error;
}

/** Gives an error the stack of a call. */
export function at(error: PluvoError, { stack = '' }: CallSite): PluvoError {
  const frames = stack.indexOf('\n    at ');
  error.stack = `${error.name}: ${error.message}${frames < 0 ? '' : stack.slice(frames)}`;
  return error;
}

/** Reads an error from the native module. */
export function fromWire(json: string, site?: CallSite, options?: ErrorOptions): PluvoError {
  return toError(JSON.parse(json) as WireError, site, options);
}

/** Runs a native call that does not wait. What it throws has the wire error as its message. */
export function sync<T>(site: CallSite, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    throw message.startsWith('{') ? fromWire(message, site) : error;
  }
}

function cause(texts: readonly string[]): ErrorOptions | undefined {
  let inner: Error | undefined;
  for (const text of texts.toReversed()) {
    inner = new Error(text, inner && { cause: inner });
    // It was not made here, so where it was made says nothing.
    inner.stack = `Error: ${text}`;
  }
  return inner && { cause: inner };
}

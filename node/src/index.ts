/** The Pluvo SDK for Node. */
export { type BulkOptions, type BulkReport, BulkRun, type Rows } from './bulk.js';
export { Pluvo } from './client.js';
export type { CallOptions, SelectOptions } from './core.js';
export * from './dates.js';
export type { LogRecord } from './diagnostics.js';
export {
  AuthError,
  CancelledError,
  ConfigError,
  ConflictError,
  ConnectError,
  DecodeError,
  type ErrorCode,
  GraphQLError,
  type GraphQLErrorDetail,
  IndeterminateError,
  InternalError,
  InvalidRequestError,
  NotFoundError,
  PaginationError,
  PermissionDeniedError,
  PluvoError,
  RateLimitError,
  RequestTimeoutError,
  ServerError,
  WebhookError,
} from './errors.js';
export * from './generated/index.js';
export { List, type ListOptions, type Page, Pages } from './list.js';
export type { DocumentLike, PartialResult, QueryOptions, TypedDocument, UntypedDocument } from './query.js';
export type {
  DerivedOptions,
  PagingOptions,
  PluvoOptions,
  RequestEvent,
  RetryOptions,
  Token,
  TokenProvider,
} from './settings.js';
export { type ApplyCallOptions, Sync, SyncPlan } from './sync.js';
export type { Content, ExtraValue, OneOf, Open } from './values.js';
export * as webhooks from './webhooks.js';

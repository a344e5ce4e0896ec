/** Knowing that a webhook's delivery is Pluvo's, and reading it. */
import { callSite, sync } from './errors.js';
import type { EnrollmentStatus, OfferEventType } from './generated/index.js';
import { native } from './native.js';

/** Headers of a request: as Node, Express and Fastify have them, a `Headers`, or pairs. */
export type WebhookHeaders =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a delivery is checked. */
export interface VerifyOptions {
  /**
   * Takes the words of Pluvo's newest page for the signature as they stand. Its older, runnable samples, which are
   * followed otherwise, derive the key differently.
   */
  readonly literal?: boolean | undefined;
}

/** What every delivery has. */
interface Base {
  /** When it was sent, as Pluvo says. */
  readonly sentDate: string | null;
  /** The same for two deliveries of one body: keep it for a while and drop what you have seen. */
  readonly key: string;
  /** Everything as it was sent. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A person, in a delivery. */
export interface UserPayload {
  readonly id: string;
  readonly ref?: string | null;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly isActive?: boolean | null;
  /** Extra fields by name. An object here, where GraphQL has JSON in a text. */
  readonly extraFields?: Readonly<Record<string, unknown>> | null;
}

/** A training, in a delivery. */
export interface TrainingPayload {
  readonly id: string;
  readonly ref?: string | null;
  readonly title?: string | null;
  readonly subtitle?: string | null;
  readonly introduction?: string | null;
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly isActive?: boolean | null;
}

/** A group, in a delivery. It does not list the members. */
export interface GroupPayload {
  readonly id: string;
  readonly ref?: string | null;
  readonly name?: string | null;
  readonly enableChat?: boolean | null;
}

/** A moment of an offer, in a delivery. */
export interface OfferEventPayload {
  readonly id: string;
  readonly ref?: string | null;
  readonly title?: string | null;
  /** The price, to the letter. */
  readonly price?: string | null;
  readonly maxSubscriptions?: number | null;
  readonly cancelled?: boolean | null;
  readonly type?: OfferEventType | null;
}

/** An enrolment, in a delivery. */
export interface EnrollmentPayload {
  readonly id: string;
  readonly user?: UserPayload | null;
  readonly status?: EnrollmentStatus | null;
  readonly offerEvent?: OfferEventPayload | null;
}

/** A module group, in a delivery. */
export interface ModuleGroupPayload {
  readonly id: string;
  readonly ref?: string | null;
  readonly training?: TrainingPayload | null;
  readonly user?: UserPayload | null;
  /** The conditions that were fulfilled, as they came. */
  readonly conditions?: readonly unknown[] | null;
  /** The address of a file. Whether it comes with every such event is not known. */
  readonly file?: string | null;
}

/** Somebody was created, changed or deleted. */
export interface UserDelivery extends Base {
  readonly kind: 'user';
  readonly event: 'USER_CREATED' | 'USER_UPDATED' | 'USER_DELETED';
  readonly payload: UserPayload;
}

/** A training was created, changed or deleted. */
export interface TrainingDelivery extends Base {
  readonly kind: 'training';
  readonly event: 'TRAINING_CREATED' | 'TRAINING_UPDATED' | 'TRAINING_DELETED';
  readonly payload: TrainingPayload;
}

/** A group was created, changed or deleted. No event tells of its members. */
export interface GroupDelivery extends Base {
  readonly kind: 'group';
  readonly event: 'GROUP_CREATED' | 'GROUP_UPDATED' | 'GROUP_DELETED';
  readonly payload: GroupPayload;
}

/** Somebody was enrolled or taken off, or an enrolment has another status. */
export interface EnrollmentDelivery extends Base {
  readonly kind: 'enrollment';
  readonly event: 'OFFER_EVENT_ENROLLED' | 'OFFER_EVENT_ENROLLMENT_STATUS_UPDATED' | 'OFFER_EVENT_UNENROLLED';
  readonly payload: EnrollmentPayload;
}

/** A module group was unlocked, or a file was handed in. */
export interface ModuleGroupDelivery extends Base {
  readonly kind: 'module_group';
  readonly event: 'EVENT_CONDITIONS_FULFILLED' | 'EVENT_FILE_UPLOADED';
  readonly payload: ModuleGroupPayload;
}

/** An event without a documented payload, or one whose payload is not as documented: see `raw`. */
export interface UnknownDelivery extends Base {
  readonly kind: 'unknown';
  readonly event: string;
  readonly payload: null;
}

/** A delivery that was verified. `kind` tells what it is about, and with it the payload and the events there are. */
export type Delivery =
  | UserDelivery
  | TrainingDelivery
  | GroupDelivery
  | EnrollmentDelivery
  | ModuleGroupDelivery
  | UnknownDelivery;

/**
 * Checks the signature of a delivery, in constant time and before anything is parsed, and reads it.
 *
 * The body must be the bytes as they arrived: `express.raw()`, a content type parser of Fastify's with
 * `parseAs: 'buffer'`, `await request.bytes()` or `arrayBuffer()` of a `Request`. JSON that was parsed and written anew has another signature.
 * Answer within 30 seconds, and never with 410: that ends the subscription for good.
 *
 * @param keys The webhook key, or several while it is being replaced.
 * @throws {@link WebhookError} where it is not Pluvo's: answer with 401. {@link ConfigError} for no key or an empty one.
 *
 * @example
 * ```ts
 * const delivery = webhooks.verify(request.body, request.headers, process.env.PLUVO_WEBHOOK_KEY ?? '');
 * if (delivery.kind === 'user') console.log(delivery.event, delivery.payload.email);
 * ```
 */
export function verify(
  rawBody: Uint8Array | ArrayBuffer | string,
  headers: WebhookHeaders,
  keys: string | readonly string[],
  options: VerifyOptions = {},
): Delivery {
  const site = callSite(verify);
  const given = typeof keys === 'string' ? [keys] : [...keys];
  const literal = options.literal ?? false;
  return JSON.parse(
    sync(site, () => native().verifyWebhook(bytes(rawBody), pairs(headers), given, literal)),
  ) as Delivery;
}

/**
 * The headers with which Pluvo would sign a body. For tests of a receiver.
 *
 * @example
 * ```ts
 * const body = JSON.stringify({ id: 'u1', event: 'USER_CREATED' });
 * await fetch('http://127.0.0.1:3000/webhooks', { method: 'POST', body, headers: webhooks.signForTest(body, 'key') });
 * ```
 */
export function signForTest(
  rawBody: Uint8Array | ArrayBuffer | string,
  key: string,
  salt = 'salt-of-a-test',
): { 'X-Signature': string; 'X-Signature-Salt': string } {
  return JSON.parse(native().signWebhookForTest(bytes(rawBody), key, salt));
}

function bytes(body: Uint8Array | ArrayBuffer | string): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof Uint8Array) return body;
  // The commonest mistake: a framework has parsed the body already.
  throw new TypeError('the body must be the bytes as they arrived, not what they were parsed to');
}

function pairs(headers: WebhookHeaders): [string, string][] {
  const entries: Iterable<readonly [string, string | readonly string[] | undefined]> =
    Symbol.iterator in headers ? headers : Object.entries(headers);
  const pairs: [string, string][] = [];
  for (const [name, value] of entries) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) pairs.push([name, one]);
  }
  return pairs;
}

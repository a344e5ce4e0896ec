/** What the client tells about its work, through `node:diagnostics_channel` and hooks. Nothing is printed. */
import { channel } from 'node:diagnostics_channel';
import { native } from './native.js';
import type { RequestEvent } from './settings.js';

/** A line of the core's log, as subscribers of `pluvo-sdk:log` get it. */
export interface LogRecord {
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** The part of the core: `pluvo_sdk::auth`. */
  readonly target: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const requests = channel('pluvo-sdk:request');
const log = channel('pluvo-sdk:log');
let logging = false;

/** An attempt as the native module tells it; lengths of time are seconds. */
interface WireAttempt {
  operation: string;
  number: number;
  status?: number | null;
  error?: string | null;
  retryIn?: number | null;
  elapsed: number;
  requestId?: string | null;
  bytes: number;
}

/** What is to be told of each attempt; nothing while nobody listens. */
export function observer(
  onRequest: ((event: RequestEvent) => void) | undefined,
): ((attempt: string) => void) | undefined {
  if (onRequest === undefined && !requests.hasSubscribers) return undefined;
  return (attempt) => {
    const event = toEvent(JSON.parse(attempt) as WireAttempt);
    if (requests.hasSubscribers) requests.publish(event);
    if (onRequest === undefined) return;
    try {
      onRequest(event);
    } catch (error) {
      // As diagnostics_channel does it: the fault is the listener's, and the call that it heard of goes on.
      process.nextTick(() => {
        throw error;
      });
    }
  };
}

function toEvent(attempt: WireAttempt): RequestEvent {
  return {
    operation: attempt.operation,
    attempt: attempt.number,
    ...(attempt.status == null ? undefined : { status: attempt.status }),
    ...(attempt.error == null ? undefined : { error: attempt.error }),
    ...(attempt.retryIn == null ? undefined : { retryInMs: attempt.retryIn * 1000 }),
    elapsedMs: attempt.elapsed * 1000,
    ...(attempt.requestId == null ? undefined : { requestId: attempt.requestId }),
    bytes: attempt.bytes,
  };
}

/** Has the core's log sent to the channel from the first client on that is made while somebody listens. */
export function connectLog(): void {
  if (logging || !log.hasSubscribers) return;
  logging = true;
  native().setLog('debug', (record) => log.publish(JSON.parse(record)));
}

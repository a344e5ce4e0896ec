/** The private native module: strings, buffers and handles, no resource and no type of the API. */
import load from './loader.cjs';

/** What an asynchronous native call resolves to; it never rejects. */
export interface Answer {
  /** JSON; nothing where the call gives nothing. */
  ok?: string | null;
  /** Whether a list in the result may have null elements. */
  nulls?: boolean | null;
  /** A {@link WireError} as JSON. */
  error?: string | null;
}

/** What fetching a page comes to. */
export interface PageAnswer {
  /** JSON: `[{"node":{…}},…]`, where the rows do not stand in `rows`. Neither of them after the last page. */
  edges?: string | null;
  /** JSON: `[{…},…]`. A `ref` that is a number is the length of the one in `refs`. */
  rows?: string | null;
  /** Short texts of the rows, one after the other. */
  refs?: string | null;
  /** Whether a list in a row may have null elements. */
  nulls?: boolean | null;
  count?: number | null;
  endCursor?: string | null;
  hasNext?: boolean | null;
  error?: string | null;
}

/** What planning a sync resolves to. */
export interface PlanAnswer {
  plan?: NativePlan | null;
  error?: string | null;
}

export interface NativeSession {
  withOptions(settings: string): NativeSession;
  call(name: string, request: string, cancel?: NativeCancel): Promise<Answer>;
  list(name: string, request: string): NativePages;
  bulk(name: string, request: string): NativeBulk;
  plan(request: string, cancel?: NativeCancel): Promise<PlanAnswer>;
  upload(name: string, request: string, content: string | Uint8Array, cancel?: NativeCancel): Promise<Answer>;
  describe(): string;
  /** Gives up whatever is running, and refuses whatever comes. */
  close(): void;
}

export interface NativePages {
  /** The page itself where it is there already. */
  next(cancel?: NativeCancel): PageAnswer | Promise<PageAnswer>;
  position(): string | null;
  count(): number | null;
  /** Drops the page that was fetched ahead. */
  stop(): void;
}

export interface NativeBulk {
  push(rows: string): Promise<Answer>;
  finish(): void;
  next(): Promise<Answer>;
  progress(): string;
  stop(): void;
}

export interface NativePlan {
  describe(): string;
  apply(request: string, onProgress?: (progress: string) => void): Promise<Answer>;
  stop(): void;
}

export interface NativeCancel {
  cancel(): void;
}

/** A question for a token, which has to be answered. */
export interface TokenRequest {
  give(value: string, expiresIn?: number): void;
  fail(reason: string): void;
}

/** A clock that tests hold. */
export interface NativeClock {
  advance(ms: number): void;
  shiftWall(ms: number): void;
  wall(): number;
  waits(): number[];
}

export interface Native {
  Session: {
    open(
      settings: string,
      provider?: (request: TokenRequest) => void,
      onAttempt?: (attempt: string) => void,
      clock?: NativeClock,
    ): NativeSession;
  };
  CancelHandle: new () => NativeCancel;
  TestClock: new () => NativeClock;
  /** Sends what the core logs, from a level on, to a function; none ends that. */
  setLog(level: string, sink?: (record: string) => void): void;
  verifyWebhook(body: Uint8Array, headers: [string, string][], keys: string[], literal: boolean): string;
  signWebhookForTest(body: Uint8Array, key: string, salt: string): string;
}

let loaded: Native | undefined;

/** The native module, loaded when it is first wanted. */
export function native(): Native {
  loaded ??= load();
  return loaded;
}

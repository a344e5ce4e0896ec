/** Many writes: rows go in as they come, each has an outcome of its own. */
import { type CallOptions, type Core, toRequest } from './core.js';
import { type CallSite, callSite, fromWire, sync, toError, type WireError } from './errors.js';
import type { BulkTotals, RowOutcome } from './generated/index.js';
import type { NativeBulk } from './native.js';

/** Where rows come from. An async iterable may be of any length: only what is in flight is held. */
export type Rows<T> = Iterable<T> | AsyncIterable<T>;

/** How a bulk write is made. */
export interface BulkOptions extends Omit<CallOptions, 'signal'> {
  /** Takes no more rows once it is aborted. What is in flight is finished, and the report tells of it. */
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is, at most ten times a second and at the end. */
  readonly onProgress?: ((totals: BulkTotals) => void) | undefined;
}

/** What became of all rows. */
export interface BulkReport extends BulkTotals {
  /** Each row that was taken and what became of it, in the order of the rows. */
  readonly outcomes: RowOutcome[];
  /** Whether all rows were taken. False where a signal stopped it. */
  readonly complete: boolean;
}

/** Rows of an array or a generator cross to the native module in chunks of so many. */
const CHUNK = 100;
/** Milliseconds between two tellings of progress. */
const PROGRESS = 100;

/**
 * A bulk write. Await it for the report, or go through its outcomes as they come; nothing is sent before that.
 *
 * @example
 * ```ts
 * const report = await pluvo.users.upsertMany(rows, { key: 'ref' });
 * console.log(report.created, 'created', report.failed, 'failed');
 *
 * for await (const { index, outcome, error } of pluvo.users.upsertMany(rows)) {
 *   if (error) console.log(index, outcome, error.message);
 * }
 * ```
 */
export class BulkRun<Row> implements PromiseLike<BulkReport>, AsyncIterable<RowOutcome> {
  readonly #core: Core;
  readonly #name: string;
  readonly #args: object;
  readonly #rows: Rows<Row>;
  readonly #options: BulkOptions;
  readonly #site: CallSite;
  #report: Promise<BulkReport> | undefined;
  #begun = false;

  /** @internal */
  constructor(core: Core, name: string, rows: Rows<Row>, options: BulkOptions, site: CallSite) {
    const { signal, onProgress, timeoutMs, maxAttempts, totalMs, ...args } = options;
    this.#core = core;
    this.#name = name;
    this.#rows = rows;
    this.#args = args;
    this.#options = options;
    this.#site = site;
  }

  /** Writes all rows and gives the report. */
  // biome-ignore lint/suspicious/noThenProperty: awaiting the write is how its report is had
  then<A = BulkReport, B = never>(
    onReport?: ((report: BulkReport) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#report ??= this.#collect();
    return this.#report.then(onReport, onError);
  }

  /** Writes the rows and gives each outcome as it comes. Leaving the loop takes no more rows. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RowOutcome, void, undefined> {
    yield* this.#run({ totals: undefined, complete: false });
  }

  async #collect(): Promise<BulkReport> {
    const end: End = { totals: undefined, complete: false };
    const outcomes: RowOutcome[] = [];
    for await (const outcome of this.#run(end)) outcomes.push(outcome);
    return { ...(end.totals as BulkTotals), outcomes, complete: end.complete };
  }

  async *#run(end: End): AsyncGenerator<RowOutcome, void, undefined> {
    if (this.#begun) {
      const message = 'a bulk write can be awaited or gone through once: its rows are used up';
      throw toError({ code: 'invalid', message }, callSite(this[Symbol.asyncIterator]));
    }
    this.#begun = true;
    const site = this.#site;
    const native = sync(site, () =>
      this.#core.session.bulk(this.#name, toRequest({ args: this.#args }, this.#options)),
    );
    const { signal, onProgress } = this.#options;
    const feeding = new Feeding(native, this.#rows, signal, site);
    const progress = new Progress(native, onProgress);
    try {
      for (let outcomes = await feeding.outcomes(); outcomes; outcomes = await feeding.outcomes()) {
        progress.tell();
        yield* outcomes;
      }
    } finally {
      await feeding.end();
      end.totals = progress.last();
      end.complete = feeding.complete;
    }
    if (feeding.failure !== undefined) throw feeding.failure.error;
  }
}

interface End {
  totals: BulkTotals | undefined;
  complete: boolean;
}

/** Rows on their way in, and outcomes on their way out. */
class Feeding<Row> {
  complete = false;
  failure: { error: unknown } | undefined;
  readonly #native: NativeBulk;
  readonly #site: CallSite;
  readonly #fed: Promise<void>;
  #stopped = false;
  #over = false;

  constructor(native: NativeBulk, rows: Rows<Row>, signal: AbortSignal | undefined, site: CallSite) {
    this.#native = native;
    this.#site = site;
    const stop = (): void => this.#stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    this.#fed = this.#feed(rows)
      .catch((error: unknown) => {
        // What was taken before the source failed is written, and told.
        this.failure = { error };
        this.#native.finish();
      })
      .finally(() => signal?.removeEventListener('abort', stop));
  }

  /** The next outcomes; nothing after the last. */
  async outcomes(): Promise<RowOutcome[] | undefined> {
    const answer = await this.#native.next();
    if (answer.error != null) throw fromWire(answer.error, this.#site);
    if (answer.ok == null) {
      this.#over = true;
      return undefined;
    }
    const rows = JSON.parse(answer.ok) as (Omit<RowOutcome, 'error'> & { error?: WireError | null })[];
    return rows.map(({ error, ...row }) => (error ? { ...row, error: toError(error, this.#site) } : row));
  }

  /** Stops where it was left early, and waits for what is in flight. */
  async end(): Promise<void> {
    if (!this.#over) this.#stop();
    while (!this.#over) if ((await this.outcomes()) === undefined) break;
    await this.#fed;
  }

  #stop(): void {
    this.#stopped = true;
    this.#native.stop();
  }

  async #feed(rows: Rows<Row>): Promise<void> {
    if (Symbol.asyncIterator in rows) {
      // One by one: a row that is there must not wait for one that may be long in coming.
      for await (const row of rows) {
        if (this.#stopped) return;
        await this.#push([row]);
      }
    } else {
      let chunk: Row[] = [];
      for (const row of rows) {
        if (this.#stopped) return;
        if (chunk.push(row) === CHUNK) {
          await this.#push(chunk);
          chunk = [];
        }
      }
      if (chunk.length > 0) await this.#push(chunk);
    }
    this.complete = !this.#stopped;
    this.#native.finish();
  }

  async #push(rows: Row[]): Promise<void> {
    const answer = await this.#native.push(JSON.stringify(rows));
    if (answer.error != null) throw fromWire(answer.error, this.#site);
  }
}

/** Tells how far a bulk write is. */
class Progress {
  readonly #native: NativeBulk;
  readonly #listener: ((totals: BulkTotals) => void) | undefined;
  #told = Number.NEGATIVE_INFINITY;

  constructor(native: NativeBulk, listener: ((totals: BulkTotals) => void) | undefined) {
    this.#native = native;
    this.#listener = listener;
  }

  tell(): void {
    if (this.#listener === undefined || performance.now() - this.#told < PROGRESS) return;
    this.#told = performance.now();
    this.#listener(this.#totals());
  }

  last(): BulkTotals {
    const totals = this.#totals();
    this.#listener?.(totals);
    return totals;
  }

  #totals(): BulkTotals {
    return JSON.parse(this.#native.progress()) as BulkTotals;
  }
}

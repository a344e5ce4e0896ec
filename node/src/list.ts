/** Lists: read page by page, row by row, or as a whole. */
import { abortable, type CallOptions, type Core, decode } from './core.js';
import { type CallSite, callSite } from './errors.js';
import type { NativePages, PageAnswer } from './native.js';

/** How a list is read. */
export interface ListOptions extends CallOptions {
  /** Rows a page: 50 at most, which is the default. */
  readonly pageSize?: number | undefined;
  /** Rows in all. No more pages are read than they need. */
  readonly limit?: number | undefined;
  /** Whether a page is fetched while the last one is worked on. On where nothing is said. */
  readonly prefetch?: boolean | undefined;
  /** Goes on from a {@link Pages.position} that was kept. */
  readonly after?: string | undefined;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** How many rows the list has in all, as the server counts. */
  readonly count: number | undefined;
  /** The cursor of its end, as the server writes it. To go on later keep {@link Pages.position} instead. */
  readonly endCursor: string | undefined;
  /** Whether there are more pages. */
  readonly hasNext: boolean;
}

interface Source {
  readonly core: Core;
  readonly name: string;
  readonly args: object | undefined;
  readonly select: string | undefined;
  readonly parallel: number | undefined;
}

/**
 * A list that has not been read yet; each way to read it begins anew.
 *
 * @example
 * ```ts
 * for await (const user of pluvo.users.list({ archived: false })) console.log(user.name);
 * ```
 */
export class List<T> implements AsyncIterable<T> {
  readonly #source: Source;
  readonly #options: ListOptions;

  /** @internal */
  constructor(source: Source, options: ListOptions) {
    this.#source = source;
    this.#options = options;
  }

  /**
   * Its rows, one after the other. Leaving the loop stops reading and drops the page that was fetched ahead.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new Items(this.pages());
  }

  /**
   * Its pages, one after the other. After an error {@link Pages.next} can be called again: it goes on where it was.
   *
   * @example
   * ```ts
   * for await (const page of pluvo.users.list().pages()) console.log(page.items.length, 'of', page.count);
   * ```
   */
  pages(): Pages<T> {
    return this.#read(this.#options);
  }

  /** The first row, or nothing. Reads one row only. */
  async first(): Promise<T | undefined> {
    const site = callSite(this.first);
    const page = await this.#read({ ...this.#options, limit: 1, pageSize: 1, prefetch: false }).fetch(site);
    return page.done ? undefined : page.value.items[0];
  }

  /** How many rows it has, as the server counts. Reads no row. */
  count(): Promise<number> {
    const { core, name, args } = this.#source;
    return core.call(name, { args, count: true }, this.#options, callSite(this.count));
  }

  /**
   * The same list, read so many pages at once. They come in order and complete, or with an error. Only for lists that
   * can be read at an offset; others fail.
   */
  parallel(pages: number): List<T> {
    return new List({ ...this.#source, parallel: pages }, this.#options);
  }

  /**
   * The same list with other fields, as GraphQL writes them.
   *
   * @example
   * ```ts
   * for await (const user of pluvo.users.list().select<{ id: string; name: string }>('id name')) console.log(user.name);
   * ```
   */
  select<Row = Record<string, unknown>>(fields: string): List<Row> {
    return new List<Row>({ ...this.#source, select: fields }, this.#options);
  }

  /**
   * All rows, or the first ones, or an error: never a part. Several pages are read at once where that is possible.
   *
   * @example
   * ```ts
   * const newest = await pluvo.users.list({ sortBy: { direction: 'DESC' } }).toArray({ limit: 100 });
   * ```
   */
  async toArray({ limit = this.#options.limit }: { limit?: number | undefined } = {}): Promise<T[]> {
    const site = callSite(this.toArray);
    const options = limit === undefined ? this.#options : { ...this.#options, limit };
    const pages = this.#read(options, true);
    const rows: T[] = [];
    for (let page = await pages.fetch(site); !page.done; page = await pages.fetch(site)) {
      for (const row of page.value.items) rows.push(row);
    }
    return rows;
  }

  /**
   * Its rows as a stream, read as fast as they are taken. Cancelling it stops reading.
   *
   * @example
   * ```ts
   * await pluvo.users.list().toReadableStream().pipeTo(writable);
   * ```
   */
  toReadableStream(): ReadableStream<T> {
    const rows = this[Symbol.asyncIterator]();
    return new ReadableStream<T>(
      {
        async pull(controller) {
          const row = await rows.next();
          if (row.done) controller.close();
          else controller.enqueue(row.value);
        },
        async cancel() {
          await rows.return?.();
        },
      },
      { highWaterMark: 0 },
    );
  }

  #read(options: ListOptions, all?: boolean): Pages<T> {
    const { core, name, ...source } = this.#source;
    const { pageSize, limit, prefetch, after } = options;
    const request = { ...source, pageSize, limit, prefetch, after, all };
    const open = (site: CallSite): NativePages => core.list(name, request, options, site);
    return new Pages(open, options.signal, source.select === undefined);
  }
}

/**
 * How long pages that are there already may follow each other until the event loop turns: others want to work, too, and so
 * does V8, which clears its young generation away between two pages if it is let, and otherwise makes it larger.
 */
const SPELL_MS = 1;

/** The pages of a list, as they are read. */
export class Pages<T> implements AsyncIterableIterator<Page<T>> {
  readonly #open: (site: CallSite) => NativePages;
  readonly #signal: AbortSignal | undefined;
  readonly #typed: boolean;
  #native: NativePages | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  /** When the event loop has to turn next. */
  #turn = performance.now() + SPELL_MS;

  /** @internal */
  constructor(open: (site: CallSite) => NativePages, signal: AbortSignal | undefined, typed: boolean) {
    this.#open = open;
    this.#signal = signal;
    this.#typed = typed;
  }

  /**
   * The next page. Calls that overlap are answered one after the other. A call that fails takes nothing away: the next
   * one asks for the same page again.
   */
  next(): Promise<IteratorResult<Page<T>, undefined>> {
    return this.fetch(callSite(this.next));
  }

  /** @internal */
  fetch(site: CallSite): Promise<IteratorResult<Page<T>, undefined>> {
    const page = this.#last.then(() => this.#page(site));
    this.#last = page.catch(() => undefined);
    return page;
  }

  /** Stops reading and drops the page that was fetched ahead. */
  async return(): Promise<IteratorResult<Page<T>, undefined>> {
    this.#ended = true;
    this.#native?.stop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Where the reading stands: keep it and give it to `list(…, { after })` of the same list to go on from there, in this
   * process or another. Nothing before the first page and after the last.
   */
  get position(): string | undefined {
    return this.#native?.position() ?? undefined;
  }

  /** How many rows the list has in all, as the server counts; nothing before the first page. */
  get count(): number | undefined {
    return this.#native?.count() ?? undefined;
  }

  async #page(site: CallSite): Promise<IteratorResult<Page<T>, undefined>> {
    if (performance.now() >= this.#turn) {
      await new Promise(setImmediate);
      this.#turn = performance.now() + SPELL_MS;
    }
    if (this.#ended) return { done: true, value: undefined };
    this.#native ??= this.#open(site);
    const pages = this.#native;
    const answer = await abortable(this.#signal, site, (cancel) => pages.next(cancel));
    const items = this.#ended ? undefined : rows<T>(answer, answer.nulls === true && this.#typed);
    if (items === undefined) {
      this.#ended = true;
      return { done: true, value: undefined };
    }
    const value = {
      items,
      count: answer.count ?? undefined,
      endCursor: answer.endCursor ?? undefined,
      hasNext: answer.hasNext ?? false,
    };
    return { done: false, value };
  }
}

/** The rows of a page, if it is one. */
function rows<T>({ rows, refs, edges }: PageAnswer, compact: boolean): T[] | undefined {
  if (rows != null) return withRefs(decode<(T & { ref?: unknown })[]>(rows, compact), refs ?? '');
  return edges == null ? undefined : nodes(edges, compact);
}

/** Puts refs back that came beside their rows. A slice, unlike a short text in JSON, is not kept by V8. */
function withRefs<T extends { ref?: unknown }>(rows: T[], refs: string): T[] {
  let end = 0;
  for (const row of rows) {
    if (typeof row.ref !== 'number') continue;
    const begin = end;
    end += row.ref;
    row.ref = refs.slice(begin, end);
  }
  return rows;
}

/** The nodes of edges, put where the edges were. An edge without a node is no row. */
function nodes<T>(json: string, compact: boolean): T[] {
  const edges = decode<({ node?: T | null } | null)[]>(json, compact);
  const rows = edges as unknown as T[];
  let length = 0;
  for (const edge of edges) {
    const node = edge?.node;
    if (node != null) rows[length++] = node;
  }
  rows.length = length;
  return rows;
}

const NONE: readonly never[] = [];

/** The rows of pages. Written by hand, because an async generator costs three turns of the microtask queue a row. */
class Items<T> implements AsyncIterableIterator<T> {
  readonly #pages: Pages<T>;
  #rows: readonly T[] = [];
  #at = 0;
  /** Of the first call: to note it costs more than a row, and the others come from the same loop. */
  #site: CallSite | undefined;
  /** Calls of `next` that wait for a page, and the end of the last of them. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pages: Pages<T>) {
    this.#pages = pages;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting === 0 && this.#at < this.#rows.length) {
      return Promise.resolve({ done: false, value: this.#rows[this.#at++] as T });
    }
    this.#site ??= callSite(this.next);
    const site = this.#site;
    this.#waiting += 1;
    const row = this.#last.then(() => this.#row(site));
    this.#last = row.catch(() => undefined);
    return row;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#rows = [];
    this.#at = 0;
    await this.#pages.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #row(site: CallSite): Promise<IteratorResult<T, undefined>> {
    try {
      while (this.#at >= this.#rows.length) {
        // While the next ones are waited for nobody needs the last ones, and V8 may well tidy up then.
        this.#rows = NONE;
        const page = await this.#pages.fetch(site);
        if (page.done) return { done: true, value: undefined };
        this.#rows = page.value.items;
        this.#at = 0;
      }
      return { done: false, value: this.#rows[this.#at++] as T };
    } finally {
      // Before the caller hears of it: the next row is then handed over at once.
      this.#waiting -= 1;
    }
  }
}

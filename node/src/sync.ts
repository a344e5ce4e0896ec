/** Syncs: the organisation made equal to a list of people, after a plan that can be looked at. */
import { abortable, type CallOptions, type Core, toRequest } from './core.js';
import { type CallSite, callSite, toError, type WireError } from './errors.js';
import type {
  Applied,
  AppliedStep,
  ApplyOptions,
  BulkTotals,
  SyncProblem,
  SyncRow,
  SyncStep,
  SyncSummary,
} from './generated/index.js';
import type { NativePlan } from './native.js';

/** A sync that has not been planned yet. */
export class Sync {
  readonly #core: Core;
  readonly #rows: Iterable<SyncRow> | AsyncIterable<SyncRow>;
  readonly #args: object;

  /** @internal */
  constructor(core: Core, rows: Iterable<SyncRow> | AsyncIterable<SyncRow>, args: object) {
    this.#core = core;
    this.#rows = rows;
    this.#args = args;
  }

  /**
   * Reads the organisation and says what would be done. Nothing is written.
   *
   * @example
   * ```ts
   * const plan = await pluvo.users.sync(rows, { archiveMissing: true }).plan();
   * console.log(plan.summary);
   * for (const { action, ref, changes } of plan.steps) console.log(action, ref, changes);
   * ```
   */
  async plan(options: CallOptions = {}): Promise<SyncPlan> {
    const site = callSite(this.plan);
    const rows: SyncRow[] = [];
    for await (const row of this.#rows) rows.push(row);
    const request = toRequest({ args: { ...this.#args, rows } }, options);
    const { session } = this.#core;
    const answer = await abortable(options.signal, site, (cancel) => session.plan(request, cancel));
    return new SyncPlan(answer.plan as NativePlan);
  }
}

/** How a plan is carried out, and how that is watched and stopped. */
export interface ApplyCallOptions extends ApplyOptions {
  /** Begins no more steps once it is aborted. What is in flight is finished, and the result tells of it. */
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is, at most ten times a second. */
  readonly onProgress?: ((totals: BulkTotals) => void) | undefined;
}

/** What a sync would do. */
export class SyncPlan {
  /** In numbers. */
  readonly summary: SyncSummary;
  /** What would be done, one step a person. */
  readonly steps: readonly SyncStep[];
  /** What would be left alone, and why. */
  readonly problems: readonly SyncProblem[];
  readonly #native: NativePlan;

  /** @internal */
  constructor(native: NativePlan) {
    const { summary, steps, problems } = JSON.parse(native.describe()) as Pick<
      SyncPlan,
      'summary' | 'steps' | 'problems'
    >;
    this.summary = summary;
    this.steps = steps;
    this.problems = problems;
    this.#native = native;
  }

  /**
   * Carries the plan out. It is refused, before anything is written, where it would archive more people than it may.
   *
   * @example
   * ```ts
   * const applied = await plan.apply({ journal: 'sync.jsonl' });
   * if (!applied.complete) console.log(applied.steps.filter((step) => step.error));
   * ```
   */
  async apply({ signal, onProgress, ...args }: ApplyCallOptions = {}): Promise<Applied> {
    const site: CallSite = callSite(this.apply);
    const listen = onProgress && ((totals: string): void => onProgress(JSON.parse(totals) as BulkTotals));
    const stop = (): void => this.#native.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const request = toRequest({ args });
      const answer = await abortable(undefined, site, () => this.#native.apply(request, listen));
      return applied(JSON.parse(answer.ok ?? 'null'), site);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

interface WireApplied extends Omit<Applied, 'steps'> {
  steps: (Omit<AppliedStep, 'error'> & { error?: WireError | null })[];
}

function applied({ steps, ...rest }: WireApplied, site: CallSite): Applied {
  return {
    ...rest,
    steps: steps.map(({ error, ...step }) => (error ? { ...step, error: toError(error, site) } : step)),
  };
}

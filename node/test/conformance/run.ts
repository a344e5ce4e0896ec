/** Runs a scenario through the package. */
import { setImmediate } from 'node:timers/promises';
import type { Native } from '../../dist/cjs/native.js';
import * as account from './account.js';
import * as check from './check.js';
import { Face, type Sdk, type Seen } from './face.js';
import { type CallStep, milliseconds, type Outcome, type Rows, type Scenario, type Step } from './scenario.js';
import { type House, type LogEntry, Stage } from './stage.js';

/** The beginning of every token of the sandbox. */
const TOKENS = 'sandbox-token-';
/** How long a scenario may take before it counts as hung. No time is asserted: this ends what would never end. */
const HUNG = 60_000;

/** Runs a scenario and says what was wrong with what came of it. */
export async function run(sdk: Sdk, native: Native, draft: Scenario, house: House): Promise<string[]> {
  const log: string[] = [];
  native.setLog('trace', (record) => log.push(record));
  const clock = new native.TestClock();
  const stage = await Stage.set(draft, house, () => clock.wall());
  const face = new Face(sdk, stage, clock);
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hangs: not done after ${HUNG} ms`)), HUNG);
  });
  try {
    return await Promise.race([new Run(stage, face, log).whole(), hung]);
  } finally {
    clearTimeout(timer);
    native.setLog('off');
    await face.end();
    await stage.sandbox.stop();
  }
}

interface Begun {
  readonly step: CallStep;
  readonly controller: AbortController;
  readonly work: Promise<Seen>;
}

class Run {
  readonly #stage: Stage;
  readonly #face: Face;
  readonly #log: string[];
  readonly #positions = new Map<string, string>();
  readonly #background = new Map<string, Begun>();
  /** The lists that were read, and their rows. */
  readonly #lists: { step: CallStep; seen: Seen }[] = [];
  readonly #wrong: string[] = [];

  constructor(stage: Stage, face: Face, log: string[]) {
    this.#stage = stage;
    this.#face = face;
    this.#log = log;
  }

  async whole(): Promise<string[]> {
    for (const [at, step] of this.#stage.scenario.steps.entries()) {
      const known = this.#wrong.length;
      await this.#step(step);
      for (let n = known; n < this.#wrong.length; n++) this.#wrong[n] = `step ${at + 1}: ${this.#wrong[n]}`;
    }
    await this.#end();
    return this.#wrong;
  }

  async #step(step: Step): Promise<void> {
    const { sandbox } = this.#stage;
    if ('call' in step) return this.#call(step);
    if ('join' in step) {
      const begun = this.#begun(step.join);
      this.#judge(begun.step, step.expect ?? {}, await begun.work);
    } else if ('cancel' in step) {
      const { controller, work } = this.#begun(step.cancel);
      controller.abort();
      const { error } = await work;
      if (error?.code !== 'cancelled') this.#wrong.push(`${step.cancel} was over before it could be given up`);
    } else if ('until' in step) {
      await this.#until(step.until.tokens ?? 0, step.until.graphql ?? 0);
    } else if ('advance' in step) {
      const { client, calendar, sandbox: by } = step.advance;
      if (by) await sandbox.control('POST', 'clock', { advance: `${milliseconds(by)}ms` });
      this.#face.advance(client, calendar);
    } else {
      const { method, path, body } = step.control;
      await sandbox.control(method, path.replace('/__sandbox/', ''), body);
    }
  }

  #begun(name: string): Begun {
    const begun = this.#background.get(name);
    if (!begun) throw new Error(`nothing was begun under the name ${name}`);
    this.#background.delete(name);
    return begun;
  }

  async #call(step: CallStep): Promise<void> {
    const { after: kept, after_text: text } = step.how ?? {};
    const after = kept === undefined ? text : this.#positions.get(kept);
    if (kept !== undefined && after === undefined) throw new Error(`no position was kept as ${kept}`);
    const controller = new AbortController();
    const call = (): Promise<Seen> => this.#face.call(step, after, controller.signal);
    if (step.background !== undefined) {
      const work = call();
      // Whoever joins it sees how it failed.
      work.catch(() => undefined);
      this.#background.set(step.background, { step, controller, work });
      return;
    }
    const calls = Array.from({ length: step.concurrently ?? 1 }, call);
    for (const seen of await Promise.all(calls)) this.#judge(step, step.expect ?? {}, seen);
  }

  #judge(step: CallStep, expected: Outcome, seen: Seen): void {
    const { call, args = {}, how } = step;
    this.#wrong.push(...check.outcome(expected, seen));
    if (expected.rows !== undefined && expected.rows !== 'kept') {
      this.#wrong.push(...check.rows(expected.rows, seen.rows, this.#stage.rows(call, args)));
    }
    if (how?.keep !== undefined) {
      if (seen.position === undefined) this.#wrong.push(`there is no position to keep as ${how.keep}`);
      else this.#positions.set(how.keep, seen.position);
    }
    if (this.#stage.isList(call)) this.#lists.push({ step, seen });
  }

  async #until(tokens: number, graphql: number): Promise<void> {
    const last = performance.now() + HUNG / 2;
    for (;;) {
      const log = await this.#stage.log();
      const seen = [account.of(log, 'token').length, account.of(log, 'graphql').length] as const;
      if (seen[0] >= tokens && seen[1] >= graphql) return;
      if (performance.now() > last) throw new Error(`${tokens} and ${graphql} never came; there were ${seen}`);
      await setImmediate();
    }
  }

  async #end(): Promise<void> {
    const expected = this.#stage.scenario.expect ?? {};
    const [log, faults] = [await this.#stage.log(), await this.#stage.faults()];
    const mailed = account.outbox(expected, await this.#stage.outbox());
    const wrong = [...account.requests(expected, log), ...account.faults(expected, faults), ...mailed];
    const trapped = await this.#stage.trapped();
    if (trapped > 0) wrong.push(`${trapped} requests went to the host that may not be called`);
    if (expected.waited) wrong.push(...account.waits(expected.waited, this.#face.clock.waits()));
    // What the core logs and tells comes by way of the event loop's queue.
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    const said = this.#log.map((record) => unescaped(record)).join('\n');
    for (const text of expected.logs ?? []) if (!said.includes(text)) wrong.push(`the log does not say "${text}"`);
    const secrets = this.#secrets();
    wrong.push(...account.leaks(secrets, said, 'the log'));
    wrong.push(...account.leaks(secrets, this.#face.told(), 'what the client gave off'));
    const mode = this.#face.storeMode();
    if (expected.store_mode !== undefined && expected.store_mode !== mode) {
      wrong.push(`the token file's mode: ${expected.store_mode} expected, ${mode} seen`);
    }
    wrong.push(...(await this.#rows(expected.rows)));
    if (wrong.length + this.#wrong.length > 0) wrong.push(`the requests were:\n${summary(log)}`);
    this.#wrong.push(...wrong);
  }

  #secrets(): string[] {
    const { client, expect } = this.#stage.scenario;
    const { auth } = client ?? {};
    const own = auth?.kind === 'token' ? auth.value : (auth?.secret ?? this.#stage.sandbox.clientSecret);
    return [TOKENS, ...(expect?.secrets ?? []), ...(own === undefined || auth?.kind === 'provider' ? [] : [own])];
  }

  /** The rows of all steps together, and those that need a reading at the end. */
  async #rows(together: Rows | undefined): Promise<string[]> {
    const wrong: string[] = [];
    for (const { step, seen } of this.#lists.filter(({ step }) => step.expect?.rows === 'kept')) {
      const { call, args = {} } = step;
      const after = await this.#stage.rowsNow(call, args);
      wrong.push(...check.rows('kept', seen.rows, this.#stage.rows(call, args), after));
    }
    const [first] = this.#lists;
    if (together !== undefined && first) {
      const { call, args = {} } = first.step;
      const after = together === 'kept' ? await this.#stage.rowsNow(call, args) : [];
      const all = this.#lists.flatMap(({ seen }) => seen.rows);
      wrong.push(...check.rows(together, all, this.#stage.rows(call, args), after));
    }
    return wrong;
  }
}

/** A record as its reader sees it. */
function unescaped(record: string): string {
  const { level, target, message, fields } = JSON.parse(record);
  return `${level} ${target} ${message} ${JSON.stringify(fields)}`;
}

function summary(log: LogEntry[]): string {
  return log
    .slice(0, 40)
    .map(({ seq, operation, path, variables, status, fault }) => {
      const sent = variables ? JSON.stringify(variables) : '';
      return `  ${seq} ${operation ?? path} ${sent} -> ${status} ${fault ?? ''}`;
    })
    .join('\n');
}

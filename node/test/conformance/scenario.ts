/** The scenario format, as far as the types of a runner need it; `scenario.schema.json` is the whole of it. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };
/** A number, or the least and the most. */
export type Range = number | [number, number];

export interface Scenario {
  readonly title: string;
  readonly except?: { readonly [face: string]: string };
  readonly sandbox?: Setup;
  readonly client?: Settings;
  readonly steps: Step[];
  readonly expect?: Expect;
}

export interface Setup {
  readonly users?: number;
  readonly groups?: number;
  readonly trainings?: number;
  readonly seed?: number;
  readonly tls?: string;
  readonly held?: boolean;
  readonly settings?: Fields;
  readonly faults?: Fields[];
}

export interface Settings {
  readonly organization?: string;
  readonly auth?: {
    kind: 'credentials' | 'token' | 'provider';
    id?: string;
    secret?: string;
    value?: string;
    does?: string;
  };
  readonly scopes?: string[];
  readonly store?: { readonly holds?: string };
  readonly trust?: boolean;
  readonly retry?: Fields;
  readonly retry_budget?: Fields;
  readonly renewal?: Fields;
  readonly limits?: Fields;
  readonly timeouts?: Fields;
  readonly max_body?: number;
  readonly user_agent?: string;
}

export interface CallStep {
  readonly call: string;
  readonly args?: Fields;
  readonly how?: How;
  readonly client?: string;
  readonly concurrently?: number;
  readonly background?: string;
  readonly expect?: Outcome;
}

export type Step =
  | CallStep
  | { readonly join: string; readonly expect?: Outcome }
  | { readonly cancel: string }
  | { readonly until: { readonly tokens?: number; readonly graphql?: number } }
  | { readonly advance: { readonly client?: string; readonly calendar?: string; readonly sandbox?: string } }
  | { readonly control: { readonly method: 'POST' | 'DELETE'; readonly path: string; readonly body?: Json } };

export interface How {
  readonly read?: 'pages' | 'items' | 'all' | 'count';
  readonly page_size?: number;
  readonly limit?: number;
  readonly parallel?: number;
  readonly prefetch?: boolean;
  readonly take?: number;
  readonly pause?: string;
  readonly keep?: string;
  readonly after?: string;
  readonly after_text?: string;
  readonly select?: string;
  readonly partial?: boolean;
  readonly repeatable?: boolean;
  readonly operation_name?: string;
}

export type Rows =
  | 'all'
  | 'kept'
  | { readonly where?: Fields; readonly reversed?: boolean; readonly skip?: number; readonly first?: number };

export interface Outcome {
  readonly count?: number;
  readonly unique?: boolean;
  readonly rows?: Rows;
  readonly pages?: number[];
  readonly told?: number;
  readonly each?: Fields;
  readonly without?: string[];
  readonly row?: { readonly [number: string]: Fields };
  readonly value?: Json;
  readonly absent?: boolean;
  readonly error?: Failure;
}

export interface Failure {
  readonly code: string;
  readonly status?: number;
  readonly retry_after?: number;
  readonly attempts?: number;
  readonly retryable?: boolean;
  readonly graphql?: number;
  readonly says?: string[];
  readonly never?: string[];
}

export interface Expect {
  readonly tokens?: Range;
  readonly graphql?: Range;
  readonly connections?: Range;
  readonly in_flight?: Range;
  readonly requests?: ExpectedRequest[];
  readonly rows?: Rows;
  readonly waited?: { readonly least?: string; readonly most?: string; readonly times?: Range };
  readonly outbox?: { readonly operation: string; readonly people: number }[];
  readonly unhit?: string[];
  readonly logs?: string[];
  readonly secrets?: string[];
  readonly store_mode?: string;
}

export interface ExpectedRequest {
  readonly on?: 'graphql' | 'token';
  readonly nth?: number;
  readonly operation?: string;
  readonly variables?: Fields;
  readonly without?: string[];
  readonly query_says?: string[];
  readonly query_never?: string[];
  readonly headers?: { readonly [name: string]: string | null };
  readonly form?: { readonly [name: string]: string | null };
  readonly version?: string;
}

/** The lists that are read without the SDK: see `truth.json`. */
export type Truth = { readonly [list: string]: { readonly query: string; readonly path: string[] } };

/** A length of time in milliseconds: `150ms`, `2s`, `5m`, `24h`. */
export function milliseconds(span: string): number {
  const [, number, unit] = /^(-?\d+)(ms|s|m|h)$/.exec(span) ?? [];
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit ?? ''];
  if (factor === undefined) throw new Error(`not a length of time: ${span}`);
  return Number(number) * factor;
}

export function holds(range: Range, number: number): boolean {
  return typeof range === 'number' ? number === range : range[0] <= number && number <= range[1];
}

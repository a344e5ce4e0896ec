/** Helpers for the scalars of the API, which stay the texts that they are sent as. */

/**
 * A day (`2026-02-01`) as a `Date`, at midnight UTC.
 *
 * @example
 * ```ts
 * const start = fromDate('2026-02-01');
 * ```
 */
export function fromDate(day: string): Date {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`not a day, such as 2026-02-01: ${day}`);
  return valid(new Date(`${day}T00:00:00Z`), day);
}

/** The day of a `Date` in UTC, as the API has it: `2026-02-01`. */
export function toDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/**
 * A moment (`2026-02-01T10:15:00+00:00`) as a `Date`. One that does not say its zone is taken as UTC.
 *
 * @example
 * ```ts
 * const seen = fromDateTime('2026-02-01T10:15:00+00:00').getTime();
 * ```
 */
export function fromDateTime(moment: string): Date {
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(moment);
  return valid(new Date(hasZone ? moment : `${moment}Z`), moment);
}

/** A `Date` as the API has moments. Arguments take a `Date` as it is. */
export function toDateTime(date: Date): string {
  return date.toISOString();
}

/** The whole length of a time that is told in days and seconds, in milliseconds. */
export function durationMs(time: { readonly days?: number | null; readonly seconds?: number | null }): number {
  return ((time.days ?? 0) * 86_400 + (time.seconds ?? 0)) * 1000;
}

/**
 * What a field holds that is JSON within a text, such as `extraFields`; nothing where there is no text.
 *
 * @example
 * ```ts
 * const fields = fromJsonText<Record<string, string>>('{"Department":"Marketing"}');
 * ```
 */
export function fromJsonText<T = unknown>(text: string | null | undefined): T | undefined {
  return text ? (JSON.parse(text) as T) : undefined;
}

function valid(date: Date, text: string): Date {
  if (Number.isNaN(date.getTime())) throw new RangeError(`not a date: ${text}`);
  return date;
}

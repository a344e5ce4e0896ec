import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, fromDate, fromDateTime, fromJsonText, toDate, toDateTime } from 'pluvo-sdk';

test('days and moments go to dates and back', () => {
  assert.equal(fromDate('2026-02-01').getTime(), Date.UTC(2026, 1, 1));
  assert.equal(toDate(fromDate('2026-02-01')), '2026-02-01');
  assert.equal(fromDateTime('2026-02-01T10:15:00+02:00').getTime(), Date.UTC(2026, 1, 1, 8, 15));
  assert.equal(fromDateTime('2026-02-01T10:15:00').getTime(), Date.UTC(2026, 1, 1, 10, 15));
  assert.equal(toDateTime(new Date(0)), '1970-01-01T00:00:00.000Z');
  for (const wrong of ['01-02-2026', '2026-13-40', '']) assert.throws(() => fromDate(wrong), RangeError);
  assert.throws(() => fromDateTime('yesterday'), RangeError);
});

test('times and JSON within a text are read', () => {
  assert.equal(durationMs({ days: 1, seconds: 30 }), 86_430_000);
  assert.equal(durationMs({ seconds: null }), 0);
  assert.deepEqual(fromJsonText('{"Department":"Marketing"}'), { Department: 'Marketing' });
  assert.equal(fromJsonText(null), undefined);
});

// Runs the compiled tests, all or those whose path has one of the arguments in it. The last line is
// `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('../dist-test', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(tests, { recursive: true })
  .filter((path) => /\.test\.c?js$/.test(path))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .map((path) => join(tests, path))
  .sort();

const folder = mkdtempSync(join(tmpdir(), 'pluvo-node-test-'));
const summary = join(folder, 'summary.tap');
const reporters = ['spec', 'stdout', 'tap', summary];
const flags = reporters.map((value, at) => `--test-reporter${at % 2 ? '-destination' : ''}=${value}`);
const { status } = spawnSync(process.execPath, ['--test', '--expose-gc', '--test-concurrency=2', ...flags, ...files], {
  stdio: 'inherit',
});
const tap = readFileSync(summary, 'utf8');
rmSync(folder, { recursive: true });
const count = (word) => Number(tap.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
const failed = count('fail') + count('cancelled');
console.log(
  `${count('pass')} passed, ${failed || (status === 0 ? 0 : 1)} failed, ${count('skipped') + count('todo')} skipped`,
);
process.exitCode = status === 0 && count('pass') > 0 ? 0 : 1;

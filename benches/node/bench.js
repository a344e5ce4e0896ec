// Runs the contenders in turn, A B C, A B C, …, each in a process of its own with a server of its own, and prints medians and
// what they are beside each other.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const PAGE = 50;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, rounds: { type: 'string', default: '7' }, check: { type: 'boolean' } },
});
const size = options.quick
  ? { pages: 20, flat: [5, 10, 20], rtt: 16, calls: 20, rounds: 1 }
  : { pages: 2000, flat: [100, 1000, 20_000], rtt: 200, calls: 5000, rounds: Number(options.rounds) };

const PEERS = ['undici', 'fetch', 'axios', 'graphql-request', 'apollo'];
const OURS = ['pluvo', 'pluvo-pages', 'pluvo-select'];
const drain = (pages, more = {}) => ({ task: { kind: 'drain', pages }, server: { pages, ...more } });
const parallel = (pages, inFlight, more = {}) => ({ task: { kind: 'parallel', pages, inFlight }, server: { pages, ...more } });
const each = (names, work) => names.map((contender) => ({ name: contender, contender, ...work }));

/** Each workload: its cases, the columns of its table, and the promises that it holds. */
const WORKLOADS = {
  drain: {
    about: 'pages one after the other by cursor, no latency',
    cases: each([...PEERS, ...OURS], drain(size.pages)),
    columns: perUser,
    promises: (of) => [
      atLeast('CPU of undici ÷ ours', 2.2, of('undici', cpu) / of('pluvo', cpu)),
      atLeast('CPU of fetch ÷ ours', 5, of('fetch', cpu) / of('pluvo', cpu)),
      atLeast('CPU of graphql-request ÷ ours', 6, of('graphql-request', cpu) / of('pluvo', cpu)),
    ],
  },
  'drain-16': {
    about: 'the same pages by offset, 16 in flight',
    cases: each([...PEERS, 'pluvo'], parallel(size.pages, 16)),
    columns: perUser,
  },
  'drain-rtt': {
    about: 'pages with 50 ms of latency',
    rounds: 3,
    cases: [
      { ...each(['undici'], drain(size.rtt, { latency_ms: 50 }))[0], name: 'undici, one by one' },
      { ...each(['undici'], parallel(size.rtt, 8, { latency_ms: 50 }))[0], name: 'undici, 8 in flight' },
      { ...each(['pluvo'], drain(size.rtt, { latency_ms: 50 }))[0], name: 'pluvo, one ahead' },
      { ...each(['pluvo'], parallel(size.rtt, 8, { latency_ms: 50 }))[0], name: 'pluvo, 8 in flight' },
    ],
    columns: (run) => ({ 'wall, s': run.wall.toFixed(2) }),
    promises: (of) => [
      atMost('8 in flight, wall ÷ bound', 1.15, of('pluvo, 8 in flight', wall) / (Math.ceil(size.rtt / 8) * 0.05)),
    ],
  },
  flat: {
    about: 'memory of a drain by its length',
    rounds: 3,
    cases: size.flat.map((pages) => ({ ...each(['pluvo'], drain(pages))[0], name: `${pages} pages` })),
    columns: (run) => ({ 'peak MB': run.peakMb.toFixed(1) }),
    promises: (of) => [
      atMost('peak of the longest ÷ of the shortest', 1.1, of(`${size.flat[2]} pages`, peak) / of(`${size.flat[0]} pages`, peak)),
    ],
  },
  one: {
    about: 'a small query on a warm connection, one after the other',
    cases: [
      ...each([...PEERS, 'pluvo'], { task: { kind: 'one', calls: size.calls }, server: { pages: 1 } }),
      { name: 'pluvo, users.get', contender: 'pluvo', task: { kind: 'get', calls: size.calls }, server: { pages: 1 } },
    ],
    columns: (run, { task }) => ({
      'CPU, µs a call': ((run.cpu / task.calls) * 1e6).toFixed(1),
      'wall, µs a call': ((run.wall / task.calls) * 1e6).toFixed(1),
    }),
    promises: (of) => [
      atMost('CPU of a query ÷ fetch', 1.3, of('pluvo', cpu) / of('fetch', cpu)),
      atMost('wall of a query ÷ fetch', 1.3, of('pluvo', wall) / of('fetch', wall)),
    ],
  },
  start: {
    about: 'load and first client, nothing sent; the whole process',
    cases: [
      { name: 'node alone', contender: undefined, task: { kind: 'start' }, server: { pages: 1 } },
      ...each([...PEERS, 'pluvo'], { task: { kind: 'start' }, server: { pages: 1 } }),
    ],
    columns: (run) => ({ 'process, ms': (run.process * 1000).toFixed(1), 'peak MB': Number.isNaN(run.peakMb) ? '–' : run.peakMb.toFixed(1) }),
    promises: (of) => [atMost('process that loads ours, ms', 75, of('pluvo', (run) => run.process * 1000))],
  },
};

function perUser(run, { task }) {
  const users = task.pages * PAGE;
  return {
    'CPU, µs a user': ((run.cpu / users) * 1e6).toFixed(2),
    'wall, µs a user': ((run.wall / users) * 1e6).toFixed(2),
    'peak MB': run.peakMb.toFixed(1),
  };
}

function cpu(run) {
  return run.cpu;
}
function wall(run) {
  return run.wall;
}
function peak(run) {
  return run.peakMb;
}
function atLeast(promise, limit, found) {
  return { promise: `${promise} ≥ ${limit}`, found, kept: found >= limit };
}
function atMost(promise, limit, found) {
  return { promise: `${promise} ≤ ${limit}`, found, kept: found <= limit };
}
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Runs a command to its end and gives the first line that it says. */
async function line(child) {
  const first = new Promise((done) => createInterface(child.stdout).once('line', done));
  return JSON.parse(await first);
}

async function once({ contender, task, server: spec }) {
  const description = { pages: 1, latency_ms: 0, real: false, limit: null, faulty: false, ...spec };
  const server = spawn(process.env.PLUVO_BENCH_SERVER, ['serve', JSON.stringify(description)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const address = await line(server);
  const began = performance.now();
  const job = JSON.stringify({ contender, task, server: address });
  const program = contender === undefined ? ['-e', "console.log('{}')"] : ['contend.js', job];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  const outcome = await line(child);
  const status = await ended;
  const run = { ...outcome, process: (performance.now() - began) / 1000 };
  server.stdin.end();
  await new Promise((done) => server.once('exit', done));
  if (status !== 0) throw new Error(`${contender} failed`);
  const rows = task.pages && task.pages * PAGE;
  if (rows && (run.tally.rows !== rows || run.tally.refs !== (rows * (rows - 1)) / 2)) {
    throw new Error(`${contender} has not read it all: ${JSON.stringify(run.tally)}`);
  }
  return run;
}

let kept = true;
for (const [id, workload] of Object.entries(WORKLOADS)) {
  if (positionals.length > 0 && !positionals.includes(id)) continue;
  const rounds = Math.min(size.rounds, workload.rounds ?? size.rounds);
  const runs = workload.cases.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    console.error(`${id}: round ${round} of ${rounds}`);
    for (const [at, given] of workload.cases.entries()) runs[at].push(await once(given));
  }
  const of = (name, figure) => median(runs[workload.cases.findIndex((given) => given.name === name)].map(figure));
  const rows = workload.cases.map((given, at) => {
    const figures = ['wall', 'cpu', 'peakMb', 'process'].map((name) => [name, median(runs[at].map((run) => run[name]))]);
    return { contender: given.name, ...workload.columns(Object.fromEntries(figures), given) };
  });
  const head = Object.keys(rows[0]);
  console.log(`### \`node ${id}\`: ${workload.about} (medians of ${rounds})\n`);
  console.log(`| ${head.join(' | ')} |\n| ${head.map(() => '---').join(' | ')} |`);
  for (const row of rows) console.log(`| ${head.map((name) => row[name]).join(' | ')} |`);
  console.log();
  if (options.quick) continue;
  for (const { promise, found, kept: held } of workload.promises?.(of) ?? []) {
    console.log(`- ${held ? 'PASS' : 'FAIL'}: ${promise}: ${found.toFixed(3)}`);
    kept &&= held;
  }
  console.log();
  const results = { workload: `node-${id}`, cores: availableParallelism(), node: process.version, cases: [] };
  results.cases = workload.cases.map((given, at) => ({ ...given, runs: runs[at] }));
  mkdirSync(process.env.PLUVO_BENCH_RESULTS, { recursive: true });
  const path = join(process.env.PLUVO_BENCH_RESULTS, `node-${id}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}
if (!kept && options.check) process.exitCode = 1;

// One contender, one task, one process: `node contend.js JOB`, which tells what it took as a line of JSON.
import { readFileSync } from 'node:fs';
import { CONTENDERS } from './contenders.js';

const { contender, task, server } = JSON.parse(process.argv[2]);
const given = { base: server.url, url: `${server.url}/graphql/`, certificate: server.certificate };

const tally = { pages: 0, rows: 0, refs: 0 };
const made = await CONTENDERS[contender](given);
if (task.kind !== 'start') await made.warmUp();
const [wall, cpu] = [performance.now(), process.cpuUsage()];
switch (task.kind) {
  case 'drain':
    await made.drain(tally);
    break;
  case 'parallel':
    await made.parallel(tally, task.pages, task.inFlight);
    break;
  case 'one':
    for (let n = 0; n < task.calls; n++) await made.one();
    break;
  case 'get':
    for (let n = 0; n < task.calls; n++) await made.get();
    break;
}
const used = process.cpuUsage(cpu);
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
const outcome = { wall: (performance.now() - wall) / 1000, cpu: (used.user + used.system) / 1e6, peakMb: peak / 1024, tally };
process.stdout.write(`${JSON.stringify(outcome)}\n`);

// One contender and one job: `node contend.js CONTENDER JOB`.
//
// It imports what it needs, makes a client, sends one request, prints `ready` and waits for a line; then it does the job,
// prints what it read as one line of JSON, and waits for the end of its input. So whoever measures it knows from outside
// what the work alone took. A start prints as soon as there is a client.
import { readSync } from 'node:fs';

/** Waits for input, or for its end. Nothing else happens meanwhile. */
function wait() {
  readSync(0, new Uint8Array(1));
}

function tell(line) {
  process.stdout.write(`${line}\n`);
}

const [, , name, text] = process.argv;
const job = JSON.parse(text);
const tally = { rows: 0, marks: 0 };
if (name !== 'bare') {
  const [kind, variant] = name.split(':');
  const { CONTENDERS } = await import('./contenders.js');
  const contender = await CONTENDERS[kind](job, variant);
  if (job.task !== 'start') {
    await contender.warmUp();
    tell('ready');
    wait();
  }
  if (job.task === 'one') {
    for (let call = 0; call < job.calls; call++) await contender.one();
  } else if (job.inFlight > 1) {
    await contender.parallel(tally);
  } else if (job.task === 'drain') {
    await contender.drain(tally);
  }
}
tell(JSON.stringify(tally));
wait();

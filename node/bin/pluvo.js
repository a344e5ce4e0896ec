#!/usr/bin/env node
// `npx pluvo-sdk …` is the command `pluvo …`: that of PLUVO_COMMAND, of the platform's package, or on the path.
import { spawn } from 'node:child_process';
import command from '../dist/cjs/command.cjs';

function lacking() {
  process.stderr.write('pluvo is not on this machine: install the command, or name it in PLUVO_COMMAND\n');
  process.exitCode = 127;
}

function run(program) {
  const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
  child.on('error', lacking);
  // The child gets Ctrl-C too, and says how it ends.
  const handedOn = ['SIGINT', 'SIGTERM'];
  for (const signal of handedOn) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      for (const handled of handedOn) process.removeAllListeners(handled);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}

const program = command();
if (program) run(program);
else lacking();

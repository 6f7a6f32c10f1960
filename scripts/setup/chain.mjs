import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Runs the files one after the other with `node`; the last one gets `rest`. Returns the status of the one that ended last. */
export async function runFiles({ root, node, files, rest }) {
  let status = 0;
  for (const [index, file] of files.entries()) {
    const args = index === files.length - 1 ? rest : [];
    status = await runCommand([node, file, ...args], { cwd: root });
    if (status !== 0) break;
  }
  return status;
}

/**
 * Runs a command on this terminal and returns its exit status (128 + n for signal n). A signal never ends set-up
 * before the command: it needs the time to clean up. Ctrl-C reaches it through the terminal's process group; SIGTERM,
 * which comes to this process alone, is handed on. A command that ends with 0 after a signal counts as interrupted.
 */
export function runCommand([command, ...args], options) {
  let signalled = 0;
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const handler = () => {
      signalled = statusOf(signal);
      if (signal === 'SIGTERM') child.kill(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? statusOf(signal) : code || signalled));
  }).finally(() => {
    for (const remove of handlers) remove();
  });
}

function statusOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

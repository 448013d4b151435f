// One step of a build that a person watches: a line that counts seconds and packages, and what the
// step printed only when it fails.
import { spawn } from 'node:child_process';
import { progressLine } from './progress-line.mjs';

/**
 * Builds a project and all that it depends on.
 *
 * @param {{ label: string, done: string, project: string, root: string }} step
 *   label while it runs and when done, e.g. `[1/2] Building the server`
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function buildStep({ label, done, project, root }) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const nx = startNx(root, project);
  const line = progressLine(() => `${label} … ${nx.progress()}${seconds()} s`);
  const { code, signal, output } = await nx.ended;
  if (code === 0) {
    line.end(`${done} (${seconds()} s)`);
    return true;
  }
  line.end(`${label} failed after ${seconds()} s.`);
  process.stderr.write(`\n${output.trim()}\n\n`);
  if (signal === 'SIGKILL' || code === 137) {
    process.stderr.write('The system stopped the build, most likely for want of memory.\n');
  }
  return false;
}

function startNx(root, project) {
  const child = spawn(
    process.execPath,
    [
      'node_modules/.bin/nx',
      ...['run-many', '--target=build', `--projects=${project}`, '--output-style=static'],
    ],
    {
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that an interruption can end all of its processes.
      detached: true,
    },
  );
  const interrupt = (signal) => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
    process.stdout.write('\nStopped. `npm start` goes on from here.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);

  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => {
    const end = (code, signal) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve({ code, signal, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(1, null);
    });
    child.once('close', end);
  });
  return { ended, progress: () => packagesBuilt(output) };
}

/** `7 of 18 packages, `, as far as nx has said how many there are. */
function packagesBuilt(output) {
  const [, projects, dependencies] =
    /Running target build for (?:(\d+) projects|project \S+)(?: and (\d+) tasks?)?/.exec(output) ??
    [];
  const total = Number(projects ?? 1) + Number(dependencies ?? 0);
  const built = output.match(/^> nx run \S+:build/gm)?.length ?? 0;
  return total > 1 ? `${built} of ${total} packages, ` : '';
}

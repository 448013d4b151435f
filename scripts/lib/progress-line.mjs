/** How often the line is brought up to date, in milliseconds. */
const TERMINAL_MS = 100;
const LOG_MS = 10_000;

/**
 * A line that is rewritten on a terminal, and repeated now and then in a log.
 *
 * @param {() => string} text what it says at the moment
 * @returns {{ end(last: string): void }} puts the last line in its place
 */
export function progressLine(text) {
  const terminal = process.stdout.isTTY === true;
  const show = () => process.stdout.write(terminal ? `\r\x1b[2K${text()}` : `${text()}\n`);
  if (terminal) show();
  const timer = setInterval(show, terminal ? TERMINAL_MS : LOG_MS);
  return {
    end(last) {
      clearInterval(timer);
      process.stdout.write(`${terminal ? '\r\x1b[2K' : ''}${last}\n`);
    },
  };
}

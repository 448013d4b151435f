/** The process cannot listen where it was told to. The message says what to do. */
export class UnusableAddress extends Error {}

/** Turns a failure to listen into a sentence, where it is one that whoever runs the process can mend. */
export function listenProblem(error: unknown, port: number, host: string): unknown {
  switch ((error as { code?: unknown }).code) {
    case 'EADDRINUSE':
      return new UnusableAddress(
        `Port ${port} is taken by another program: stop that one, or set PORT to a free port.`,
      );
    case 'EACCES':
      return new UnusableAddress(
        `Port ${port} may not be used by this account: set PORT to a port above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UnusableAddress(
        `HOST is ${host}, which is not an address of this machine: correct it, or leave it out to listen on all.`,
      );
    default:
      return error;
  }
}

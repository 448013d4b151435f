import { Installation, type InstallationOptions, redisProgram } from '@primetrade/testing/fleet';

export type { Installation };

let running: Installation[] = [];

/** The databases of an installation, with no service started; `cleanUp` ends it. */
export async function prepare(options: InstallationOptions = {}): Promise<Installation> {
  const installation = await Installation.prepare(options);
  running.push(installation);
  return installation;
}

/** The same, with every service started and ready. */
export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const installation = await prepare(options);
  await installation.fleet.start();
  return installation;
}

/** For afterEach or afterAll: leaves nothing behind, however the test went. */
export async function cleanUp(): Promise<void> {
  const ending = running;
  running = [];
  for (const installation of ending) await installation.remove();
}

/** Tests of services need a Redis; global-setup.mjs says so once where there is none. */
export const describeServices = redisProgram() === undefined ? describe.skip : describe;

import { kubectl } from './commands.js';

/**
 * Makes an empty namespace that admits pods of the restricted standard alone, and removes what an
 * earlier run has left of it.
 */
export async function createNamespace(name: string): Promise<void> {
  await removeNamespace(name);
  await kubectl('create', 'namespace', name);
  await kubectl('label', 'namespace', name, 'pod-security.kubernetes.io/enforce=restricted');
}

export async function removeNamespace(name: string): Promise<void> {
  await kubectl('delete', 'namespace', name, '--ignore-not-found', '--timeout=180s');
}

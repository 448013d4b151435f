import type { Project } from '@primetrade/contracts';

/** `#home-renovation` means the project `Home renovation`. */
function sameName(written: string, name: string): boolean {
  const normal = (text: string) => text.toLowerCase().replace(/[-_\s]+/g, ' ');
  return normal(written) === normal(name);
}

/** The project that a name in the add box means; undefined when there is none yet. */
export function findProject(written: string, projects: readonly Project[]): Project | undefined {
  return projects.find(({ name, archivedAt }) => archivedAt === null && sameName(written, name));
}

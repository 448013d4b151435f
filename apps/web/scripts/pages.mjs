import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Every page that the last build prerendered.
 *
 * @param {string} buildFolder the `.next` folder
 * @returns {Promise<{ route: string, html: string }[]>} by route: `/`, `/tasks`, `/_not-found` …
 */
export async function prerenderedPages(buildFolder) {
  const root = join(buildFolder, 'server', 'app');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const path = relative(root, file)
        .split(sep)
        .join('/')
        .replace(/\.html$/, '');
      return { route: path === 'index' ? '/' : `/${path}`, html: await readFile(file, 'utf8') };
    }),
  );
}

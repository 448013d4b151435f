import type { ApiDocument } from '@primetrade/platform-bootstrap';

/**
 * One document of several: the paths and the components of all, and for the rest what the first one
 * says.
 *
 * @throws when there is none
 */
export function mergeDocuments(documents: readonly ApiDocument[]): ApiDocument {
  const [first] = documents;
  if (first === undefined) throw new Error('There is nothing to merge.');
  const components: Record<string, Record<string, unknown>> = {};
  for (const document of documents) {
    for (const [kind, named] of Object.entries(document.components ?? {})) {
      components[kind] = { ...components[kind], ...(named as Record<string, unknown>) };
    }
  }
  const paths = Object.assign(
    {},
    ...documents.map((document) => document.paths),
  ) as ApiDocument['paths'];
  return { ...first, paths, components };
}

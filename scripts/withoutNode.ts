import type { Plugin } from 'vite';

const EMPTY = '\0without-node';

/** Gives a package that runs in Node too an empty module for each of Node's that it asks for there, and only there. */
export function withoutNode(packageName: string, modules: readonly string[]): Plugin {
  return {
    name: 'without-node',
    enforce: 'pre',
    resolveId(id, importer) {
      return modules.includes(id) && importer?.replaceAll('\\', '/').includes(`/node_modules/${packageName}/`)
        ? EMPTY
        : null;
    },
    load: (id) => (id === EMPTY ? 'export default {};' : null),
  };
}

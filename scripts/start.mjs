/**
 * `npm start`: installs what is missing, builds what is stale, serves the built app on this machine and opens it.
 * Options: --port N (default 4173, or PORT), --no-open.
 */
import { ensureBuilt, ensureInstalled, requireNode } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();

const { register } = await import('tsx/esm/api');
register();
const { start } = await import('./start.ts');
await start(process.argv.slice(2));

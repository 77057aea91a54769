/**
 * `npm test`: every layer, or only those named: `npm test -- unit gpu`. Installs what is missing. The last line is
 * `N passed, N failed`; type check and lint count one each.
 */
import { ensureInstalled, requireNode } from './prepare.mjs';

requireNode();
ensureInstalled();

const { register } = await import('tsx/esm/api');
register();
const { runLayers } = await import('./layers.ts');
process.exitCode = await runLayers(process.argv.slice(2));

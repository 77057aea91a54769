import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { headersFile, headersFor } from './scripts/headers.ts';

/** Puts our headers on every answer of the development server, and writes them as `_headers` beside the built app. */
function responseHeaders(): Plugin {
  let outDir = 'dist';
  return {
    name: 'response-headers',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(headersFor(request.url ?? '/', true))) response.setHeader(name, value);
        next();
      });
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(headersFor(request.url ?? '/'))) response.setHeader(name, value);
        next();
      });
    },
    writeBundle() {
      const entries = readdirSync(outDir, { withFileTypes: true });
      const names = (directory: boolean) => entries.filter((entry) => entry.isDirectory() === directory && entry.name !== '_headers').map((entry) => entry.name);
      writeFileSync(join(outDir, '_headers'), headersFile(names(true), names(false)));
    },
  };
}

export default defineConfig({
  plugins: [react(), responseHeaders()],
  build: {
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    // Workers carry tfjs (about 900 kB); the page itself is watched by the end-to-end tests.
    chunkSizeWarningLimit: 2000,
    // A data: URL would be refused by our policy in fetch() and in workers.
    assetsInlineLimit: 0,
  },
  worker: {
    format: 'es',
    rolldownOptions: {
      output: { entryFileNames: 'workers/[name]-[hash].js', chunkFileNames: 'workers/[name]-[hash].js' },
    },
  },
  server: { host: '127.0.0.1', port: 5173 },
});

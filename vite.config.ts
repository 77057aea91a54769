import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { headersFile, headersFor } from './scripts/headers.ts';
import { thirdPartyNotices } from './scripts/notices.ts';
import { webApp } from './scripts/webApp.ts';
import { withoutNode } from './scripts/withoutNode.ts';

const OUT = 'dist';

/** What a service worker of an earlier build, on this port, finds instead of itself: it leaves, and its pages load anew. */
const NO_SERVICE_WORKER = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', async () => {
  await self.registration.unregister();
  for (const client of await self.clients.matchAll()) client.navigate(client.url);
});
`;

/** Puts our headers on every answer of the development server, and writes them as `_headers` beside the built app. */
function responseHeaders(): Plugin {
  let outDir = OUT;
  return {
    name: 'response-headers',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use('/serviceWorker.js', (_, response) => {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(NO_SERVICE_WORKER);
      });
      server.middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(headersFor(request.url ?? '/', true)))
          response.setHeader(name, value);
        next();
      });
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(headersFor(request.url ?? '/'))) response.setHeader(name, value);
        next();
      });
    },
    // After the service worker was written, which is done when the bundle is closed.
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const entries = readdirSync(outDir, { withFileTypes: true });
        const names = (directory: boolean) =>
          entries
            .filter((entry) => entry.isDirectory() === directory && entry.name !== '_headers')
            .map((entry) => entry.name);
        writeFileSync(join(outDir, '_headers'), headersFile(names(true), names(false)));
      },
    },
  };
}

const notices = thirdPartyNotices();
const browserLibheif = (): Plugin => withoutNode('libheif-js', ['fs', 'path', 'crypto']);

export default defineConfig({
  plugins: [react(), browserLibheif(), webApp(OUT), notices.page, responseHeaders()],
  build: {
    outDir: OUT,
    target: ['chrome123', 'edge123', 'firefox128', 'safari17.5'],
    // Workers carry tfjs (about 900 kB); the page itself is watched by the end-to-end tests.
    chunkSizeWarningLimit: 2000,
    // A data: URL would be refused by our policy in fetch() and in workers.
    assetsInlineLimit: 0,
  },
  worker: {
    format: 'es',
    plugins: () => [browserLibheif(), notices.worker()],
    rolldownOptions: {
      output: {
        entryFileNames: 'workers/[name]-[hash].js',
        chunkFileNames: 'workers/[name]-[hash].js',
        // Threads of the ONNX runtime begin with this script, and need a worker's policy.
        assetFileNames: ({ names }) => `${names[0]?.endsWith('.mjs') ? 'workers' : 'assets'}/[name]-[hash][extname]`,
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173 },
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import type { AppFile } from '../src/browser/offline/appFiles.ts';
import { HASHED_PATHS } from './headers.ts';

/** What runs ONNX models (14 MB) and decodes HEIC (1.5 MB): stored on a device when the first of them is opened. */
const FOR_SOME_FILES = /(^|\/)(ort-wasm-|onnx\.worker-|heic\.worker-|libheif-)/;
/** A student larger than this is stored on a device when it is first used, not with the app. */
const SMALL_STUDENT = 1_000_000;
const FILES = '**/*.{js,mjs,css,html,wasm,svg,png,webmanifest,json,webp,safetensors}';
const IMAGES = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/avif': ['.avif'],
  'image/heic': ['.heic', '.heif'],
};

/** What makes the app installable and independent of its server: web app manifest and service worker (workers/serviceWorker.ts). */
export function webApp(outDir: string): Plugin[] {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'workers',
    filename: 'serviceWorker.ts',
    injectRegister: false,
    injectManifest: {
      injectionPoint: 'self.appFiles',
      rollupFormat: 'iife',
      globPatterns: [FILES],
      maximumFileSizeToCacheInBytes: 200e6,
      dontCacheBustURLsMatching: new RegExp(`^(${HASHED_PATHS.map((path) => path.slice(1)).join('|')})`),
      manifestTransforms: [
        (entries) => ({ manifest: entries.map((entry) => ({ ...entry, ...appFile(outDir, entry) })), warnings: [] }),
      ],
    },
    manifest: {
      id: '/',
      name: 'Petrichor',
      short_name: 'Petrichor',
      description: 'Takes the rain out of photos on your own device, and trains the network that does it.',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#0b0d10',
      theme_color: '#0b0d10',
      categories: ['photo', 'education'],
      icons: [
        { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
      share_target: {
        action: './share',
        method: 'POST',
        enctype: 'multipart/form-data',
        params: { files: [{ name: 'photos', accept: ['image/*'] }] },
      },
      file_handlers: [{ action: './', accept: IMAGES }],
    },
  });
}

/** What the service worker knows of a file besides its address and revision. */
function appFile(
  outDir: string,
  { url, size }: { readonly url: string; readonly size: number },
): Pick<AppFile, 'integrity' | 'when'> {
  const isScene = /^scenes\/.*\.webp$/.test(url);
  const isLarge = url.endsWith('.safetensors') && size > SMALL_STUDENT && url !== usualStudent(outDir);
  const isUsed = isLarge || FOR_SOME_FILES.test(url);
  const hash = createHash('sha256')
    .update(readFileSync(join(outDir, url)))
    .digest('base64');
  return { integrity: `sha256-${hash}`, when: isScene ? 'idle' : isUsed ? 'used' : 'first' };
}

/** The student that the page takes where none is chosen, the first of the list: without it nothing works offline. */
function usualStudent(outDir: string): string {
  const list = JSON.parse(readFileSync(join(outDir, 'students/index.json'), 'utf8')) as { readonly file: string }[];
  return `students/${list[0]!.file}`;
}

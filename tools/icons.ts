/** `npm run icons`: renders public/icon.svg in the sizes and shapes that systems install apps with. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from '../scripts/prepare.mjs';

const source = readFileSync(join(ROOT, 'public', 'icon.svg'), 'utf8');
const folder = join(ROOT, 'public', 'icons');
/** Systems cut a maskable icon to any shape within the middle four fifths. */
const SAFE_SHARE = 0.72;

mkdirSync(folder, { recursive: true });
for (const size of [192, 512]) await render(source, size, `icon-${size}.png`);
await render(fullBleed(1), 180, 'apple-touch-icon.png');
await render(fullBleed(SAFE_SHARE), 512, 'maskable-512.png');

/** Without round corners, the drawing as a share of the whole. */
function fullBleed(share: number): string {
  const square = source.replace(/ rx="\d+"/, '');
  const offset = 32 * (1 - share);
  return square.replace('<g ', `<g transform="translate(${offset} ${offset}) scale(${share})" `);
}

async function render(svg: string, size: number, name: string): Promise<void> {
  await sharp(Buffer.from(svg), { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(folder, name));
}

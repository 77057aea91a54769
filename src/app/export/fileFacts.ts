import type { PhotoFormat } from '../../protocol/derainer.ts';
import { formatBytes } from '../ui/format.ts';

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'image/avif': 'AVIF',
  'image/heic': 'HEIC',
};

/** 'image/jpeg' → 'JPEG'. */
export function formatName(type: string): string {
  return FORMAT_NAMES[type] ?? type.replace(/^image\//, '').toUpperCase();
}

/** The choice to keep a photo's kind of file, and what it leads to. Short: it stands in a list. */
export function sameFormatWords(type: string, output: PhotoFormat): string {
  if (!type) return 'Same as original';
  return `Same as original (${type === output ? '' : 'as '}${formatName(output)})`;
}

/** Why a result in its photo's own format is of another; undefined where it is not. */
export function otherFormatWords(type: string, output: PhotoFormat): string | undefined {
  return !type || type === output
    ? undefined
    : `${formatName(type)} cannot be written: it becomes ${formatName(output)}.`;
}

/** What a HEIC may have, and not all of its results. */
const TRANSPARENCY = 'transparency';
const OVER_8_BITS = 'over 8 bits';

/** A PNG of so many bits a channel. */
const DEPTH = '16 bits';

/** Parts beside the image, which no result has. */
const BESIDE: ReadonlySet<string> = new Set(['HDR gain map', 'high dynamic range', 'motion video', 'depth map']);

/** The formats that hold a part which not all of them do. */
const HOLDERS: Readonly<Record<string, readonly PhotoFormat[]>> = {
  IPTC: ['image/jpeg', 'image/png'],
  'PNG texts': ['image/png'],
};

/** What of the file is in the result, and what is not: metadata, depth, and parts beside the image; `found` as in `OpenedPhoto`. */
export function keptWords(found: readonly string[], type: string, output: PhotoFormat, keep: boolean): string {
  const beside = found.filter((part) => BESIDE.has(part));
  const parts = found.filter((part) => !BESIDE.has(part) && ![DEPTH, TRANSPARENCY, OVER_8_BITS].includes(part));
  const pixels = [
    found.includes(DEPTH) &&
      (output === 'image/png' ? '16 bits a channel stay.' : `${formatName(output)} reduces 16 bits a channel to 8.`),
    found.includes(OVER_8_BITS) &&
      (output === 'image/png' ? 'Over 8 bits a channel stay, as 16.' : 'Over 8 bits a channel are reduced to 8.'),
    beside.length > 0 && `Left out: ${beside.join(', ')}.`,
    output === 'image/jpeg' && mayBeTransparent(type, found) && 'JPEG has no transparency.',
  ];
  return [metadataWords(parts, output, keep), ...pixels].filter(Boolean).join(' ');
}

/** Whether a file has alpha is known of a HEIC; of other formats but JPEG it may be. */
function mayBeTransparent(type: string, found: readonly string[]): boolean {
  return type === 'image/heic' ? found.includes(TRANSPARENCY) : type !== 'image/jpeg';
}

function metadataWords(parts: readonly string[], output: PhotoFormat, keep: boolean): string {
  if (parts.length === 0) return 'No metadata in this file.';
  const fits = (part: string): boolean => HOLDERS[part]?.includes(output) ?? true;
  const kept = parts.filter((part) => (keep ? fits(part) : part === 'ICC profile'));
  const removed = parts.filter((part) => !keep && part !== 'ICC profile');
  const lost = parts.filter((part) => keep && !fits(part));
  const sentences = [
    kept.length > 0 && `Kept: ${kept.map(partWords).join(', ')}.`,
    removed.length > 0 && `Removed: ${removed.join(', ')}.`,
    lost.length > 0 && `${lost.join(', ')} cannot be kept in ${formatName(output)}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

function partWords(part: string): string {
  if (part === 'EXIF') return 'EXIF (orientation reset, thumbnail dropped)';
  return part === 'ICC profile' ? 'colour profile' : part;
}

/** How large the result's file is beside the photo's; `result` null while it is not written. */
export function sizeWords(result: number | null, original: number): string {
  return result === null
    ? `original ${formatBytes(original)}`
    : `${formatBytes(result)}, original ${formatBytes(original)}`;
}

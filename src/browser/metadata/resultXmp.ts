import type { Size } from '../../core/inference/tiles.ts';
import { allElements, parseXml } from './xmlElements.ts';
import type { XmlElement } from './xmlElements.ts';

const TIFF = 'http://ns.adobe.com/tiff/1.0/';
const EXIF = 'http://ns.adobe.com/exif/1.0/';
const BASIC = 'http://ns.adobe.com/xap/1.0/';
const CAMERA = 'http://ns.google.com/photos/1.0/camera/';

/** Namespaces whose every property describes bytes beside the image: gain maps, depth, further images, video, sound. */
const OTHER_BYTES: ReadonlySet<string> = new Set([
  'http://ns.google.com/photos/1.0/container/',
  'http://ns.google.com/photos/1.0/container/item/',
  'http://ns.google.com/photos/1.0/image/',
  'http://ns.google.com/photos/1.0/depthmap/',
  'http://ns.google.com/photos/1.0/audio/',
  'http://ns.google.com/photos/dd/1.0/device/',
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  'http://ns.apple.com/HDRGainMap/1.0/',
  'http://ns.apple.com/pixeldatainfo/1.0/',
]);

/** A piece of the text and what takes its place. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * An XMP packet as it holds for a result of this size: stored upright, with its sides, without properties that describe bytes which
 * the result lacks (the video of a motion photo, a gain map, depth, further images) and without thumbnails, which still show
 * rain. Everything else stays byte for byte. A packet that is no well-formed XML has only its orientation put right.
 */
export function xmpOfResult(xmp: Uint8Array, size: Size): Uint8Array {
  const text = utf8Of(xmp);
  const roots = text === null ? null : parseXml(text);
  if (text === null || roots === null) return withUprightDigits(xmp);
  const edits = editsOf(text, roots, size);
  return edits.length === 0 ? xmp : new TextEncoder().encode(edited(text, edits));
}

/** UTF-8 text; null for bytes that are none. */
export function utf8Of(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The namespaces of the prefixes that the text declares. */
export function namespacesOf(elements: Iterable<XmlElement>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { attributes } of elements)
    for (const { name, value } of attributes) if (name.startsWith('xmlns:')) found.set(name.slice(6), value);
  return found;
}

/** Property of a qualified name, as 'namespace' and 'local'. */
export function expandedName(name: string, namespaces: ReadonlyMap<string, string>): readonly [string, string] {
  const colon = name.indexOf(':');
  return [namespaces.get(name.slice(0, colon)) ?? '', name.slice(colon + 1)];
}

function editsOf(text: string, roots: readonly XmlElement[], size: Size): Edit[] {
  const namespaces = namespacesOf(allElements(roots));
  const edits: Edit[] = [];
  let gone = 0; // what lies before this offset was taken out already
  for (const element of allElements(roots)) {
    if (element.start < gone) continue;
    const name = expandedName(element.name, namespaces);
    if (isOfOtherBytes(name)) {
      edits.push({ from: element.start, to: element.end, text: '' });
      gone = element.end;
      continue;
    }
    for (const attribute of element.attributes) {
      const own = expandedName(attribute.name, namespaces);
      const value = valueOfResult(own, size);
      if (isOfOtherBytes(own)) edits.push({ from: attribute.start, to: attribute.end, text: '' });
      else if (value !== null && attribute.value !== value) {
        const from = attribute.end - 1 - attribute.value.length;
        edits.push({ from, to: attribute.end - 1, text: value });
      }
    }
    const value = valueOfResult(name, size);
    const { openEnd: from, closeStart: to } = element;
    if (value !== null && element.children.length === 0 && to > from && text.slice(from, to) !== value)
      edits.push({ from, to, text: value });
  }
  return edits;
}

function isOfOtherBytes([namespace, local]: readonly [string, string]): boolean {
  if (OTHER_BYTES.has(namespace)) return true;
  if (namespace === CAMERA) return /^(MotionPhoto|MicroVideo)/.test(local);
  return namespace === BASIC && local === 'Thumbnails';
}

/** What a property must say of a result; null for all that do not depend on it. */
function valueOfResult([namespace, local]: readonly [string, string], { width, height }: Size): string | null {
  if (namespace === TIFF && local === 'Orientation') return '1';
  const key = namespace === TIFF ? local : namespace === EXIF ? local.replace(/^Pixel([XY])Dimension$/, '$1') : '';
  if (key === 'ImageWidth' || key === 'X') return String(width);
  return key === 'ImageLength' || key === 'Y' ? String(height) : null;
}

function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: instead } of edits.toSorted((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, from), instead);
    at = to;
  }
  return parts.join('') + text.slice(at);
}

/** The orientation as an attribute or an element; only its digit changes. */
function withUprightDigits(xmp: Uint8Array): Uint8Array {
  const upright = new Uint8Array(xmp);
  const text = new TextDecoder('latin1').decode(xmp); // one character a byte, so places agree
  for (const match of text.matchAll(/tiff:Orientation(?:\s*=\s*["']|>\s*)([1-8])/g))
    upright[match.index + match[0].length - 1] = 0x31;
  return upright;
}

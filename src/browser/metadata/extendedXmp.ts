import { allElements, parseXml } from './xmlElements.ts';
import type { XmlElement } from './xmlElements.ts';
import { expandedName, namespacesOf, utf8Of } from './resultXmp.ts';
import { md5 } from './md5.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const NOTE = 'http://ns.adobe.com/xmp/note/';

/** XMP in two parts, as a JPEG holds what has no room in one segment (XMP Specification, part 3, 1.1.3.1). */
export interface SplitXmp {
  readonly main: Uint8Array;
  /** Null when all of it is in `main`. */
  readonly extended: { readonly guid: string; readonly bytes: Uint8Array } | null;
}

/** The id of the extended part that a main packet names; null when it names none. */
export function extendedGuid(main: Uint8Array): string | null {
  const found = /HasExtendedXMP(?:\s*=\s*["']|\s*>\s*)([0-9A-Fa-f]{32})/.exec(new TextDecoder().decode(main));
  return found ? found[1]! : null;
}

/**
 * A main packet and its extended part (null: missing or incomplete) as one packet without mention of a second one. Parts that
 * cannot be understood are left out.
 */
export function joinXmp(main: Uint8Array, extended: Uint8Array | null): Uint8Array {
  const text = utf8Of(main);
  const roots = text === null ? null : parseXml(text);
  if (text === null || !roots) return main;
  const more = extended && descriptionsOf(extended);
  const namespaces = namespacesOf(allElements(roots));
  const rdf = findRdf(roots, namespaces);
  const note = noteRange(roots, namespaces);
  const cut = (from: number, to: number): string =>
    note && note.start >= from && note.end <= to
      ? text.slice(from, note.start) + text.slice(note.end, to)
      : text.slice(from, to);
  if (!more || !rdf || rdf.closeStart === rdf.end) return new TextEncoder().encode(cut(0, text.length));
  return new TextEncoder().encode(cut(0, rdf.closeStart) + more + text.slice(rdf.closeStart));
}

/**
 * A packet so that its main part takes at most `room` bytes: as it is, without its padding, or with its largest properties in an
 * extended part. Null when it cannot be taken apart.
 */
export function splitXmp(xmp: Uint8Array, room: number): SplitXmp | null {
  if (xmp.length <= room) return { main: xmp, extended: null };
  const text = utf8Of(xmp)?.replace(/\s{100,}(?=<\?xpacket end)/, '\n');
  const roots = text === undefined ? null : parseXml(text);
  if (text === undefined || !roots) return null;
  const encoder = new TextEncoder();
  const whole = encoder.encode(text);
  if (whole.length <= room) return { main: whole, extended: null };
  const rdf = findRdf(roots, namespacesOf(allElements(roots)));
  if (!rdf || rdf.closeStart === rdf.end) return null;
  const moved = largestProperties(text, rdf, whole.length - room + NOTE_ROOM);
  if (!moved) return null;
  const body = rdf.children
    .map((description) => {
      const own = description.children.filter((property) => moved.has(property));
      return own.length === 0
        ? ''
        : `<rdf:Description rdf:about="${aboutOf(description)}"${declarations(roots, rdf, description)}>${own.map(({ start, end }) => text.slice(start, end)).join('')}</rdf:Description>`;
    })
    .join('');
  const extended = encoder.encode(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${body}</rdf:RDF></x:xmpmeta>`,
  );
  const guid = md5(extended).toUpperCase();
  const about = aboutOf(rdf.children[0]!);
  const note = `<rdf:Description rdf:about="${about}" xmlns:rdf="${RDF}" xmlns:xmpNote="${NOTE}" xmpNote:HasExtendedXMP="${guid}"/>`;
  let main = '';
  let at = 0;
  for (const { start, end } of [...moved].toSorted((a, b) => a.start - b.start)) {
    main += text.slice(at, start);
    at = end;
  }
  main += text.slice(at, rdf.closeStart) + note + text.slice(rdf.closeStart);
  const bytes = encoder.encode(main);
  return bytes.length <= room ? { main: bytes, extended: { guid, bytes: extended } } : null;
}

/** What the note about the extended part takes, bytes, its subject's name included. */
const NOTE_ROOM = 1000;

/** The fewest, largest properties that take `excess` bytes together; null when all do not. */
function largestProperties(text: string, rdf: XmlElement, excess: number): ReadonlySet<XmlElement> | null {
  const moved = new Set<XmlElement>();
  const properties = rdf.children.flatMap(({ children }) => children);
  for (const property of properties.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (excess <= 0) break;
    moved.add(property);
    excess -= new TextEncoder().encode(text.slice(property.start, property.end)).length;
  }
  return excess <= 0 ? moved : null;
}

/** The descriptions of an extended part as text, with the namespaces that they need. */
function descriptionsOf(extended: Uint8Array): string | null {
  const text = utf8Of(extended);
  const roots = text === null ? null : parseXml(text);
  if (text === null || !roots) return null;
  const rdf = findRdf(roots, namespacesOf(allElements(roots)));
  if (!rdf) return null;
  return rdf.children
    .map((description) => {
      const nameEnd = description.start + 1 + description.name.length;
      return `<${description.name}${declarations(roots, rdf, description, false)}${text.slice(nameEnd, description.end)}`;
    })
    .join('');
}

/** The namespaces declared around (and, `inside`, on) an element, as attributes; those that it declares itself once only. */
function declarations(roots: readonly XmlElement[], rdf: XmlElement, description: XmlElement, isInside = true): string {
  const around = roots.filter(({ start, end }) => start <= rdf.start && end >= rdf.end);
  const own = namespacesOf([description]);
  const all = namespacesOf([...around, rdf, ...(isInside ? [description] : [])]);
  return [...all]
    .filter(([prefix]) => isInside || !own.has(prefix))
    .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
    .join('');
}

function findRdf(roots: readonly XmlElement[], namespaces: ReadonlyMap<string, string>): XmlElement | null {
  for (const element of allElements(roots)) {
    const [namespace, local] = expandedName(element.name, namespaces);
    if (namespace === RDF && local === 'RDF') return element;
  }
  return null;
}

/** Where a packet tells of an extended part. */
function noteRange(
  roots: readonly XmlElement[],
  namespaces: ReadonlyMap<string, string>,
): { readonly start: number; readonly end: number } | null {
  const isNote = (name: string): boolean => expandedName(name, namespaces).join('') === `${NOTE}HasExtendedXMP`;
  for (const element of allElements(roots)) {
    if (isNote(element.name)) return element;
    const attribute = element.attributes.find(({ name }) => isNote(name));
    if (attribute) return attribute;
  }
  return null;
}

function aboutOf(description: XmlElement): string {
  return description.attributes.find(({ name }) => /(^|:)about$/.test(name))?.value.replaceAll('"', '&quot;') ?? '';
}

import type { PhotoMetadata } from './photoMetadata.ts';
import { expandedName, namespacesOf, utf8Of } from './resultXmp.ts';
import { allElements, parseXml } from './xmlElements.ts';

/** What a file may hold beside the image that is derained, by what it is called on the page. */
export type BesideImage = 'HDR gain map' | 'motion video' | 'depth map';

const CAMERA = 'http://ns.google.com/photos/1.0/camera/';
const ITEM = 'http://ns.google.com/photos/1.0/container/item/';
/** Namespaces of which any property tells of such a part. */
const OWN_NAMESPACES: ReadonlyMap<string, BesideImage> = new Map([
  ['http://ns.adobe.com/hdr-gain-map/1.0/', 'HDR gain map'],
  ['http://ns.apple.com/HDRGainMap/1.0/', 'HDR gain map'],
  ['http://ns.google.com/photos/1.0/depthmap/', 'depth map'],
]);
/** Likewise the items of a container, by their semantic. */
const SEMANTICS: ReadonlyMap<string, BesideImage> = new Map([
  ['GainMap', 'HDR gain map'],
  ['MotionPhoto', 'motion video'],
  ['Depth', 'depth map'],
]);

/** The parts beside the image that a file holds, by its own boxes or its XMP: a result has none of them. */
export function besideOf({ xmp, features = [] }: Pick<PhotoMetadata, 'xmp' | 'features'>): BesideImage[] {
  const own = features.filter((feature) => feature === 'HDR gain map' || feature === 'depth map');
  return [...new Set([...own, ...besideImage(xmp)])];
}

/** The parts beside the image that an XMP packet tells of: a result has none of them. */
export function besideImage(xmp: Uint8Array | null): BesideImage[] {
  const text = xmp && utf8Of(xmp);
  const roots = text === null ? null : parseXml(text);
  if (text === null || roots === null) return [];
  const namespaces = namespacesOf(allElements(roots));
  const found = new Set<BesideImage>();
  const look = (qualified: string, value: string): void => {
    const [namespace, local] = expandedName(qualified, namespaces);
    const own = OWN_NAMESPACES.get(namespace);
    const named = namespace === ITEM && local === 'Semantic' ? SEMANTICS.get(value) : undefined;
    const moves = namespace === CAMERA && (local === 'MotionPhoto' || local === 'MicroVideo') && value !== '0';
    for (const part of [own, named, moves ? ('motion video' as const) : undefined]) if (part) found.add(part);
  };
  for (const { name, attributes, children, openEnd, closeStart } of allElements(roots)) {
    look(name, children.length === 0 ? text.slice(openEnd, closeStart).trim() : '');
    for (const attribute of attributes) look(attribute.name, attribute.value);
  }
  return [...found];
}

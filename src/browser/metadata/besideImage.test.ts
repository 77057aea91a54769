import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { besideImage } from './besideImage.ts';
import { readMetadata } from './copyMetadata.ts';

const packet = (description: string): Uint8Array =>
  new TextEncoder().encode(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${description}</rdf:RDF></x:xmpmeta>`,
  );

describe('what a file holds beside its image', () => {
  it('is the video of a motion photo, as a phone writes it', () => {
    const file = new Uint8Array(readFileSync(new URL('../../fixtures/photos/motion-photo.jpg', import.meta.url)));
    expect(besideImage(readMetadata(file, 'image/jpeg').xmp)).toEqual(['motion video']);
  });

  it('is a gain map, in the words of Adobe, of Apple and of a container, whatever the prefixes', () => {
    for (const description of [
      '<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>',
      '<rdf:Description xmlns:q="http://ns.apple.com/HDRGainMap/1.0/"><q:HDRGainMapVersion>65536</q:HDRGainMapVersion></rdf:Description>',
      '<rdf:Description><i:Item xmlns:i="http://ns.google.com/photos/1.0/container/item/" i:Semantic="GainMap"/></rdf:Description>',
    ])
      expect(besideImage(packet(description)), description).toEqual(['HDR gain map']);
  });

  it('is a depth map', () => {
    const depth = '<rdf:Description xmlns:d="http://ns.google.com/photos/1.0/depthmap/" d:Format="RangeInverse"/>';
    expect(besideImage(packet(depth))).toEqual(['depth map']);
  });

  it('is nothing in other packets, in one that says so, and in what is no XMP', () => {
    const still =
      '<rdf:Description xmlns:c="http://ns.google.com/photos/1.0/camera/" c:MotionPhoto="0"/><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="GainMap"/>';
    expect(besideImage(packet(still))).toEqual([]);
    expect(besideImage(Uint8Array.of(0xff, 0x3c))).toEqual([]);
    expect(besideImage(null)).toEqual([]);
  });
});

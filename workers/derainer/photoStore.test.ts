import { expect, it } from 'vitest';
import { noMetadata } from '../../src/browser/metadata/photoMetadata.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import { fileOf, nodeImaging, pixelsOf } from '../testing/nodeImaging.ts';
import { describePhoto, isSlowToShow, Photo, PhotoStore } from './photoStore.ts';

const file = (): Promise<Blob> => fileOf(createPixels(6, 4));

/** An opened photo, or the test fails. */
function opened(answer: Awaited<ReturnType<PhotoStore['open']>>): Photo {
  if ('refused' in answer) throw new Error(answer.reason);
  return answer;
}

it('decodes a photo once, however often it is opened', async () => {
  const store = new PhotoStore(nodeImaging);
  const [first, second] = await Promise.all([store.open('a', await file()), store.open('a', await file())]);
  expect(second).toBe(first);
  expect(store.get('a')).toBe(first);
  expect(await store.open('a', new Blob())).toBe(first);
});

it('refuses what is no image with the reason, and reads the next file under that id', async () => {
  const store = new PhotoStore(nodeImaging);
  expect(await store.open('a', new Blob(['no image at all']))).toMatchObject({ refused: true });
  expect(store.get('a')).toBeUndefined();
  expect(opened(await store.open('a', await file())).decoded.image.width).toBe(6);
});

it('says that a file which is gone must be chosen again, and rejects what nobody foresaw', async () => {
  const gone = { arrayBuffer: () => Promise.reject(new DOMException('', 'NotFoundError')) } as unknown as Blob;
  const store = new PhotoStore(nodeImaging);
  expect(await store.open('a', gone)).toMatchObject({ reason: 'The file cannot be read any more.' });
  const broken = { arrayBuffer: () => Promise.reject(new TypeError('a bug')) } as unknown as Blob;
  await expect(store.open('b', broken)).rejects.toThrow('a bug');
  expect(opened(await store.open('b', await file()))).toBe(store.get('b'));
});

it('frees a photo once nothing reads it, and one that was closed while it was decoded too', async () => {
  const store = new PhotoStore(nodeImaging);
  const photo = opened(await store.open('a', await file()));
  let finish = (): void => {};
  const reading = photo.using(() => new Promise<void>((resolve) => (finish = resolve)));
  const closing = store.close('a');
  expect(store.get('a')).toBeUndefined();
  await Promise.resolve();
  expect(pixelsOf(photo.decoded.bitmap).isClosed).toBe(false);
  finish();
  await Promise.all([reading, closing]);
  expect(pixelsOf(photo.decoded.bitmap).isClosed).toBe(true);

  const opening = store.open('b', await file());
  await store.close('b');
  expect(pixelsOf(opened(await opening).decoded.bitmap).isClosed).toBe(true);
  expect(store.get('b')).toBeUndefined();
  await store.close('never opened');
});

it('keeps the findings of three models; the one used longest ago gives way', async () => {
  const photo = new Photo(await nodeImaging.decode(await file()));
  for (const model of ['a', 'b', 'c', 'a', 'd']) photo.beginFindings(model);
  expect(['a', 'b', 'c', 'd'].filter((model) => photo.findingsOf(model))).toEqual(['a', 'c', 'd']);
});

it('tells the page size, type and metadata; only a large photo in a wide colour space is slow to show', async () => {
  const decoded = await nodeImaging.decode(await fileOf(createPixels(6, 4), 'jpeg'));
  expect(describePhoto(decoded, decoded.bitmap)).toMatchObject({
    width: 6,
    height: 4,
    type: 'image/jpeg',
    metadata: ['EXIF'],
  });
  expect(isSlowToShow({ ...decoded, colorSpace: 'display-p3' })).toBe(false);
  const large = { ...decoded, image: { ...decoded.image, width: 4000 } };
  expect([isSlowToShow(large), isSlowToShow({ ...large, colorSpace: 'display-p3' })]).toEqual([false, true]);
});

it('tells the page everything that a photo holds beside its pixels', async () => {
  const decoded = await nodeImaging.decode(await file());
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const xmp = bytes(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="47,22N" ' +
      'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>',
  );
  const metadata = { ...noMetadata, xmp, iptc: bytes('a'), icc: bytes('b'), pngTexts: bytes('c') };
  const bare = { ...decoded, metadata: noMetadata };
  expect(describePhoto(bare, decoded.bitmap).metadata).toEqual([]);
  const heic = { ...bare, type: 'image/heic', metadata: { ...noMetadata, features: ['over 8 bits'] as const } };
  expect(describePhoto(heic, decoded.bitmap).metadata, 'whose bits are not read').toEqual(['high dynamic range']);
  const deep = { ...heic, deepRows: async () => null };
  expect(describePhoto(deep, decoded.bitmap).metadata).toEqual(['over 8 bits']);
  expect(describePhoto({ ...decoded, metadata, deepRows: async () => null }, decoded.bitmap).metadata).toEqual([
    'GPS location',
    'XMP',
    'IPTC',
    'ICC profile',
    'PNG texts',
    '16 bits',
    'HDR gain map',
  ]);
});

import { describe, expect, it } from 'vitest';
import type { Plan } from './layout.ts';
import { planImport } from './layout.ts';
import type { Collection } from '../../protocol/libraryRecord.ts';

/** The plan in words: 'rainy + clean' of each pair, 'collection: path' of each photo. */
function planned(paths: readonly string[], collection: Collection = 'clean'): { items: string[]; plan: Plan } {
  const plan = planImport(paths, collection);
  const items = plan.items.map((item) =>
    item.kind === 'pair' ? `${paths[item.rainy]} + ${paths[item.clean]}` : `${item.collection}: ${paths[item.file]}`,
  );
  return { items, plan };
}

describe('planImport', () => {
  it('puts single files into the collection they were dropped on, in natural order', () => {
    expect(planned(['b10.jpg', 'b2.jpg', 'rain-3.jpg'], 'rainy').items).toEqual([
      'rainy: b2.jpg',
      'rainy: b10.jpg',
      'rainy: rain-3.jpg',
    ]);
  });

  it('recognizes RainDirection, leaves its maps and finds its labels', () => {
    const paths = [
      'test/direction/direction.txt',
      'test/direction/direction.mat',
      ...['latent', 'rainy', 'streak'].flatMap((folder) => [
        `test/${folder}/1.png`,
        `test/${folder}/10.png`,
        `test/${folder}/2.png`,
      ]),
    ];
    const { items, plan } = planned(paths);
    expect(items).toEqual([
      'test/rainy/1.png + test/latent/1.png',
      'test/rainy/2.png + test/latent/2.png',
      'test/rainy/10.png + test/latent/10.png',
    ]);
    expect(plan.sets).toEqual([{ folder: 'test', directionFile: 0, stems: ['1', '2', '10'] }]);
    expect(plan.withoutPartner).toEqual([]);
  });

  it.each([
    ['equal stems', ['rain100L/rainy/7.png', 'rain100L/clean/7.png']],
    ['other extensions', ['set/input/7.jpg', 'set/gt/7.png']],
    ['prefixed stems', ['Rain100L/rainy/rain-7.png', 'Rain100L/clean/norain-7.png']],
    ['one folder', ['RainTrainL/rain-7.png', 'RainTrainL/norain-7.png', 'RainTrainL/rainstreak-7.png']],
    ['a half outside', ['Rain100L/rainy/rain-7.png', 'Rain100L/norain-7.png']],
    ['suffixes', ['7_rain.png', '7_clean.png']],
    ['spelling', ['set/Rainy_Images/7.png', 'set/Ground Truth/7.png']],
  ])('finds both halves of a pair: %s', (_, paths) => {
    expect(planned(paths).items).toEqual([`${paths[0]} + ${paths[1]}`]);
  });

  it('keeps sets apart', () => {
    const { items, plan } = planned(['a/rainy/1.png', 'b/clean/1.png', 'c/rainy/1.png', 'c/clean/1.png']);
    expect(items).toEqual(['c/rainy/1.png + c/clean/1.png', 'rainy: a/rainy/1.png', 'clean: b/clean/1.png']);
    expect(plan.sets.map((set) => set.folder)).toEqual(['c']);
  });

  it('does not mistake a prefix for a role when the folders already say it', () => {
    expect(planned(['s/rainy/clean-street.png', 's/clean/clean-street.png']).items).toEqual([
      's/rainy/clean-street.png + s/clean/clean-street.png',
    ]);
  });

  it('keeps the images of a folder that only looks like a map', () => {
    expect(planned(['trip/masks/venice.jpg'], 'clean').items).toEqual(['clean: trip/masks/venice.jpg']);
  });

  it('does not swallow labels that belong to no set', () => {
    expect(planned(['direction.txt', 'a.png'], 'rainy').items).toEqual(['rainy: a.png', 'rainy: direction.txt']);
  });

  it('says which files among the Pairs have no partner, and passes over clutter', () => {
    const { items, plan } = planned(
      ['__MACOSX/._a.png', '.DS_Store', 'p/Thumbs.db', 'rain-1.png', 'norain-1.png', 'lone.png'],
      'pairs',
    );
    expect(items).toEqual(['rain-1.png + norain-1.png']);
    expect(plan.withoutPartner).toEqual([5]);
  });
});

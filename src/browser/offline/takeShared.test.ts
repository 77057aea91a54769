import { describe, expect, it } from 'vitest';
import type { StoredPhoto } from '../storage/queueDatabase.ts';
import { takeShared } from './takeShared.ts';

const root = 'https://rain.example/app/';

/** A post of two photos and a text to the share address, and what became of it. */
async function shared(referrer: string, room = 2): Promise<{ address: string; names: string[]; isRead: boolean }> {
  const form = new FormData();
  for (const name of ['a.jpg', 'b.jpg']) form.append('photos', new File(['x'], name));
  form.append('photos', 'no file');
  const names: string[] = [];
  let isRead = false;
  const formData = async (): Promise<FormData> => {
    isRead = true;
    return form;
  };
  const address = await takeShared({ referrer, formData }, root, async ({ name, state }: StoredPhoto) => {
    if (names.length >= room) throw new DOMException('', 'QuotaExceededError');
    expect(state).toBe('waiting');
    names.push(name);
  });
  return { address, names, isRead };
}

describe('a post to the share address', () => {
  it('from another site is not read, stored or worked on', async () => {
    for (const referrer of ['https://elsewhere.example/form', 'https://rain.example:8443/', 'nobody'])
      expect(await shared(referrer)).toEqual({ address: `${root}#/derain`, names: [], isRead: false });
  });

  it('of an unknown sender is stored, and waits until the person goes on', async () => {
    for (const referrer of ['', 'about:client'])
      expect(await shared(referrer)).toEqual({
        address: `${root}#/derain?shared=2`,
        names: ['a.jpg', 'b.jpg'],
        isRead: true,
      });
  });

  it('of the app itself begins at once', async () => {
    expect(await shared(`${root}#/library`)).toMatchObject({ address: `${root}#/derain`, names: ['a.jpg', 'b.jpg'] });
  });

  it('that storage has no room for is counted', async () => {
    expect((await shared('', 1)).address).toBe(`${root}#/derain?missed=1&shared=1`);
    expect((await shared('', 0)).address).toBe(`${root}#/derain?missed=2`);
  });
});

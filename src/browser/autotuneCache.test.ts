import { afterEach, expect, it, vi } from 'vitest';
import { autotuneCache } from './autotuneCache.ts';

afterEach(() => vi.unstubAllGlobals());

it.each([
  ['throws at once', () => open(new DOMException('Denied.', 'SecurityError'))],
  ['is not there', () => undefined],
])(
  'where the site’s data is blocked and IndexedDB %s, nothing is remembered and nothing fails',
  async (_, database) => {
    vi.stubGlobal('indexedDB', database());
    await autotuneCache.set('adapter', 'kernels');
    expect(await autotuneCache.get('adapter')).toBeUndefined();
  },
);

function open(error: Error): Partial<IDBFactory> {
  return {
    open() {
      throw error;
    },
  };
}

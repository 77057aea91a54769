import { transfer } from 'comlink';
import type { ImportEvent } from '../../src/protocol/importEvents.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { LibraryApi } from '../../src/protocol/library.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import type { LibraryHost } from './libraryHost.ts';
import { differenceOf, directionOf, middleOf, rainLayer } from './rainLayers.ts';
import { makePairs } from './rainPairs.ts';

/** A rain map is shown, not kept: this many pixels are enough. */
const MAP_PIXELS = 2_000_000;
/** Pairs are made from copies of at most this many pixels: crops are small, and both halves are stored without loss. */
const PAIR_PIXELS = 600_000;

/** The library worker's side of the protocol. */
export function createLibraryApi(host: LibraryHost): LibraryApi {
  let stop = new AbortController();
  const clean = new CleanImage(host);

  const deliver = async (
    events: AsyncIterable<ImportEvent>,
    onEvents: (events: readonly ImportEvent[]) => void,
  ): Promise<void> => {
    const batcher = createEventBatcher(onEvents);
    try {
      for await (const event of events) batcher.push(event);
    } finally {
      await batcher.drain(); // Also before a failure is told: news that came after it would begin the import anew.
    }
  };

  return {
    importFiles(files, collection, onEvents) {
      stop = new AbortController();
      return deliver(host.importFiles(files, collection, directionOf, stop.signal), onEvents);
    },

    makePairs(jobs, onEvents) {
      stop = new AbortController();
      const outcomes = makePairs(host, jobs, (id) => clean.read(id), stop.signal);
      const batch = { total: jobs.length, refused: 0, addedAt: host.now() };
      return deliver(started(jobs.length, host.store(outcomes, batch)), onEvents);
    },

    async cancel() {
      stop.abort();
    },

    async rainMap(id, gain) {
      const [rainy, clean] = await Promise.all(
        (['rainy', 'clean'] as const).map(async (role) => host.decode(await host.readFile(id, role), MAP_PIXELS)),
      );
      return host.encode(differenceOf(rainy!, clean!, gain), 'image/jpeg');
    },

    async previewRain(image, recipe, shown, width, height) {
      const middle = middleOf(await clean.read(image), width, height);
      const bitmap = await host.bitmapOf(rainLayer(middle, recipe, shown));
      return transfer(bitmap, [bitmap]);
    },
  };
}

/** The clean image in hand, kept decoded: sliders ask for it many times over. */
class CleanImage {
  private last: { readonly id: string; readonly pixels: Promise<Pixels> } | null = null;

  constructor(private readonly host: LibraryHost) {}

  read(id: string): Promise<Pixels> {
    if (this.last?.id === id) return this.last.pixels;
    const pixels = this.host.readFile(id, 'photo').then((file) => this.host.decode(file, PAIR_PIXELS));
    const entry = { id, pixels };
    this.last = entry;
    pixels.catch(() => {
      if (this.last === entry) this.last = null;
    });
    return pixels;
  }
}

async function* started(total: number, events: AsyncIterable<ImportEvent>): AsyncGenerator<ImportEvent> {
  yield { type: 'started', total };
  yield* events;
}

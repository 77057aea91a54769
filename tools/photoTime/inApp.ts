import type { Page } from 'playwright';
import { cameraFile } from '../../e2e/support/cameraFile.ts';
import { DerainPage } from '../../e2e/support/derainPage.ts';
import { useBuiltApp } from '../builtApp.ts';
import { descendantsMs } from './processorTime.ts';

/** From the drop of a JPEG on the built app, milliseconds. */
export interface AppTimes {
  /** To the first derained part on screen: the page just opened, the photo held over it for two seconds. */
  readonly firstPartFreshMs: number;
  /** The same for the next photo. */
  readonly firstPartMs: number;
  /** To the end of that photo; null when it was not waited for. */
  readonly doneMs: number | null;
  /** Processor time of the whole browser from that drop to that end; null without /proc, too. */
  readonly appProcessorMs: number | null;
}

interface Times {
  dropped: number;
  firstPart: number;
}

const PATIENCE_MS = 900_000;

export async function timeInApp(
  student: Uint8Array,
  size: { readonly width: number; readonly height: number },
  toEnd: boolean,
): Promise<AppTimes> {
  return useBuiltApp(async (page) => {
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(watchStage);
    const queue = new DerainPage(page);
    await queue.open();
    await queue.offerModelFile({
      name: 'timed.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(student),
    });
    await page.waitForTimeout(3000); // a student that ships is chosen in the list, where it stands already; another joins it
    const { buffer } = await cameraFile('photo.jpg', size.width, size.height, 12);
    await page.evaluate(
      (base64) =>
        Object.assign(window, { photo: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) }),
      buffer.toString('base64'),
    );
    await page.evaluate(() => document.body.dispatchEvent(new DragEvent('dragenter', { bubbles: true })));
    await page.waitForTimeout(2000);
    const firstPartFreshMs = await firstPartAfterDrop(page, 'fresh.jpg');
    await page.getByRole('button', { name: 'Remove fresh.jpg' }).first().click();
    await page.waitForTimeout(2000);
    const before = descendantsMs();
    const firstPartMs = await firstPartAfterDrop(page, 'next.jpg');
    const doneMs = toEnd ? await endAfterDrop(page, queue) : null;
    const after = descendantsMs();
    const appProcessorMs = doneMs === null || before === null || after === null ? null : after - before;
    return { firstPartFreshMs, firstPartMs, doneMs, appProcessorMs };
  });
}

/** Drops the photo under a name; milliseconds to its first derained part on screen. */
async function firstPartAfterDrop(page: Page, name: string): Promise<number> {
  await page.evaluate((name) => {
    const { photo, times } = window as unknown as { photo: Uint8Array<ArrayBuffer>; times: Times };
    const transfer = new DataTransfer();
    transfer.items.add(new File([photo], name, { type: 'image/jpeg' }));
    times.firstPart = 0;
    times.dropped = performance.now();
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, name);
  const arrived = await page.waitForFunction(
    () => {
      const { times } = window as unknown as { times: Times };
      return times.firstPart > 0 && times.firstPart < Infinity ? times.firstPart - times.dropped : 0;
    },
    null,
    { timeout: PATIENCE_MS },
  );
  return arrived.jsonValue();
}

async function endAfterDrop(page: Page, queue: DerainPage): Promise<number> {
  await queue.status.filter({ hasText: 'Done in' }).waitFor({ timeout: PATIENCE_MS });
  return page.evaluate(() => performance.now() - (window as unknown as { times: Times }).times.dropped);
}

/** Runs in the page before its own scripts: notes the frame after a part smaller than the photo was first drawn. */
function watchStage(): void {
  const times: Times = { dropped: 0, firstPart: 0 };
  Object.assign(window, { times });
  let widest = 0;
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (
    this: CanvasRenderingContext2D,
    image: CanvasImageSource,
    ...rest: number[]
  ) {
    if (image instanceof ImageBitmap) {
      if (image.width >= widest) widest = image.width;
      else if (times.firstPart === 0) {
        times.firstPart = Infinity; // the next frame shows it
        requestAnimationFrame(() => requestAnimationFrame(() => (times.firstPart = performance.now())));
      }
    }
    return Reflect.apply(draw, this, [image, ...rest]);
  } as typeof draw;
}

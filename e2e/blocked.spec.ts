import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { useBlockedBrowser } from './support/blockedBrowser.ts';
import { expect, test } from './support/test.ts';

test('with the site’s data blocked by the browser a photo is derained in memory, and the page says what it cannot keep', async ({
  baseURL,
}) => {
  test.setTimeout(180_000);
  await useBlockedBrowser(baseURL!, async (page) => {
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    const shell = new ShellPage(page);
    const queue = new DerainPage(page);
    await queue.open();
    const access = page.evaluate(() => localStorage.length);
    await expect(access, 'it is blocked').rejects.toThrow('Access is denied');
    await queue.choosePhotos([await rainyPhoto('street.jpg', 210, 80, { width: 420, height: 300 })]);
    await queue.finished();
    await expect(shell.messages).toContainText('could not store a photo. Work continues; download');
    expect((await queue.download()).name).toBe('street-derained.jpg');
    await shell.goTo('Library');
    await expect(page.getByRole('heading', { name: 'This browser stores nothing here' })).toBeVisible();
    await shell.goTo('Train');
    await page.getByRole('button', { name: 'Watch it learn' }).click();
    await expect(page.getByText('stores nothing here, and training needs images that are stored')).toBeVisible();
    expect(errors).toEqual([]);
  });
});

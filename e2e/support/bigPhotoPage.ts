import { readFile } from 'node:fs/promises';
import { DerainPage } from './derainPage.ts';

/** A large photo takes its time, and more of it on a busy machine, milliseconds. */
const PATIENCE_MS = 400_000;

/** The Derain view for photos that take a while. */
export class BigPhotoPage extends DerainPage {
  override async finished(): Promise<void> {
    await this.status.filter({ hasText: 'Done in' }).waitFor({ timeout: PATIENCE_MS });
  }

  /** The result as a file of that kind. */
  async resultAs(format: 'PNG' | 'JPEG' | 'WebP'): Promise<Buffer> {
    await this.format(format);
    const arriving = this.page.waitForEvent('download', { timeout: PATIENCE_MS });
    await this.page.getByRole('button', { name: /^Download$/ }).click();
    return readFile(await (await arriving).path());
  }
}

import { notify } from '../../ui/notices.ts';

/** Puts an address on the clipboard, or into the address bar where that is not allowed. `words`: what it holds. */
export async function copyLink(address: string, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    notify({ text: `The link is copied. ${words}`, tone: 'good' });
  } catch {
    location.href = address;
  }
}

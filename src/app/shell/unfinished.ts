import { TAB_KEY } from '../../browser/desk/deskLocks.ts';

/** Goes on with the photos that this tab had on its desk before a reload, whichever view is on screen. */
export async function goOnWithDesk(): Promise<void> {
  if (sessionStorage.getItem(TAB_KEY) === null) return;
  const { openDesk } = await import('../derain/comeBack.ts');
  await openDesk();
}

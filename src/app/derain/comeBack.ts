import { holdDesk, TAB_KEY } from '../../browser/desk/deskLocks.ts';
import {
  listDesks,
  listModelFiles,
  listStoredPhotos,
  readSetup,
  readStoredFiles,
  removeSetup,
  sweepStoredFiles,
} from '../../browser/desk/storedDesk.ts';
import type { DeskSetup, StoredFile, StoredPhoto } from '../../browser/desk/storedDesk.ts';
import { replaceSettings, useRoute } from '../routing/route.ts';
import { notify } from '../ui/notices.ts';
import { changeSettings, chosenModel } from './chosen.ts';
import { lookAt, wake } from './desk.ts';
import { newPhoto, useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { followSettings } from './followSettings.ts';
import { keepEverything } from './keeping.ts';
import { openModelShelf, restoreModelFiles } from './modelShelf.ts';
import { setKeptFile } from './results.ts';

const PAUSED_KEY = 'petrichor-desk-paused';
/** A page that is being reloaded gives its locks back within a moment. */
const RELOAD_MS = 2_000;

/** What the databases hold for this tab. */
interface Found {
  /** The name under which new photos are stored. */
  readonly desk: string;
  readonly entries: readonly StoredPhoto[];
  readonly photos: readonly DeskPhoto[];
  readonly setup: DeskSetup | null;
}

let opening: Promise<void> | null = null;

/** Brings back what this tab, or one that was closed, had on its desk, goes on with it, and stores every change from now on. */
export function openDesk(): Promise<void> {
  followSettings();
  opening ??= open();
  return opening;
}

async function open(): Promise<void> {
  const { desk, entries, photos, setup } = await find().catch(() => ({
    desk: crypto.randomUUID(),
    entries: [],
    photos: [],
    setup: null,
  }));
  await openModelShelf();
  if (setup) takeOver(setup); // Before the photos lie there: a change of the model would do them all again.
  useDesk.setState((state) => ({ photos: [...photos, ...state.photos] }));
  keepEverything(desk, entries);
  if (photos.length > 0) goOn(photos, setup);
  tellMissed();
  useDesk.subscribe((state, previous) => {
    if (state.paused !== previous.paused) sessionStorage.setItem(PAUSED_KEY, state.paused ? 'yes' : 'no');
  });
}

/** Another app shared more than there was room for: the service worker says how many in the address. */
function tellMissed(): void {
  const { missed } = useRoute.getState().settings.derain;
  if (missed === undefined) return;
  replaceSettings('derain', { missed: null });
  notify({
    text: 'The browser had no room left for what was shared. Make room in the Library, then share it again.',
    tone: 'bad',
  });
}

/** The settings of the earlier visit, unless the address asks for others or the model is gone. */
function takeOver(setup: DeskSetup): void {
  const isPlainAddress = Object.keys(useRoute.getState().settings.derain).length === 0;
  if (isPlainAddress && useDesk.getState().models?.some(({ id }) => id === setup.model)) changeSettings(setup);
}

/** As before the reload: by itself with the same model, else when it is told to. */
function goOn(photos: readonly DeskPhoto[], setup: DeskSetup | null): void {
  const { currentId } = useDesk.getState();
  const open = photos.filter(({ state }) => state === 'waiting');
  const begunOtherwise = setup !== null && open.length > 0 && setup.model !== chosenModel();
  const wasPaused = open.length > 0 && sessionStorage.getItem(PAUSED_KEY) === 'yes';
  useDesk.setState({ begunOtherwise, paused: begunOtherwise || wasPaused });
  if (!currentId) lookAt((open[0] ?? photos[0]!).id);
  wake();
}

async function find(): Promise<Found> {
  const own = await claim(await listDesks());
  const listed = (await listStoredPhotos()).filter(({ desk }) => own.includes(desk));
  const files = await readStoredFiles(listed.map(({ id }) => id));
  const entries = listed.filter(({ id }) => files.get(id)?.photo);
  void sweepStoredFiles(Date.now()).catch(() => undefined);
  let setup: DeskSetup | null = null;
  for (const desk of own) {
    if (entries.some((entry) => entry.desk === desk)) {
      setup ??= await readSetup(desk);
      restoreModelFiles(await listModelFiles(desk));
    } else await removeSetup(desk);
  }
  return { desk: own[0]!, entries, photos: entries.map((entry) => asPhoto(entry, files.get(entry.id)!)), setup };
}

/** The desks that are this tab's: its own from before a reload, and those of tabs that are gone. The first is for what comes. */
async function claim(names: readonly string[]): Promise<string[]> {
  const before = sessionStorage.getItem(TAB_KEY);
  const claimed: string[] = before !== null && (await holdDesk(before, RELOAD_MS)) ? [before] : [];
  for (const name of names) if (!claimed.includes(name) && (await holdDesk(name))) claimed.push(name);
  if (claimed.length === 0) {
    claimed.push(crypto.randomUUID());
    await holdDesk(claimed[0]!);
  }
  sessionStorage.setItem(TAB_KEY, claimed[0]!);
  return claimed;
}

/** A photo as it was, but that what was under way waits. */
function asPhoto(
  { id, name, state, size, metadata, thumbnail, ms, trouble, scores, result }: StoredPhoto,
  files: Partial<Record<StoredFile, Blob>>,
): DeskPhoto {
  const photo = { ...newPhoto(id, name, files.photo!, files.truth ?? null), size, metadata, thumbnail };
  if (state === 'done' && (result === null || !files.result)) return photo;
  if (files.result) setKeptFile(id, files.result);
  return { ...photo, state, ms, trouble, scores, result: state === 'done' ? result : null };
}

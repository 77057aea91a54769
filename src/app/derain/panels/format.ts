import { formatModel } from '../../models/format.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { formatEstimate, formatShortDuration, withUnit } from '../../ui/format.ts';
import type { PhotoFormat } from '../../../protocol/derainer.ts';
import { formatName } from '../../export/fileFacts.ts';
import { foundLittle } from '../queue/photo.ts';
import type { Photo, PhotoSetup } from '../queue/photo.ts';
import { ENSEMBLE_SIZE } from '../queue/run.ts';
import type { SideState } from '../queue/state.ts';

/** 24,000,000 pixels → '24 MP', 480,000 → '0.5 MP', 29,400 → '0.03 MP'; never nothing. */
export function megapixels(width: number, height: number): string {
  const value = (width * height) / 1e6;
  if (value < 0.095) return withUnit(Math.max(value, 0.01).toFixed(2), 'MP');
  return withUnit(value < 10 ? value.toFixed(1) : Math.round(value), 'MP');
}

/** 0.428 → '42 %'. It reaches 100 % at the end only. */
export function percent(share: number): string {
  return withUnit(Math.floor(share * 100), '%');
}

/** Where a photo is in its journey. */
export function formatState(photo: Photo): string {
  const { state, share, msLeft, ms } = photo;
  switch (state) {
    case 'waiting':
      return 'Waiting';
    case 'opening':
      return 'Opening …';
    case 'noModel':
      return 'No student chosen';
    case 'working':
      return share === 0
        ? 'Preparing …'
        : `${percent(share)}${msLeft !== null && share < 1 ? ` · about ${formatShortDuration(Math.max(msLeft, 100))} left` : ''}`;
    case 'done': {
      const time = ms === null ? 'Done' : `Done in ${formatShortDuration(ms)}`;
      return foundLittle(photo) ? `${time} · little rain was found` : time;
    }
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return 'Failed';
    case 'refused':
      return 'Can’t open';
    default:
      return state satisfies never;
  }
}

/** What a photo is derained with: 'Broad', 'Swift · 80 % · best'. */
export function setupWords({ model, strength, ensemble }: PhotoSetup, models: readonly ModelChoice[] | null): string {
  const found = models?.find(({ id }) => id === model);
  const title = found ? `${found.title}${found.role === 'teacher' ? ' – teacher' : ''}` : 'No student';
  return [title, strength !== 100 && withUnit(strength, '%'), ensemble && 'best'].filter(Boolean).join(' · ');
}

/**
 * What averaging costs on a photo: from the time that one pass over it took, else from what the model takes for a pixel. `ms` of a
 * photo that was done with it is that of all passes.
 */
export function ensembleHint(
  photo: Pick<Photo, 'ms' | 'size'> | null,
  ensemble: boolean,
  msPerPixel: number | undefined,
): string {
  const what = 'Averages eight passes';
  if (ensemble && photo?.ms) return `${what}. Took ${formatShortDuration(photo.ms)}.`;
  const pixels = photo?.size && photo.size.width * photo.size.height;
  const once = photo?.ms ?? (pixels && msPerPixel !== undefined ? pixels * msPerPixel : null);
  if (once === null) return `${what}; 8× slower.`;
  return `${what}; takes ${formatEstimate((ENSEMBLE_SIZE * once) / 1000)} on this photo.`;
}

/** What the right-hand image is: never the result before it is one, and a teacher's is named as such. */
export function resultLabel(photo: Photo, strength: number, role: ModelChoice['role'] = 'student'): string {
  const amount = strength === 100 ? '' : `, ${withUnit(strength, '%')}`;
  switch (photo.state) {
    case 'waiting':
      return 'Waiting';
    case 'opening':
      return 'Computing …';
    case 'working':
      return `Computing … ${percent(photo.share)}`;
    case 'done':
      return `${doneLabel(photo, role)}${amount}`;
    case 'cancelled':
    case 'failed':
      return photo.share > 0 ? `Stopped at ${percent(photo.share)}` : 'Original';
    case 'noModel':
    case 'refused':
      return 'Original';
    default:
      return photo.state satisfies never;
  }
}

function doneLabel(photo: Photo, role: ModelChoice['role']): string {
  if (foundLittle(photo)) return role === 'teacher' ? 'Little rain was found, by the teacher' : 'Little rain was found';
  return role === 'teacher' ? 'Derained by the teacher' : 'Derained';
}

/** The result as its file shows it. */
export function savedLabel(format: PhotoFormat, quality: number): string {
  return format === 'image/png' ? 'As saved: PNG' : `As saved: ${formatName(format)}, ${withUnit(quality, '%')}`;
}

/** What lies at a side, and how far it is; `saved` names the result's file. */
export function sideLabel(side: SideState, gain: number, model: ModelChoice | undefined, saved = 'As saved'): string {
  const name = side.what === 'saved' ? saved : sideName(side.what, gain, model);
  switch (side.status) {
    case 'composing':
      return side.what === 'saved' ? `Writing ${name} …` : `Computing ${name} …`;
    case 'queued':
      return `Computing ${name} …`;
    case 'running':
      return `Computing ${name} … ${percent(side.share)}`;
    case 'failed':
      return side.what === 'truth' ? 'Original (ground truth has another size)' : `Original (${name} failed)`;
    case 'none':
      return 'Original';
    case 'ready':
      return name;
    default:
      return side.status satisfies never;
  }
}

function sideName(what: string, gain: number, model: ModelChoice | undefined): string {
  if (what === 'rainMap') return `Rain map × ${gain}`;
  if (what === 'truth') return 'Ground truth';
  return model ? formatModel(model) : 'Original';
}

/** Whether a side still lacks parts. */
export function isPending({ status }: SideState): boolean {
  return status === 'composing' || status === 'queued' || status === 'running';
}

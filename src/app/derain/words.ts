import type { Provenance } from '../../core/weights/provenance.ts';
import type { DeskPhoto, ModelChoice } from './deskStore.ts';

/** 12345 → '12,345'. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** 24,000,000 pixels → '24 megapixels', 480,000 → '0.5 megapixels'. */
export function megapixels(width: number, height: number): string {
  const value = (width * height) / 1e6;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} megapixels`;
}

/** A span of time, at least '0.1 s': '0.8 s', '12 s', '3 min 20 s', '2 h 5 min'. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${Math.max(seconds, 0.1).toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds) / 60;
  if (minutes < 60) return `${Math.floor(minutes)} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${Math.round(minutes) % 60} min`;
}

/** Where a photo is in its journey. */
export function stateWords({ state, share, msLeft, ms }: DeskPhoto): string {
  switch (state) {
    case 'waiting':
      return 'Waiting';
    case 'opening':
      return 'Opening …';
    case 'opened':
      return 'No student chosen';
    case 'working':
      return share === 0
        ? 'Preparing …'
        : `${Math.floor(share * 100)} %${msLeft !== null && share < 1 ? ` · about ${duration(Math.max(msLeft, 100))} left` : ''}`;
    case 'done':
      return ms === null ? 'Done' : `Done in ${duration(ms)}`;
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return 'Failed';
    case 'refused':
      return 'Cannot be opened';
    default:
      return state satisfies never;
  }
}

/** A model's history in one sentence. */
export function provenanceWords({ steps, preset, data, validation, date }: Provenance): string {
  const from = [
    [data.clean, 'clean'],
    [data.rainy, 'rainy'],
    [data.pairs, 'paired'],
  ]
    .filter(([number]) => Number(number) > 0)
    .map(([number, kind]) => `${count(Number(number))} ${kind}`);
  const judged = validation
    ? ` On ${count(validation.pictures)} held-out pictures: ${validation.psnr.student.toFixed(2)} dB (with rain ${validation.psnr.rainy.toFixed(2)} dB).`
    : '';
  const day = new Date(date).toLocaleDateString('en', { dateStyle: 'medium' });
  return `${count(steps)} steps of “${preset}”${from.length ? ` on ${from.join(', ')} pictures` : ''}, ${day}.${judged}`;
}

/** A model in a list: its title, what it is, whose it is. */
export function modelWords({ title, role, stored, id }: ModelChoice): string {
  const whose = stored ? ' (mine)' : id.startsWith('file:') ? ' (file)' : '';
  return `${title}${role === 'teacher' ? ' – teacher' : ''}${whose}`;
}

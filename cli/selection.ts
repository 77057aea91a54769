import { UsageError } from './command.ts';

/** Says whether an image, by its stem, is meant. */
export type Selection = (stem: string) => boolean;

/**
 * Which images are meant by '181-200', '7', 'street' or a list of such with commas. A number means images whose stem
 * ends in it, whatever zeros precede it ('rain-007' is 7); a word means the stem itself. Throws UsageError for nonsense.
 */
export function parseSelection(text: string): Selection {
  const parts = text.split(',').map((part) => part.trim());
  const tests = parts.map((part): Selection => {
    if (part === '') throw new UsageError(`'${text}' is no selection; write for example 181-200 or 3,7,street.`);
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!range) return (stem) => stem === part;
    const low = Number(range[1]);
    const high = Number(range[2] ?? range[1]);
    if (low > high) throw new UsageError(`The selection ${part} counts backwards.`);
    return (stem) => {
      const digits = /(\d+)$/.exec(stem);
      return digits !== null && Number(digits[1]) >= low && Number(digits[1]) <= high;
    };
  });
  return (stem) => tests.some((test) => test(stem));
}

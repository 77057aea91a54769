import { UsageError } from './command.ts';

/** Whether an image is selected, by its stem. */
export type IdFilter = (stem: string) => boolean;

/**
 * The images selected by '181-200', '7', 'street' or a list of such with commas. A number selects images whose stem
 * ends in it, whatever zeros precede it ('rain-007' is 7); a word means the stem itself. Throws UsageError for nonsense.
 */
export function parseIdFilter(text: string): IdFilter {
  const parts = text.split(',').map((part) => part.trim());
  const tests = parts.map((part): IdFilter => {
    if (part === '') throw new UsageError(`'${text}' is no list of images; write for example 181-200 or 3,7,street.`);
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!range) return (stem) => stem === part;
    const low = Number(range[1]);
    const high = Number(range[2] ?? range[1]);
    if (low > high) throw new UsageError(`The range ${part} counts backwards.`);
    return (stem) => {
      const digits = /(\d+)$/.exec(stem);
      return digits !== null && Number(digits[1]) >= low && Number(digits[1]) <= high;
    };
  });
  return (stem) => tests.some((test) => test(stem));
}

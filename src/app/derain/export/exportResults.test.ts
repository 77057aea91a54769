import { describe, expect, it } from 'vitest';
import { cleanSuffix, distinctNames, resultName } from './exportResults.ts';

describe('resultName', () => {
  it('keeps the stem and takes the format’s ending', () => {
    expect(resultName('IMG_1.JPG', '-derained', 'image/png')).toBe('IMG_1-derained.png');
    expect(resultName('a.b.webp', '', 'image/jpeg')).toBe('a.b.jpg');
    expect(resultName('no ending', '-x', 'image/webp')).toBe('no ending-x.webp');
    expect(resultName('.png', '', 'image/png')).toBe('photo.png');
  });
});

describe('distinctNames', () => {
  it('numbers what comes again, capitals or not', () => {
    expect(distinctNames(['a.png', 'A.png', 'a.png', 'b.png'])).toEqual(['a.png', 'A (2).png', 'a (3).png', 'b.png']);
  });
});

describe('cleanSuffix', () => {
  it('drops what file systems refuse', () => {
    expect(cleanSuffix('-a/b\\c:d\n')).toBe('-abcd');
  });
});

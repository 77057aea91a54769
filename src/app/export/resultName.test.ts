import { describe, expect, it } from 'vitest';
import { distinctNames, resultName, withoutForbidden } from './resultName.ts';

const facts = (name: string) => ({ name, model: 'Broad', role: 'student', strength: 80, number: 7 }) as const;

describe('resultName', () => {
  it('keeps the stem and takes the format’s ending', () => {
    expect(resultName('{name}-derained', 'image/png', facts('IMG_1.JPG'))).toBe('IMG_1-derained.png');
    expect(resultName('{name}', 'image/jpeg', facts('a.b.webp'))).toBe('a.b.jpg');
    expect(resultName('{name}-x', 'image/webp', facts('no ending'))).toBe('no ending-x.webp');
    expect(resultName('{name}', 'image/png', facts('.png'))).toBe('photo.png');
  });

  it('fills in the placeholders, and leaves other braces alone', () => {
    expect(resultName('{number} {name} {model} {strength}% {who}', 'image/png', facts('a.jpg'))).toBe(
      '007 a Broad 80% {who}.png',
    );
    expect(resultName(' ', 'image/png', facts('a.jpg')), 'a name at any rate').toBe('a.png');
    expect(resultName('{name}', 'image/png', facts('{model}.jpg')), 'what is filled in is no pattern').toBe(
      '{model}.png',
    );
  });

  it('says of a teacher’s result whose it is', () => {
    const teacher = { ...facts('a.jpg'), role: 'teacher' } as const;
    expect(resultName('{name}-derained', 'image/png', teacher)).toBe('a-derained-teacher.png');
    expect(resultName('{model}-{name}', 'image/png', teacher)).toBe('Broad-teacher-a.png');
  });
});

describe('a name that a disk would refuse', () => {
  const named = (name: string, pattern = '{name}'): string => resultName(pattern, 'image/png', facts(name));

  it('is none that Windows keeps for a device', () => {
    expect(['con.jpg', 'LPT1.jpg', 'com¹.jpg', 'nul.tar.jpg', 'aux .jpg'].map((name) => named(name))).toEqual([
      'con_.png',
      'LPT1_.png',
      'com¹_.png',
      'nul_.tar.png',
      'aux_.png',
    ]);
    expect(named('console.jpg')).toBe('console.png');
  });

  it('keeps to 255 bytes with its ending and a number, and cuts no character in two', () => {
    const encoder = new TextEncoder();
    for (const letter of ['a', 'ü', '霧', '🌧']) {
      const name = named(`_${letter.repeat(160)}.jpg`, '{name}-derained');
      expect(name.startsWith(`_${letter}`)).toBe(true);
      expect(encoder.encode(name).length).toBeLessThanOrEqual(245);
      expect(name).not.toMatch(/\p{Cs}/u);
      expect(name.endsWith('.png')).toBe(true);
    }
  });

  it('has no signs that are refused, is not hidden, and is a name even so', () => {
    expect(named('a: b?*\\c.jpg')).toBe('a bc.png');
    expect(named('..hidden. .jpg')).toBe('hidden.png');
    expect(named('???.jpg', ' ')).toBe('photo.png');
    expect(named('half \ud83c.jpg')).toBe('half.png');
  });
});

describe('distinctNames', () => {
  it('numbers what comes again with its accents composed otherwise', () => {
    const [composed, apart] = distinctNames(['caf\u00e9.png', 'cafe\u0301.png']);
    expect([composed, apart!.normalize('NFC')]).toEqual(['café.png', 'café (2).png']);
    expect(resultName('{name}', 'image/png', facts('cafe\u0301.jpg'))).toBe('caf\u00e9.png');
  });

  it('does not take a number that another name already has', () => {
    expect(distinctNames(['a (2).png', 'a.png', 'a.png', 'a.png'])).toEqual([
      'a (2).png',
      'a.png',
      'a (3).png',
      'a (4).png',
    ]);
  });

  it('numbers twenty thousand equal names within the time of a test', () => {
    const count = 20_000;
    const names = distinctNames(Array.from({ length: count }, () => 'a.png'));
    expect([new Set(names).size, names.at(-1)]).toEqual([count, `a (${count}).png`]);
  });

  it('numbers what comes again, capitals or not', () => {
    expect(distinctNames(['a.png', 'A.png', 'a.png', 'b.png'])).toEqual(['a.png', 'A (2).png', 'a (3).png', 'b.png']);
  });
});

describe('withoutForbidden', () => {
  it('drops what file systems refuse', () => {
    expect(withoutForbidden('-a/b\\c:d\n')).toBe('-abcd');
  });
});

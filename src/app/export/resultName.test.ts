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

describe('distinctNames', () => {
  it('numbers what comes again, capitals or not', () => {
    expect(distinctNames(['a.png', 'A.png', 'a.png', 'b.png'])).toEqual(['a.png', 'A (2).png', 'a (3).png', 'b.png']);
  });
});

describe('withoutForbidden', () => {
  it('drops what file systems refuse', () => {
    expect(withoutForbidden('-a/b\\c:d\n')).toBe('-abcd');
  });
});

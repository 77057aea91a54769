import { expect, it } from 'vitest';
import { allElements, parseXml } from './xmlElements.ts';

it('finds elements and attributes at their places, through comments, instructions and CDATA', () => {
  const text = `<?xpacket begin="<"?><!-- <no> --><a:b x = '1' y="2>3"><c/><d ><![CDATA[</d>]]></d></a:b>`;
  const found = [...allElements(parseXml(text)!)];
  expect(found.map(({ name }) => name)).toEqual(['a:b', 'c', 'd']);
  expect(found[0]!.attributes.map(({ name, value, start, end }) => [name, value, text.slice(start, end)])).toEqual([
    ['x', '1', ` x = '1'`],
    ['y', '2>3', ' y="2>3"'],
  ]);
  expect(text.slice(found[0]!.openEnd, found[0]!.closeStart)).toBe('<c/><d ><![CDATA[</d>]]></d>');
  expect(text.slice(found[2]!.start, found[2]!.end)).toBe('<d ><![CDATA[</d>]]></d>');
});

it('takes nothing for XML that is none', () => {
  for (const text of [
    '<a>',
    '</a>',
    '<a></b>',
    '<a x=1/>',
    '<a x="<"/>',
    '<!DOCTYPE a><a/>',
    '<a><!-- </a>',
    '<a',
    '< a/>',
  ])
    expect(parseXml(text), text).toBeNull();
  expect(parseXml('<a>'.repeat(200) + '</a>'.repeat(200)), 'deeper than any honest packet').toBeNull();
});

it('takes a second at most for megabytes of whatever', () => {
  const started = performance.now();
  for (const piece of ['<a ', '<a>', '<a x="', '<!--', '<?', '<![CDATA[', '<a b="c" '])
    parseXml(piece.repeat(4_000_000 / piece.length));
  expect(performance.now() - started).toBeLessThan(7_000);
});

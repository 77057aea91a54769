/** An attribute, with its place in the text. */
export interface XmlAttribute {
  readonly name: string;
  /** As written, entities and all. */
  readonly value: string;
  /** From the space in front of the name to behind the closing quote. */
  readonly start: number;
  readonly end: number;
}

/** An element, with the places of its tags in the text. A self-closing one has its content at `openEnd`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly start: number;
  /** Behind the opening tag. */
  readonly openEnd: number;
  /** In front of the closing tag. */
  readonly closeStart: number;
  readonly end: number;
}

/** A packet of an honest photo has some thousands at most. */
const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 100;

/**
 * The elements of XML text, outermost first. Null for text without elements, not well-formed, or beyond reason. Linear in the length of the
 * text: comments, instructions and CDATA are skipped, entities stay as they are, document types are refused.
 */
export function parseXml(text: string): readonly XmlElement[] | null {
  const roots: XmlElement[] = [];
  const open: (Omit<XmlElement, 'closeStart' | 'end' | 'children'> & { readonly children: XmlElement[] })[] = [];
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const siblings = open.at(-1)?.children ?? roots;
    const skipped = endOfSkipped(text, at);
    if (skipped !== null) {
      if (skipped < 0) return null;
      at = skipped;
      continue;
    }
    if (text[at + 1] === '/') {
      const end = text.indexOf('>', at) + 1;
      const element = open.pop();
      if (end === 0 || !element || text.slice(at + 2, end - 1).trimEnd() !== element.name) return null;
      (open.at(-1)?.children ?? roots).push({ ...element, closeStart: at, end });
      at = end;
      continue;
    }
    const tag = readTag(text, at);
    if (!tag || ++count > MAX_ELEMENTS || open.length >= MAX_DEPTH) return null;
    const element = { name: tag.name, attributes: tag.attributes, children: [], start: at, openEnd: tag.end };
    if (tag.selfClosing) siblings.push({ ...element, closeStart: tag.end, end: tag.end });
    else open.push(element);
    at = tag.end;
  }
  return open.length === 0 && roots.length > 0 ? roots : null;
}

/** All elements, each before those inside it. */
export function* allElements(elements: readonly XmlElement[]): Generator<XmlElement> {
  for (const element of elements) {
    yield element;
    yield* allElements(element.children);
  }
}

/** End of an instruction, comment or CDATA section at `at`; null when there is none, −1 when it does not end or may not be there. */
function endOfSkipped(text: string, at: number): number | null {
  for (const [opening, closing] of [
    ['<?', '?>'],
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
  ] as const) {
    if (!text.startsWith(opening, at)) continue;
    const end = text.indexOf(closing, at + opening.length);
    return end < 0 ? -1 : end + closing.length;
  }
  return text[at + 1] === '!' ? -1 : null;
}

const NAME = /[^\s=<>/"']+/y;
const ATTRIBUTE = /\s+([^\s=<>/"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;

function readTag(
  text: string,
  at: number,
): { name: string; attributes: XmlAttribute[]; end: number; selfClosing: boolean } | null {
  NAME.lastIndex = at + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return null;
  const attributes: XmlAttribute[] = [];
  let end = at + 1 + name.length;
  for (;;) {
    ATTRIBUTE.lastIndex = end;
    const found = ATTRIBUTE.exec(text);
    if (!found) break;
    const start = end;
    end = ATTRIBUTE.lastIndex;
    attributes.push({ name: found[1]!, value: found[2] ?? found[3]!, start, end });
  }
  TAG_END.lastIndex = end;
  const closing = TAG_END.exec(text);
  return closing && { name, attributes, end: TAG_END.lastIndex, selfClosing: closing[1] === '/' };
}

/** A name in a zip as it stands there. */
interface ZipName {
  readonly bytes: Buffer;
  /** That it is UTF-8. */
  readonly isMarked: boolean;
}

/** The names in a zip's table of contents (PKWARE APPNOTE 4.3.12); not those of a zip64. */
export function listedNames(zip: Buffer): ZipName[] {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names = [];
  for (let at = zip.readUInt32LE(end + 16); zip.toString('latin1', at, at + 4) === 'PK\x01\x02';) {
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const isMarked = (zip.readUInt16LE(at + 8) & 0x800) !== 0;
    names.push({ bytes: zip.subarray(at + 46, at + 46 + name), isMarked });
    at += 46 + name + extra + comment;
  }
  return names;
}

/** What Windows refuses in a name (Naming Files, Paths, and Namespaces); macOS refuses fewer. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/u;
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i;

/**
 * Why names in a zip could not be unpacked as they are on Windows (NTFS, Explorer) or macOS (APFS, Finder); empty when all can: signs
 * and devices that are refused, ends that are dropped, lengths, and names that these disks take for one.
 */
export function zipNameProblems(names: readonly ZipName[]): string[] {
  const problems: string[] = [];
  const seen = new Map<string, string>();
  for (const { bytes, isMarked } of names) {
    const name = bytes.toString('utf8');
    const say = (what: string): void => void problems.push(`${JSON.stringify(name)} ${what}`);
    if (!Buffer.from(name).equals(bytes)) say('is no UTF-8');
    if (!isMarked && /[^ -~]/.test(name)) say('is not marked as UTF-8');
    if (FORBIDDEN.test(name)) say('has signs that Windows refuses');
    if (DEVICES.test(name)) say('is a device of Windows');
    if (/[. ]$/.test(name)) say('ends in what Windows drops');
    if (name.startsWith('.') || name === '') say('is hidden or empty');
    if (bytes.length > 255 || name.length > 255) say('is longer than 255');
    const folded = name.normalize('NFD').toUpperCase();
    if (seen.has(folded)) say(`is ${JSON.stringify(seen.get(folded))} to Windows or macOS`);
    seen.set(folded, name);
  }
  return problems;
}

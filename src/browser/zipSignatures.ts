/** What the records of a zip file begin with (PKWARE APPNOTE 4.3): of a file, of its entry in the directory, of the directory's ends. */
export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const END_64 = 0x06064b50;
export const END_64_LOCATOR = 0x07064b50;

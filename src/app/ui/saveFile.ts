/** Hands a file to the person as a download. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the address after this call; a minute is long enough for any browser to have begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Longer side, pixels: twice what the filmstrip shows. */
const SIDE = 160;

/** The address of a small JPEG of the picture; revoke it when it is no longer shown. */
export async function makeThumbnail(bitmap: ImageBitmap): Promise<string> {
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  return URL.createObjectURL(blob ?? new Blob());
}

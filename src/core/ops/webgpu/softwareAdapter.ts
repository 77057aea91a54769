/** Whether an adapter is a processor that imitates a graphics card; not all of them say so themselves. */
export function isSoftwareAdapter({
  isFallbackAdapter,
  architecture,
  description,
}: Pick<GPUAdapterInfo, 'isFallbackAdapter' | 'architecture' | 'description'>): boolean {
  return isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
}

/** A library that is compiled into a package's WebAssembly. */
export interface NativePart {
  readonly name: string;
  /** SPDX expression; its text is the one in `licences`, unless the part has its own in `licences/parts`. */
  readonly license: string;
  readonly holder?: string;
  /** Name of the file in `licences/parts`, where the licence holds its author's name or words. */
  readonly text?: string;
}

/** What every program has in it that Emscripten compiles. */
const runtime: readonly NativePart[] = [
  { name: 'Emscripten', license: 'MIT', text: 'emscripten' },
  { name: 'musl', license: 'MIT', text: 'musl' },
  { name: 'libc++, libc++abi and compiler-rt', license: 'Apache-2.0 WITH LLVM-exception', holder: 'the LLVM Project' },
];

/**
 * Packages that ship WebAssembly without the notices of what is compiled into it, with those parts. onnxruntime: its
 * `ThirdPartyNotices.txt` of 1.30.0, as far as it is about the CPU provider that the page loads, names of folders in the
 * binary, and headers that leave none. libheif-js: what its binary names, and where its build takes them from. Parts that it derives from other projects' code are named so there and here.
 */
export const nativeParts: Readonly<Record<string, readonly NativePart[]>> = {
  'onnxruntime-web': [
    { name: 'ONNX Runtime', license: 'MIT', text: 'onnxruntime' },
    { name: 'ONNX', license: 'Apache-2.0', holder: 'Facebook, Inc. and Microsoft Corporation' },
    { name: 'Abseil', license: 'Apache-2.0', holder: 'The Abseil Authors' },
    { name: 'Date', license: 'MIT', holder: 'Howard Hinnant', text: 'date' },
    {
      name: 'Eigen, unmodified; its source is at https://gitlab.com/libeigen/eigen',
      license: 'MPL-2.0',
      holder: 'the Eigen authors',
    },
    { name: 'FlatBuffers', license: 'Apache-2.0', holder: 'Google Inc.' },
    { name: 'GSL', license: 'MIT', text: 'gsl' },
    { name: 'JSON for Modern C++', license: 'MIT', text: 'json' },
    { name: 'Mp11', license: 'BSL-1.0', holder: 'Peter Dimov' },
    { name: 'MurmurHash3', license: 'MIT', text: 'murmurhash' },
    { name: 'Protocol Buffers', license: 'BSD-3-Clause', text: 'protobuf' },
    { name: 'RE2', license: 'BSD-3-Clause', text: 're2' },
    { name: 'SafeInt', license: 'MIT', text: 'safeint' },
    { name: 'Microsoft Cognitive Toolkit, in part', license: 'MIT', text: 'cntk' },
    { name: 'NumPy, in part', license: 'BSD-3-Clause', text: 'numpy' },
    { name: 'PyTorch and Caffe2, in part', license: 'BSD-3-Clause', text: 'pytorch' },
    { name: 'TensorFlow, in part', license: 'Apache-2.0', holder: 'The TensorFlow Authors' },
    ...runtime,
  ],
  'libheif-js': [
    {
      name: 'libheif 1.23.2, unmodified; its source is at https://github.com/strukturag/libheif',
      license: 'LGPL-3.0-or-later',
      holder: 'struktur AG and Dirk Farin',
    },
    {
      name: 'libde265 1.0.15, unmodified; its source is at https://github.com/strukturag/libde265',
      license: 'LGPL-3.0-or-later',
      holder: 'struktur AG',
    },
    ...runtime,
  ],
  '@tensorflow/tfjs-backend-wasm': [
    { name: 'XNNPACK', license: 'BSD-3-Clause', text: 'xnnpack' },
    { name: 'cpuinfo', license: 'BSD-2-Clause', text: 'cpuinfo' },
    { name: 'FP16', license: 'MIT', text: 'fp16' },
    { name: 'FXdiv', license: 'MIT', text: 'fxdiv' },
    { name: 'pthreadpool', license: 'BSD-2-Clause', text: 'pthreadpool' },
    ...runtime,
  ],
};

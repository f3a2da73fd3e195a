/** URL and URLSearchParams of the URL Standard (https://url.spec.whatwg.org), by the package `whatwg-url`. */
import { useLibrary } from '../libraries.ts';
import { requirePackage } from './require-package.ts';
import { encodeUtf8 } from './text-encoder.ts';
import { Utf8Decoder } from './utf8-decoder.ts';

interface InterfaceModule {
  install(world: object, kinds: readonly string[]): void;
}

/** What the package has of its surroundings, and where it puts its interfaces. */
const world = { Array, Object, Promise, String, TypeError } as unknown as {
  readonly URL: unknown;
  readonly URLSearchParams: unknown;
};

// In place of what needs resizable buffers, a TextEncoder, tables of other encodings than UTF-8, or the
// large tables of IDNA.
const modules = {
  'webidl-conversions': { exports: { any: (value: unknown) => value, USVString: toScalarValues } },
  'whatwg-url/lib/encoding.js': { exports: { utf8Encode: encodeUtf8, utf8DecodeWithoutBOM } },
  '@exodus/bytes/encoding.js': { exports: {} },
  '@exodus/bytes/whatwg.js': { exports: { percentEncodeAfterEncoding } },
  'tr46/index.js': { exports: { toASCII } },
};

for (const name of ['URL', 'URLSearchParams']) {
  const module = requirePackage(`whatwg-url/lib/${name}.js`, modules) as InterfaceModule;
  module.install(world, ['Worker']);
}

export const { URL, URLSearchParams } = world;

/** https://webidl.spec.whatwg.org/#js-USVString */
function toScalarValues(value: unknown): string {
  return `${value}`.toWellFormed();
}

function toASCII(domain: string, options: object): string | null {
  const idna = useLibrary('idna') as { toASCII: typeof toASCII };
  return idna.toASCII(domain, options);
}

function utf8DecodeWithoutBOM(bytes: Uint8Array): string {
  return new Utf8Decoder(false).decode(bytes, false);
}

/** https://url.spec.whatwg.org/#string-percent-encode-after-encoding; no URL here is in another encoding. */
function percentEncodeAfterEncoding(_encoding: 'utf-8', input: string, encodeSet: string): string {
  let text = '';
  for (const byte of encodeUtf8(input)) {
    const character = String.fromCharCode(byte);
    const isEncoded = byte < 0x20 || byte > 0x7e || encodeSet.includes(character);
    text += isEncoded ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}` : character;
  }
  return text;
}

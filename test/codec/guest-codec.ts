import ivm from 'isolated-vm';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { CODEC_FILES, guestSource } from '../../workers/guest-source.ts';
import { OPTIONS } from './cross.ts';

const SOURCE = guestSource([...CODEC_FILES, new URL('./echo.guest.ts', import.meta.url)], 'echo');

/** An isolate with the codec in it; guest code can run there before values cross. */
export class GuestCodec {
  readonly #isolate = new ivm.Isolate({ memoryLimit: 256 });
  readonly #context = this.#isolate.createContextSync();
  readonly #echo = this.#isolate
    .compileScriptSync(SOURCE)
    .runSync(this.#context, { reference: true }) as ivm.Reference<
    (input: unknown, length: number) => ArrayBuffer
  >;

  run(code: string): unknown {
    return this.#context.evalSync(code, { copy: true });
  }

  /** What comes back of a value that goes into the isolate and out of it again. */
  cross(value: unknown): unknown {
    const bytes = encodeValue(value, OPTIONS);
    const input = new ivm.ExternalCopy(new Uint8Array(bytes).buffer).copyInto();
    const output = this.#echo.applySync(undefined, [input, bytes.length], {
      result: { copy: true },
    });
    const answer = new Uint8Array(output as ArrayBuffer, 0, bytes.length);
    scan(answer);
    return decodeValue(answer);
  }

  dispose(): void {
    this.#isolate.dispose();
  }
}

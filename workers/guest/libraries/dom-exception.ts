/** DOMException of Web IDL (https://webidl.spec.whatwg.org/#idl-DOMException). */
import { ErrorConstructor, ReflectConstruct } from '../../../src/codec/primordials.ts';
import { asInterface, defineConstants } from './web-interface.ts';

/** Names that have a code, with the constant that is it, in the order of the codes; '' is not used. */
const LEGACY_NAMES: readonly (readonly [name: string, constant: string])[] = [
  ['IndexSizeError', 'INDEX_SIZE_ERR'],
  ['', 'DOMSTRING_SIZE_ERR'],
  ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR'],
  ['WrongDocumentError', 'WRONG_DOCUMENT_ERR'],
  ['InvalidCharacterError', 'INVALID_CHARACTER_ERR'],
  ['', 'NO_DATA_ALLOWED_ERR'],
  ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR'],
  ['NotFoundError', 'NOT_FOUND_ERR'],
  ['NotSupportedError', 'NOT_SUPPORTED_ERR'],
  ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR'],
  ['InvalidStateError', 'INVALID_STATE_ERR'],
  ['SyntaxError', 'SYNTAX_ERR'],
  ['InvalidModificationError', 'INVALID_MODIFICATION_ERR'],
  ['NamespaceError', 'NAMESPACE_ERR'],
  ['InvalidAccessError', 'INVALID_ACCESS_ERR'],
  ['', 'VALIDATION_ERR'],
  ['TypeMismatchError', 'TYPE_MISMATCH_ERR'],
  ['SecurityError', 'SECURITY_ERR'],
  ['NetworkError', 'NETWORK_ERR'],
  ['AbortError', 'ABORT_ERR'],
  ['URLMismatchError', 'URL_MISMATCH_ERR'],
  ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR'],
  ['TimeoutError', 'TIMEOUT_ERR'],
  ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR'],
  ['DataCloneError', 'DATA_CLONE_ERR'],
];

/** Lets a derived class put its private fields on an object that is there already. */
class Stamped {
  constructor(target: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what it returns is what gets the fields.
    return target;
  }
}

class Slots extends Stamped {
  readonly #name: string;
  readonly #message: string;

  constructor(target: object, message: string, name: string) {
    super(target);
    this.#message = message;
    this.#name = name;
  }

  static nameOf(exception: Slots): string {
    return exception.#name;
  }

  static messageOf(exception: Slots): string {
    return exception.#message;
  }
}

export class DOMException {
  constructor(message: unknown = '', name: unknown = 'Error') {
    const [text, title] = [`${message}`, `${name}`];
    // A real error, with a stack that begins with what is thrown; its own message would hide the getter.
    const error = ReflectConstruct(ErrorConstructor, [text], new.target);
    Reflect.deleteProperty(error, 'message');
    // biome-ignore lint/correctness/noConstructorReturn: only an Error has the slot that makes it one.
    return new Slots(error, text, title) as unknown as DOMException;
  }

  get name(): string {
    return Slots.nameOf(this as unknown as Slots);
  }

  get message(): string {
    return Slots.messageOf(this as unknown as Slots);
  }

  get code(): number {
    const own = this.name;
    return LEGACY_NAMES.findIndex(([name]) => name === own && name !== '') + 1;
  }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
asInterface(DOMException);
defineConstants(
  DOMException,
  Object.fromEntries(LEGACY_NAMES.map(([, constant], index) => [constant, index + 1])),
);

/** What the peer's worker thread does: hands back what it was given. */
export default function noop(value: unknown): unknown {
  return value;
}

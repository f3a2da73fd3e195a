/** Where frames for the host go. */
export interface Outbound {
  append(
    kind: number,
    id: number,
    parts?: readonly Uint8Array[],
    detail?: number,
    costMs?: number,
  ): void;
}

/**
 * Who holds a server out, and why, stands in the lease store as the reason of the block: every console reads it
 * there, also one that was opened after the one that asked for it was closed.
 */
export function patchWhy(server: string, reason: string): string {
  return `patching ${server}: ${reason}`;
}

/** What a block's reason says of a patch; null: it was made for something else. */
export function readPatchWhy(why: string): { readonly server: string; readonly reason: string } | null {
  const found = /^patching ([^\s:]+): (.*)$/s.exec(why);
  return found === null ? null : { server: found[1]!, reason: found[2]! };
}

/** The bytes of a file that came from the host. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Offers a text or bytes to be saved as a file: the browser, or the window's own dialog, asks where. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn; the content may hold a whole site and is not kept longer than needed.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

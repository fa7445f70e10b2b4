/** Offers a text to be saved as a file: the browser, or the window's own dialog, asks where. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn; the text holds a whole site and is not kept longer than needed.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

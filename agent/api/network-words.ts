/** Why a connection could not be made or broke, as the end of a sentence; null: a reason of another kind. */
export function networkWords(code: string | undefined): string | null {
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection is refused';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the address cannot be reached';
    case 'ECONNRESET':
      return 'the connection was reset';
    default:
      return null;
  }
}

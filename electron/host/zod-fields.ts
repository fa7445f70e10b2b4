interface FieldIssues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

const mostShown = 20;

/** The fields that broke a schema, one line each: `clusters.0.timing: Invalid input`. At most twenty. */
export function fieldsInError(error: FieldIssues): string[] {
  const lines = error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return `${path === '' ? '(whole value)' : path}: ${issue.message}`;
  });
  if (lines.length <= mostShown) return lines;
  return [...lines.slice(0, mostShown), `and ${lines.length - mostShown} more`];
}

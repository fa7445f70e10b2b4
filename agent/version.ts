import packageFile from '../package.json' with { type: 'json' };

/** Version of the product that this bundle was built from. */
export const productVersion: string = packageFile.version;

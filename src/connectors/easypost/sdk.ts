// EasyPost's SDK, loaded by the first call: 100 ms and 30 MB, which a Sendoff without EasyPost never pays. It is one file, not parts.

/** Its types speak of a CommonJS module, its code is an ES module: they and it disagree where the class stands. */
export type EasyPostClass = typeof import('@easypost/api')['default'];
export type EasyPostClient = InstanceType<EasyPostClass>;

export async function loadSdk(): Promise<EasyPostClass> {
  const { default: Sdk } = await import('@easypost/api');
  return Sdk as unknown as EasyPostClass;
}

/** An error as AWS' JSON protocols send it: `name` is the error's type. */
export class AwsFailure extends Error {
  override readonly name: string;

  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
  }
}

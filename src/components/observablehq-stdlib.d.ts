/** The part of Framework's standard library that components use. */
declare module "observablehq:stdlib" {
  export interface File {
    readonly name: string;
    /** Its address, absolute. */
    readonly href: string;
    json(): Promise<unknown>;
    arrayBuffer(): Promise<ArrayBuffer>;
  }
  /** A file of the site; the name must be written out, relative to this module. */
  export function FileAttachment(name: string): File;
}

declare module "@observablehq/inputs" {
  interface Options<T> {
    label?: string;
    value?: T;
    format?: (value: T) => string;
    disabled?: boolean;
    multiple?: boolean;
    step?: number;
  }
  type Input<T> = HTMLElement & { value: T };
  export function select<T>(values: Iterable<T>, options?: Options<T>): Input<T>;
  export function radio<T>(values: Iterable<T>, options?: Options<T>): Input<T>;
  export function range(extent: [number, number], options?: Options<number>): Input<number>;
  export function toggle(options?: Options<boolean>): Input<boolean>;
}
